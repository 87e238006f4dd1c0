"""The settings of this program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.declare import Level
from crmsh_py.config import COMMAND_LINE, DEFAULT, SETTINGS, check, full_name, known, legal, meant
from crmsh_py.errors import CrmError, NoSuchObject, UsageError
from crmsh_py.output import Record
from crmsh_py.problems import WARNING, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

level = Level("options", "The settings of this program: crm.conf, the user's over the system's.")

USUAL = "default"


# ---- looked at


@level.command("show [all|<name:option>]", aliases=("list",))
def show(cx: Context, name: str | None = None, all: bool = False) -> Record:  # noqa: A002 - the word is `all`
    """Show what is set: nothing, `all` settings, or one.

    With `all`, or one, also where the value comes from: the usual value (default), a file, or -o.

    Examples:
        show
        show all
        show core.wait_timeout
    """
    names = [_known(name)] if name else list(cx.settings.names())
    if not (name or all):
        names = [one for one in names if cx.settings.origin(one) != DEFAULT]
    is_full = all or name is not None
    return Record(
        "options.show",
        lambda: [_data(cx, one) for one in names],
        lambda: _fragments(cx, names, is_full=is_full),
    )


def _data(cx: Context, name: str) -> dict[str, Any]:
    origin = cx.settings.origin(name)
    sort = {DEFAULT: USUAL, COMMAND_LINE: "command-line"}.get(origin, "file")
    return {
        "name": name,
        "value": cx.settings[name],
        "origin": sort,
        "file": origin if sort == "file" else None,
        "default": SETTINGS[name][0] if name in SETTINGS else None,
        "legal": legal(name) or None,
        "has_effect": name in SETTINGS,
    }


def _fragments(cx: Context, names: Iterable[str], *, is_full: bool) -> Iterable[Fragment]:
    shown = [(name, f"{name} = {cx.settings[name]}") for name in names]
    width = max((len(text) for _, text in shown), default=0) if is_full else 0
    for name, text in shown:
        yield "name", name
        yield "", text.removeprefix(name)
        if is_full:
            effect = "" if name in SETTINGS else ", without effect here"
            yield "", " " * (width - len(text))
            yield "comment", f"  ; {cx.settings.origin(name) or USUAL}{effect}"
        yield "", "\n"


def _known(name: str) -> str:
    """The full name of a setting. Raises NoSuchObject."""
    full = full_name(name)
    if full not in known():
        raise NoSuchObject(f"there is no setting {name}", hint=did_you_mean(full, SETTINGS, 3) or "`options show all`")
    return full


# ---- changed


@level.command("set <name:option> <value>")
def set_(cx: Context, name: str, value: str) -> None:
    """Give a setting a value, now and in the file of the user.

    It holds for what runs, too: at the prompt, from the next line on. An empty value is the usual one, and `$NAME` is
    of the environment. All else in the file stays as it is.

    Examples:
        set core.pager "less -R"
        set wait-timeout 600
    """
    _set(cx, _known(name), value)


@level.command("save")
def save(cx: Context) -> None:
    """Write what -o has set into the file of the user; what `set` has set is there already.

    Examples:
        save
    """
    given = {name: cx.settings[name] for name in cx.settings.names() if cx.settings.origin(name) == COMMAND_LINE}
    path = _write(cx, given)
    for name, value in given.items():
        cx.settings.set(name, value, path)
    cx.note(f"written to {path}: {', '.join(given)}" if given else "there is nothing to save that is not saved yet")


@level.command("reset", destructive=True)
def reset(cx: Context) -> None:
    """Take the settings out of the user's file, and drop those of -o: the system's file and the usual values hold.

    Comments stay in the file, and settings that have no effect here.

    Examples:
        reset
    """
    from crmsh_py.config import read_settings

    _write(cx, dict.fromkeys(SETTINGS))
    settings, problems = read_settings(cx.environ, ())
    for problem in problems:
        cx.warn(problem)
    cx.settings.become(settings)


def _set(cx: Context, name: str, value: str) -> None:
    """Give a setting a value. Raises UsageError where it is not legal; CrmError, NotPermitted where it is not saved."""
    now = meant(name, value, cx.environ)
    if name in SETTINGS:
        wrong = check(name, now)
        if wrong:
            raise UsageError(wrong)
    else:
        cx.warn(Problem(WARNING, "setting-without-effect", f"the setting {name} has no effect here"))
    if name in ("core.editor", "core.pager"):
        _look_for(cx, name, now)
    try:
        path = _write(cx, {name: value})
    except UsageError:
        raise
    except CrmError as error:
        cx.settings.set(name, now, COMMAND_LINE)
        hint = f"{name} holds for as long as this program runs"
        raise type(error)(
            problems=[problem._replace(hint=problem.hint or hint) for problem in error.problems]
        ) from None
    cx.settings.set(name, now, path)


def _look_for(cx: Context, name: str, command: str) -> None:
    """Warn where a program is not there; it may be elsewhere, where the file is read too."""
    from shlex import split  # heavy
    from shutil import which

    try:
        argv = split(command)
    except ValueError as error:
        raise UsageError(f"{name} is not a command line: {error}") from None
    if argv and not which(argv[0]):
        cx.warn(Problem(WARNING, "no-such-program", f"{argv[0]} is not installed here"))


def _write(cx: Context, changes: Mapping[str, str | None]) -> str:
    """Change the user's file; its path. Raises CrmError, NotPermitted."""
    from crmsh_py.config import user_file
    from crmsh_py.config.writing import write_settings  # heavy

    path = user_file(cx.environ)
    if path is None:
        raise CrmError("there is no place for the user's settings", hint="set HOME or XDG_CONFIG_HOME")
    write_settings(path, changes)
    return path


