"""A verdict in the form of monitoring plugins: a first line, numbers behind its `|`, and a line for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cluster.check.findings import CRITICAL, NAMES, UNKNOWN, WARNING
from crmsh_py.output import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crmsh_py.cluster.check.counts import Count
    from crmsh_py.cluster.check.findings import Finding
    from crmsh_py.cluster.check.verdict import Verdict

NAME = "CRM"
COLUMNS = 80
# a `|` begins the numbers, and what monitoring systems hand to shells loses the rest of these
_UNSAFE = str.maketrans("|<>&", "/()+", "`~$'\"")


def text(verdict: Verdict, counts: Sequence[Count]) -> str:
    """All of it, for a cluster that was examined."""
    lines = [f"{_first(verdict, counts)} | {' '.join(map(_number, counts))}"]
    lines += [_detail(finding) for finding in verdict.findings]
    return "".join(line + "\n" for line in lines)


def unknown(texts: Iterable[str], state: int = UNKNOWN) -> str:
    """The text where the state of the cluster cannot be known: why, and what to do; it has no numbers.

    state: what this counts as.
    """
    first, *more = map(_plain, texts)
    begin = f"{NAME} {NAMES[state]} - {'' if state == UNKNOWN else 'unknown: '}"
    head = _cut(first, COLUMNS - 1 - len(begin))
    lines = [begin + head, *([first] if head != first else []), *more]
    return "".join(line + "\n" for line in lines)


def summary(verdict: Verdict, counts: Sequence[Count]) -> str:
    """What is wrong in a few words, or the numbers of what is right."""
    wrong = [finding for finding in verdict.findings if finding.state in (CRITICAL, WARNING)]
    if not wrong:
        number = {count.name: count.value for count in counts}
        nodes, started = _many(number["nodes_online"], "node"), _many(number["resources_started"], "resource")
        return f"{nodes} online, {started} started"
    said = "; ".join(_plain(finding.text) for finding in wrong)
    if len(wrong) == 1:
        return said
    critical = sum(finding.state == CRITICAL for finding in wrong)
    parts = [f"{critical} critical"] if critical else []
    parts += [_many(len(wrong) - critical, "warning")] if len(wrong) > critical else []
    return f"{', '.join(parts)}: {said}"


def _first(verdict: Verdict, counts: Sequence[Count]) -> str:
    begin = f"{NAME} {NAMES[verdict.state]} - "
    return begin + _cut(summary(verdict, counts), COLUMNS - 1 - len(begin))


def _detail(finding: Finding) -> str:
    return f"{NAMES[finding.state]} {_plain(finding.text)} ({finding.topic}: {finding.code})"


def _number(count: Count) -> str:
    """`name=value;warning;critical;least;most`, without what is empty at its end."""
    fields = (count.value, count.warning, count.critical, 0, count.most)
    return f"{count.name}=" + ";".join("" if field is None else str(field) for field in fields).rstrip(";")


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _plain(said: str) -> str:
    """A text in one line, without what has a meaning to who reads it next."""
    return safe(said).translate(_UNSAFE)


def _cut(said: str, columns: int) -> str:
    """As much of a text as fits; a character that is not ASCII may take two columns."""
    if sum(1 if char.isascii() else 2 for char in said) <= columns:
        return said
    room = columns - 3
    for index, char in enumerate(said):
        room -= 1 if char.isascii() else 2
        if room < 0:
            return said[:index] + "..."
    return said
