"""`default-timeouts` and `validate-all`, with an agent of our own in an OCF_ROOT."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmsh_py.cib import checks, edit, timeouts, validation
from crmsh_py.cib.checks.survey import Survey
from crmsh_py.cib.document import Cib
from crmsh_py.cib.durations import milliseconds
from crmsh_py.cluster.agents import Action, Agent
from crmsh_py.cluster.agents.agent import _known
from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted, Refused
from crmsh_py.language.parser import parse
from crmsh_py.problems import INFO, WARNING

SMALL = Agent(
    "ocf:mine:small",
    (),
    (
        Action("start", "60"),
        Action("stop", "10s"),
        Action("monitor", "30s"),
        Action("promote", "40s"),
        Action("demote", "20s"),
    ),
)


@pytest.fixture
def advised(monkeypatch: pytest.MonkeyPatch) -> None:
    """ocf:mine:small is the only agent that is installed."""

    def metadata(class_: str, provider: str | None, type_: str) -> Agent | None:
        return SMALL if (class_, provider, type_) == ("ocf", "mine", "small") else None

    monkeypatch.setattr(timeouts, "of_this_host", metadata)


def cib_of(text: str) -> Cib:
    cib = Cib.empty("pacemaker-3.9")
    edit.update(cib, parse(text, "text"))
    return cib


def operations(cib: Cib) -> dict[str, str | None]:
    return {op.get("id", ""): op.get("timeout") for op in cib.configuration.iter("op")}


P = "primitive p ocf:mine:small"


@pytest.mark.parametrize(
    ("text", "expected", "said"),
    [
        (P, {"p-start-0s": "60s"}, ["p: the timeout of start is now 60s (the default is 20s)"]),
        (
            f"{P} op start timeout=50s interval=0 op stop timeout=5s interval=0 op monitor interval=10s timeout=90s",
            {"p-start-0s": "60s", "p-stop-0s": "10s", "p-monitor-10s": "90s"},
            ["p: the timeout of start is now 60s (it was 50s)", "p: the timeout of stop is now 10s (it was 5s)"],
        ),
        (
            f"{P} op start timeout=70s interval=0 op frob timeout=1s interval=0",
            {"p-start-0s": "70s", "p-frob-0s": "1s"},
            [],
        ),
        (f"{P} op start interval=0\nop_defaults timeout=90s", {"p-start-0s": None}, []),
        (f"{P}\nop_defaults timeout=60s", {}, []),
        (f"{P} op start interval=0 op_meta timeout=90s", {"p-start-0s": None}, []),
        ("rsc_template t ocf:mine:small op start timeout=60 interval=0\nprimitive p @t", {"t-start-0s": "60s"}, []),
        (
            f"{P}\nclone c p meta promotable=true",
            {"p-start-0s": "60s", "p-promote-0s": "40s"},
            [
                "p: the timeout of start is now 60s (the default is 20s)",
                "p: the timeout of promote is now 40s (the default is 20s)",
            ],
        ),
    ],
)
@pytest.mark.usefixtures("advised")
def test_timeouts_are_raised_to_what_is_advised(text: str, expected: dict[str, str], said: list[str]) -> None:
    cib = cib_of(text)
    notes = timeouts.advise(cib, ["p"])
    assert operations(cib) == expected
    assert [note.text for note in notes] == said
    assert {note.severity for note in notes} <= {INFO}
    assert timeouts.advise(cib, ["p"]) == [], "the second time there is nothing to do"


@pytest.mark.usefixtures("advised")
def test_containers_stand_for_what_is_inside() -> None:
    cib = cib_of(
        "primitive a ocf:mine:small\nprimitive b ocf:mine:small\nprimitive c ocf:x:none\ngroup g a b c\nclone k g"
    )
    notes = timeouts.advise(cib, ["k"])
    assert operations(cib) == {"a-start-0s": "60s", "b-start-0s": "60s"}
    assert [note.severity for note in notes] == [INFO, INFO, WARNING]


@pytest.mark.usefixtures("advised")
def test_what_cannot_be_advised() -> None:
    cib = cib_of(
        f"{P} operations $id=ops op start timeout=1s interval=0\nprimitive q ocf:mine:small operations $id-ref=ops"
    )
    with pytest.raises(CrmError, match="those of ops"):
        timeouts.advise(cib, ["q"])
    with pytest.raises(NoSuchObject, match="no resource nothing"):
        timeouts.advise(cib, ["nothing"])


units = some.tuples(some.integers(0, 120), some.sampled_from(["", "s", "000ms", "min"])).map(
    lambda it: f"{it[0]}{it[1]}"
)
ops = some.dictionaries(some.sampled_from(["start", "stop", "monitor", "promote"]), some.none() | units)


@given(ops, some.none() | units)
def test_no_timeout_becomes_shorter_and_none_stays_too_short(given: dict[str, str | None], default: str | None) -> None:
    text = P + "".join(f" op {name} interval=0 {f'timeout={said}' if said else ''}" for name, said in given.items())
    cib = cib_of(text + (f"\nop_defaults timeout={default}" if default else ""))
    effective = {name: milliseconds(said or default or "20s") for name, said in given.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeouts, "of_this_host", lambda *_: SMALL)
        timeouts.advise(cib, ["p"])
    for op in cib.configuration.iter("op"):
        now, before = milliseconds(op.get("timeout") or default or "20s"), effective.get(op.get("name", ""), 0)
        assert now is not None
        assert before is not None
        assert now >= before
    assert "short-timeout" not in [problem.code for problem in checks.problems(cib, lambda *_: SMALL)]


# ---- validate-all


@pytest.fixture
def checker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """ocf:mine:check, which writes down its environment and ends with the exit code of its parameter `code`."""
    agent = tmp_path / "ocf" / "resource.d" / "mine" / "check"
    agent.parent.mkdir(parents=True)
    xml = '<resource-agent><actions><action name="validate-all" timeout="9s"/></actions></resource-agent>'
    agent.write_text(
        f"#!/bin/sh\nif test $1 = meta-data; then echo '{xml}'; exit 0; fi\n"
        f"tr '\\0' '\\n' < /proc/$$/cmdline > {tmp_path}/cmdline\nenv > {tmp_path}/env\nexit ${{OCF_RESKEY_code:-0}}\n"
    )
    agent.chmod(0o755)
    monkeypatch.setenv("OCF_ROOT", str(tmp_path / "ocf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    _known.cache_clear()
    return tmp_path


def test_the_agent_gets_the_parameters_that_pacemaker_would_give(checker: Path) -> None:
    cib = cib_of(
        "rsc_template t ocf:mine:check a=template b=template passwd=geheim\n"
        "primitive p @t a=own params a=second d=second\ngroup g p params b=group c=group"
    )
    assert validation.validate(cib, "p") == "p: ocf:mine:check accepts its parameters"
    environ = (checker / "env").read_text().splitlines()
    assert {line for line in environ if line.startswith("OCF_RESKEY_") and "CRM_meta" not in line} == {
        "OCF_RESKEY_a=own",
        "OCF_RESKEY_b=template",
        "OCF_RESKEY_c=group",
        "OCF_RESKEY_d=second",
        "OCF_RESKEY_passwd=geheim",
    }
    assert "OCF_RESKEY_CRM_meta_timeout=9000" in environ
    assert "OCF_RESOURCE_INSTANCE=p" in environ
    assert "geheim" not in (checker / "cmdline").read_text()


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("primitive p ocf:mine:check code=6", Refused, "p: ocf:mine:check: it is not configured"),
        ("primitive p ocf:mine:check code=42", Refused, "p: ocf:mine:check: exit code 42"),
        ("primitive p ocf:mine:check code=4", NotPermitted, "p: ocf:mine:check: exit code 4"),
        ("primitive p ocf:mine:missing", NoSuchObject, "ocf:mine:missing is not installed here"),
        ("primitive p systemd:x", NoSuchObject, "systemd:x is not installed here, or cannot validate"),
        ("primitive q ocf:mine:check\ngroup p q", NoSuchObject, "there is no primitive p"),
        ("primitive q ocf:mine:check", NoSuchObject, "there is no primitive p"),
        ("primitive p ocf:mine:check params rule #uname eq a x=1", CrmError, "depend on a rule"),
        ("primitive q Dummy params $id=s x=1\nprimitive p ocf:mine:check params $id-ref=s", CrmError, "are references"),
        ("primitive q Dummy params $n:x=1\nprimitive p ocf:mine:check params @n", CrmError, "are references"),
    ],
)
@pytest.mark.usefixtures("checker")
def test_what_is_not_valid_or_cannot_be_asked(text: str, error: type[CrmError], said: str) -> None:
    with pytest.raises(error, match=said) as caught:
        validation.validate(cib_of(text), "p")
    assert type(caught.value) is error


def test_an_agent_that_cannot_validate_is_not_started(checker: Path) -> None:
    agent = checker / "ocf" / "resource.d" / "mine" / "check"
    agent.write_text(agent.read_text().replace("validate-all", "start"))
    with pytest.raises(CrmError, match="has no validate-all"):
        validation.validate(cib_of("primitive p ocf:mine:check"), "p")
    assert not (checker / "env").exists()


def test_a_survey_follows_references() -> None:
    cib = cib_of("primitive p Dummy params $id=s $n:x=1 params y=2\nprimitive q Dummy params $id-ref=s params @n:z")
    survey = Survey(cib, lambda *_: None)
    assert survey.values(survey.resources["q"], "instance_attributes") == {"x": "1", "z": "1"}
    assert survey.values(survey.resources["p"], "instance_attributes") == {"x": "1", "y": "2"}
