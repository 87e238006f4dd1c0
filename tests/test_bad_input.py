"""Input that nobody wants, through the real program: a clear error with the right exit code, and nothing lost."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-m", "crmsh_py"]
ENVIRON = {**os.environ, "PYTHONPATH": str(ROOT)}
MEGABYTE = 1_000_000
# bad input is refused soon; generous, for slow machines
SECONDS = 30


def crm(*words: str, stdin: bytes = b"", **options: object) -> tuple[int, str, str]:
    """Run the program; exit code, stdout, stderr. A bug of ours never shows as one."""
    done = subprocess.run([*PROGRAM, *words], input=stdin, capture_output=True, env=ENVIRON, timeout=SECONDS, **options)
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    check_no_bug(done.returncode, err)
    return done.returncode, out, err


def check_no_bug(code: int, err: str) -> None:
    assert code != 3, err
    assert code >= 0, f"died of signal {-code}"
    assert "Traceback" not in err
    assert "Exception" not in err
    assert "internal error" not in err


def shell(command: str, file: Path) -> tuple[int, str, str]:
    """Run a pipeline in which `crm` is the program on this file."""
    function = f'set -o pipefail; crm() {{ "{sys.executable}" -m crmsh_py -c "{file}" "$@"; }}; {command}'
    done = subprocess.run(["bash", "-c", function], capture_output=True, text=True, env=ENVIRON, timeout=SECONDS)
    check_no_bug(done.returncode, done.stderr)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def web_service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web service of the examples, as a CIB file that nobody changes."""
    made = tmp_path_factory.mktemp("web") / "cib.xml"
    shutil.copy(ROOT / "examples" / "empty.xml", made)
    code, _, err = crm("-c", str(made), "configure", "load", "replace", str(ROOT / "examples" / "web-service.crm"))
    assert code == 0, err
    return made


@pytest.fixture
def file(tmp_path: Path, web_service: Path) -> Path:
    """A CIB file alone in its folder."""
    return Path(shutil.copy(web_service, tmp_path / "cib.xml"))


# ------------------------------------------------------------------------------------- files of CIBs

HEAD = b'<cib validate-with="pacemaker-3.9"><configuration><crm_config/><nodes/><resources/><constraints>'
TAIL = b"</constraints></configuration></cib>"
ENTITIES = (
    b'<!DOCTYPE cib [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><cib><configuration>&b;</configuration></cib>'
)
COMMANDS = {
    "show": ("show",),
    "show xml": ("show", "xml"),
    "show json": ("show", "-o", "json"),
    "save": ("save", "-"),
    "verify": ("verify",),
    "primitive": ("primitive", "p", "Dummy"),
    "load": ("load", "replace", str(ROOT / "examples" / "bundle.crm")),
}
NO_CIBS = {
    "empty": b"",
    "blank": b" \n\n",
    "garbage": b"this is not XML\n" * 50,
    "binary": bytes(range(256)) * 20,
    "zeros": bytes(5000),
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "other xml": b"<configuration/>",
    "two roots": b"<cib/><cib/>",
    "entities": ENTITIES,
    "file": b'<!DOCTYPE cib [<!ENTITY a SYSTEM "file:///etc/passwd">]><cib><configuration>&a;</configuration></cib>',
    "latin-1": b'<cib a="\xe9"/>',
    "encoding": b'<?xml version="1.0" encoding="no-such"?><cib/>',
    "deep": HEAD + b"<a>" * 10_000 + b"</a>" * 10_000 + TAIL,
}


@pytest.mark.parametrize(
    ("content", "command"),
    [
        *((content, command) for content in NO_CIBS for command in ("show", "primitive")),
        *(("garbage", command) for command in COMMANDS if command not in ("show", "primitive")),
    ],
)
def test_a_file_that_is_no_cib(content: str, command: str, tmp_path: Path) -> None:
    file = tmp_path / "cib.xml"
    file.write_bytes(NO_CIBS[content])
    code, out, err = crm("-c", str(file), "configure", *COMMANDS[command])
    assert (code, out) == (1, "")
    assert str(file) in err
    assert "root:" not in err
    assert file.read_bytes() == NO_CIBS[content]


