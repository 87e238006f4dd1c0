"""Settings: where they come from, which one wins, and what is passed over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmsh_py import masks
from crmsh_py.config import SETTINGS, read_settings, reading
from crmsh_py.errors import UsageError
from crmsh_py.problems import WARNING


@pytest.fixture
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reading, "SYSTEM_FILE", str(tmp_path / "system.conf"))
    path = tmp_path / "crm" / "crm.conf"
    path.parent.mkdir()
    return path


def environ(user_file: Path, **more: str) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(user_file.parents[1]), **more}


def test_without_files_all_is_as_usual(user_file: Path) -> None:
    settings, problems = read_settings(environ(user_file), [])
    assert problems == []
    assert {name: settings[name] for name in SETTINGS} == {name: usual for name, (usual, _) in SETTINGS.items()}
    assert not settings.is_on("core.wait")


def test_the_last_one_wins(user_file: Path) -> None:
    Path(reading.SYSTEM_FILE).write_text("[core]\neditor = ed\npager = more\nwait = yes\n")
    user_file.write_text("# mine\n[core]\neditor: nano\n; old\nwait = no\n[color]\nstyle = color-always,uppercase\n")
    settings, problems = read_settings(environ(user_file), ["core.pager=most", "core.debug=on"])
    assert problems == []
    assert (settings["core.editor"], settings["core.pager"]) == ("nano", "most")
    assert (settings.is_on("core.wait"), settings.is_on("core.debug")) == (False, True)
    assert settings["color.style"] == "color-always"


def test_values_from_the_environment_and_references(user_file: Path) -> None:
    user_file.write_text("[core]\nfolder = /opt\neditor = $MY_EDITOR\npager = $NONE\n")
    settings, _ = read_settings(environ(user_file, MY_EDITOR="joe"), [])
    assert (settings["core.editor"], settings["core.pager"]) == ("joe", "")
    user_file.write_text("[core]\nuser = me\neditor = /home/%(user)s/edit\npager = %(nosuch)s\n")
    settings, problems = read_settings(environ(user_file), [])
    assert settings["core.editor"] == "/home/me/edit"
    assert [(problem.text, problem.place and problem.place.line) for problem in problems] == [
        ("the reference in core.pager leads nowhere", 4)
    ]


def test_the_existing_shells_settings_are_taken(user_file: Path) -> None:
    user_file.write_text(
        "[core]\nskill-level = operator\ncheck_frequency = always\nhosts = root@a, root@b\n"
        "[path]\nsharedir = /usr\n[color]\nerror = red bold\n[report]\nfrom_time = -12H\n"
    )
    assert read_settings(environ(user_file), [])[1] == []


def test_a_file_without_a_section_is_of_core(user_file: Path) -> None:
    user_file.write_text("editor = nano\n")
    settings, problems = read_settings(environ(user_file), [])
    assert (settings["core.editor"], problems) == ("nano", [])


def test_what_is_wrong_in_a_file_is_said_with_its_line(user_file: Path) -> None:
    user_file.write_text("[core]\neditor = nano\nwait = maybe\neditr = vi\n[colour]\nstyle = plain\n")
    settings, problems = read_settings(environ(user_file), [])
    assert settings["core.editor"] == "nano"
    found = [(problem.text, problem.place.source, problem.place.line) for problem in problems if problem.place]
    assert found == [
        ("core.wait is yes or no, not maybe", str(user_file), 3),
        ("no such setting: core.editr", str(user_file), 4),
        ("no such setting: colour.style", str(user_file), 6),
    ]
    assert {problem.severity for problem in problems} == {WARNING}


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (b"[core]\neditor = evil\n", 0o666, "others can write it"),
        (b"[core]\neditor = evil\n", 0o602, "others can write it"),
        (b"[core\n", 0o600, ""),
        (b"[core]\n = x\n", 0o600, ""),
        (b"[core]\neditor = \xff\n", 0o600, "it is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_trusted_or_read_is_ignored(
    user_file: Path, content: bytes, mode: int, reason: str
) -> None:
    user_file.write_bytes(content)
    user_file.chmod(mode)
    settings, problems = read_settings(environ(user_file), [])
    assert settings["core.editor"] == ""
    assert [problem.code for problem in problems] == ["settings-ignored"]
    assert str(user_file) in problems[0].text
    assert reason in problems[0].text


def test_what_is_no_file_is_ignored(user_file: Path) -> None:
    for make in (user_file.mkdir, lambda: os.mkfifo(user_file)):
        make()
        _, problems = read_settings(environ(user_file), [])
        assert "it is not a file" in problems[0].text
        user_file.rmdir() if user_file.is_dir() else user_file.unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_the_file_of_somebody_else_is_ignored(user_file: Path) -> None:
    user_file.write_text("[core]\neditor = evil\n")
    os.chown(user_file, 12345, 12345)
    assert "belongs to somebody else" in read_settings(environ(user_file), [])[1][0].text
    os.chown(user_file, 0, 12345)
    user_file.chmod(0o660)
    assert "others can write it" in read_settings(environ(user_file), [])[1][0].text


def test_an_option_without_effect_is_said(user_file: Path) -> None:
    _, problems = read_settings(environ(user_file), ["core.skill-level=expert", "path.cache=/tmp"])
    assert [problem.text for problem in problems] == [
        "the setting core.skill_level has no effect here",
        "the setting path.cache has no effect here",
    ]
    with pytest.raises(UsageError, match=r"no such setting: core\.nosuch"):
        read_settings(environ(user_file), ["core.nosuch=1"])


@given(content=some.text() | some.sampled_from(["[core]\n%", "[core]\nx=%(x)s", "=\n", "[]\n", "[core]\nwait"]))
def test_no_text_is_too_odd_for_a_file(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    folder = tmp_path_factory.mktemp("xdg")
    (folder / "crm").mkdir()
    (folder / "crm" / "crm.conf").write_text(content, encoding="utf-8", errors="replace")
    settings, problems = read_settings({"XDG_CONFIG_HOME": str(folder)}, [])
    assert all(problem.severity == WARNING for problem in problems)
    assert settings["core.obscure_pattern"]


def test_the_names_of_secrets() -> None:
    try:
        masks.hide("passw*|pin *_key x?z")
        names = ("password", "PIN", "ssh_key", "xyz", "pins", "key", "xz", "", None)
        assert [masks.is_secret(name) for name in names] == [True] * 4 + [False] * 5
        assert masks.masked_line('a pin=12 b="x" xyz="1 2" passwd=') == 'a pin=** b="x" xyz=***** passwd='
        assert masks.masked_line('<nvpair name="ssh_key" value="abc"/>') == '<nvpair name="ssh_key" value="***"/>'
    finally:
        masks.hide("")
    assert masks.is_secret("passwd")
    assert not masks.is_secret("pin")


_LINES = r"""[core]
[path]
[DEFAULT]
[a b]
[core
 [core]
editor = ed
EDITOR: x=y:z
wait
wait =
=x
  more
# editor = ed
 ; wait

a = b  ; c
a = %(editor)s
a = 100%
a.b = c
no = [x]
path_ = $HOME
a =b
rem = x
REM x = y""".split("\n")
_LINES += [" ", "x = y\r", "\f", "a = \x85b", "a\u2028= b", "a\t= b"]


@given(some.lists(some.sampled_from(_LINES), max_size=8))
def test_plain_lines_are_read_as_configparser_reads_them(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = reading.plain(text)
    if found is not None:
        parser = reading.parsed(text, "a file")
        said = [(section, name, parser.get(section, name)) for section in parser.sections() for name in parser[section]]
        assert found == said


def test_the_file_of_the_existing_shell_is_plain() -> None:
    assert reading.plain("; its settings\n[core]\n; editor = $EDITOR\n[path]\nocf_root = /usr/lib/ocf\n") == [
        ("path", "ocf_root", "/usr/lib/ocf")
    ]
