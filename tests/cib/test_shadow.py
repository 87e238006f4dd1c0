"""Shadow CIBs as files, with Pacemaker's real crm_shadow beside."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from shadow_desk import committed, live_in, made, options, set_option
from somebody_else import NOBODY, as_root, become, become_nobody, in_a_child, let_others_through

from crmsh_py.cib import shadows
from crmsh_py.cib.document import Cib
from crmsh_py.cib.stores import shadow as module
from crmsh_py.cib.stores.shadow import Shadow, folder, names
from crmsh_py.cib.stores.store import Moved
from crmsh_py.errors import Conflict, CrmError, NoSuchObject, NotPermitted, UsageError

if TYPE_CHECKING:
    from crmsh_py.cib.stores.file import File

NAMES = ["plan", "a b", 'quo"te', "..", ".", "new\nline", "-x", "ünï", "web.xml", "a'b", "$HOME", "x" * 200, "x" * 248]


def tool(environ: Mapping[str, str], *argv: str, name: str = "") -> subprocess.CompletedProcess[str]:
    """Run one of Pacemaker's tools on a shadow, as its user would."""
    env = {**os.environ, **environ, **({"CIB_shadow": name} if name else {})}
    return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=30)


# --------------------------------------------------------------------------------------------- the law

OPTIONS = ("batch-limit", "migration-limit", "pe-error-series-max")
VALUES = some.sampled_from([None, "1", "2", "3"])
STEPS = some.lists(
    some.one_of(
        some.tuples(some.sampled_from(["live", "shadow"]), some.sampled_from(OPTIONS), VALUES),
        some.sampled_from([("commit",), ("commit",), ("commit",), ("reset",), ("crm_shadow",)]),
    ),
    max_size=12,
)


def changed(base: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str | None]:
    return {name: now.get(name) for name in OPTIONS if base.get(name) != now.get(name)}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_commit_brings_what_was_changed_in_the_shadow_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, ...]]
) -> None:
    """Against a model: what each side is, and what the shadow was made from; None where that is not known."""
    place = tmp_path_factory.mktemp("law")
    live = live_in(place)
    set_option(live, "batch-limit", "1")
    shadow = made("s", live, {"CIB_shadow_dir": str(place)})
    base: dict[str, str] | None = options(live)
    for step in steps:
        if step[0] == "live":
            set_option(live, step[1], step[2])
        elif step[0] == "shadow":
            set_option(shadow, step[1], step[2])
        elif step[0] == "reset":
            shadow.make(shadows.copied(live, with_status=False), is_origin=True)
            base = options(live)
        elif step[0] == "crm_shadow":
            Path(shadow.path).write_bytes(live.read())
            base = None
        else:
            base = _commit_as_the_model_does(shadow, live, base)


def _commit_as_the_model_does(shadow: Shadow, live: File, base: dict[str, str] | None) -> dict[str, str] | None:
    mine, theirs = options(shadow), options(live)
    ours = changed(base or theirs, mine)
    clashes = {name for name in changed(base or theirs, theirs) if name in ours and mine.get(name) != theirs.get(name)}
    if clashes or (base is None and mine != theirs):
        with pytest.raises(Conflict):
            committed(shadow, live)
        assert (options(shadow), options(live)) == (mine, theirs)
        return base
    assert committed(shadow, live) == []
    wanted = {name: value for name, value in {**theirs, **ours}.items() if value is not None}
    assert options(live) == wanted
    assert options(shadow) == wanted
    return wanted


# ------------------------------------------------------------------------------ with Pacemaker's tools


@pytest.mark.needs_pacemaker
@pytest.mark.parametrize("name", NAMES)
def test_crm_shadow_knows_our_shadows_and_we_its(name: str, live: File, environ: dict[str, str]) -> None:
    shadow = made(name, live, environ)
    assert tool(environ, "crm_shadow", "--file", name=name).stdout == shadow.path + "\n"
    shown = tool(environ, "crm_shadow", "--display", name=name)
    assert shadows.is_same(Cib.parse(shown.stdout.encode(), ""), Cib.parse(live.read(), ""))
    assert tool(environ, "crm_shadow", "--delete", name, "--force", name=name).returncode == 0
    assert not shadow.is_there
    done = tool(environ, "crm_shadow", "--batch", f"--create-empty={name}")
    assert done.returncode == 0, done.stderr
    assert names(environ) == [name]
    assert shadow.origin(shadow.read()) is None
    shadow.delete()
    assert os.listdir(environ["CIB_shadow_dir"]) == []