@pytest.mark.parametrize("part", [0.01, 0.3, 0.5, 0.9, 0.99])
def test_a_truncated_file(part: float, file: Path) -> None:
    cut = file.read_bytes()
    cut = cut[: int(len(cut) * part)]
    file.write_bytes(cut)
    code, out, err = crm("-c", str(file), "configure", "primitive", "p", "Dummy")
    assert (code, out) == (1, "")
    assert "is not a CIB" in err
    assert "line " in err
    assert file.read_bytes() == cut


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_file(command: str, tmp_path: Path) -> None:
    words = ("configure", *COMMANDS[command])
    code, out, err = crm("-c", f"{tmp_path}/missing.xml", *words)
    assert (code, out) == (4, "")
    assert "no such file" in err
    code, out, err = crm("-c", f"{tmp_path}/", *words)
    assert (code, out) == (1, "")
    assert "is a directory" in err
    code, out, _ = crm("-c", f"{tmp_path}/{'x' * 300}.xml", *words)
    assert code in (1, 4)
    assert out == ""
    assert crm("-c", "/dev/null", *words)[:2] == (1, "")


def without_override() -> None:
    """In the child: rights of files hold for root too."""
    libc = ctypes.CDLL(None, use_errno=True)
    drop_from_bounding_set, override, read_search = 24, 1, 2
    for capability in (override, read_search):
        libc.prctl(drop_from_bounding_set, capability, 0, 0, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights of root are dropped as Linux does it")
def test_rights_that_are_missing(file: Path) -> None:
    before = file.read_bytes()
    words = ("-c", str(file), "configure")
    file.chmod(0)
    code, out, err = crm(*words, "show", preexec_fn=without_override)
    assert (code, out) == (8, "")
    assert "not permitted" in err
    file.chmod(0o400)
    assert crm(*words, "show", preexec_fn=without_override)[0] == 0
    assert crm(*words, "primitive", "p", "Dummy", preexec_fn=without_override)[0] == 8
    file.chmod(0o600)
    file.parent.chmod(0o500)
    assert crm(*words, "primitive", "p", "Dummy", preexec_fn=without_override)[0] == 8
    file.parent.chmod(0o700)
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]


@pytest.mark.needs_pacemaker
def test_a_schema_that_is_newer_than_the_tools(file: Path) -> None:
    newer = file.read_bytes().replace(b"pacemaker-3.9", b"pacemaker-99.9")
    file.write_bytes(newer)
    words = ("-c", str(file), "configure")
    assert crm(*words, "show")[0] == 0
    assert crm(*words, "save", "-")[1].startswith("#crm exact 1 schema=pacemaker-99.9\n")
    code, _, err = crm(*words, "verify")
    assert code == 5
    assert "pacemaker-99.9" in err
    assert file.read_bytes() == newer
    code, _, err = crm(*words, "primitive", "p", "Dummy")
    assert code == 0, "what was not checked before is not checked now"
    assert "WARNING: the schema pacemaker-99.9 is not installed here" in err
    assert b'validate-with="pacemaker-99.9"' in file.read_bytes()


@pytest.mark.parametrize("depth", [30, 300, 1500])
@pytest.mark.parametrize("element", ["rule", "group", "clone"])
def test_elements_in_elements_in_elements(element: str, depth: int, tmp_path: Path) -> None:
    nest = "".join(f'<{element} id="i{number}">' for number in range(depth)) + f"</{element}>" * depth
    body = f'<rsc_location id="l" rsc="r">{nest}</rsc_location>' if element == "rule" else ""
    content = HEAD + body.encode() + TAIL
    if element != "rule":
        content = content.replace(b"<resources/>", f"<resources>{nest}</resources>".encode())
    file = tmp_path / "cib.xml"
    file.write_bytes(content)
    for command in COMMANDS.values():
        code, out, err = crm("-c", str(file), "configure", *command)
        assert out or err
        assert code in (0, 1, 5), err


def test_a_value_of_ten_megabytes(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"/dev/drbd0", b"x" * 10 * MEGABYTE))
    code, out, err = crm("-c", str(file), "configure", "show", "files")
    assert code == 0, err
    assert len(out) > 10 * MEGABYTE


# --------------------------------------------------------------------------------- scripts and texts


def run_both_ways(file: Path, text: bytes) -> tuple[int, str]:
    """Run a text as a script and load it as a file: neither changes the CIB; the exit code, which is the same."""
    before = file.read_bytes()
    script = file.parent / "text.crm"
    script.write_bytes(text)
    code, out, err = crm("-c", str(file), "configure", stdin=text)
    loaded, _, _ = crm("-c", str(file), "configure", "load", "update", str(script))
    assert out == ""
    assert loaded == code
    assert file.read_bytes() == before
    return code, err


