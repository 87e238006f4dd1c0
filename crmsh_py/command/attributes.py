"""What the commands that set, delete and show attributes have in common, be they of resources or of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context
    from crmsh_py.output import Record
    from crmsh_py.problems import Problem


class Wanted(NamedTuple):
    """What is to become of attributes: those that get a value, those that go."""

    assigned: Mapping[str, str]
    gone: Sequence[str] = ()


def wanted(name: str | None, value: str, pairs: Iterable[str], gone: Sequence[str]) -> Wanted:
    """The same, from the words of a command: `NAME VALUE`, or `NAME=VALUE ...`, or the names behind `delete`."""
    if name is not None:
        return Wanted({name: value}, gone)
    return Wanted({key: said for key, _, said in (pair.partition("=") for pair in pairs)}, gone)


def change(
    cx: Context,
    kind: str,
    wanted: Wanted,
    find: Callable[[Cib], Element | None],
    absent: Callable[[Cib, str], Problem],
    *,
    wait: bool,
    dry_run: bool,
) -> Record | None:
    """Set and delete attributes, and commit; or, with dry_run, say what the scheduler would do then.

    kind: the tag of their sets. find: gives the element that has them, within the edit; None where it has none and gets
    none. absent: what is said of a name that is not there to be deleted. Raises what `acting.act` does.
    """
    from crmsh_py.command import acting  # heavy

    def edit(cib: Cib) -> Iterable[Problem]:
        from crmsh_py.cib.attributes import remove, set_value

        el = find(cib)
        if el is None:
            return [absent(cib, name) for name in wanted.gone]
        for name, value in wanted.assigned.items():
            set_value(cib, el, kind, name, value)
        return [absent(cib, name) for name in wanted.gone if not remove(cib, el, kind, name)]

    return acting.act(cx, edit, wait=wait, dry_run=dry_run)
