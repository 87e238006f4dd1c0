"""What the configuration is: shown as text, XML and data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from crmsh_py.levels.configure.level import level
from crmsh_py.output import Fragment, Record

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.listing import Entry
    from crmsh_py.command.context import Context


@level.command("show [xml] [--ids] [<selection:selector>...]")
def show(cx: Context, selection: Sequence[str] = (), xml: bool = False, ids: bool = False) -> Record:
    """Show the configuration, or the objects that are chosen.

    What can choose:
      ID, GLOB     objects by their ids
      type:KIND    objects of a kind: type:primitive, type:location
      tag:TAG      what a tag names
      related:X    an object with what refers to it, what it is in and what is in it; the same for all resources of an
                   agent, also by a part of its name: related:IPaddr2, related:stonith
      changed      what was edited and is not committed yet
    Words side by side choose together, with or without `or` between them. `and` leaves, of all that was chosen before
    it, what the next word chooses too. What is the id of an object is taken as one.

    With --ids the text names every id and leaves nothing to be inferred: it is the form that `save` writes. `xml`
    shows the objects as they stand in the CIB. Values of attributes whose names hold passw are masked, and those
    of obscure:GLOB beside them.

    Examples:
        show
        show web* address
        show type:location
        show tag:public and type:primitive
        show related:web obscure:ip
        show changed
        show --ids web
        show xml web
    """
    from crmsh_py.cib import secrets  # heavy
    from crmsh_py.cib.selection import select, shown

    words = shown(selection)
    draft = cx.session.draft
    cib = secrets.masked(draft, words.obscured)
    # chosen in clear: that a secret was changed cannot be seen behind its mask
    found = select(draft, words.selectors, cx.session.base_cib) if words.selectors else None
    if found == [] and list(words.selectors) != ["changed"]:
        cx.note(f"there is no object of {' '.join(words.selectors)}")
    chosen = None if found is None else secrets.in_copy(found, draft, cib)
    return _record(cib, chosen, xml, ids)


def _record(cib: Cib, chosen: Sequence[Entry] | None, xml: bool, ids: bool) -> Record:
    from crmsh_py.cib import listing, transfer  # heavy

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
