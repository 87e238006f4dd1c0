"""What the commands that set, delete and show attributes have in common, be they of resources or of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context
    from crmsh_py.command.declare import Level
    from crmsh_py.output import Record
    from crmsh_py.problems import Problem

    Handler = Callable[[Context, str, "Asked"], Record | None]


class Wanted(NamedTuple):
    """What is to become of attributes: those that get a value, those that go."""

    assigned: Mapping[str, str]
    gone: Sequence[str] = ()


class Asked(NamedTuple):
    """What a command about attributes was told: to show one (attr) or all of them, else what is to become of them."""

    is_shown: bool
    attr: str | None
    wanted: Wanted
    wait: bool
    dry_run: bool


def declare(
    level: Level, command: str, of: str, attr: str, value: str = "", pairs: str = "assignment"
) -> Callable[[Handler], Handler]:
    """Declare a command that sets, deletes and shows attributes: `COMMAND NAME set ATTR VALUE` and so on.

    of: the kind of word that names what has the attributes, a row of SLOTS, as are attr, value (else any text) and
    pairs, of the words behind it. The handler gets that name, and what is asked.
    """
    kind = f":{value}" if value else ""
    usages = (
        f"{command} <name:{of}> set <attr:{attr}> <value{kind}> [--wait] [--dry-run]",
        f"{command} <name:{of}> set <pairs:{pairs}>... [--wait] [--dry-run]",
        f"{command} <name:{of}> delete <names:{attr}>... [--wait] [--dry-run]",
        f"{command} <name:{of}> show [<attr:{attr}>]",
    )

    def declared(handler: Handler) -> Handler:
        def run(
            cx: Context,
            name: str,
            set: bool = False,  # noqa: A002, ARG001 - the word of the usage
            delete: bool = False,  # noqa: ARG001 - as above
            show: bool = False,
            attr: str | None = None,
            value: str = "",
            pairs: Sequence[str] = (),
            names: Sequence[str] = (),
            wait: bool = False,
            dry_run: bool = False,
        ) -> Record | None:
            return handler(cx, name, Asked(show, attr, wanted(attr, value, pairs, names), wait, dry_run))

        run.__doc__ = handler.__doc__
        level.command(*usages, border=True)(run)
        return handler

    return declared


def wanted(name: str | None, value: str, pairs: Iterable[str], gone: Sequence[str]) -> Wanted:
    """The same, from the words of a command: `NAME VALUE`, or `NAME=VALUE ...`, or the names behind `delete`."""
    if name is not None:
        return Wanted({name: value}, gone)
    return Wanted({key: said for key, _, said in (pair.partition("=") for pair in pairs)}, gone)


def change(
    cx: Context,
    kind: str,
    asked: Asked,
    find: Callable[[Cib], Element | None],
    absent: Callable[[Cib, str], Problem],
) -> Record | None:
    """Set and delete attributes, and commit; or, for a dry run, say what the scheduler would do then.

    kind: the tag of their sets. find: gives the element that has them, within the edit; None where it has none and gets
    none. absent: what is said of a name that is not there to be deleted. Raises what `acting.act` does.
    """
    from crmsh_py.command import acting  # heavy

    assigned, gone = asked.wanted

    def edit(cib: Cib) -> Iterable[Problem]:
        from crmsh_py.cib.attributes import remove, set_value

        el = find(cib)
        if el is None:
            return [absent(cib, name) for name in gone]
        for name, value in assigned.items():
            set_value(cib, el, kind, name, value)
        return [absent(cib, name) for name in gone if not remove(cib, el, kind, name)]

    return acting.act(cx, edit, wait=asked.wait, dry_run=asked.dry_run)
