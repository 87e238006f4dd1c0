"""Completion tried without a prompt: a host with a few agents of our own, and every place that a line can come to.

`python completion_desk.py` in the folder of the transcripts writes their answers anew, to be read before they are kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from program import ROOT

from crmsh_py.cluster.agents import installed, pseudo
from crmsh_py.command.candidates import here
from crmsh_py.command.context import Context, Options
from crmsh_py.command.pattern import Argument, Option
from crmsh_py.language.keywords import statement_keywords
from crmsh_py.language.words import logical_lines
from crmsh_py.levels import LEVELS, load
from crmsh_py.shell.completer import complete
from crmsh_py.shell.everywhere import Stack
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.help.texts import summary_of_statement, topic_names, topic_text

TRANSCRIPTS = ROOT / "tests" / "transcripts" / "completion"
# where the cursor stands in a line of a transcript
CURSOR = "¦"
# so many candidates are written down
SHOWN = 14

AGENT = """\
#!/bin/sh
test "$1" = meta-data || test "$2" = metadata || exit 3
cat << 'EOF'
{}
EOF
"""
PARAMETER = '<parameter name="{}" required="{}"><shortdesc>{}</shortdesc><longdesc>{}</longdesc>{}</parameter>'
AGENTS = {
    "ocf/heartbeat/Web": (
        "a web server",
        PARAMETER.format("port", 0, "the port", "The port.\n\nMore\nof it.", '<content type="integer" default="80"/>')
        + PARAMETER.format("config", 1, "the file", "", '<content type="string"/>')
        + PARAMETER.format("secure", 0, "TLS", "", '<content type="boolean" default="false"/>')
        + PARAMETER.format(
            "mode", 0, "", "", '<content type="select"><option value="a b"/><option value="c"/></content>'
        )
        + PARAMETER.format("old", 0, "", "", '<deprecated><replaced-with name="config"/></deprecated>'),
    ),
    "ocf/pacemaker/Disk": ("a disk", PARAMETER.format("device", 1, "the device", "", '<content type="string"/>')),
    "stonith/fence_x": ("a switch", PARAMETER.format("ip", 1, "its address", "", '<content type="string"/>')),
}
ACTIONS = (
    '<action name="start" timeout="40s"/><action name="stop" timeout="60s"/>'
    '<action name="monitor" timeout="20s" interval="10s" depth="0"/><action name="meta-data" timeout="5s"/>'
)
PROMOTE = '<action name="promote" timeout="30s"/><action name="demote" timeout="30s"/>'

CIB = """\
node 1: alpha attributes size=big
node 2: beta attributes size=small utilization ram=64
primitive fence stonith:fence_x params ip=192.0.2.1
rsc_template base Web params config="/etc/web one.conf"
primitive disk ocf:pacemaker:Disk params device="/dev/x" op monitor interval=29s trace_ra=1
clone disk-clone disk meta promotable=true
primitive files Web params config="/a b" port=81 meta priority=5 op monitor interval=10s timeout=20s
primitive address Web params config=x
primitive other @base
primitive alone Web params config=y meta target-role=Stopped
group web files address
location where web inf: alpha
location cli-prefer-web web role=Started inf: beta
colocation together inf: web disk-clone:Promoted
order first Mandatory: disk-clone:promote web:start
rsc_ticket geo web-at-home: alone loss-policy=stop
fencing_topology alpha: fence
tag public address alone
role operators read xpath:"//resources"
acl_target sue operators
alert mail "/usr/local/bin/mail.sh"
property cib-bootstrap-options: stonith-enabled=true cluster-name=here
rsc_defaults usual: resource-stickiness=100
op_defaults slow: timeout=60s
"""
# a word of each kind that can be where its kind is wanted
SAMPLES = {
    "agent": "Web", "agent_class": "ocf", "agent_type": "Web", "assignment": "priority=1", "attribute": "size",
    "capacities": "ram=4", "capacity": "4", "check_topic": "nodes", "children": "ask", "date": "2030-01-01",
    "described": "Web", "device": "fence", "direct_action": "monitor", "display": "plain", "fail_count": "3",
    "file": "nosuch", "frequency": "always", "id": "new", "ignorable": "web", "image": "svg", "interval": "10s",
    "kind": "Mandatory", "level": "configure", "lifetime": "1h", "meta_attribute": "priority", "method": "update",
    "name": "config=x", "new_shadow": "new", "node": "alpha", "node_attribute": "size", "number": "3", "obj": "web",
    "op_name": "monitor", "option": "core.wait", "parameter": "config", "path": "nosuch", "program": "true",
    "property": "no-quorum-policy", "provider": "heartbeat", "role": "Started", "role_id": "operators", "rsc": "web",
    "schema": "pacemaker-3.9", "score": "100", "seconds": "5", "selector": "web", "set_id": "usual",
    "setting": "web.priority", "shadow": "test", "skill": "expert", "source": "nosuch", "status_word": "full",
    "strictness": "strict", "switch": "yes", "tag_member": "web", "target": "alpha", "template": "@base", "text": "x",
    "threshold": "nodes=1", "ticket": "web-at-home", "topic": "show", "traceable": "monitor", "truth": "-t",
    "user": "sue", "utilization": "ram", "value": "1", "xml": "<x/>", "xpath": "//x",
}  # fmt: skip


class Host:
    """A folder with agents and a CIB, and no program of Pacemaker, where all that looks for them is to look."""

    def __init__(self, folder: Path) -> None:
        self.cib = folder / "cib.xml"
        self.ocf, self.fencing, self.programs = folder / "ocf", folder / "sbin", folder / "bin"
        self.programs.mkdir()
        for name, (about, parameters) in AGENTS.items():
            class_, *rest = name.split("/")
            path = self.ocf.joinpath("resource.d", *rest) if class_ == "ocf" else self.fencing / rest[0]
            path.parent.mkdir(parents=True, exist_ok=True)
            actions = ACTIONS + PROMOTE * name.endswith("Disk")
            said = (
                f'<resource-agent name="{rest[-1]}"><version>1</version><shortdesc>{about}</shortdesc>'
                f"<parameters>{parameters}</parameters><actions>{actions}</actions></resource-agent>"
            )
            path.write_text(AGENT.format(said))
            path.chmod(0o755)

    def settle(self, setenv, setattr_) -> None:
        """Look here. setenv, setattr_: as of pytest's MonkeyPatch."""
        setenv("OCF_ROOT", str(self.ocf))
        setenv("PATH", f"{self.programs}:/bin")
        setenv("XDG_CACHE_HOME", str(self.programs.parent / "cache"))
        setenv("CIB_shadow_dir", str(self.programs.parent))
        setenv("PCMK_schema_directory", str(self.programs))
        setattr_(installed, "FENCE_AGENTS", str(self.fencing))
        setattr_(pseudo, "FOLDERS", ())
        setattr_(here, "_GROUP", "no such group")
        if not self.cib.exists():
            (self.programs / "pacemaker-3.9.rng").touch()
            (self.programs.parent / "shadow.test").touch()
            self.cib.write_text((ROOT / "examples" / "empty.xml").read_text())
            cx = Context(Options(cib=str(self.cib), force=True), dict(os.environ), lambda _: None)
            from crmsh_py.cib import edit
            from crmsh_py.language.parser import parse

            cx.edit(lambda cib: edit.add(cib, parse(CIB, "")))
            self.cib.write_bytes(cx.session.draft.to_bytes())

    def context(self) -> Context:
        """A Context on the CIB."""
        return Context(Options(cib=str(self.cib)), dict(os.environ), lambda _: None)


