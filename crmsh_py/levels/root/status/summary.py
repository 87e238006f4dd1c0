"""The cluster as a whole, in the words of crm_mon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.root.status.lines import count

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from crmsh_py.cluster.state import Summary
    from crmsh_py.levels.root.status.lines import Line


def lines(summary: Summary, words: Container[str] = ()) -> Iterator[Line]:
    """The summary. words: of the command; with `quiet` there are no times, with `verbose` the options are listed."""
    yield [("", f"* Stack: {summary.stack}")]
    yield _dc(summary)
    if "quiet" not in words:
        yield [("", f"* Last updated: {summary.last_update}")]
        if summary.last_change:
            yield [("", f"* Last change:  {summary.last_change}{_author(summary)}")]
    yield [("", f"* {count(summary.nodes, 'node')} configured")]
    stopped = [f"{summary.disabled} DISABLED"] if summary.disabled else []
    stopped += [f"{summary.blocked} BLOCKED from further action due to failure"] if summary.blocked else []
    yield [
        ("", f"* {count(summary.resources, 'resource instance')} configured"),
        ("error" if summary.blocked else "warning", f" ({', '.join(stopped)})" if stopped else ""),
    ]
    if "verbose" in words:
        yield from _options(summary)


def _author(summary: Summary) -> str:
    about = {
        "by": summary.last_change_user,
        "via": summary.last_change_client,
        "on": summary.last_change_origin,
    }
    return "".join(f" {word} {said}" for word, said in about.items() if said)


def _dc(summary: Summary) -> Line:
    if summary.dc is None:
        return [("", "* Current DC: "), ("error", "NONE")]
    return [
        ("", "* Current DC: "),
        ("name", summary.dc),
        ("", f" (version {summary.dc_version or 'unknown'}) - "),
        ("warning", "MIXED-VERSION " if summary.mixed_version else ""),
        ("", "partition "),
        ("", "with quorum") if summary.has_quorum else ("error", "WITHOUT quorum"),
    ]


def _options(summary: Summary) -> Iterator[Line]:
    options = summary.options
    said = {
        "stonith-enabled": options.stonith_enabled,
        "symmetric-cluster": options.symmetric_cluster,
        "maintenance-mode": options.maintenance_mode,
        "stop-all-resources": options.stop_all_resources,
    }
    for name, is_on in said.items():
        yield [("", f"* {name}={'true' if is_on else 'false'}")]
    yield [("", f"* no-quorum-policy={options.no_quorum_policy}")]
