"""The level of the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from crmsh_py.command.declare import Level
from crmsh_py.errors import Refused
from crmsh_py.output import Fragment, Record
from crmsh_py.problems import ERROR

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.listing import Entry
    from crmsh_py.command.context import Context
    from crmsh_py.language.statements import Statement

NOT_YET = (
    "assist",
    "cib",
    "cibstatus",
    "default-timeouts",
    "delete",
    "edit",
    "erase",
    "filter",
    "get_property",
    "graph",
    "modgroup",
    "ptest",
    "ra",
    "refresh",
    "rename",
    "rsctest",
    "schema",
    "set",
    "template",
    "undo",
    "upgrade",
    "validate-all",
)

level = Level("configure", "The cluster's configuration: show, edit, verify, commit.", not_yet=NOT_YET)


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
    cx.session.edit(change)


@level.command("verify")
def verify(cx: Context) -> None:
    """Check the configuration with our own checks, Pacemaker's schema and crm_verify.

    Exit code 5 if there are errors; warnings do not count.

    Examples:
        verify
    """
    found = cx.session.problems()
    if any(problem.severity == ERROR for problem in found):
        raise Refused(problems=found)
    for problem in found:
        cx.warn(problem)


@level.command("diff")
def diff(cx: Context) -> Record:
    """Show what was edited and is not committed yet, as a unified diff of the text.

    Examples:
        diff
    """
    from crmsh_py.cib.changes import changes  # heavy

    lines = changes(cx.session.base_cib(), cx.session.draft)

    def fragments() -> Iterable[Fragment]:
        for line in lines:
            yield (_DIFF_STYLES.get(line[:1], ""), line + "\n")

    return Record("configure.diff", lambda: lines, fragments)


_DIFF_STYLES = {"+": "added", "-": "removed", "@": "heading"}


@level.command("commit [force]", destructive=True, border=True)
def commit(cx: Context, force: bool = False) -> None:
    """Write what was edited, after it was checked.

    At the end of a script and of a one-shot command this happens by itself, if every line was good. `force` forgives
    what our own checks and crm_verify say against it, never the schema.

    Examples:
        commit
        commit force
    """
    cx.commit(force=force)


@level.statements
def statement(cx: Context, statement: Statement) -> None:
    """Add an object to the configuration."""
    from crmsh_py.cib import edit  # heavy
    from crmsh_py.cib.secrets import refuse_masks

    refuse_masks([statement])
    cx.session.edit(lambda cib: edit.add(cib, [statement]))
