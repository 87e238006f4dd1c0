"""known_hosts: as ssh's own tool reads and writes it."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from crmsh_py.cluster.remote import known_hosts
from crmsh_py.cluster.remote.known_hosts import CHANGED, KNOWN, NEW, REVOKED, Entry
from crmsh_py.errors import CrmError

TYPE = "ssh-ed25519"
names = some.from_regex(r"[a-z0-9][a-z0-9.-]{0,10}", fullmatch=True)
patterns = some.from_regex(r"!?[a-z0-9*?][a-z0-9.*?-]{0,4}", fullmatch=True)
blobs = some.binary(min_size=1, max_size=64)
ports = some.integers(1, 65535)
entries = some.lists(
    some.builds(
        Entry,
        marker=some.sampled_from(("", "@revoked", "@cert-authority")),
        type=some.sampled_from(("a", "b")),
        blob=some.sampled_from((b"1", b"2")),
        source=some.just("f"),
        line=some.just(1),
    ),
    max_size=4,
)


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, bytes]:
    """A real key: its text, and its blob."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", tmp_path / "key"], check=True)
    text = (tmp_path / "key.pub").read_text()
    return text, base64.b64decode(text.split()[1])


def found_by_ssh(name: str, path: Path) -> bool:
    """Whether ssh-keygen finds a host in a file."""
    return subprocess.run(["ssh-keygen", "-F", name, "-f", str(path)], capture_output=True).returncode == 0


@given(names, ports, blobs, some.booleans())
def test_what_is_added_is_known_under_its_name_alone(name: str, port: int, blob: bytes, is_hashed: bool) -> None:
    path = Path(os.environ["PYTEST_TMP"]) / "known_hosts"
    path.unlink(missing_ok=True)
    said = known_hosts.name_of(name.upper(), port)
    known_hosts.add(str(path), said, TYPE, blob, is_hashed=is_hashed)
    assert known_hosts.verdict(known_hosts.entries(said, [str(path)]), TYPE, blob) == KNOWN
    assert known_hosts.verdict(known_hosts.entries(said, [str(path)]), TYPE, blob + b"!") == CHANGED
    other = known_hosts.name_of(name, port % 65535 + 1)
    assert known_hosts.verdict(known_hosts.entries(other, [str(path)]), TYPE, blob) == NEW
    assert (said in path.read_text()) is not is_hashed


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_TMP", str(tmp_path))


@given(some.lists(patterns, min_size=1, max_size=4), names)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_patterns_mean_what_they_mean_to_ssh(key: tuple[str, bytes], listed: list[str], name: str) -> None:
    path = Path(os.environ["PYTEST_TMP"]) / "patterns"
    path.write_text(f"{','.join(listed)} {key[0]}")
    assert bool(known_hosts.entries(name, [str(path)])) == found_by_ssh(name, path)


def test_ssh_finds_what_is_added_and_is_found(key: tuple[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "new" / "known_hosts"
    for name, is_hashed in (("node1", False), ("[node2]:2222", True)):
        known_hosts.add(str(path), name, TYPE, key[1], is_hashed=is_hashed)
        assert found_by_ssh(name, path)
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(path)], check=True, capture_output=True)
    assert "node1" not in path.read_text()
    for name in ("node1", "[node2]:2222"):
        assert [entry.blob for entry in known_hosts.entries(name, [str(path)])] == [key[1]]
    shown = subprocess.run(["ssh-keygen", "-lf", tmp_path / "key.pub"], check=True, capture_output=True, text=True)
    assert shown.stdout.split()[1] == known_hosts.fingerprint(key[1])


@given(entries)
def test_a_key_is_trusted_only_where_it_stands_and_is_not_revoked(found: list[Entry]) -> None:
    verdict = known_hosts.verdict(found, "a", b"1")
    plain = [(entry.type, entry.blob) for entry in found if not entry.marker]
    revoked = any((entry.marker, entry.blob) == ("@revoked", b"1") for entry in found)
    assert (verdict == REVOKED) == revoked
    assert (verdict == KNOWN) == (not revoked and ("a", b"1") in plain)
    assert (verdict == NEW) == (not revoked and not plain)


def test_what_stands_there_stays(key: tuple[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_bytes(b"# a comment\nold \xff line without end")
    path.chmod(0o644)
    known_hosts.add(str(path), "node1", TYPE, key[1], is_hashed=False)
    assert path.read_bytes().startswith(b"# a comment\nold \xff line without end\nnode1 ")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    fresh = tmp_path / "folder" / "known_hosts"
    known_hosts.add(str(fresh), "node1", TYPE, key[1], is_hashed=False)
    assert (stat.S_IMODE(fresh.stat().st_mode), stat.S_IMODE(fresh.parent.stat().st_mode)) == (0o600, 0o700)


@given(some.text(max_size=80))
def test_no_line_is_too_odd(text: str) -> None:
    path = Path(os.environ["PYTEST_TMP"]) / "odd"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert all(entry.line for entry in known_hosts.entries("node1", [str(path)]))


def test_a_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="Is a directory"):
        known_hosts.entries("node1", [str(tmp_path)])
    with pytest.raises(CrmError, match="No space left"):
        known_hosts.add("/dev/full", "node1", TYPE, b"1", is_hashed=False)
    assert known_hosts.entries("node1", [str(tmp_path / "none"), "/dev/null/none"]) == []
