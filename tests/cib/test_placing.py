"""Constraints that move and ban: laws over real CIBs, and crm_resource as the judge."""

from __future__ import annotations

import os
import subprocess
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from corpus import needs_corpus
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from schema_cibs import needs_schemas
from test_running import CIB, B, cib_with, fits, real

from crmsh_py.cib import edit, placing
from crmsh_py.cib.document import Cib
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File

LATER = datetime(2033, 5, 18, 3, 33, 20, tzinfo=timezone.utc)
acts = st.lists(
    st.tuples(
        st.sampled_from((placing.move, placing.ban)),
        st.sampled_from(("Started", "Promoted")),
        st.sampled_from((None, LATER)),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=4,
)


def node_names(cib: Cib) -> list[str]:
    return cib.nodes() or ["node1"]


def run_acts(cib: Cib, names: list[str], wanted: list[Any]) -> None:
    for make, role, end, index in wanted:
        for name in names:
            make(cib, name, node_names(cib)[index % len(node_names(cib))], role, end)


@needs_corpus
@needs_schemas
@given(real(), acts)
@settings(max_examples=100)
def test_the_schema_fits(drawn: tuple[Path, Cib, list[str]], wanted: list[Any]) -> None:
    _, cib, names = drawn
    assume(fits(cib))
    run_acts(cib, names, wanted)
    assert fits(cib)


@needs_corpus
@given(real(), acts)
@settings(max_examples=100)
def test_cleared_all_is_as_it_was(drawn: tuple[Path, Cib, list[str]], wanted: list[Any]) -> None:
    _, cib, names = drawn
    assume(not any(placing.constraints_of(cib, name) for name in names))
    before = cib.to_bytes()
    run_acts(cib, names, wanted)
    doomed = [el.get("id") for name in names for el in placing.constraints_of(cib, name)]
    assert doomed
    edit.delete(cib, doomed)
    assert cib.to_bytes() == before


@needs_corpus
@given(real(), acts, acts)
@settings(max_examples=100)
def test_put_back_all_is_as_it_was(drawn: tuple[Path, Cib, list[str]], first: list[Any], then: list[Any]) -> None:
    path, _, (name, *_) = drawn
    session = Session(File(str(path)))
    session.edit(lambda cib: run_acts(cib, [name], first))
    before, kept = session.draft.to_bytes(), placing.snapshot(session.draft, name)
    session.edit(lambda cib: run_acts(cib, [name], then))
    session.edit(lambda cib: placing.put_back(cib, name, kept))
    assert session.draft.to_bytes() == before
    session.undo()
    session.undo()
    assert session.draft.to_bytes() == before


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("lifetime", [None, timedelta(days=1)])
@pytest.mark.parametrize(("make", "option"), [(placing.move, "--move"), (placing.ban, "--ban")])
@pytest.mark.parametrize(("name", "role"), [("a", "Started"), ("g", "Started"), ("c", "Promoted")])
def test_crm_resource_makes_the_same(
    tmp_path: Path, make: Any, option: str, name: str, role: str, lifetime: timedelta | None
) -> None:
    theirs = tmp_path / "cib.xml"
    theirs.write_text(CIB.format(b=B.format(""), i="").replace("<nodes/>", '<nodes><node id="1" uname="n1"/></nodes>'))
    cib = Cib.parse(theirs.read_bytes(), "cib")
    argv = ["crm_resource", option, f"--resource={name}", "--node=n1"]
    argv += ["--promoted"] * (role == "Promoted") + ["--lifetime=P1D"] * bool(lifetime)
    environ = {**os.environ, "CIB_file": str(theirs)}
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    make(cib, name, "n1", role, datetime.now(timezone.utc) + lifetime if lifetime else None)
    assert parts(cib) == parts(Cib.parse(theirs.read_bytes(), "cib"))


def parts(cib: Cib) -> list[tuple[str, dict[str, str]]]:
    """The elements of constraints with their attributes; ends to the hour."""
    found = deepcopy(cib.section("constraints"))
    for el in found.iter("date_expression"):
        # both clocks cannot be read at once
        el.set("end", str(round(datetime.fromisoformat(el.get("end").replace("Z", "+00:00")).timestamp() / 3600)))
    return [(el.tag, dict(el.attrib)) for el in found.iter("*")]


def test_a_new_move_takes_the_place_of_the_old_one_and_of_bans_from_there() -> None:
    cib = cib_with()
    placing.ban(cib, "a", "n1", "Started")
    placing.ban(cib, "a", "n2", "Started")
    placing.move(cib, "a", "n3", "Started")
    placing.move(cib, "a", "N1", "Started", LATER)
    placing.ban(cib, "b", "n1", "Started")
    found = placing.constraints_of(cib, "a")
    assert [(el.get("id"), placing.node_of(el)) for el in found] == [("cli-ban-a-on-n2", "n2"), ("cli-prefer-a", "N1")]
    placing.ban(cib, "a", "n1", "Started")
    assert [el.get("id") for el in placing.constraints_of(cib, "a")] == ["cli-ban-a-on-n2", "cli-ban-a-on-n1"]


def test_an_id_that_is_taken_is_not_used_again() -> None:
    cib = cib_with()
    cib.make_section("tags").append(etree.fromstring('<tag id="cli-prefer-a"><obj_ref id="b"/></tag>'))
    made = placing.move(cib, "a", "n1", "Started")
    assert made.get("id") == "cli-prefer-a-0"
    assert placing.constraints_of(cib, "a") == [made]


def test_comments_behind_the_constraints_stay() -> None:
    cib = cib_with()
    cib.section("constraints").append(etree.Comment("about nothing"))
    before = cib.to_bytes()
    made = placing.move(cib, "a", "n1", "Started")
    edit.delete(cib, [made.get("id")])
    assert cib.to_bytes() == before


@pytest.mark.parametrize("schema", ["pacemaker-1.0", "pacemaker-2.10", "pacemaker-3.6", "pacemaker-3.7"])
@needs_schemas
def test_a_role_stands_where_the_schema_lets_it(schema: str) -> None:
    cib = Cib.parse(CIB.format(b="", i="").encode(), "cib")
    cib.schema = schema
    for bundle in list(cib.configuration.iter("bundle")):
        bundle.getparent().remove(bundle)
    assert fits(cib)
    placing.move(cib, "c", "n1", "Promoted", LATER)
    placing.ban(cib, "c", "n2", "Promoted")
    assert fits(cib)
    roles = {el.get("role") for el in cib.configuration.iter("rsc_location", "rule")} - {None}
    assert roles == {"Promoted" if schema == "pacemaker-3.7" else "Master"}


@pytest.mark.parametrize(
    ("end", "is_over"),
    [
        ("2001-01-01 00:00:00Z", True),
        ("2001-01-01", True),
        ("2001-01-01T00:00:00+02:00", True),
        ("9999-01-01 00:00:00Z", False),
        ("whenever", False),
    ],
)
def test_a_lifetime_is_over(end: str, is_over: bool) -> None:
    cib = cib_with()
    made = placing.move(cib, "a", "n1", "Started", LATER)
    made.find("rule/date_expression").set("end", end)
    assert placing.is_over(made) is is_over
    assert not placing.is_over(placing.move(cib, "b", "n1", "Started"))
