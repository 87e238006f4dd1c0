"""Configurations as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmsh_py.levels.configure.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.listing import Entry
    from crmsh_py.command.context import Context


@level.command("save [xml] [<selection:selector>...] <file>")
def save(cx: Context, file: str, selection: Sequence[str] = (), xml: bool = False) -> Record | None:
    """Save the configuration, or the objects that are named, to a file.

    The text loses nothing: `load replace` of it gives the same configuration, ids included. Secrets are in
    clear, so the file is made readable for its owner only. `-` is the standard output.

    Examples:
        save -
        save web* web.crm
        save xml cib.xml
    """
    from crmsh_py.cib import transfer  # heavy
    from crmsh_py.cib.selection import select
    from crmsh_py.cib.stores import write_private

    cib: Cib = cx.session.draft
    chosen: list[Entry] | None = select(cib, selection) if selection else None
    text = transfer.xml_text(cib, chosen) if xml else transfer.exact_text(cib, chosen)
    if file == "-":
        return Record("configure.save", lambda: text, lambda: [("", text)])
    write_private(file, text.encode())
    return None


@level.command("load [xml] <method> <file:source>")
def load(cx: Context, method: str, file: str, xml: bool = False) -> None:
    """Load a configuration from a file, or from the standard input as `-`.

    replace: the file's objects in place of the whole configuration; nodes that it does not name stay.
    update: the file's objects are added; those with the id of an object are put in its place.
    The order in a file is free. Nothing is loaded if one line is wrong. What is typed is completed (`clone` gets
    interleave=true), what is loaded is taken as it is written.

    Examples:
        load update web.crm
        load replace backup.crm
        load xml replace cib.xml
    """
    from crmsh_py.cib import transfer  # heavy
    from crmsh_py.cib.stores import read_source

    data = read_source(file)
    source = "stdin" if file == "-" else file
    change = (transfer.xml_change if xml else transfer.text_change)(data, source, method)
    cx.edit(change)
