"""The schema that the configuration follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, NoSuchObject, UsageError
from crmsh_py.levels.configure.level import level
from crmsh_py.output import Record
from crmsh_py.problems import did_you_mean

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.command.context import Context
    from crmsh_py.problems import Problem


@level.command("schema [<name:schema>]")
def schema(cx: Context, name: str | None = None) -> Record | None:
    """Show the name of the schema that the configuration follows, or let it follow another one.

    A schema is one of those that the installed Pacemaker has. What the configuration says is not changed: if it does
    not fit the schema, it cannot be committed. `upgrade` changes it.

    Examples:
        schema
        schema pacemaker-3.9
    """
    if name is None:
        current = cx.session.draft.schema
        return Record("configure.schema", lambda: current, lambda: [("", f"{current}\n")])
    _check_installed(name)

    def change(cib: Cib) -> list[Problem]:
        cib.schema = name
        return []

    cx.edit(change)
    return None


def _check_installed(name: str) -> None:
    from crmsh_py.cib.schema import folder, names

    where = folder()
    if where is None:
        raise CrmError(
            "Pacemaker's schemas are not installed: nobody can tell whether there is such a schema",
            hint="install Pacemaker, or name their folder in PCMK_schema_directory",
        )
    known = names(where)
    if name not in known:
        hint = did_you_mean(name, known, 3) or f"there are {', '.join(known)}"
        raise NoSuchObject(f"the schema {name} is not supported here", hint=hint)


@level.command("upgrade [force]")
def upgrade(cx: Context, force: bool = False) -> Record | None:
    """Bring the configuration to the newest schema that the installed Pacemaker knows, and show what changes.

    Pacemaker does it; where its older schemas said something in another way, it is written anew. All nodes must have
    a Pacemaker that knows the schema, so it takes the word `force`, or -F.

    Examples:
        upgrade force
    """
    from crmsh_py.cib.document import Cib
    from crmsh_py.cluster.pacemaker import newest_schema

    if not (force or cx.options.force):
        raise UsageError("an upgrade cannot be taken back once old nodes have to read it", hint="upgrade force")
    draft = cx.session.draft
    if draft.schema == newest_schema():
        cx.note(f"the schema is {draft.schema} already, which is the newest here")
        return None
    before = Cib.parse(draft.to_bytes(), "the draft")
    after = _upgraded(draft)

    def change(cib: Cib) -> list[Problem]:
        _take_over(cib, after)
        return []

    record = _differences(before, after)
    cx.edit(change)
    cx.note(f"the schema was {before.schema or 'not named'}, it is {after.schema}")
    return record


def _upgraded(cib: Cib) -> Cib:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.scratch import scratch_file
    from crmsh_py.cib.stores.file import read_source
    from crmsh_py.cluster.pacemaker import upgrade

    with scratch_file("cib.xml", cib.to_bytes()) as path:
        upgrade(path)
        return Cib.parse(read_source(path), "the upgraded CIB")


def _take_over(cib: Cib, after: Cib) -> None:
    """Put all objects of another CIB, and its schema, in the place of those that are there."""
    sections = list(after.configuration)
    for old in list(cib.configuration):
        cib.configuration.remove(old)
    cib.configuration.extend(sections)
    cib.schema = after.schema


def _differences(before: Cib, after: Cib) -> Record:
    from crmsh_py.cib.changes import changes  # heavy

    lines = changes(before, after)
    return Record("configure.diff", lambda: lines, lambda: [("", f"{line}\n") for line in lines])
