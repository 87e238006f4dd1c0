"""What is said with `-o json` against the schemas in docs/: each shape has one, answers fit it, the page names it."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from live_answers import LIVE_ANSWERS
from referencing import Registry, Resource

from crmsh_py import main
from crmsh_py.output import Output

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
SCHEMAS: dict[str, Any] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "docs" / "schemas").glob("*.json"))
}
REGISTRY = Registry().with_resources(
    (f"{name}.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
# a shape and the line that is answered in it; `problem` goes to stderr
ANSWERS = {
    "cib.diff": "cib diff plan",
    "cib.list": "cib list",
    "configure.show": "configure show",
    "configure.show.xml": "configure show xml web",
    "configure.save": "configure save -",
    "configure.diff": "configure diff",
    "configure.verify": "configure verify",
    "configure.get_property": "configure get_property stonith-enabled",
    "configure.get_property.names": "configure get_property",
    "configure.schema": "configure schema",
    "configure.graph": "configure graph",
    "check": "check fencing constraints config",
    "status": "status",
    "plan": "resource stop web --dry-run",
    "resource.attributes": "resource meta address show",
    "resource.constraints": "resource constraints web",
    "resource.failcount": "resource failcount address show",
    "resource.locate": "resource locate",
    "resource.operations": "resource operations",
    "resource.relations": "resource relations address",
    "resource.scores": "resource scores",
    "resource.status": "resource status",
    "resource.why": "resource why web",
    "verify": "verify",
    "ra.classes": "ra classes",
    "ra.list": "ra list ocf pacemaker",
    "ra.providers": "ra providers Dummy",
    "ra.info": "ra info ocf:pacemaker:Dummy",
    "node.show": "node show",
    "node.server": "node server",
    "node.attributes": "node attribute alpha show",
    "options.show": "options show all",
    "help.level": "configure help",
    "help.command": "configure help modgroup",
    "help.statement": "configure help primitive",
    "help.topic": "help rules",
    "help.topics": "help topics",
    "help.option": "help meta target-role",
    "help.expected": "help resource stop ?",
    "ls": "configure ls",
    "usage": "--help",
    "version": "--version",
    "complete": "--complete crm",
}


def shapes() -> Iterator[str]:
    """The shapes that stand in the code: where a Record is made, and in what is written as it is."""
    for path in (ROOT / "crmsh_py").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Record", "_text_record"):
                yield from (text for part in ast.walk(node.args[0]) if (text := _text(part)))
            elif isinstance(node, ast.Dict):
                yield from (
                    text
                    for key, value in zip(node.keys, node.values, strict=True)
                    if key and _text(key) == "shape" and (text := _text(value))
                )


def codes() -> Iterator[str]:
    """The codes that stand in the code: where a Problem is made, and as constants that are given on."""
    for path in (ROOT / "crmsh_py").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Problem" and len(node.args) > 1:
                yield _text(node.args[1])
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code":
                yield from (text for part in ast.walk(node.value) if re.fullmatch(r"[a-z-]+", text := _text(part)))


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def check(said: str) -> list[dict[str, Any]]:
    """The answers of an output, a line each, all of which fit the schemas of their shapes."""
    answers = [json.loads(line) for line in said.splitlines()]
    for answer in answers:
        Draft202012Validator(SCHEMAS[answer["shape"]], registry=REGISTRY).validate(answer)
    return answers


@pytest.fixture
def web_service(tmp_path: Path) -> Path:
    path = tmp_path / "web.xml"
    path.write_bytes((ROOT / "examples" / "empty.xml").read_bytes())
    for line in (f"configure load replace {ROOT}/examples/web-service.crm", "cib new plan"):
        code, _, err = crm(path, line)
        assert code == 0, err
    return path


def crm(path: Path, line: str) -> tuple[int, str, str]:
    """Run a line with -o json; exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    environ = {"CIB_shadow_dir": str(path.parent)}
    code = main.run(["-c", str(path), "-o", "json", *line.split()], environ, Output(out, err, {}))
    return code, out.getvalue(), err.getvalue()


def test_every_shape_has_a_schema_and_every_schema_a_shape() -> None:
    found = set(shapes())
    assert found >= {"problem", "configure.show", "configure.show.xml", "version"}
    assert found == set(SCHEMAS)
    assert found == {*ANSWERS, *LIVE_ANSWERS, "problem"}


@pytest.mark.parametrize("shape", SCHEMAS)
def test_a_schema_is_of_its_shape(shape: str) -> None:
    schema = SCHEMAS[shape]
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["shape"] == {"const": shape}
    assert schema["additionalProperties"] is False
    assert f"| `{shape}` |" in PAGE or f"schemas/{shape}.json" in PAGE


@pytest.mark.parametrize("shape", SCHEMAS)
def test_the_page_names_all_that_is_in_a_schema(shape: str) -> None:
    assert sorted(name for name in set(_names(shape)) if f"`{name}`" not in PAGE) == []


def _names(shape: str) -> Iterator[str]:
    waiting: list[Any] = [SCHEMAS[shape]["properties"]["data"], *SCHEMAS[shape].get("$defs", {}).values()]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield from part.get("properties", {})
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def test_the_page_names_every_code() -> None:
    found = {code for code in codes() if code}
    assert found >= {"syntax", "conflict", "short-timeout", "crm-verify"}
    assert sorted(code for code in found if f"`{code}`" not in PAGE) == []


@pytest.mark.parametrize(("shape", "line"), ANSWERS.items())
def test_an_answer_fits(shape: str, line: str, web_service: Path) -> None:
    code, out, err = crm(web_service, line)
    check(err)
    assert [(code, answer["shape"]) for answer in check(out)] == [(0, shape)]


@pytest.mark.parametrize(
    ("line", "exit_code", "severity", "code"),
    [
        ("configure primitive p", 2, "error", "syntax"),
        ("configure show nosuch", 4, "error", "no-such-object"),
        ("configure load update nosuch.crm", 4, "error", "no-such-object"),
        ("configure order o web nosuch", 5, "error", "unknown-reference"),
        ("configure delete disk-clone", 0, "info", "carried-along"),
        ("configure location l web inf: gamma", 0, "warning", "unknown-node"),
    ],
)
def test_a_problem_fits(line: str, exit_code: int, severity: str, code: str, web_service: Path) -> None:
    ended, out, err = crm(web_service, line)
    assert (ended, out) == (exit_code, "")
    assert (severity, code) in [(said["data"]["severity"], said["data"]["code"]) for said in check(err)]


def test_problems_have_places(web_service: Path) -> None:
    script = web_service.with_name("bad.crm")
    script.write_text("configure\nprimitive p\n", encoding="utf-8")
    code, out, err = crm(web_service, f"-f {script}")
    assert (code, out) == (2, "")
    assert [said["data"]["place"] for said in check(err)] == [
        {"source": str(script), "line": 2, "column": 12, "end": 13}
    ]


def test_verify_tells_its_problems_twice(web_service: Path) -> None:
    assert crm(web_service, "-F configure primitive far ocf:pacemaker:remote params server=192.0.2.7")[0] == 0
    assert crm(web_service, "-F configure order o web far")[0] == 0
    code, out, err = crm(web_service, "configure verify")
    said = check(out)[0]["data"]
    assert (code, said["errors"]) == (5, 1)
    assert said["problems"] == [one["data"] for one in check(err)]
    assert {"remote-in-constraint"} <= {one["code"] for one in said["problems"]}
