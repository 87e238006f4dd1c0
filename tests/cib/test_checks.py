"""The semantic checks: each row of the table with a configuration that has it and one that has it not."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmsh_py.cib import checks, edit, options
from crmsh_py.cib.document import Cib
from crmsh_py.cib.durations import milliseconds
from crmsh_py.cluster.agents import Action, Agent, Parameter
from crmsh_py.language.parser import parse
from crmsh_py.problems import ERROR, WARNING, Problem

DB = Agent(
    "ocf:mine:db",
    (
        Parameter("config", is_required=True),
        Parameter("mode", is_required=True, default="fast"),
        Parameter("datadir", unique_group="datadir"),
        Parameter("address", unique_group="where"),
        Parameter("port", unique_group="where", default="5432"),
        Parameter("passwd", unique_group="passwd"),
        Parameter("cfg", is_deprecated=True, replaced_with=("config",)),
        Parameter("gone", is_deprecated=True),
    ),
    (
        Action("start", "60s"),
        Action("stop", "120"),
        Action("monitor", "30s", "10s", "Promoted"),
        Action("monitor", "20s", "11s", "Unpromoted"),
        Action("monitor", "90s", "60s", None, "10"),
        Action("promote", "60s"),
        Action("demote", "60s"),
    ),
)
PLAIN = Agent("ocf:heartbeat:plain", (), (Action("start"), Action("stop"), Action("monitor")))
FENCE = Agent(
    "stonith:fence_x",
    (
        Parameter("action", is_required=True),
        Parameter("plug", is_required=True),
        Parameter("ip", is_required=True),
        Parameter("ipaddr", is_required=True, is_deprecated=True, replaced_with=("ip",)),
    ),
    (Action("reboot"), Action("monitor")),
)
REMOTE = Agent("ocf:pacemaker:remote", (Parameter("server"),), (Action("start"), Action("monitor")))
LOCKS = Agent("ocf:pacemaker:controld", (), (Action("start"),))
KNOWN = {agent.name: agent for agent in (DB, PLAIN, FENCE, REMOTE, LOCKS)}


def metadata(class_: str, provider: str | None, type_: str) -> Agent | None:
    return KNOWN.get(":".join(filter(None, (class_, provider, type_))))


def examine(text: str, schema: str = "pacemaker-3.9") -> list[Problem]:
    cib = Cib.empty(schema)
    edit.update(cib, parse(text, "text"))
    return list(checks.problems(cib, metadata))


def codes(text: str, schema: str = "pacemaker-3.9") -> list[str]:
    return [problem.code for problem in examine(text, schema)]


DB_OK = "primitive d ocf:mine:db config=/c"
TWO = "primitive p plain\nprimitive q plain\n"

CASES = [
    # a configuration, and the codes of what is wrong with it
    (DB_OK, []),
    # required parameters
    ("primitive d ocf:mine:db", ["missing-parameter"]),
    ("primitive d ocf:mine:db cfg=/c", ["deprecated-parameter"]),
    ("primitive d ocf:mine:db params rule #uname eq a config=/c", []),
    ("primitive d ocf:mine:db params $id-ref=o\nprimitive o ocf:mine:db params $id=o config=/c", []),
    ("rsc_template t ocf:mine:db config=/c\nprimitive d @t", []),
    ("rsc_template t ocf:mine:db\nprimitive d @t config=/c", []),
    ("rsc_template t ocf:mine:db", []),
    ("rsc_template t ocf:mine:db\nprimitive d @t", ["missing-parameter"]),
    ("primitive d ocf:mine:db\ngroup g d params config=/c", []),
    ("primitive f stonith:fence_x ip=1", []),
    ("primitive f stonith:fence_x ipaddr=1 pcmk_host_list=a", ["deprecated-parameter"]),
    ("primitive f stonith:fence_x", ["missing-parameter"]),
    # unknown and deprecated parameters
    (DB_OK + " nothing=1", ["unknown-parameter"]),
    (DB_OK + " nothing=1 params score=2: nothing=2", ["unknown-parameter", "unknown-parameter"]),
    (DB_OK + " pcmk_host_list=1", ["unknown-parameter"]),
    (DB_OK + " trace_ra=1", []),
    (DB_OK + " gone=1", ["deprecated-parameter"]),
    ("rsc_template t ocf:mine:db nothing=1\nprimitive d @t config=1\nprimitive e @t config=2", ["unknown-parameter"]),
    ("primitive s systemd:unit params x=1", []),
    ("primitive s lsb:script op monitor interval=10s timeout=1s", []),
    # unique parameters
    (f"{DB_OK} datadir=/x\nprimitive e ocf:mine:db config=/c datadir=/x", ["shared-parameter"]),
    (f"{DB_OK} datadir=/x\nprimitive e ocf:mine:db config=/c datadir=/y", []),
    (f"{DB_OK}\nprimitive e ocf:mine:db config=/c", []),
    (f"{DB_OK} datadir=/x\nclone c d", []),
    (f"{DB_OK} address=a\nprimitive e ocf:mine:db config=/c address=a port=5432", ["shared-parameter"]),
    (f"{DB_OK} address=a\nprimitive e ocf:mine:db config=/c address=a port=5433", []),
    (
        "rsc_template t ocf:mine:db config=/c datadir=/x\nprimitive d @t\nprimitive e @t\nprimitive f @t datadir=/y",
        ["shared-parameter"],
    ),
    (
        "primitive d ocf:mine:db cfg=1 params rule #uname eq a datadir=x\nprimitive e ocf:mine:db config=1 datadir=x",
        ["deprecated-parameter"],
    ),
    # operations
    (DB_OK + " op frob interval=0s", ["unknown-operation"]),
    (DB_OK + " op start timeout=60s interval=0 op stop timeout=2min interval=0s", []),
    (DB_OK + " op start timeout=59 interval=0", ["short-timeout"]),
    (DB_OK + " op start timeout=59999ms interval=0", ["short-timeout"]),
    (DB_OK + " op start timeout=PT1M interval=0", []),
    (DB_OK + " op monitor interval=10s role=Promoted timeout=29s", ["short-timeout"]),
    (DB_OK + " op monitor interval=10s role=Master timeout=29s", ["short-timeout"]),
    (DB_OK + " op monitor interval=10s role=Unpromoted timeout=29s", []),
    (DB_OK + " op monitor interval=10s timeout=29s OCF_CHECK_LEVEL=10", ["short-timeout"]),
    (DB_OK + " op start interval=0 op_meta timeout=1s", ["short-timeout"]),
    (DB_OK + " op start interval=0\nop_defaults timeout=50s", ["short-timeout"]),
    (DB_OK + " op start interval=0 timeout=70s\nop_defaults timeout=50s", []),
    (DB_OK + " op start interval=0\nop_defaults rule #uname eq a timeout=50s", []),
    ("rsc_template t ocf:mine:db config=1 op start timeout=1s\nprimitive d @t\nprimitive e @t", ["short-timeout"]),
    ("rsc_template t ocf:mine:db config=1\nprimitive d @t op start timeout=1s", ["short-timeout"]),
    ("primitive p plain op start interval=5s", ["interval-not-zero"]),
    ("primitive p plain op monitor interval=0", ["no-interval"]),
    ("primitive p plain op monitor interval=0 timeout=90s op monitor interval=10s", []),
    ("primitive p plain op monitor interval=10 op monitor interval=10s role=Stopped", ["same-interval"]),
    (
        "primitive p plain op monitor interval=1min op monitor interval=60s op monitor interval=60000ms",
        ["same-interval"],
    ),
    ("primitive p plain op monitor interval=10s op monitor interval=11s", []),
    # names
    ("property no-quorum-polixy=stop", ["unknown-option"]),
    ("property vendor: anything=1", []),
    ("property stonith-enabled=false fencing-enabled=true", ["two-names"]),
    ("property stonith-enabled=false fencing-enabled=false", []),
    ("rsc_defaults resource-stickines=1", ["unknown-default"]),
    ("rsc_defaults resource-stickiness=1 interleave=true", []),
    ("op_defaults timeout=1 timeoutt=2", ["unknown-default"]),
    ("primitive p plain meta interleave=true", ["unknown-meta-attribute"]),
    ("primitive p plain meta target-role=Started op monitor interval=10s op_meta frob=1", ["unknown-meta-attribute"]),
    ("primitive p plain\nclone c p meta interleave=true target-role=Started", []),
    ("primitive p plain\ngroup g p meta target-role=Started ordered=true", []),
    ("primitive p plain\nclone c p meta master-max=1 promoted-max=2", ["two-names"]),
    ("primitive p plain meta migration-threshold=abc is-managed=maybe", ["unreadable-value"] * 2),
    ("primitive p plain meta failure-timeout=soon requires=much", ["unreadable-value"] * 2),
    ("primitive p plain\nclone c p meta clone-max=x", ["unreadable-value"]),
    ("rsc_defaults resource-stickiness=much", ["unreadable-value"]),
    ("primitive p plain meta priority=-INFINITY migration-threshold=+5 is-managed=Off failure-timeout=PT5M", []),
    ("primitive p plain op monitor interval=abc timeout=5xx", ["no-duration", "no-duration"]),
    ("primitive p plain op monitor interval=PT1M timeout=500ms start-delay=1min", []),
    # constraints
    (TWO + "node a\nlocation l p 1: b", ["unknown-node"]),
    (TWO + "location l p 1: b", []),
    (TWO + "node a\nlocation l p rule 1: #uname eq b or #uname eq a", ["unknown-node"]),
    (TWO + "node a\nprimitive b ocf:pacemaker:remote\nlocation l p 1: b", []),
    (TWO + "node a\nprimitive v plain meta remote-node=b\nlocation l p 1: b", []),
    (TWO + "node a\nbundle b docker image=x\nlocation l p 1: b-0", []),
    (TWO + "group g p\ncolocation c inf: p q", ["constraint-on-member"]),
    (TWO + "group g p\norder o p q\nlocation l p 1: n\nrsc_ticket t t: p", []),
    (TWO + "clone g p\norder o p q", ["constraint-on-member"]),
    (TWO + "clone g p\nlocation l p 1: n", ["constraint-on-member"]),
    (TWO + "clone g p\norder o g q\nlocation l g 1: n", []),
    (TWO + "group g p\nclone c g\ncolocation x inf: q p", ["constraint-on-member"]),
    (TWO + "primitive r plain\nclone c p\ncolocation x inf: ( p q r )", ["constraint-on-member"]),
    (TWO + "bundle b docker image=x primitive p\norder o p q", ["constraint-on-member"]),
    (TWO + "clone c p\ntag t c q\nlocation l t 1: n\ntag unused p", []),
    (TWO + "rsc_template t plain\nprimitive u @t\ngroup g u\norder o t q", []),
    # fencing
    ("primitive f stonith:fence_x ip=1\nnode a\nfencing_topology a: f", []),
    ("primitive f stonith:fence_x ip=1\nnode a\nfencing_topology b: f", ["unknown-node"]),
    ("rsc_template t stonith:fence_x\nprimitive f @t ip=1\nclone c f\nnode a\nfencing_topology a: c,f", []),
    ("primitive p plain\nnode a\nfencing_topology a: p,x", ["not-a-device", "unknown-device"]),
    # remote nodes
    ("primitive r ocf:pacemaker:remote server=x\nprimitive p plain\nlocation l r 1: n", []),
    ("primitive r ocf:pacemaker:remote\ngroup g r", ["remote-in-group"]),
    ("primitive v plain meta remote-node=x\ngroup g v", ["remote-in-group"]),
    ("primitive v plain meta remote-node=x\nprimitive p plain\norder o v p\ncolocation c inf: v p", []),
    ("primitive r ocf:pacemaker:remote\nprimitive p plain\norder o r p", ["remote-in-constraint"]),
    ("primitive r ocf:pacemaker:remote\nprimitive p plain\ncolocation o inf: p ( r )", ["remote-in-constraint"]),
    ("rsc_template t ocf:pacemaker:remote\nprimitive r @t\nprimitive p plain\norder o r p", ["remote-in-constraint"]),
    # the distributed lock manager
    ("primitive l ocf:pacemaker:controld\nclone c l\nproperty no-quorum-policy=freeze", []),
    ("primitive l ocf:pacemaker:controld", ["lock-manager-quorum"]),
    (
        "primitive l ocf:pacemaker:controld\nproperty no-quorum-policy=ignore fencing-enabled=false",
        ["lock-manager-fencing", "lock-manager-quorum"],
    ),
    (
        "primitive l ocf:pacemaker:controld\nproperty no-quorum-policy=freeze stonith-enabled=0",
        ["lock-manager-fencing"],
    ),
]
ERRORS = {"missing-parameter", "unknown-parameter", "unknown-operation", "remote-in-group", "remote-in-constraint"}


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text.replace("\n", "; ") for text, _ in CASES])
def test_what_is_wrong_is_said_once(text: str, expected: list[str]) -> None:
    found = examine(text)
    assert sorted(problem.code for problem in found) == sorted(expected)
    for problem in found:
        assert problem.severity == (ERROR if problem.code in ERRORS else WARNING)
        assert problem.object_id


def test_every_check_has_a_case_that_finds_something() -> None:
    found = {code for text, _ in CASES for code in codes(text)}
    sources = "".join(path.read_text() for path in Path(checks.__file__).parent.glob("*.py"))
    said = set(re.findall(r'(?:WARNING, |ERROR, |META = |names\(\), |known, )"([a-z]+(?:-[a-z]+)+)"', sources))
    assert found <= said
    # these have tests of their own below
    assert said - found == {"deprecated-name", "deprecated-option", "not-checked"}


def test_agents_that_are_not_here_are_said_in_one_warning() -> None:
    text = "\n".join(
        f"primitive p{n} ocf:mine:missing{n % 8} frob=1 op start timeout=1s op x interval=0" for n in range(20)
    )
    found = [problem for problem in examine(text) if problem.code != "interval-not-zero"]
    assert [(problem.severity, problem.code) for problem in found] == [(WARNING, "not-checked")]
    assert found[0].text == (
        "no metadata for ocf:mine:missing0, ocf:mine:missing1, ocf:mine:missing2, ocf:mine:missing3, ocf:mine:missing4,"
        " ocf:mine:missing5 and 2 more: their parameters and operations are not checked"
    )


def test_near_names_are_offered() -> None:
    hints = {
        problem.text: problem.hint
        for problem in examine(f"{DB_OK} adress=1 target_role=Started\nproperty cluster-nam=x")
    }
    assert hints == {
        "d: ocf:mine:db has no parameter adress": "did you mean address?",
        "d: ocf:mine:db has no parameter target_role": "target-role is a meta attribute: `meta target-role=...`",
        "cib-bootstrap-options: Pacemaker knows no cluster option cluster-nam": "did you mean cluster-name?",
    }


def test_secrets_are_not_told() -> None:
    found = examine(f"{DB_OK} passwd=geheim\nprimitive e ocf:mine:db config=/c passwd=geheim")
    assert [problem.code for problem in found] == ["shared-parameter"]
    assert "geheim" not in str(found)


@pytest.mark.parametrize(("old", "new"), [option.names for option in options.CLUSTER_OPTIONS if len(option.names) == 2])
def test_old_names_are_told_to_configurations_of_pacemaker_3_alone(old: str, new: str) -> None:
    new, old = old, new
    assert codes(f"property {old}=1", "pacemaker-3.9") == []
    assert codes(f"property {new}=1", "pacemaker-4.0") == []
    (found,) = examine(f"property {old}=1", "pacemaker-4.0")
    assert (found.severity, found.code) == (WARNING, "deprecated-name")
    assert new in found.text


def test_options_on_their_way_out_are_told_to_configurations_of_pacemaker_3_alone() -> None:
    text = "property concurrent-fencing=true"
    assert codes(text, "pacemaker-3.9") == []
    assert codes(text, "pacemaker-4.0") == ["deprecated-option"]


def test_an_agent_is_asked_once() -> None:
    asked: Counter[str] = Counter()

    def count(class_: str, provider: str | None, type_: str) -> Agent | None:
        asked[f"{class_}:{provider}:{type_}"] += 1
        return metadata(class_, provider, type_)

    cib = Cib.empty("pacemaker-3.9")
    text = "\n".join(f"primitive p{n} plain op monitor interval=10s\nprimitive m{n} ocf:x:missing" for n in range(50))
    edit.update(cib, parse(text, "text"))
    list(checks.problems(cib, count))
    assert asked == {"ocf:heartbeat:plain": 1, "ocf:x:missing": 1}


def test_real_configurations_are_checked(corpus_file: Path) -> None:
    cib = Cib.parse(corpus_file.read_bytes(), corpus_file.name)
    before = cib.to_bytes()
    found = list(checks.problems(cib, metadata))
    assert len(found) == len(set(found)), "each problem once"
    ids = {el.get("id") for el in cib.configuration.iter()} | {"fencing_topology", "rsc_defaults", "op_defaults", None}
    assert {problem.object_id for problem in found} <= ids
    assert all(problem.text[-1] != "." for problem in found)
    assert cib.to_bytes() == before, "a check changes nothing"


# ---- durations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20", 20_000),
        ("20s", 20_000),
        (" 20 s ", 20_000),
        ("20ms", 20),
        ("1500us", 1),
        ("2min", 120_000),
        ("1H", 3_600_000),
        ("PT1M30S", 90_000),
        ("P1DT2H", 93_600_000),
        ("P", None),
        ("", None),
        (None, None),
        ("1.5s", None),
        ("-1", None),
        ("soon", None),
        ("10 parsecs", None),
    ],
)
def test_durations(text: str | None, expected: int | None) -> None:
    assert milliseconds(text) == expected


@given(some.integers(0, 10**6))
def test_units_agree(number: int) -> None:
    assert milliseconds(f"{number}min") == milliseconds(f"{60 * number}s") == milliseconds(f"{60 * number}")
    assert milliseconds(f"{number}s") == milliseconds(f"{1000 * number}ms") == milliseconds(f"PT{number}S")


# ---- options


def test_names_of_options_are_of_one_option_each() -> None:
    for known in (options.CLUSTER_OPTIONS, *(options.meta_attributes(tag) for tag in ("primitive", "clone", "group"))):
        names = [name for option in known for name in option.names]
        assert [name for name, count in Counter(names).items() if count > 1 and name != "ordered"] == []
    for option in options.CLUSTER_OPTIONS:
        assert options.cluster_option(option.name) is options.cluster_option(option.names[-1]) is option
        assert not option.choices or option.default in (None, *option.choices)
    assert options.cluster_option("frob") is None


def test_a_template_or_tag_for_what_is_cloned_says_what_to_name() -> None:
    text = "rsc_template t Dummy\nprimitive u @t\nprimitive w @t\nprimitive p Dummy\nclone c u\nclone k p\ntag g p w\n"
    text += "colocation x inf: t w\nlocation l { w g } 1: n"
    found = [problem for problem in examine(text) if problem.code == "constraint-on-member"]
    assert [(problem.severity, problem.text, problem.hint, problem.object_id) for problem in found] == [
        (
            "error",
            "x: the template t stands for u in c, and a constraint can only be on c",
            "name w and c instead of t",
            "x",
        ),
        (
            "error",
            "l: the tag g stands for p in k, and a constraint can only be on k",
            "let the tag name k and w",
            "l",
        ),
    ]
