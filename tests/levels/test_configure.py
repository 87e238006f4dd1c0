"""The commands of `configure` that look, exchange texts and set values, through the real program."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from terminal import CRM, Terminal

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schemas"


@pytest.fixture(scope="module")
def web_service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("web") / "cib.xml"
    shutil.copy(ROOT / "examples" / "empty.xml", made)
    load = ("load", "replace", str(ROOT / "examples" / "web-service.crm"))
    assert run(made, *load)[0] == 0
    return made


@pytest.fixture
def file(tmp_path: Path, web_service: Path) -> Path:
    return Path(shutil.copy(web_service, tmp_path / "cib.xml"))


def run(file: Path, *words: str, stdin: str = "", **environ: str) -> tuple[int, str, str]:
    """Run one command of `configure` as a process; exit code, stdout, stderr."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    line = [sys.executable, "-m", "crmsh_py", "-c", str(file), "configure", *words]
    done = subprocess.run(line, input=stdin, capture_output=True, text=True, env=env, cwd=file.parent, timeout=60)
    assert done.returncode not in (3, -signal.SIGSEGV), done.stderr
    return done.returncode, done.stdout, done.stderr


def shown(file: Path, *words: str) -> str:
    return run(file, "show", *words)[1]


def program(folder: Path, text: str) -> str:
    """A small program, as an editor."""
    made = folder / "editor"
    made.write_text(f"#!/bin/sh\n{text}\n")
    made.chmod(0o755)
    return str(made)


# ---------------------------------------------------------------------------------- show, save, load


def test_obscured_values_are_masked(file: Path) -> None:
    assert 'params ip="******" cidr_netmask=24' in shown(file, "obscure:ip", "address")
    assert "192.0.2.80" not in shown(file, "xml", "obscure:IP*")
    assert json.loads(shown(file, "obscure:ip", "address", "-o", "json"))["data"][0]["instance_attributes"][0][
        "nvpair"
    ][0]["value"] == ("******")


def test_changed_secrets_are_seen_though_masked(file: Path) -> None:
    assert run(file, "primitive", "s", "ocf:none:nosuch", "params", "passwd=one")[0] == 0
    said = run(file, stdin="set s.passwd two\nshow changed\n")[1]
    assert said == 'primitive s ocf:none:nosuch \\\n\tparams passwd="******"\n'


@pytest.mark.parametrize("words", [("-", "web"), ("web", "-", "address"), ("xml", "-", "web")])
def test_save_says_that_the_file_comes_last(file: Path, words: tuple[str, ...]) -> None:
    code, _, err = run(file, "save", *words)
    assert code == 2
    assert "comes last" in err
    assert sorted(path.name for path in file.parent.iterdir()) == ["cib.xml"]


