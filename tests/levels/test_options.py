"""The level `options`: what is set, from where, at once; and the user's file, of which all else stays."""

from __future__ import annotations

import json
import os
import stat
from configparser import ConfigParser, Error
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from program import Ran, in_process
from prompt_desk import prompt, with_empty_cib

from crmsh_py.config import SETTINGS, full_name, known, read_settings, reading
from crmsh_py.config.writing import changed
from crmsh_py.errors import CrmError

MINE = """\
; of the whole file
editor = vi

[color]
# colours
style = plain
ERROR = red bold

[core]
hosts = root@a,
\troot@b
# the pager that I like
wait-timeout : 60

[mine]
what = ever
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's file, which is not there yet; there is no system's file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(reading, "SYSTEM_FILE", str(tmp_path / "system.conf"))
    return tmp_path / "config" / "crm" / "crm.conf"


def crm(*words: str, code: int = 0) -> Ran:
    ran = in_process(*words, folder=Path.cwd())
    assert ran.code == code, ran
    return ran


def rows(*words: str) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in json.loads(crm(*words, "options", "show", "all", "-o", "json").out)["data"]}


# ---- looked at


def test_where_each_setting_comes_from(file: Path, tmp_path: Path) -> None:
    Path(reading.SYSTEM_FILE).write_text("[core]\neditor = ed\npager = more\nskill_level = expert\n")
    file.parent.mkdir(parents=True)
    file.write_text("[core]\neditor = nano\n")
    found = rows("-o", "core.debug=no", "-o", "core.wait=yes")
    assert set(SETTINGS) <= set(found)
    origins = {name: (row["value"], row["origin"], row["file"]) for name, row in found.items()}
    assert origins["core.editor"] == ("nano", "file", str(file))
    assert origins["core.pager"] == ("more", "file", reading.SYSTEM_FILE)
    assert origins["core.wait"] == ("yes", "command-line", None)
    assert origins["core.wait_timeout"] == ("300", "default", None)
    assert (found["core.skill_level"]["has_effect"], found["core.editor"]["has_effect"]) == (False, True)
    text = crm("-o", "core.wait=yes", "options", "show", "all").out
    shown = [" ".join(line.split()) for line in text.splitlines()]
    assert {
        f"core.editor = nano ; {file}",
        "core.obscure_pattern = *passw* ; default",
        f"core.pager = more ; {reading.SYSTEM_FILE}",
        "core.wait = yes ; -o",
    } <= set(shown)
    assert shown[-1] == f"core.skill_level = expert ; {reading.SYSTEM_FILE}, without effect here"


def test_only_what_is_set_is_shown_without_a_word(file: Path) -> None:
    assert crm("options", "show").out == ""
    crm("options", "set", "core.wait_timeout", "60")
    assert crm("options", "show").out == "core.wait_timeout = 60\n"
    assert crm("options", "show", "wait-timeout").out == f"core.wait_timeout = 60  ; {file}\n"


# ---- changed


def test_a_setting_is_written_at_once_in_a_file_of_ones_own(file: Path) -> None:
    old = os.umask(0)
    try:
        crm("options", "set", "core.editor", "vi -e")
    finally:
        os.umask(old)
    assert file.read_text() == "[core]\neditor = vi -e\n"
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    assert os.listdir(file.parent) == ["crm.conf"]
    file.chmod(0o644)
    crm("options", "pager", "cat")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert file.read_text() == "[core]\neditor = vi -e\npager = cat\n"


def test_all_else_in_the_file_stays(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(MINE)
    for words in ("set editor nano", "output color-always", "set core.wait_timeout 90", "skill-level expert"):
        crm("options", *words.split())
    assert file.read_text() == MINE.replace("editor = vi", "editor = nano").replace(
        "style = plain", "style = color-always"
    ).replace("wait-timeout : 60", "wait_timeout = 90\nskill_level = expert")
    crm("options", "reset")
    assert "editor" not in file.read_text()
    assert "# colours\nERROR = red bold\n" in file.read_text()
    assert "[mine]\nwhat = ever\n" in file.read_text()
    assert rows()["core.wait_timeout"]["origin"] == "default"


def test_save_keeps_what_was_given_for_one_run(file: Path) -> None:
    crm("-o", "core.wait=yes", "-o", "core.pager=cat", "options", "save")
    assert file.read_text() == "[core]\npager = cat\nwait = yes\n"
    assert "nothing to save" in crm("options", "save").err


@pytest.mark.parametrize(
    ("verb", "value", "name"),
    [
        ("editor", "vi", "core.editor"),
        ("pager", "cat", "core.pager"),
        ("user", "hacluster", "core.user"),
        ("skill-level", "operator", "core.skill_level"),
        ("output", "plain", "color.style"),
        ("wait", "on", "core.wait"),
        ("add-quotes", "no", "core.add_quotes"),
        ("check-frequency", "never", "core.check_frequency"),
        ("check-mode", "relaxed", "core.check_mode"),
        ("manage-children", "always", "core.manage_children"),
        ("sort-elements", "no", "core.sort_elements"),
    ],
)
def test_the_classic_verbs(verb: str, value: str, name: str, file: Path) -> None:
    ran = crm("options", verb, value)
    assert rows()[name]["value"] == value
    assert ("has no effect here" in ran.err) == (name not in SETTINGS)
    assert f"{name.partition('.')[2]} = {value}\n" in file.read_text()


def test_colours_are_accepted_and_not_kept(file: Path) -> None:
    assert "the colours are fixed" in crm("options", "colorscheme", "yellow,normal,cyan,red,green,magenta").err
    assert not file.exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("set core.wait maybe", 2, "core.wait is yes or no, not maybe"),
        ("set core.wait_timeout 0", 2, "a number of seconds"),
        ("set core.wait_timeout ¹", 2, "a number of seconds"),
        ("set color.style red", 2, "plain, color or color-always"),
        ("wait maybe", 2, "expected yes, no"),
        ("skill-level wizard", 2, "operator, administrator or expert"),
        ("set core.editr vi", 4, "did you mean core.editor"),
        ("set nosuch x", 4, "there is no setting nosuch"),
        ("show core.pagr", 4, "did you mean core.pager"),
        ("set path.nosuch x", 4, "there is no setting path.nosuch"),
        ("res", 2, "must be written in full"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_written(words: str, code: int, said: str, file: Path) -> None:
    assert said in crm("options", *words.split(), code=code).err
    assert not file.exists()


def test_what_has_no_effect_is_not_suggested(file: Path) -> None:
    assert not any(name in crm("options", "set", "core.nosuch", "x", code=4).err for name in ("no_ssh", "force"))


@pytest.mark.parametrize("value", ["a\nb = c", "a\rb", " a", "a ", "\x1b[31m", "a\x00"])
def test_a_value_that_no_file_can_hold_is_refused(value: str, file: Path) -> None:
    crm("options", "set", "core.obscure_pattern", value, code=2)
    assert not file.exists()


def test_a_program_that_is_not_here_is_said(file: Path) -> None:
    assert "nosuch-editor is not installed here" in crm("options", "editor", "nosuch-editor -x").err
    assert file.read_text() == "[core]\neditor = nosuch-editor -x\n"
    assert "is not a command line" in crm("options", "editor", "vi 'x", code=2).err


# ---- bad files


@pytest.mark.parametrize("content", [b"[core\n", b"\xff", b" = x\n"])
def test_a_file_that_is_not_read_is_not_written(content: bytes, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert "is ignored, so nothing is written there" in crm("options", "set", "core.wait", "yes", code=1).err
    assert file.read_bytes() == content


def test_a_file_that_others_can_write_is_not_written(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("[core]\n")
    file.chmod(0o666)
    assert "others can write it" in crm("options", "set", "core.wait", "yes", code=1).err


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    file.parent.mkdir(parents=True)
    (tmp_path / "dotfiles").write_text("# mine\n")
    file.symlink_to(tmp_path / "dotfiles")
    crm("options", "wait", "yes")
    assert file.is_symlink()
    assert (tmp_path / "dotfiles").read_text() == "# mine\n\n[core]\nwait = yes\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_no_folders_are_left_in_the_home_of_somebody_else(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "config"
    home.mkdir()
    os.chown(home, 12345, 12345)
    assert "belongs to somebody else" in crm("options", "wait", "yes", code=8).err
    assert os.listdir(home) == []


def test_without_a_home_it_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.delenv("HOME")
    assert "no place for the user's settings" in crm("options", "wait", "yes", code=1).err


# ---- at once


def test_at_the_prompt_a_setting_holds_from_the_next_line_on(tmp_path: Path) -> None:
    folder = with_empty_cib(tmp_path)
    desk = prompt(folder, "-F", rows=8, columns=60)
    desk.line("configure property pin=1234")
    assert "pin=1234" in desk.line("configure show")
    desk.line('options set core.obscure_pattern "pin"')
    assert 'pin="******"' in desk.line("configure show")
    desk.line("options output color-always")
    seen = len(desk.raw)
    desk.line("configure show")
    assert b"\x1b[36mproperty\x1b[0m" in desk.raw[seen:]
    desk.line("options output plain")
    seen = len(desk.raw)
    desk.line("configure show")
    assert b"\x1b[36m" not in desk.raw[seen:]
    desk.line("options set core.pager 'sed s/primitive/PAGED/'")
    assert "PAGED" in desk.line("configure help")
    desk.type("quit\n")
    desk.end()


# ---- laws of the file

NAMES = some.sampled_from(known())
VALUES = some.text(some.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=8)
LINES = some.lists(
    some.sampled_from(
        (
            "[core] |[color] |[mine] |; x|  # y||editor = a|  more|pager: b|wait-timeout=3|style = c|"
            "EDITOR = d|what = ever|key : = x|a%%b = %%|\tdeep|[core] # z"
        ).split("|")
    ),
    max_size=12,
)


def sets(text: str) -> dict[tuple[str, str], str]:
    """All that a file sets, read on its own."""
    parser = ConfigParser(strict=False)
    parser.read_string(text if text.lstrip("; #xy\n").startswith("[") else "[core]\n" + text)
    return {
        (section, name.replace("-", "_")): value.replace("%%", "%")
        for section in parser.sections()
        for name, value in parser.items(section, raw=True)
    }


@given(lines=LINES, changes=some.dictionaries(NAMES, some.none() | VALUES, max_size=4))
def test_one_setting_is_changed_and_no_other(lines: list[str], changes: dict[str, str | None]) -> None:
    text = "".join(line + "\n" for line in lines)
    try:
        before = sets(text)
    except Error:
        with pytest.raises(CrmError):
            changed(text, changes, "file")
        return
    after = changed(text, changes, "file")
    pairs = {(name.partition(".")[0], name.partition(".")[2]): value for name, value in changes.items()}
    assert sets(after) == {key: value for key, value in {**before, **pairs}.items() if value is not None}
    comments = [line for line in lines if line.lstrip()[:1] in ("#", ";") and not line[:1].isspace()]
    assert [line for line in after.splitlines() if line in comments] == comments
    assert changed(after, changes, "file") == after


@given(value=VALUES, name=some.sampled_from(["core.editor", "core.pager", "core.obscure_pattern"]))
def test_what_is_set_is_read(value: str, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    if value.startswith("$"):
        return
    folder = tmp_path_factory.mktemp("xdg")
    (folder / "crm").mkdir()
    (folder / "crm" / "crm.conf").write_text(changed("", {name: value}, "file"), encoding="utf-8")
    settings, problems = read_settings({"XDG_CONFIG_HOME": str(folder)}, [])
    assert (problems, settings[name]) == ([], value or SETTINGS[name][0])


@given(NAMES)
def test_a_setting_is_known_by_its_full_name(name: str) -> None:
    assert full_name(name) == name
    assert full_name(name.replace("_", "-").upper()) == name