@pytest.mark.needs_pacemaker
def test_what_tools_edit_in_a_shadow_is_committed(live: File, environ: dict[str, str]) -> None:
    shadow = made("s", live, environ)
    for value in ("7", "8"):
        done = tool(environ, "crm_attribute", "-t", "crm_config", "-n", "batch-limit", "-v", value, name="s")
        assert done.returncode == 0, done.stderr
        set_option(live, "migration-limit", value)
        committed(shadow, live)
        assert options(live) == {"batch-limit": value, "migration-limit": value} == options(shadow)


@pytest.mark.needs_pacemaker
def test_a_shadow_that_crm_shadow_made_anew_has_no_origin(live: File, environ: dict[str, str]) -> None:
    """Its origin is older than it: what others changed in between would be taken back."""
    shadow = made("s", live, environ)
    set_option(live, "batch-limit", "1")
    env = {**environ, "CIB_file": live.path}
    assert tool(env, "crm_shadow", "--batch", "--force", "--create", "s").returncode == 0
    assert options(shadow) == {"batch-limit": "1"}
    set_option(live, "batch-limit", None)
    with pytest.raises(Conflict, match="nobody knows what the shadow CIB s was made from"):
        committed(shadow, live)
    assert options(live) == {}
    committed(shadow, live, overwrite=True)
    assert options(live) == {"batch-limit": "1"}
    # from now on its origin is known
    set_option(live, "migration-limit", "2")
    set_option(shadow, "batch-limit", "3")
    committed(shadow, live)
    assert options(live) == {"batch-limit": "3", "migration-limit": "2"} == options(shadow)


HOMES: list[tuple[int, dict[str, str | None]]] = [
    (0, {}),
    (0, {"HOME": "/tmp"}),
    (0, {"CIB_shadow_dir": "/somewhere"}),
    (0, {"CIB_shadow_dir": ""}),
    (NOBODY, {"HOME": "TMP"}),
    (12345, {"HOME": "TMP"}),
    (NOBODY, {"HOME": "TMP", "USER": "root"}),
    (NOBODY, {"CIB_shadow_dir": "/somewhere"}),
]


@as_root
@pytest.mark.needs_pacemaker
@pytest.mark.parametrize(("user", "changes"), HOMES)
def test_the_folder_is_that_of_crm_shadow(user: int, changes: dict[str, str], tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    let_others_through(tmp_path)
    said = {name: str(tmp_path) if value == "TMP" else value for name, value in changes.items()}
    environ = {"PATH": os.environ["PATH"], "CIB_shadow": "x", **said}

    def ask() -> str:
        return subprocess.run(["crm_shadow", "--file"], env=environ, capture_output=True, text=True).stdout

    asked = in_a_child(ask, before=partial(become, user))
    assert in_a_child(lambda: Shadow("x", environ).path, before=partial(become, user)) == asked.strip()


@as_root
def test_a_user_without_a_home_has_no_place() -> None:
    """Where Pacemaker's tools take a folder that belongs to everybody."""
    for home in ("", "relative"):
        said = in_a_child(lambda home=home: folder({"HOME": home}), before=become_nobody)
        assert said.startswith("NotPermitted: shadow CIBs of this user have no place")


@as_root
def test_the_folder_of_a_user_is_made(tmp_path: Path, live: File) -> None:
    tmp_path.chmod(0o777)
    let_others_through(tmp_path)
    said = in_a_child(lambda: made("x", live, {"HOME": str(tmp_path)}).path, before=become_nobody)
    assert said == str(tmp_path / ".cib" / "shadow.x")
    assert stat.S_IMODE((tmp_path / ".cib").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / ".cib").iterdir()} == {0o600}


# ---------------------------------------------------------------------------------------------- bad days


def test_the_files_are_their_owners_alone(live: File, environ: dict[str, str]) -> None:
    shadow = made("s", live, environ)
    set_option(shadow, "batch-limit", "1")
    committed(shadow, live)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in Path(environ["CIB_shadow_dir"]).iterdir()}
    assert modes == {"shadow.s": 0o600, "origin.s": 0o600}


@pytest.mark.parametrize("name", ["", "a/b", "nul\0", "/"])
def test_a_name_that_is_no_files_name_is_refused(name: str, environ: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="not the name of a shadow CIB"):
        Shadow(name, environ)


def test_a_shadow_that_is_not_there_is_said(environ: dict[str, str]) -> None:
    shadow = Shadow("s", environ)
    for work in (shadow.read, shadow.delete, lambda: shadows.existing("s", environ)):
        with pytest.raises(NoSuchObject, match="no such shadow CIB: s"):
            work()
    assert names({"CIB_shadow_dir": environ["CIB_shadow_dir"] + "/nowhere"}) == []


