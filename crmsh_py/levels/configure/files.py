"""Configurations as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmsh_py.errors import UsageError
from crmsh_py.levels.configure.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.listing import Entry
    from crmsh_py.command.context import Context


@level.command("save [xml] [<selection:selector>...] <file>")
def save(cx: Context, file: str, selection: Sequence[str] = (), xml: bool = False) -> Record | None:
    """Save the configuration, or the objects that are chosen as for `show`, to a file.

    The text loses nothing: `load replace` of it gives the same configuration, ids included. Secrets are in
    clear, so the file is made readable for its owner only. `-` is the standard output. A file that is there is
    replaced, at once or not at all.

    Examples:
        save -
        save web* web.crm
        save type:location or tag:public -
        save xml cib.xml
    """
    from crmsh_py.cib import transfer  # heavy
    from crmsh_py.cib.selection import select
    from crmsh_py.cib.stores.file import write_private

    cib: Cib = cx.session.draft
    if "-" in selection:
        rest = " ".join(word for word in (*selection, file) if word != "-")
        raise UsageError("`-`, the standard output, comes last", hint=f"save {'xml ' * xml}{rest} -")
    chosen: list[Entry] | None = select(cib, selection, cx.session.base_cib) if selection else None
    text = transfer.xml_text(cib, chosen) if xml else transfer.exact_text(cib, chosen)
    if file == "-":
        return Record("configure.save", lambda: text, lambda: [("", text)])
    write_private(file, text.encode())
    return None


@level.command("load [xml] [--with-nodes] <method> <file:source>")
def load(cx: Context, method: str, file: str, xml: bool = False, with_nodes: bool = False) -> None:
    """Load a configuration from a file, a URL (http, https, ftp, file), or from the standard input as `-`.

    replace: the file's objects in place of the whole configuration; nodes that it does not name stay.
    update: the file's objects are added; those with the id of an object are put in its place.
    push: as if all of the configuration was edited to say what the file says: ids and comments stay, what the file does
    not name is deleted, and what refers to that follows. Nodes stay, but with --with-nodes.
    The method is written in full. The order in a file is free. Nothing is loaded if one line is wrong. What is typed
    is completed (`clone` gets interleave=true), what is loaded is taken as it is written. Exact text, and the XML of a
    whole CIB, bring the schema that they name, but for update.

    Examples:
        load update web.crm
        load replace backup.crm
        load push backup.crm
        load xml replace cib.xml
    """
    from crmsh_py.cib import sources, transfer  # heavy

    if with_nodes and method != "push":
        raise UsageError("--with-nodes is for push", hint=f"{method} removes no node")
    data = sources.read(file)
    read = transfer.xml_change if xml else transfer.text_change
    loading = read(data, sources.label(file), method, with_nodes=with_nodes)
    cx.remember_places(loading.statements)
    cx.edit(loading)
