"""Traces of what resource agents do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import UsageError
from crmsh_py.levels.resource.level import level
from crmsh_py.problems import INFO, WARNING, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context
    from crmsh_py.output import Record

# where ocf-shellfuncs, which most agents are made with, writes them
FOLDER = "/var/lib/heartbeat/trace_ra"


@level.command(
    "trace <rsc> [<operation:traceable> [<interval>] [<log_dir:path>]] [--wait] [--dry-run]",
    border=True,
)
def trace(
    cx: Context,
    rsc: str,
    operation: str | None = None,
    interval: str | None = None,
    log_dir: str | None = None,
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Have the agent of a primitive write down all that it does, each run of an operation into a file of its own.

    All operations that are configured, and start and stop; or the one that is named, with its interval where there are
    several; `probe` is the monitor that looks once whether the resource runs. The files are in
    /var/lib/heartbeat/trace_ra/TYPE on the node where it runs, or in a folder that is named, and are called
    RESOURCE.OPERATION.TIME. It is the parameter trace_ra of the operation, which agents of the class ocf know as far as
    they are shell scripts. `untrace` ends it: the files grow in number for as long as it lasts.

    Monitors are traced at once. Where the start is to be traced, the cluster restarts a resource that runs, since it
    would be started otherwise now; so it does when that is undone. --dry-run says it beforehand.

    Examples:
        trace server
        trace server monitor 30s /tmp/traces
        trace address probe
        trace address start --dry-run
    """
    from crmsh_py.command import acting  # heavy
    from crmsh_py.command.known import configured

    if log_dir is not None and not log_dir.startswith("/"):
        raise UsageError(f"{log_dir} is no folder for traces", hint="its path begins with a /")

    def change(cib: Cib) -> Iterable[Problem]:
        from crmsh_py.cib import tracing

        el = configured(cib, rsc)
        found = tracing.trace(cib, el, operation, interval, log_dir)
        return list(_told(cib, el, found, log_dir))

    return acting.act(cx, change, wait=wait, dry_run=dry_run)


@level.command("untrace <rsc> [<operation:traceable> [<interval>]] [--wait] [--dry-run]", border=True)
def untrace(
    cx: Context,
    rsc: str,
    operation: str | None = None,
    interval: str | None = None,
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Have the agent of a primitive traced no longer, in all its operations or in one. The files stay.

    Examples:
        untrace server
        untrace server monitor 30s
    """
    from crmsh_py.command import acting  # heavy
    from crmsh_py.command.known import configured

    def change(cib: Cib) -> Iterable[Problem]:
        from crmsh_py.cib import tracing

        found = tracing.untrace(cib, configured(cib, rsc), operation, interval)
        if not found:
            return [_note(f"{rsc} is not traced", rsc)]
        return [_note(f"no longer traced of {rsc}: {_names(found)}{_restarts(found)}", rsc)]

    return acting.act(cx, change, wait=wait, dry_run=dry_run)


def _told(cib: Cib, el: Element, found: list[Element], log_dir: str | None) -> Iterator[Problem]:
    rsc = el.get("id", "")
    template = cib.resource(el.get("template") or "")
    agent = el if template is None else template
    where = f"{log_dir or FOLDER}/{agent.get('type')}" if log_dir is None else log_dir
    yield _note(f"traced of {rsc}: {_names(found)}; into {where}{_restarts(found)}", rsc)
    if agent.get("class") != "ocf":
        text = f"{rsc} is of the class {agent.get('class')}, whose agents are not known to trace"
        yield Problem(WARNING, "no-trace", text, object_id=rsc)


def _restarts(found: Iterable[Element]) -> str:
    """Pacemaker compares how a resource was started with how it would be now."""
    is_start = any(op.get("name") in ("start", "promote") for op in found)
    return "; where it runs, this restarts it" if is_start else ""


def _names(found: Iterable[Element]) -> str:
    from crmsh_py.cib.durations import milliseconds  # heavy

    return ", ".join(
        f"{op.get('name')} {op.get('interval')}" if milliseconds(op.get("interval")) else op.get("name", "")
        for op in found
    )


def _note(text: str, rsc: str) -> Problem:
    return Problem(INFO, "note", text, object_id=rsc)