def test_xml_brings_its_schema_as_exact_text_does(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    other.write_text(file.read_text().replace("pacemaker-3.9", "pacemaker-3.8"))
    for words in (("save", "xml", "saved"), ("load", "xml", "replace", "saved")):
        target = other if words[0] == "save" else file
        assert run(target, *words)[0] == 0
    assert run(file, "schema")[1] == "pacemaker-3.8\n"
    assert run(file, "save", "-")[1] == run(other, "save", "-")[1]


def test_push_deletes_what_is_not_in_the_file_but_nodes(file: Path, tmp_path: Path) -> None:
    text = "primitive address IPaddr2 params ip=192.0.2.80\nprimitive new Dummy\nproperty stonith-enabled=false\n"
    assert run(file, "load", "push", "-", stdin=text)[0] == 0
    assert [line.split()[:2] for line in shown(file).splitlines() if line[0] not in "\t#"] == [
        ["node", "1:"],
        ["node", "2:"],
        ["primitive", "address"],
        ["primitive", "new"],
        ["property", "cib-bootstrap-options:"],
    ]
    assert run(file, "load", "push", "--with-nodes", "-", stdin=text)[0] == 0
    assert shown(file, "type:node") == ""


def test_options_and_methods_of_load(file: Path) -> None:
    assert run(file, "load", "replace", "--with-nodes", "-")[0] == 2
    assert run(file, "load", "rep", "-")[0] == 2
    assert run(file, "load", "update")[0] == 2


# ------------------------------------------------------------------------------------------- editing


def edit(file: Path, editor: str, *words: str) -> Terminal:
    return Terminal(
        [*CRM, "-c", str(file), "configure", "edit", *words], file.parent, EDITOR=editor, TMPDIR=str(file.parent)
    )


def test_an_editor_that_changes_nothing(file: Path) -> None:
    before = file.read_bytes()
    for words in ((), ("xml",), ("web*", "address")):
        terminal = edit(file, "true", *words)
        assert terminal.end() == 0
        assert "nothing was changed" in terminal.said
    assert file.read_bytes() == before


def test_an_editor_that_changes_something(file: Path) -> None:
    script = 'stat -c "%a %n" "$1" "${1%/*}"; cp "$1" copy; sed -i s/192.0.2.80/192.0.2.81/ "$1"; touch "$1~"'
    terminal = edit(file, f"{program(file.parent, script)} --", "address")
    # the first argument is the one of the setting
    assert terminal.end() == 1
    terminal = edit(file, program(file.parent, script), "address")
    assert terminal.end() == 0, terminal.said
    assert "ip=192.0.2.81" in shown(file, "address")
    assert "600 " in terminal.said
    assert "700 " in terminal.said
    assert (file.parent / "copy").read_text().startswith("primitive address IPaddr2 \\\n")
    assert not list(file.parent.glob("crm-*")), "nothing is left"


def test_wrong_text_can_be_edited_again(file: Path) -> None:
    before = file.read_bytes()
    terminal = edit(file, program(file.parent, 'echo junk >> "$1"'), "address")
    terminal.wait("text:4:1: ERROR: expected")
    terminal.wait("again.*$")
    terminal.type("y\n")
    terminal.wait("text:5:1: ERROR: expected")
    terminal.wait("again.*$")
    terminal.type("n\n")
    assert terminal.end() == 2
    assert file.read_bytes() == before
    assert not list(file.parent.glob("crm-*"))


@pytest.mark.parametrize(("name", "has_line"), [("vim.tiny", True), ("nano", True), ("sam", False)])
def test_it_is_edited_again_at_the_line_that_is_wrong(file: Path, name: str, has_line: bool) -> None:
    editor = file.parent / name
    editor.symlink_to(program(file.parent, 'echo "given: $# $1"; for last; do :; done; echo junk >> "$last"'))
    terminal = edit(file, str(editor), "address")
    terminal.wait("given: 1 ")
    terminal.wait("again.*$")
    terminal.type("y\n")
    terminal.wait(r"given: 2 \+4$" if has_line else "given: 1 ")
    terminal.wait("again.*$")
    terminal.type("n\n")
    assert terminal.end() == 2


def test_an_empty_text_is_asked_about(file: Path) -> None:
    editor = program(file.parent, ': > "$1"')
    for answer, stays in (("n", True), ("y", False)):
        terminal = edit(file, editor, "public")
        terminal.wait("delete all")
        terminal.type(f"{answer}\n")
        assert terminal.end() == 0
        assert bool(shown(file, "type:tag")) == stays


def test_an_editor_that_fails_or_is_not_there(file: Path) -> None:
    before = file.read_bytes()
    for editor, text in (("false", "exit code 1"), ("/nosuch/editor", "no such program"), ("'", "not a program")):
        terminal = edit(file, editor)
        assert terminal.end() in (1, 2)
        assert text in terminal.said
    assert file.read_bytes() == before
    assert not list(file.parent.glob("crm-*"))


def test_secrets_are_gone_when_the_process_is_told_to_end(file: Path) -> None:
    terminal = edit(file, program(file.parent, "echo waiting; exec sleep 30"))
    terminal.wait("waiting")
    folder = next(file.parent.glob("crm-*"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    os.kill(terminal.pid, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


def test_edit_without_a_terminal_is_refused(file: Path) -> None:
    code, _, err = run(file, "edit", EDITOR="true")
    assert (code, "needs a terminal" in err) == (2, True)


def test_filters(file: Path) -> None:
    before = file.read_bytes()
    assert run(file, "filter", "cat")[::2] == (0, "note: nothing was changed\n")
    for words, code, text in (
        (("false",), 1, "false failed with exit code 1"),
        (("true",), 1, "true wrote nothing"),
        (("nosuch-program",), 1, "no such program"),
        (("echo junk",), 2, "output of echo:1:1: ERROR: expected"),
        (("sh -c 'echo oops >&2; exit 7'",), 1, "sh failed with exit code 7: oops"),
        (("sed 's/x",), 2, "not a program with arguments"),
        ((" ",), 2, "expected a program"),
        (("cat", "nosuch"), 4, "there is no object nosuch"),
    ):
        found, out, err = run(file, "filter", *words)
        assert (found, out) == (code, ""), err
        assert text in err
    assert file.read_bytes() == before


def test_a_filter_sees_lines_and_no_shell(file: Path) -> None:
    assert run(file, "filter", "sh -c 'tee seen; echo said >&2'", "web", "address")[0] == 0
    assert (file.parent / "seen").read_text().splitlines() == [
        "primitive address IPaddr2 params ip=192.0.2.80 cidr_netmask=24 op monitor interval=10s timeout=20s",
        "group web files address server meta priority=10",
    ]
    code, _, err = run(file, "filter", "sed 's/192.0.2.80/$HOME;id/'", "address")
    assert code == 0, err
    assert 'ip="$HOME;id"' in shown(file, "address")
    assert run(file, "filter", "sed s/10s/12s/g", "xml", "web")[0] == 0
    assert "interval=12s" in shown(file, "address")


@pytest.mark.parametrize("program", ["echo x; cat", "cat | cat", "cat > out", "cat &", "cat $(x)", "cat `x`", "cat<x"])
def test_what_is_for_a_shell_is_refused_by_a_filter(file: Path, program: str) -> None:
    before = file.read_bytes()
    code, _, err = run(file, "filter", program, "web")
    assert (code, "for a shell" in err, f"sh -c '{program}'" in err) == (2, True, True)
    assert file.read_bytes() == before


def test_set_and_its_errors(file: Path) -> None:
    assert run(file, "set", "address.ip", "192.0.2.9")[0] == 0
    assert "ip=192.0.2.9" in shown(file, "address")
    before = file.read_bytes()
    for path, code in (("address", 2), ("nosuch.x", 4), ("address.nosuch", 4), ("disk.monitor.timeout", 2)):
        assert run(file, "set", path, "1")[0] == code
    assert file.read_bytes() == before


# ------------------------------------------------------------------------------ properties and schemas


@pytest.mark.parametrize(
    ("words", "code", "out"),
    [
        (("stonith-enabled",), 0, "true\n"),
        (("fencing-enabled",), 0, "true\n"),
        (("-t", "stonith-enabled"), 0, "true\n"),
        (("-t", "no-quorum-policy"), 0, "false\n"),
        (("cluster-delay",), 0, "60s\n"),
        (("cluster-name",), 0, "web\n"),
        (("nosuch",), 4, ""),
        (("concurrent-fencing",), 4, ""),
    ],
)
def test_get_property(file: Path, words: tuple[str, ...], code: int, out: str) -> None:
    for name in ("get_property", "get-property"):
        assert run(file, name, *words)[:2] == (code, out)


def test_the_first_set_of_properties_wins(file: Path) -> None:
    text = "property more: 9: batch-limit=5 stonith-enabled=false\nproperty rule 1: #uname eq alpha batch-limit=7"
    assert run(file, "load", "update", "-", stdin=text)[0] == 0
    assert run(file, "get_property", "batch-limit")[1] == "5\n"
    assert run(file, "get_property", "fencing-enabled")[1] == "true\n"


@pytest.mark.needs_pacemaker
def test_schemas(file: Path) -> None:
    assert run(file, "schema") == (0, "pacemaker-3.9\n", "")
    assert run(file, "schema", "pacemaker-3.8")[0] == 0
    assert run(file, "schema")[1] == "pacemaker-3.8\n"
    code, _, err = run(file, "schema", "xxx")
    assert (code, "did you mean" in err, "pacemaker-1.2, " in err) == (4, False, True)
    code, _, err = run(file, "schema", "pacemaker-3.99")
    assert "did you mean" in err
    assert (code, "pacemaker-3.9" in err) == (4, True)
    code, _, err = run(file, "schema", "pacemaker-3.8", PCMK_schema_directory="/nosuch")
    assert (code, "not installed" in err) == (1, True)


@pytest.mark.needs_pacemaker
def test_an_upgrade(tmp_path: Path) -> None:
    cib = tmp_path / "old.xml"
    cib.write_text(
        '<cib validate-with="pacemaker-2.10" epoch="1" num_updates="0" admin_epoch="0">'
        "<configuration><crm_config/><nodes/><resources>"
        '<primitive id="p" class="ocf" provider="pacemaker" type="Dummy"><operations>'
        '<op id="p-m" name="monitor" interval="10s" requires="nothing"/></operations></primitive></resources>'
        "<constraints/></configuration><status/></cib>"
    )
    before = cib.read_bytes()
    assert run(cib, "upgrade")[0] == 2
    assert cib.read_bytes() == before
    code, out, err = run(cib, "upgrade", "force", CIB_shadow="nosuch")
    assert code == 0, err
    assert "it is pacemaker-3." in err
    assert run(cib, "schema")[1] > "pacemaker-3"
    assert out == "" or out.startswith("--- ")
    code, out, err = run(cib, "upgrade", "force")
    assert (code, out) == (0, "")
    assert "already" in err
    assert run(cib, stdin="schema pacemaker-3.0\nupgrade force\nundo\nundo\n")[0] == 0
    assert not list(tmp_path.glob("crm-*"))


# ------------------------------------------------------------------------------------------ the rest


def test_assist_is_a_level_below_configure(file: Path) -> None:
    assert run(file, stdin="assist\ntemplate fence-alpha fence-beta\nup\nassist weak-bond web gateway-clone\n")[0] == 0
    assert shown(file, "type:rsc_template").startswith("rsc_template template-fence_ipmilan-1 stonith:fence_ipmilan")
    assert "inf: ( web gateway-clone ) place-dummy-1" in shown(file, "place-*")
    assert run(file, "assist", "template", "address")[0] == 2
    root = [sys.executable, "-m", "crmsh_py", "-c", str(file), "assist", "template", "a", "b"]
    done = subprocess.run(
        root, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False
    )
    assert done.returncode == 2, "as in the existing shell, not from the root"


def test_a_graph(file: Path) -> None:
    code, out, _ = run(file, "graph")
    assert code == 0
    assert out.startswith("digraph configuration {")
    assert '"disk" -> "files" [style=solid, label="Mandatory promote:start"' in out
    assert run(file, "graph", "dot", "web.dot")[:2] == (0, "")
    assert (file.parent / "web.dot").read_text() == out
    assert run(file, "graph", "dot", "-", "svg")[0] == 2
    if not shutil.which("dot"):
        assert run(file, "graph", "dot", "web.svg", "svg")[0] == 1
        assert not (file.parent / "web.svg").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("get_property", "stonith-enabled"),
        ("get_property", "cluster-delay"),
        ("get_property",),
        ("schema",),
        ("graph",),
    ],
    ids=" ".join,
)
def test_answers_fit_their_schemas(file: Path, words: tuple[str, ...]) -> None:
    sets = "order sets [ web gateway-clone sequential=false ] [ fence-alpha fence-beta sequential=false ]"
    assert run(file, "load", "update", "-", stdin=sets)[0] == 0
    code, out, err = run(file, *words, "-o", "json")
    assert (code, err) == (0, "")
    said = json.loads(out)
    schema = json.loads((SCHEMAS / f"{said['shape']}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(said)
    if words == ("graph",):
        edges = [edge for edge in said["data"]["edges"] if edge["constraint"] == "sets"]
        assert [(edge["from"], edge["to"]) for edge in edges] == [
            ("web", "sets/1"),
            ("gateway-clone", "sets/1"),
            ("sets/1", "fence-alpha"),
            ("sets/1", "fence-beta"),
        ]