# the text, and the line and the column of its first error
MALFORMED = [
    ("primitive", 1, 10),
    ("primitive p", 1, 12),
    ("primitive p Dummy\nprimative q Dummy", 2, 1),
    ("primitive p Dummy \\\n\tparams x=1 \\\n\top", 3, 4),
    ("primitive p Dummy params x='1\nprimitive q Dummy", 1, 28),
    ('node n\n\n# note\nprimitive p Dummy params x="', 4, 28),
    ("group g", 1, 8),
    ("group g meta x=1 ) y", 1, 18),
    ("clone c", 1, 8),
    ("location l web resource-discovery=nver inf: alpha", 1, 35),
    ("location l web 100 alpha", 1, 16),
    ("location l web rule", 1, 20),
    ("location l web rule a eq b and c eq d or e eq f", 1, 39),
    ("location l web rule date spec hours=1 and", 1, 42),
    ("location l web rule a is b", 1, 23),
    ("colocation c inf: ( a b", 1, 24),
    ("colocation c inf: a b ]", 1, 23),
    ("order o Always: a b", 1, 9),
    ("order o a:run b", 1, 11),
    ("rsc_ticket t", 1, 13),
    ("tag t", 1, 6),
    ("role r write", 1, 13),
    ("role r write xpath:", 1, 20),
    ("alert a", 1, 8),
    ("fencing_topology n1:", 1, 18),
    ("xml", 1, 4),
    ("monitor web", 1, 12),
    ("primitive p Dummy\nprimitive q Dummy \\\n# inside\n\tmeta a=b \\\n\top monitor interval", 5, 13),
    ("property x: y=1\nnode \u00e9\nlocation l \u6f22 rule \u6f22 xx \u6f22", 3, 21),
]


@pytest.mark.parametrize(("text", "line", "column"), MALFORMED)
def test_a_malformed_script_writes_nothing(text: str, line: int, column: int, file: Path) -> None:
    code, err = run_both_ways(file, f"primitive good Dummy\n{text}\nprimitive good2 Dummy\n".encode())
    assert code == 2, err
    first = next(said for said in err.splitlines() if "ERROR" in said)
    assert first.startswith(f"stdin:{line + 1}:{column}: ERROR: "), err


def test_every_error_of_a_script_is_told(file: Path) -> None:
    _, err = run_both_ways(file, b"primitive\nnode n\ngroup\n\nlocation l\n")
    assert [said.split(": ")[0] for said in err.splitlines() if "ERROR" in said] == [
        "stdin:1:10",
        "stdin:3:6",
        "stdin:5:11",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"primitive p Dummy\nprimitive q Dummy params x=\xff\n", ":2"),
        (b"primitive p Dummy\n\xfe\xff\x00p", "UTF-8"),
        (b"primitive p Dummy\nprimitive q Dummy params x=a\x00b\n", ":2:"),
        (b"primitive p Dummy\n\x1b[31mprimitive\n", ":2:1"),
        ("primitive p Dummy params x=\uffff\n".encode(), ":1:28"),
        (bytes(10_000), ":1:1"),
    ],
)
def test_characters_that_no_configuration_has(text: bytes, said: str, file: Path) -> None:
    code, err = run_both_ways(file, text)
    assert code == 2
    assert said in err or said.replace(":", "line ") in err


@pytest.mark.parametrize(
    "text",
    [
        b"primitive p Dummy params x=" + b"y" * 10 * MEGABYTE + b" =\n",
        b"primitive p Dummy params x='" + b"y " * 5 * MEGABYTE + b"\n",
        b"y" * 10 * MEGABYTE,
        b"( " * 50_000,
        b"location l web rule " + b"( " * 10_000,
        b"location l web rule " + b"( " * 10_000 + b"a eq b" + b" )" * 10_000 + b"\n",
        b"colocation c inf: " + b"( " * 10_000 + b"a b" + b" )" * 10_000 + b"\n",
        b"primitive p Dummy " + b"\\\n" * 50_000,
        b"primitive p Dummy params x=1 op\n" + b"#<!-- a\n" * 20_000,
        b"primitiv p Dummy\n" * 2_000,
    ],
    ids=lambda text: text[:24].decode(),
)
def test_texts_of_great_length_or_depth(text: bytes, file: Path) -> None:
    code, err = run_both_ways(file, text + b"\nprimitive\n")
    assert code == 2
    assert len(err) < 2 * MEGABYTE, "what is shown of a long line is short"


