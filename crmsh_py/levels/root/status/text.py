"""The state of the cluster as people read it: what needs attention, then the sections of crm_mon, in its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.root.status import attention, events, nodes, resources, summary
from crmsh_py.levels.root.status.lines import count, section

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from crmsh_py.cluster.state import Move, State
    from crmsh_py.levels.root.status.lines import Line
    from crmsh_py.output import Fragment

# what these words stand for
FULL = frozenset({"bynode", "inactive", "ops", "timing", "failcounts", "tickets", "verbose"})


def fragments(state: State, words: Collection[str] = (), moves: Iterable[Move] = ()) -> Iterator[Fragment]:
    """The state in sections, each with its heading. What needs attention has one where there is something.

    words: of the command; see its manual.
    """
    asked = FULL.union(words) if "full" in words else frozenset(words)
    if "simple" in asked:
        yield from _one_line(state, moves)
        return
    separator = ""
    for heading, lines in _sections(state, asked, moves):
        yield "", separator
        yield from section(heading, lines)
        separator = "\n"


def _sections(state: State, asked: Collection[str], moves: Iterable[Move]) -> Iterator[tuple[str, list[Line]]]:
    wrong = list(attention.lines(state, moves))
    if wrong:
        yield "Needs attention", wrong
    if "noheaders" not in asked:
        yield "Cluster Summary", list(summary.lines(state.summary, asked))
    yield "Node List", list(nodes.lines(state, asked)) or [[("", "* No nodes")]]
    if "bynode" not in asked:
        yield "Full List of Resources", list(resources.lines(state, asked)) or [[("", "* No resources")]]
    elif "inactive" in asked:
        yield "Inactive Resources", list(resources.inactive(state, asked)) or [[("", "* No inactive resources")]]
    yield from _details(state, asked)


def _details(state: State, asked: Collection[str]) -> Iterator[tuple[str, list[Line]]]:
    """What is shown only where it is asked for."""
    if "verbose" in asked:
        yield "Node Attributes", list(events.attributes(state.attributes)) or [[("", "* No node attributes")]]
    if "ops" in asked or "timing" in asked:
        done = list(events.operations(state.history, "timing" in asked))
        yield "Operations", done or [[("", "* No operations")]]
    elif "failcounts" in asked:
        yield "Migration Summary", list(events.fail_counts(state.history)) or [[("", "* No fail counts")]]
    if "verbose" in asked:
        yield "Fencing History", [events.fencing(one) for one in state.fencing] or [[("", "* No fencing")]]
        yield "Negative Location Constraints", [events.ban(one) for one in state.bans] or [[("", "* None")]]
    if "tickets" in asked:
        yield "Tickets", [events.ticket(one) for one in state.tickets] or [[("", "* No tickets")]]


def _one_line(state: State, moves: Iterable[Move]) -> Iterator[Fragment]:
    """All in one line, as `crm_mon -s` had it; OK is said only where nothing needs attention."""
    from crmsh_py.output import safe

    wrong = attention.items(state, moves)
    if not wrong:
        online = sum(node.online for node in state.nodes)
        about = f"{count(online, 'node')} online, {count(state.summary.resources, 'resource instance')} configured"
        yield "", f"CLUSTER OK: {about}\n"
        return
    said = []
    for item in wrong:
        line = "".join(text for _, text in item.line).removesuffix(":")
        said.append(f"{line}: {len(item.below)}" if item.below else line)
    yield wrong[0].style, "CLUSTER WARN:"
    yield "", f" {safe('; '.join(said))}\n"
