"""Shadow CIBs: configurations to work on beside the live one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crmsh_py.command.declare import Level
from crmsh_py.errors import Cancelled, Conflict, CrmError, UsageError
from crmsh_py.levels import below
from crmsh_py.output import Fragment, Record, diff_fragments, safe
from crmsh_py.problems import ERROR, WARNING, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.shadows import Commit
    from crmsh_py.cib.stores.shadow import Shadow
    from crmsh_py.cib.stores.store import Store
    from crmsh_py.command.context import Context

NOT_YET = ("cibstatus",)

level = Level(
    "cib",
    "Shadow CIBs: edit, look at and try a configuration beside the live one, then commit it.",
    sublevels=below("cib"),
    not_yet=NOT_YET,
)


@level.command("new [<name:new_shadow>] [(withstatus|force|empty)...]", border=True)
def new(
    cx: Context, name: str | None = None, withstatus: bool = False, force: bool = False, empty: bool = False
) -> None:
    """Make a shadow CIB, a copy of the live one, and work on it from now on.

    With `empty` it is an empty configuration, which takes no cluster. With `withstatus` the state of the cluster is
    copied too, so that `status` shows it. With `force` it takes the place of a shadow of the same name. What the copy
    was made from is remembered, so that `commit` can tell your changes from those that others make meanwhile. Without
    a name the shadow is temporary: it is removed when it is committed; and when the program ends, unless it holds
    edits that are not committed. crm_shadow, and Pacemaker's other tools with CIB_shadow, know the same shadows.
    Where the program works on a CIB file, that file is the live CIB.

    Examples:
        new
        new plan
        new today withstatus
        new test force empty
    """
    from crmsh_py.cib import shadows  # heavy

    chosen = name or shadows.temporary_name()
    shadow = shadows.vacant(chosen, cx.environ, force or cx.options.force)
    made = shadows.empty() if empty else shadows.copied(_live(cx), withstatus)
    if cx.is_dirty:
        _leave(cx, shadow)
        # they may be in the live CIB now
        made = made if empty else shadows.copied(_live(cx), withstatus)
    shadow.make(made, is_origin=True)
    if name is None:
        cx.at_end[shadow.path] = lambda: _drop(cx, shadow)
        cx.note(
            f"{shadow.label} is temporary: it is removed when it is committed, or when this ends without edits in it"
        )
    _go_to(cx, shadow)


@level.command("use [<name:shadow>] [withstatus]", border=True)
def use(cx: Context, name: str | None = None, withstatus: bool = False) -> None:
    """Work on a shadow CIB from now on; without a name, on the live CIB.

    What was edited and is not committed is asked about at the prompt; a script commits it, to where it was edited, and
    says so. `status` shows the state that the shadow holds, if it was made `withstatus`; with that word here, you are
    told where it holds none.

    Examples:
        use test
        use
    """
    from crmsh_py.cib import shadows  # heavy

    if withstatus and not name:
        raise UsageError("the name of a shadow CIB is expected before `withstatus`", hint="`cib list` shows them")
    store = shadows.existing(name, cx.environ) if name else _live(cx)
    if _is_used(cx, store):
        return
    state = shadows.has_status(shadows.parsed(store.read(), store.label)) if name else True
    cx.finish_edits(may_drop=True)
    cx.use(store)
    if withstatus and not state:
        cx.note(f"{store.label} holds no state of the cluster; `cib new NAME withstatus` makes one that does")
    if name and _is_alone(cx):
        cx.note(f"this lasts as long as the program runs, and it ends here; `crm -c {name} ...` works on the shadow")


@level.command("reset [<name:shadow>]", destructive=True, border=True)
def reset(cx: Context, name: str | None = None) -> None:
    """Make a shadow CIB a copy of the live one again, without a name the one in use; what was edited in it is gone.

    Examples:
        reset test
    """
    from crmsh_py.cib import shadows  # heavy

    shadow = _chosen(cx, name)
    if _is_used(cx, shadow):
        _give_up(cx)
    with_status = shadows.has_status(shadows.parsed(shadow.read(), shadow.label))
    shadow.make(shadows.copied(_live(cx), with_status), is_origin=True)
    if _is_used(cx, shadow):
        cx.session.discard()


@level.command("list")
def list_(cx: Context) -> Record:
    """List the shadow CIBs.

    Examples:
        list
    """
    from crmsh_py.cib.stores.shadow import Shadow, names  # heavy

    found = {name: _is_used(cx, Shadow(name, cx.environ)) for name in names(cx.environ)}

    def fragments() -> Iterable[Fragment]:
        for name, is_used in found.items():
            yield ("id", safe(name))
            yield ("", "\t(in use)\n" if is_used else "\n")

    return Record("cib.list", lambda: [{"name": name, "in_use": is_used} for name, is_used in found.items()], fragments)


@level.command("delete <name:shadow>...", destructive=True, border=True)
def delete(cx: Context, name: Sequence[str]) -> None:
    """Delete shadow CIBs; not the one in use. With -F those that are not there are no error.

    Examples:
        delete test
    """
    from crmsh_py.cib import shadows  # heavy
    from crmsh_py.cib.stores.shadow import Shadow

    chosen = [Shadow(one, cx.environ) for one in dict.fromkeys(name)]
    if used := [shadow for shadow in chosen if _is_used(cx, shadow)]:
        text = f"{used[0].label} is in use"
        raise CrmError(problems=[Problem(ERROR, "shadow-in-use", text, hint="`cib use` goes back to the live CIB")])
    if not cx.options.force:
        for shadow in chosen:
            shadows.existing(shadow.name, cx.environ)
    for shadow in chosen:
        if shadow.is_there:
            shadow.delete()
        cx.at_end.pop(shadow.path, None)


@level.command("diff [<name:shadow>]")
def diff(cx: Context, name: str | None = None) -> Record:
    """Show what a shadow CIB, without a name the one in use, would change in the live CIB, as a unified diff.

    Of the one in use, edits that are not committed to it yet are shown too.

    Examples:
        diff test
    """
    from crmsh_py.cib import shadows  # heavy

    shadow = _chosen(cx, name)
    live = _live(cx)
    lines = shadows.differences(live, shadow, _draft(cx, shadow))
    lines[:2] = [f"--- {safe(live.name)}", f"+++ {safe(shadow.name)}"] if lines else []
    return Record("cib.diff", lambda: lines, lambda: diff_fragments(lines))


@level.command("import <file> [<name:new_shadow>] [force]", border=True)
def import_(cx: Context, file: str, name: str | None = None, force: bool = False) -> None:
    """Make a shadow CIB from a file, and work on it from now on.

    The file is a CIB, or what the scheduler has kept: pe-input-17.bz2 in Pacemaker's folder is also meant by `17`.
    Its state is kept, so that `status` shows it. Without a name the shadow is called as the file. What it was made
    from is not known, so a commit has to be told `overwrite`. With `force` it takes the place of a shadow of the same
    name.

    Examples:
        import cib.xml
        import cib.xml plan
    """
    from crmsh_py.cib import pe_inputs, shadows  # heavy

    path = pe_inputs.find(file)
    cib = shadows.parsed(pe_inputs.read(path), path)
    shadow = shadows.vacant(name or pe_inputs.name_of(path), cx.environ, force or cx.options.force)
    _leave(cx, shadow)
    shadow.make(cib, is_origin=False)
    _go_to(cx, shadow)


@level.command("commit [<name:shadow>] [(force|overwrite)...] [--wait]", destructive=True, border=True)
def commit(
    cx: Context, name: str | None = None, force: bool = False, overwrite: bool = False, wait: bool = False
) -> None:
    """Bring what was changed in a shadow CIB, without a name in the one in use, into the live CIB.

    It goes the way of `configure commit`: checked, merged object by object with what others have changed in the live
    CIB since the shadow was made, and refused, with exit code 6, where both have changed one object; `overwrite` puts
    the shadow's version there, and says so. `force` forgives what our own checks and crm_verify say. The state of the
    cluster is left alone. Then the shadow is a copy of the live CIB again, and the next commit brings what is changed
    from then on; after a refusal it is as it was. Of a shadow that crm_shadow has made, or that was imported, nobody
    knows what was changed: where it is not the same as the live CIB, it is committed with `overwrite` only, and all
    of it takes the place of the live configuration, with a warning that names what was removed and changed; `diff`
    shows it before. Edits that are not committed to the shadow are asked about at the prompt; a script commits them to
    it first, and says so.

    Examples:
        commit test
        commit test force
        commit test overwrite --wait
    """
    from crmsh_py.cib import shadows  # heavy

    shadow = _chosen(cx, name)
    if _is_used(cx, shadow) or _is_used(cx, _live(cx)):
        cx.finish_edits(may_drop=True)
    work = shadows.Commit(shadow, _live(cx), overwrite)
    try:
        cx.commit(force=force, overwrite=overwrite, wait=wait, session=work.session)
    except Conflict as conflict:
        raise shadows.in_words_of_shadows(conflict, shadow) from None
    finally:
        # also where the cluster does not settle in time
        if not work.session.is_dirty:
            _conclude(cx, shadow, work)


def _conclude(cx: Context, shadow: Shadow, work: Commit) -> None:
    """Renew a shadow that is committed, or remove it if it is temporary."""
    is_used = _is_used(cx, shadow)
    if work.overwritten is not None:
        cx.warn(work.overwritten)
    if cx.at_end.pop(shadow.path, None):
        shadow.delete()
        if is_used:
            cx.use(_live(cx))
        return
    for problem in work.renew():
        cx.warn(problem)
    if is_used:
        cx.session.discard()


def _live(cx: Context) -> Store:
    from crmsh_py.cib.shadows import live_store  # heavy

    return live_store(cx.options.cib, cx.environ)


def _chosen(cx: Context, name: str | None) -> Shadow:
    """The shadow of this name; without one, the one in use. Raises UsageError, NoSuchObject."""
    from crmsh_py.cib import shadows  # heavy
    from crmsh_py.cib.stores.shadow import Shadow

    if name is not None:
        return shadows.existing(name, cx.environ)
    store = cx.session.store
    if not isinstance(store, Shadow):
        raise UsageError(
            "no shadow CIB is in use, so its name is expected", hint="`cib list` shows those that are there"
        )
    return store


def _draft(cx: Context, shadow: Shadow) -> Cib:
    from crmsh_py.cib import shadows  # heavy

    return cx.session.draft if _is_used(cx, shadow) else shadows.parsed(shadow.read(), shadow.label)


def _is_used(cx: Context, store: Store) -> bool:
    return cx.session.store.environ == store.environ


def _is_alone(cx: Context) -> bool:
    """Whether the line is all that the program was given, and not one of a script."""
    return not cx.is_typed and cx.line is not None and not cx.line.source


def _leave(cx: Context, successor: Shadow) -> None:
    """Finish the edits, unless they are in a shadow that is made anew."""
    if _is_used(cx, successor):
        _give_up(cx)
    else:
        cx.finish_edits(may_drop=True)


def _give_up(cx: Context) -> None:
    """Drop the edits; at the prompt, only if the user says so. Raises Cancelled."""
    if cx.is_dirty and cx.is_typed and not cx.ask("The edits that are not committed will be lost. Go on?"):
        raise Cancelled("nothing was done; the edits are still there")
    cx.session.discard()


def _go_to(cx: Context, shadow: Shadow) -> None:
    cx.use(shadow)
    if _is_alone(cx) and shadow.path not in cx.at_end:
        cx.note(f"{shadow.label} is made; `crm -c {shadow.name} ...` works on it")


def _drop(cx: Context, shadow: Shadow) -> None:
    """Remove a temporary shadow at the end, unless it has what nothing else has."""
    from crmsh_py.cib import shadows  # heavy

    try:
        if not shadow.is_there:
            return
        if shadows.is_committed(shadow):
            shadow.delete()
            return
    except CrmError as error:
        for problem in error.problems:
            cx.warn(problem)
        return
    text = f"{shadow.label} holds edits that are not committed, and is kept"
    hint = f"`crm cib commit {shadow.name}` commits them, `crm cib delete {shadow.name}` drops them"
    cx.warn(Problem(WARNING, "not-committed", text, hint=hint))