def test_a_line_of_ten_megabytes_is_kept(file: Path) -> None:
    value = b"y" * 10 * MEGABYTE
    code, _, err = crm("-c", str(file), "configure", stdin=b"primitive p Dummy params fake=" + value + b"\n")
    assert code == 0, err[:500]
    assert value in file.read_bytes()


@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_and_other_line_ends(start: bytes, ends: bytes, file: Path) -> None:
    lines = [b"# note", b"primitive p Dummy \\", b"\tparams fake=1 \\", b"\tmeta y='a b'", b"", b"group g p", b""]
    code, _, err = crm("-c", str(file), "configure", stdin=start + ends.join(lines))
    assert code == 0, err
    shown = crm("-c", str(file), "configure", "show", "p", "g")[1]
    assert shown == '# note\nprimitive p Dummy \\\n\tparams fake=1 \\\n\tmeta y="a b"\ngroup g p\n'


@pytest.mark.parametrize(
    "words",
    [
        ("--nosuch", "configure", "show"),
        ("configure", "--nosuch"),
        ("configure", "show", "--nosuch"),
        ("configure", "show", "--ids=1"),
        ("configure", "save", "--force", "x.crm"),
        ("configure", "load", "--all", "replace", "x.crm"),
        ("configure", "load", "swap", "x.crm"),
        ("configure", "verify", "all"),
        ("configure", "-o", "yaml", "show"),
        ("configure", "show", "-o", "yaml"),
        ("configure", "primitive", "--force", "p", "Dummy"),
        ("configure", "commit", "force", "now"),
        ("-c",),
        ("configure", "nosuch"),
        ("configure", ""),
        ("",),
        ("configure", "show", ""),
    ],
)
def test_what_is_not_in_the_usage_is_refused(words: tuple[str, ...], file: Path) -> None:
    before = file.read_bytes()
    code, out, err = crm(*words) if words == ("-c",) else crm("-c", str(file), *words)
    assert (code, out) == (2, ""), err
    assert "ERROR: " in err
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_file_to_load_that_cannot_be_read(file: Path) -> None:
    before = file.read_bytes()
    words = ("-c", str(file), "configure", "load")
    assert crm(*words, "replace", "/no/such.crm")[0] == 4
    assert crm(*words, "replace", str(file.parent))[0] == 1
    assert crm(*words, "replace", str(file))[0] == 2, "XML where text is expected"
    assert crm(*words, "xml", "replace", str(ROOT / "examples" / "bundle.crm"))[0] in (1, 2)
    assert crm("-f", "/no/such.crm", "-c", str(file))[0] in (2, 4)
    assert file.read_bytes() == before


# --------------------------------------------------------------------------------------------- streams


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("crm configure show | head -1", 0),
        ("crm configure show xml | head -c 1 >/dev/null", 0),
        ("crm configure save - | true", 0),
        ("{ sleep 0.5; crm configure show -o json; } | true", 0),
        ("crm configure show >&-", 0),
        ("crm configure show <&- >&- 2>&-", 0),
        ("crm configure nosuch 2>&-", 2),
        ("crm configure nosuch 2>/dev/full", 2),
        ("crm configure show >/dev/full", 1),
        ("crm configure save - >/dev/full", 1),
        ("crm configure show -o json >/dev/full", 1),
        ("crm configure <&-", 0),
    ],
)
def test_streams_that_are_closed_broken_or_full(command: str, code: int, file: Path) -> None:
    before = file.read_bytes()
    done, out, err = shell(command, file)
    assert done == code
    assert "Broken pipe" not in err
    assert len(out.splitlines()) <= 1
    assert file.read_bytes() == before


def test_a_full_disk_keeps_what_was_there(file: Path) -> None:
    code, _, err = shell("crm configure save /dev/full", file)
    assert code == 1
    assert "ERROR" in err
    limited = "ulimit -f 1; trap '' XFSZ; crm configure load update " + str(ROOT / "examples" / "web-service.crm")
    before = file.read_bytes()
    code, _, err = shell(limited, file)
    assert code == 1, err
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]
