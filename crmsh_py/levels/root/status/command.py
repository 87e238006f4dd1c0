"""The state of the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import UsageError
from crmsh_py.levels.root.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmsh_py.command.context import Context


USUAL_SECONDS = 2
# what a word is for crm_mon
HTML_OPTIONS: dict[str, tuple[str, ...]] = {
    "bynode": ("--group-by-node",),
    "inactive": ("--inactive",),
    "ops": ("--operations",),
    "timing": ("--timing-details",),
    "failcounts": ("--failcounts",),
    "tickets": ("--tickets",),
    "noheaders": ("--hide-headers",),
    "detail": ("--show-detail",),
    "brief": ("--brief",),
}
_FULL = ("bynode", "inactive", "timing", "failcounts", "tickets")
HTML_OPTIONS["full"] = tuple(option for word in _FULL for option in HTML_OPTIONS[word])


@level.command("status [<word:status_word>...]", "status [<word:status_word>...] [--watch] [<seconds:seconds>]")
def status(cx: Context, word: Sequence[str] = (), watch: bool = False, seconds: str | None = None) -> Record:
    """Show what is wrong, the nodes, and the resources.

    All of it is read once, with crm_mon (but what moving resources left behind, with cibadmin): from the running
    cluster, or from the status section of the CIB file or shadow that is worked on. What needs attention comes first,
    where there is anything: lost quorum, nodes that are not simply online, resources that failed, are stopped though
    they should run or are left alone, failed actions and fail counts, fencing, tickets that are not granted, and what
    moving resources left behind. The exit code is 0 whatever the state is; `check` has others.

    Words, as many as wanted, say what is shown besides: `bynode` the resources below their nodes (`inactive`: and
    those that are not active), `ops` what was done with each, `timing` when, `failcounts`, `tickets`, `verbose` node
    attributes, options, fencing and bans, `full` all of these; `detail` a line for each node and instance. Less is
    shown with `brief` (resources of one agent together), `quiet` (no times), `noheaders` (no summary) and `simple`
    (one line). `xml` and `html` are crm_mon's own answers. JSON is the same, and complete, with any words.

    `--watch` shows it anew every 2 seconds, or as many as are given, in place, until q is typed or Ctrl-C; while the
    cluster does not run, it says so and goes on. With `-o json` each change is a line, also without a terminal.

    Examples:
        status
        status bynode inactive
        status full
        status -o json
    """
    forms = [name for name in ("xml", "html") if name in word]
    if watch:
        if forms:
            raise UsageError(f"--watch shows no {forms[0]}", hint="`-o json` is for programs")
        from crmsh_py.levels.root.status.watching import watched  # heavy

        return watched(cx.tools, word, float(seconds or USUAL_SECONDS))
    if seconds:
        raise UsageError(f"{seconds} seconds are for --watch")
    if forms:
        return _answer_of_crm_mon(cx.tools, forms, word)
    from crmsh_py.cluster.state import left_over, state  # heavy
    from crmsh_py.levels.root.status.record import record

    return record(*left_over(state(cx.tools), cx.tools), word)


def _answer_of_crm_mon(tools: Mapping[str, str | None], forms: Sequence[str], words: Sequence[str]) -> Record:
    """What crm_mon itself says, for people; programs that want JSON get ours."""
    from crmsh_py.cluster.state import html, left_over, state, xml  # heavy
    from crmsh_py.levels.root.status.record import data

    if len(forms) > 1:
        raise UsageError("one of `xml` and `html`")
    options = [option for word in words for option in HTML_OPTIONS.get(word, ())]
    return Record(
        "status",
        lambda: data(*left_over(state(tools), tools)),
        lambda: [("", xml(tools) if forms == ["xml"] else html(tools, options))],
    )
