"""What the configuration is: shown as text, XML and data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from crmsh_py.levels.configure.level import level
from crmsh_py.output import Fragment, Record

if TYPE_CHECKING:
    from crmsh_py.command.context import Context


@level.command("show [xml] [--ids] [<selection:selector>...]")
def show(cx: Context, selection: Sequence[str] = (), xml: bool = False, ids: bool = False) -> Record:
    """Show the configuration, or the objects that are named.

    Objects are named by their ids, by globs, or by their kind as type:KIND. With --ids the text names every id and
    leaves nothing to be inferred: it is the form that `save` writes. `xml` shows the objects as they stand in the CIB.
    Values of attributes whose names begin with passw are masked.

    Examples:
        show
        show web* address
        show type:location
        show --ids web
        show xml web
    """
    from crmsh_py.cib import listing, secrets, transfer  # heavy
    from crmsh_py.cib.selection import select

    cib = secrets.masked(cx.session.draft)
    chosen = select(cib, selection) if selection else None

    def fragments() -> Iterable[Fragment]:
        if xml:
            return [("", transfer.xml_text(cib, chosen))]
        return _lines(listing.exact(cib, chosen) if ids else listing.show(cib, chosen))

    def data() -> Any:
        return transfer.xml_text(cib, chosen) if xml else transfer.records(cib, chosen)

    return Record("configure.show.xml" if xml else "configure.show", data, fragments)


def _lines(objects: Iterable[Sequence[Fragment]]) -> Iterable[Fragment]:
    for fragments in objects:
        yield from fragments
        yield ("", "\n")
