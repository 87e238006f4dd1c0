"""`configure show -o json` against its schema in docs/, for real configurations and for statements that say all."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crmsh_py import main
from crmsh_py.cib import edit, transfer
from crmsh_py.cib.document import Cib
from crmsh_py.cib.mapping import KINDS, SHAPES
from crmsh_py.language import statements as st
from crmsh_py.language.parser import parse
from crmsh_py.language.records import keyword, record
from crmsh_py.output import Output

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SCHEMA: dict[str, Any] = json.loads((DOCS / "schemas" / "configure.show.json").read_text(encoding="utf-8"))
DEFINED: dict[str, Any] = SCHEMA["$defs"]
EXAMPLES = sorted((ROOT / "examples").glob("*.crm"))
# one level of a rule in a rule is enough
DEEPEST = 6


@cache
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(SCHEMA)
    return Draft202012Validator(SCHEMA)


def check(records: list[dict[str, Any]]) -> None:
    """Each object against what is said of its kind, and all together against the whole."""
    for one in records:
        of_kind = validator().evolve(schema={"$ref": f"#/$defs/{one['kind']}", "$defs": DEFINED})
        assert [f"{one['kind']} {error.json_path}: {error.message}" for error in of_kind.iter_errors(one)] == []
    assert validator().is_valid({"shape": "configure.show", "version": 1, "data": records})


def test_real_configurations_fit(corpus_file: Path) -> None:
    records = transfer.records(Cib.parse(corpus_file.read_bytes(), corpus_file.name))
    check(json.loads(json.dumps(records)))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_fit(example: Path, tmp_path: Path) -> None:
    cib = Cib.empty("pacemaker-3.9")
    edit.update(cib, parse(example.read_text(encoding="utf-8"), example.name))
    file = tmp_path / "cib.xml"
    file.write_bytes(cib.to_bytes())
    out, err = io.StringIO(), io.StringIO()
    code = main.run(["-c", str(file), "configure", "show", "-o", "json"], {}, Output(out, err, {}))
    assert (code, err.getvalue()) == (0, "")
    said = json.loads(out.getvalue())
    validator().validate(said)
    assert len(said["data"]) >= 3


def full(cls: type[st.Item], tag: str, depth: int = 0) -> Any:
    """An item with every field, every value and every kind of child that its shape knows."""
    shape = SHAPES[cls]
    item = cls(**{name: "x" for name in cls.fields_ if name not in ("children", "values")})
    if "values" in cls.fields_:
        item.values = dict.fromkeys(shape.values or ("x",), "x")
    if "kind" in cls.fields_ and not shape.tag:
        item.kind = "read" if cls is st.Permission else tag.removeprefix(shape.prefix)
    if "children" in cls.fields_ and depth < DEEPEST:
        item.children = [full(child, child_tag, depth + 1) for child_tag, child in shape.children.items()]
    return item


def properties(definition: dict[str, Any]) -> set[str]:
    return set(definition["properties"])


def undocumented(said: Any, schema: dict[str, Any], path: str) -> set[str]:
    """Names that the schema has and a full record has not."""
    schema = DEFINED[schema["$ref"].removeprefix("#/$defs/")] if "$ref" in schema else schema
    if not isinstance(said, dict) or path.count("/") > DEEPEST - 1:
        return set()
    found = {f"{path}/{name}" for name in properties(schema) - set(said)}
    for name, value in said.items():
        if isinstance(value, list):
            found |= undocumented(value[0], schema["properties"][name]["items"], f"{path}/{name}")
    return found


@pytest.mark.parametrize("cls", KINDS, ids=lambda cls: keyword(cls()))
def test_every_name_is_in_the_schema_and_no_other(cls: type[st.Statement]) -> None:
    said = record(full(cls, KINDS[cls].tag))
    check([said])
    assert undocumented(said, DEFINED[said["kind"]], said["kind"]) == set()


def test_an_object_as_xml_fits() -> None:
    check([record(st.Xml("<primitive/>", "x")), record(st.Xml("<primitive/>"))])


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "node", "id": "1"},
        {"kind": "node", "id": "1", "uname": 1},
        {"kind": "node", "id": "1", "uname": "n", "colour": "red"},
        {"kind": "nodes", "id": "1", "uname": "n"},
        {"kind": "group", "id": "g", "members": [{"id": "a"}]},
        {"kind": "role", "id": "r", "permission": [{"right": "own", "xpath": "/cib"}]},
        {"kind": "tag", "id": "t", "members": []},
    ],
)
def test_the_schema_is_strict(wrong: dict[str, Any]) -> None:
    assert not validator().is_valid({"shape": "configure.show", "version": 1, "data": [wrong]})


def test_the_page_names_all_there_is() -> None:
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    names = set(DEFINED) | {name for definition in DEFINED.values() for name in properties(definition)}
    assert sorted(name for name in names if f"`{name}`" not in page) == []