# ---- lines


def levels() -> Iterator[str]:
    yield from ("root", *LEVELS)


def stack_of(level: str) -> Stack:
    return Stack(load, ("root",) if level == "root" else ("root", level))


def lines_of_commands() -> Iterator[tuple[str, str]]:
    """For each level, lines that end at each place of each command."""
    for name in levels():
        yield name, ""
        for command in load(name).commands.values():
            yield name, command.name[:-1]
            yield from ((name, f"{command.name} {line}") for line in _walk(command.usage, []))
    for command in everywhere.commands.values():
        yield from (("root", f"{command.name} {line}") for line in _walk(command.usage, []))


def _walk(usage, words: list[str], seen: tuple[str, ...] = ()) -> Iterator[str]:
    """The beginnings of a command, each item once on each way."""
    yield "".join(f"{word} " for word in words)
    for item in usage.expected(words):
        if item.text in seen or len(words) > 6:
            continue
        if isinstance(item, Argument):
            word = SAMPLES[item.kind]
        elif isinstance(item, Option):
            yield "".join(f"{word} " for word in words) + "--"
            # options may stand anywhere
            if words:
                continue
            word = f"--{item.text}"
        else:
            word = item.text
        yield from _walk(usage, [*words, word], (*seen, item.text))


def lines_of_statements() -> Iterator[str]:
    """The beginnings of statements of all kinds, cut behind each word and in the middle of it."""
    text = (ROOT / "tests" / "language" / "identity.crm").read_text()
    for line in logical_lines(text, ""):
        for word in line.words:
            yield line.text[: word.start]
            yield line.text[: (word.start + word.stop + 1) // 2]
        yield f"{line.text} "


# ---- transcripts

# what declarations say of themselves would be said twice, and changes often
_SUMMARIES = {
    *(command.summary for name in levels() for command in load(name).commands.values()),
    *(command.summary for command in everywhere.commands.values()),
    *LEVELS.values(),
    *map(summary_of_statement, statement_keywords()),
    *(topic_text(name).summary for name in topic_names()),
}


class Exchange:
    """A line of a transcript, with the level where it is typed, and what is offered, as it is written down."""

    def __init__(self, level: str, line: str, answer: str) -> None:
        self.level = level
        self.line = line
        self.answer = answer

    @property
    def text(self) -> str:
        """The line up to the cursor."""
        return self.line.partition(CURSOR)[0]


def exchanges(path: Path) -> list[Exchange]:
    """What a transcript holds: `LEVEL# LINE` with the cursor in it, and a candidate on each line that is indented."""
    found: list[Exchange] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("    ") and found:
            found[-1].answer += f"{line}\n"
        level, _, typed = line.partition("# ")
        if CURSOR in typed and level in levels():
            found.append(Exchange(level, typed, ""))
    return found


def answered(cx: Context, exchange: Exchange) -> str:
    """What is offered there, as a transcript has it."""
    found = complete(cx, stack_of(exchange.level), exchange.text).candidates
    lines = [
        f"    {one.text:<24}  {'' if one.about in _SUMMARIES else one.about[:70]}".rstrip() for one in found[:SHOWN]
    ]
    more = len(found) - SHOWN
    return "".join(f"{line}\n" for line in [*lines, *([f"    ... and {more} more"] if more > 0 else [])])


def renewed(cx: Context, path: Path) -> str:
    """The transcript with the answers of now."""
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("    ")]
    said = {f"{one.level}# {one.line}": answered(cx, one) for one in exchanges(path)}
    return "".join(f"{line}\n{said.get(line, '')}" for line in kept)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        host = Host(Path(place))
        host.settle(os.environ.__setitem__, setattr)
        os.chdir(place)
        for file in TRANSCRIPTS.glob("*.txt"):
            file.write_text(renewed(host.context(), file), encoding="utf-8")
