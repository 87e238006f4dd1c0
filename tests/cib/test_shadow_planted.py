"""Shadow CIBs in a folder where others can write, who put links, pipes and files of their own there."""

from __future__ import annotations

import os
import pwd
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shadow_desk import EMPTY, committed, made, options, set_option
from somebody_else import as_root, become_nobody, in_a_child

from crmsh_py.cib.stores import shadow as module
from crmsh_py.cib.stores.shadow import Shadow
from crmsh_py.errors import Conflict, CrmError

if TYPE_CHECKING:
    from crmsh_py.cib.stores.file import File

KINDS = ["link", "dangling", "pipe", "socket"]


def planted(kind: str, path: str, precious: Path) -> None:
    """Put what a user who may write in the folder can put in the place of a file."""
    if kind == "link":
        os.symlink(precious, path)
    elif kind == "dangling":
        os.symlink(f"{precious}.new", path)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A file that nobody may overwrite: a CIB, so that it could be taken for a shadow or an origin."""
    path = tmp_path / "precious"
    path.write_bytes(EMPTY.read_bytes())
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prefix", [module.PREFIX, module.ORIGIN_PREFIX])
def test_a_shadow_that_is_made_takes_the_name_and_follows_no_link(
    kind: str, prefix: str, live: File, environ: dict[str, str], precious: Path
) -> None:
    before = precious.read_bytes()
    place = os.path.join(environ["CIB_shadow_dir"], prefix + "s")
    planted(kind, place, precious)
    shadow = made("s", live, environ)
    assert stat.S_ISREG(os.lstat(place).st_mode)
    assert shadow.origin(shadow.read()) == shadow.read()
    set_option(shadow, "batch-limit", "1")
    committed(shadow, live)
    assert options(live) == {"batch-limit": "1"} == options(shadow)
    assert precious.read_bytes() == before
    assert not os.path.lexists(f"{precious}.new")
    assert sorted(os.listdir(environ["CIB_shadow_dir"])) == ["origin.s", "shadow.s"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_shadow_that_is_a_link_or_a_pipe_is_refused(
    kind: str, live: File, environ: dict[str, str], precious: Path
) -> None:
    shadow = made("s", live, environ)
    content = shadow.read()
    os.unlink(shadow.path)
    planted(kind, shadow.path, precious)
    before, was_live = precious.read_bytes(), live.read()
    for work in (shadow.read, lambda: committed(shadow, live, overwrite=True)):
        with pytest.raises(CrmError, match="the shadow CIB s is a link, or no regular file"):
            work()
    # also where it comes between reading and writing
    for known in (content, before):
        with pytest.raises(CrmError):
            shadow.write(known, known.replace(b"<cib ", b"<cib  "))
        with pytest.raises(CrmError), shadow.alone():
            pass
    assert stat.S_IFMT(os.lstat(shadow.path).st_mode) != stat.S_IFREG
    shadow.delete()
    assert os.listdir(environ["CIB_shadow_dir"]) == []
    assert (precious.read_bytes(), live.read()) == (before, was_live)
    assert not os.path.lexists(f"{precious}.new")


@pytest.mark.parametrize("kind", KINDS)
def test_an_origin_that_is_a_link_or_a_pipe_is_none(
    kind: str, live: File, environ: dict[str, str], precious: Path
) -> None:
    shadow = made("s", live, environ)
    origin = os.path.join(environ["CIB_shadow_dir"], "origin.s")
    # even where the stamp would be right
    os.rename(origin, precious)
    planted(kind, origin, precious)
    before = precious.read_bytes()
    set_option(live, "batch-limit", "1")
    with pytest.raises(Conflict, match="nobody knows"):
        committed(shadow, live)
    assert options(live) == {"batch-limit": "1"}
    committed(shadow, live, overwrite=True)
    assert stat.S_ISREG(os.lstat(origin).st_mode)
    assert precious.read_bytes() == before


@as_root
@pytest.mark.parametrize(
    ("owner", "mode", "is_known"),
    [
        ("root", 0o600, True),
        ("hacluster", 0o600, True),
        ("nobody", 0o600, False),
        ("nobody", 0o644, False),
        (4_000_000, 0o600, False),
        ("root", 0o660, False),
        ("root", 0o602, False),
    ],
)
def test_an_origin_is_taken_from_who_is_trusted_alone(
    owner: str | int, mode: int, is_known: bool, live: File, environ: dict[str, str]
) -> None:
    """It decides what the commit removes: what it has, and the shadow has not."""
    shadow = made("s", live, environ)
    origin = Path(environ["CIB_shadow_dir"]) / "origin.s"
    if owner == "hacluster" and not any(user.pw_name == owner for user in pwd.getpwall()):
        pytest.skip("Pacemaker's user is not there")
    os.chown(origin, owner if isinstance(owner, int) else pwd.getpwnam(owner).pw_uid, -1)
    origin.chmod(mode)
    assert (shadow.origin(shadow.read()) is not None) == is_known


@as_root
def test_a_user_trusts_what_is_their_own(live: File, environ: dict[str, str], tmp_path: Path) -> None:
    for above in (Path(live.path), *tmp_path.parents, tmp_path):
        above.chmod(above.stat().st_mode | 0o005)
    Path(environ["CIB_shadow_dir"]).chmod(0o777)

    def ask() -> object:
        shadow = made("s", live, environ)
        return shadow.origin(shadow.read()) is not None

    assert in_a_child(ask, before=become_nobody) == "True"
    # and root does not
    shadow = Shadow("s", environ)
    assert shadow.origin(shadow.read()) is None
