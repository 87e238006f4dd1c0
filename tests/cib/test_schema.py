"""Pacemaker's schemas: what they refuse is said of the right object, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crmsh_py.cib import references, schema
from crmsh_py.cib.document import Cib
from crmsh_py.problems import ERROR, WARNING

if TYPE_CHECKING:
    from pathlib import Path

EMPTY_RNG = '<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start><ref name="nothing"/></start></grammar>'


def cib(resources: str = "", constraints: str = "", name: str = "pacemaker-3.9") -> Cib:
    text = f"""<cib validate-with="{name}" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/>
    <nodes/><resources>{resources}<primitive id="vip" class="ocf" provider="heartbeat" type="Dummy"/></resources>
    <constraints>{constraints}</constraints></configuration><status/></cib>"""
    return Cib.parse(text.encode(), "a test")


def dummy(id_: str, inside: str = "", more: str = "") -> str:
    return f'<primitive id="{id_}" class="ocf" provider="heartbeat" type="Dummy" {more}>{inside}</primitive>'


def op(attributes: str) -> str:
    return f"<operations><op {attributes}/></operations>"


WRONG = [
    (dummy("x", more='foo="1"'), "", [("schema", "x", 'foo="1" is not allowed in <primitive>')]),
    (
        dummy("x", op('id="o" name="monitor" interval="1" on-fail="explode"')),
        "",
        [("schema", "x", 'on-fail="explode"')],
    ),
    (dummy("x", op('id="o" name="monitor"')), "", [("schema", "x", "an attribute of <op> is missing")]),
    (dummy("x", "<nonsense/>"), "", [("schema", "x", "<nonsense> in <primitive>")]),
    (dummy("1x"), "", [("schema", "1x", "'1x' cannot be an id")]),
    ('<banana id="b"/>', "", [("schema", "b", "<banana> is not allowed there")]),
    (dummy("x", more='a="1"') + dummy("y") + dummy("z", more='b="1"'), "", [("schema", "x", ""), ("schema", "z", "")]),
    (dummy("x", '<meta_attributes id="vip"/>'), "", [("duplicate-id", "vip", "the id vip is used more than once")]),
    (dummy("x") + dummy("x"), "", [("duplicate-id", "x", "the id x is used more than once")]),
    ("", '<rsc_location id="l" rsc="vip" node="n" score="much"/>', [("schema", "l", "'much' is not of type integer")]),
    (dummy("x", more='foo="1"'), '<rsc_order id="o" first="x" then="vip"/>', [("schema", "x", "")]),
    (
        "<group id='g'/>",
        '<rsc_order id="o" first="no" then="vip"/>',
        [("schema", "g", "")],
    ),
]


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(("resources", "constraints", "found"), WRONG)
def test_what_is_wrong_is_said_of_its_object(
    resources: str, constraints: str, found: list[tuple[str, str, str]]
) -> None:
    problems = schema.problems(cib(resources, constraints))
    assert [(problem.severity, problem.code, problem.object_id) for problem in problems] == [
        (ERROR, code, object_id) for code, object_id, _ in found
    ]
    for problem, (_, object_id, text) in zip(problems, found, strict=True):
        assert problem.text.startswith(f"{object_id}: ")
        assert text in problem.text


@pytest.mark.needs_pacemaker
def test_a_secret_is_not_in_a_problem() -> None:
    secret = (
        '<instance_attributes id="i"><nvpair id="n" id-ref="m" name="password" value="s3cret"/></instance_attributes>'
    )
    problems = schema.problems(cib(dummy("x", secret)))
    assert problems
    assert "s3cret" not in repr(problems)


@pytest.mark.needs_pacemaker
def test_what_pacemaker_accepts_is_accepted(corpus_file: Path) -> None:
    """As crm_verify judges: the file either keeps its schema for both, or for neither."""
    from crmsh_py.run import run

    content = corpus_file.read_bytes()
    judged = run(["crm_verify", "-V", "--xml-pipe"], stdin=content, timeout=60)
    given = Cib.parse(content, corpus_file.name)
    problems = [*references.unknown(given), *schema.problems(given)]
    refused = [problem for problem in problems if problem.severity == ERROR]
    assert bool(refused) == ("did not pass schema validation" in judged.error_text)


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("name", ["pacemaker-99.0", "pacemaker-0.6", "../../etc/passwd", "pacemaker-3.9.rng"])
def test_a_schema_that_is_not_here_is_an_error(name: str) -> None:
    (problem,) = schema.problems(cib(name=name))
    assert (problem.severity, problem.code) == (ERROR, "schema-unknown")
    assert "pacemaker-" in (problem.hint or "")


def test_a_cib_that_names_no_schema_is_not_checked() -> None:
    (problem,) = schema.problems(cib(dummy("x", "<nonsense/>"), name=""))
    assert (problem.severity, problem.code) == (WARNING, "not-checked")


def test_no_schema_is_no_check() -> None:
    (problem,) = schema.problems(cib(dummy("x", "<nonsense/>"), name="none"))
    assert (problem.severity, problem.code) == (WARNING, "schema-none")


def test_without_pacemaker_it_is_said_that_nothing_is_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PCMK_schema_directory", str(tmp_path))
    (problem,) = schema.problems(cib(dummy("x", "<nonsense/>")))
    assert (problem.severity, problem.code) == (WARNING, "not-checked")


def test_releases_are_sorted_by_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("pacemaker-2.10.rng", "pacemaker-2.9.rng", "pacemaker-10.0.rng", "pacemaker-next.rng", "cib-1.0.rng"):
        (tmp_path / name).write_text(EMPTY_RNG)
    monkeypatch.setenv("PCMK_schema_directory", str(tmp_path))
    assert schema.folder() == str(tmp_path)
    assert schema.names(str(tmp_path)) == ["pacemaker-2.9", "pacemaker-2.10", "pacemaker-10.0"]


def test_pkg_config_is_asked_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pacemaker-3.9.rng").write_text(EMPTY_RNG)
    asked = tmp_path / "pkg-config"
    asked.write_text(f'#!/bin/sh\n[ "$*" = "--variable=schemadir pacemaker-schemas" ] && echo {tmp_path}\n')
    asked.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(schema, "USUAL_FOLDER", str(tmp_path / "nowhere"))
    assert schema.folder() == str(tmp_path)
    asked.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert schema.folder() is None


def test_a_broken_schema_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from crmsh_py.errors import CrmError

    (tmp_path / "pacemaker-3.9.rng").write_text("<gram")
    monkeypatch.setenv("PCMK_schema_directory", str(tmp_path))
    with pytest.raises(CrmError, match=r"pacemaker-3\.9\.rng cannot be used"):
        schema.problems(cib())


@pytest.mark.needs_pacemaker
def test_the_resource_inside_and_its_attribute_are_named() -> None:
    both = (
        f'<op id="{role}" name="monitor" interval="{len(role)}s" role="{role}"/>' for role in ("Promoted", "Unpromoted")
    )
    roles = "".join(both)
    inside = dummy("p", f"<operations>{roles}</operations>")
    (found,) = schema.problems(cib(f'<clone id="c">{inside}</clone>', name="pacemaker-3.0"))
    assert (found.object_id, found.text) == ("p", 'p: role="Promoted" is not allowed in <op>')