def test_without_the_folder_there_is_a_sentence(live: File, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted, match="there is no folder"):
        made("s", live, {"CIB_shadow_dir": str(tmp_path / "nowhere")})


@as_root
def test_a_folder_of_others_is_not_written(live: File, environ: dict[str, str], tmp_path: Path) -> None:
    made("s", live, environ)
    for above in (Path(live.path), Path(environ["CIB_shadow_dir"]), *tmp_path.parents, tmp_path):
        above.chmod(above.stat().st_mode | 0o005)
    works = {
        "make": lambda: made("n", live, environ),
        "read": lambda: Shadow("s", environ).read(),
        "delete": lambda: Shadow("s", environ).delete(),
    }
    for what, work in works.items():
        assert in_a_child(work, before=become_nobody).startswith("NotPermitted: "), what
    Path(environ["CIB_shadow_dir"]).chmod(0o700)
    assert in_a_child(lambda: names(environ), before=become_nobody).startswith("NotPermitted: ")
    assert sorted(os.listdir(environ["CIB_shadow_dir"])) == ["origin.s", "shadow.s"]


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_killed_between_two_files_no_commit_takes_anything_back(
    writes: int, live: File, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shadow is made anew, and its maker dies after so many of its writes; the third does not come."""
    shadow = made("s", live, environ)
    set_option(live, "batch-limit", "1")
    child = os.fork()
    if not child:
        count = 0

        def die(*_: object) -> None:
            nonlocal count
            count += 1
            if count == writes:
                os._exit(9)

        real = os.rename
        monkeypatch.setattr(os, "rename", lambda *said: (real(*said), die()))
        shadow.make(shadows.copied(live, with_status=False), is_origin=True)
        os._exit(0)
    os.waitpid(child, 0)
    assert options(shadow) == {"batch-limit": "1"}
    set_option(live, "batch-limit", None)
    if writes == 1:
        with pytest.raises(Conflict, match="nobody knows"):
            committed(shadow, live)
    else:
        committed(shadow, live)
    assert options(live) == {}


def test_what_is_edited_while_it_is_committed_stays(live: File, environ: dict[str, str]) -> None:
    shadow = made("s", live, environ)
    set_option(shadow, "batch-limit", "1")
    work = shadows.Commit(shadow, live, overwrite=False)
    work.session.commit()
    set_option(shadow, "migration-limit", "2")
    assert [problem.code for problem in work.renew()] == ["not-renewed"]
    assert options(shadow) == {"batch-limit": "1", "migration-limit": "2"}
    # what is committed is not committed again: it may have been taken back for a reason
    set_option(live, "batch-limit", None)
    assert committed(shadow, live) == []
    assert options(live) == {"migration-limit": "2"} == options(shadow)


def test_what_is_committed_is_said_even_if_the_shadow_is_gone(live: File, environ: dict[str, str]) -> None:
    shadow = made("s", live, environ)
    set_option(shadow, "batch-limit", "1")
    work = shadows.Commit(shadow, live, overwrite=False)
    work.session.commit()
    shadow.delete()
    assert [problem.code for problem in work.renew()] == ["not-renewed"]
    assert options(live) == {"batch-limit": "1"}
    assert not shadow.is_there


def test_of_two_writers_of_one_shadow_none_is_lost(live: File, environ: dict[str, str]) -> None:
    shadow, other = made("s", live, environ), Shadow("s", environ)
    before = shadow.read()
    set_option(other, "batch-limit", "1")
    with pytest.raises(Moved, match="the shadow CIB s was changed by somebody else"):
        shadow.write(before, before)
    set_option(shadow, "migration-limit", "2")
    assert options(other) == {"batch-limit": "1", "migration-limit": "2"}
    assert shadow.origin(shadow.read()) is not None


@pytest.mark.parametrize("content", [b"", b"no XML", b"<cib/>", b"<other/>", b"<cib><status/></cib>"])
def test_what_is_no_cib_is_not_committed(content: bytes, live: File, environ: dict[str, str]) -> None:
    shadow = made("s", live, environ)
    before = live.read()
    Path(shadow.path).write_bytes(content)
    with pytest.raises(CrmError, match="the shadow CIB s is not a"):
        committed(shadow, live)
    assert live.read() == before


def test_the_stamp_is_not_carried_on(live: File, environ: dict[str, str]) -> None:
    shadow = made("s", live, environ)
    assert module.STAMP.encode() in shadow.read()
    set_option(shadow, "batch-limit", "1")
    committed(shadow, live)
    assert module.STAMP.encode() not in live.read()