# ---- the classic verbs


@level.command("editor <program>")
def editor(cx: Context, program: str) -> None:
    """Set the editor that `edit` starts (core.editor).

    Examples:
        editor vi
    """
    _set(cx, "core.editor", program)


@level.command("pager <program>")
def pager(cx: Context, program: str) -> None:
    """Set the program that shows long texts on a terminal (core.pager).

    Examples:
        pager "less -R"
    """
    _set(cx, "core.pager", program)


@level.command("output <mode:display>")
def output(cx: Context, mode: str) -> None:
    """Set whether there are colours (color.style): where a terminal is, never, or always.

    Examples:
        output plain
    """
    _set(cx, "color.style", mode)


@level.command("wait <state:switch>")
def wait(cx: Context, state: str) -> None:
    """Set whether what changes something waits until the cluster has followed, as with `-w` (core.wait).

    Examples:
        wait no
    """
    _set(cx, "core.wait", state)


@level.command("user <name:user>")
def user(cx: Context, name: str) -> None:
    """Accept the user as whom the existing shell calls Pacemaker's tools; without effect here.

    Examples:
        user hacluster
    """
    _set(cx, "core.user", name)


@level.command("skill-level <skill>", aliases=("skill_level",))
def skill_level(cx: Context, skill: str) -> None:
    """Accept the skill level, by which the existing shell hides commands; without effect here.

    Examples:
        skill-level expert
    """
    _set(cx, "core.skill_level", skill)


@level.command("sort-elements <state:switch>", aliases=("sort_elements",))
def sort_elements(cx: Context, state: str) -> None:
    """Accept whether the existing shell sorts what it shows; without effect here, where it is always sorted.

    Examples:
        sort-elements yes
    """
    _set(cx, "core.sort_elements", state)


@level.command("add-quotes <state:switch>", aliases=("add_quotes",))
def add_quotes(cx: Context, state: str) -> None:
    """Accept whether words with blanks are quoted again; without effect here, where they always are one word.

    Examples:
        add-quotes yes
    """
    _set(cx, "core.add_quotes", state)


@level.command("check-frequency <frequency>", aliases=("check_frequency",))
def check_frequency(cx: Context, frequency: str) -> None:
    """Accept when the existing shell checks; without effect here, where each commit is checked.

    Examples:
        check-frequency always
    """
    _set(cx, "core.check_frequency", frequency)


@level.command("check-mode <strictness>", aliases=("check_mode",))
def check_mode(cx: Context, strictness: str) -> None:
    """Accept how strict the existing shell is; without effect here, where -F forgives errors.

    Examples:
        check-mode strict
    """
    _set(cx, "core.check_mode", strictness)


@level.command("manage-children <children>", aliases=("manage_children",))
def manage_children(cx: Context, children: str) -> None:
    """Set what becomes of attributes of members where their container gets them (core.manage_children).

    Examples:
        manage-children ask
    """
    _set(cx, "core.manage_children", children)


@level.command("colorscheme <colours:value>")
def colorscheme(cx: Context, colours: str) -> None:
    """Accept the six colours of the existing shell; without effect here, and not kept.

    Examples:
        colorscheme yellow,normal,cyan,red,green,magenta
    """
    text = f"the colours are fixed, and not {colours}"
    cx.warn(Problem(WARNING, "setting-without-effect", text, hint="`output plain` shows none"))
