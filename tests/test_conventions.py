"""The promises of the house that a reviewer would have to keep otherwise; what breaks one is listed by its name."""

from __future__ import annotations

import ast
import inspect
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crmsh_py.cib import listing, mapping
from crmsh_py.command.context import Context, Options
from crmsh_py.command.slots import SLOTS
from crmsh_py.errors import CrmError, Refused
from crmsh_py.language import keywords, places, records, statements, writer
from crmsh_py.language.allowed import DATE_PARTS
from crmsh_py.language.builder import RULES as RULES_BUILT
from crmsh_py.language.parser import parse
from crmsh_py.levels import LEVELS, load
from crmsh_py.output import Output
from crmsh_py.shell.everywhere import level as everywhere
from crmsh_py.shell.interpreter import Interpreter

if TYPE_CHECKING:
    from crmsh_py.command.declare import Command, Level

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "crmsh_py"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "grammar" not in path.parts)
TESTS = sorted((ROOT / "tests").rglob("*.py"))


# ------------------------------------------------------------------------------------------- code


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(_tree(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def _nothing(what: str, found: Iterable[str]) -> None:
    """Fail with all the names that were found, which pytest would shorten."""
    names = sorted(found)
    if names:
        pytest.fail(f"{what}:\n  " + "\n  ".join(names), pytrace=False)


def _imports(path: Path) -> set[str]:
    """The packages that a module imports anywhere."""
    found: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Calls with the dotted name of what is called."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            yield ast.unparse(node.func), node


def test_rooms_are_small() -> None:
    sizes = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*MODULES, *TESTS]}
    _nothing("over 500 lines", (f"{name}: {lines}" for name, lines in sizes.items() if lines > 500))


def test_functions_are_short() -> None:
    long = [
        f"{_name(path)}: {node.name} has {length} lines"
        for path in [*MODULES, *TESTS]
        for node in _functions(path)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > 40
    ]
    _nothing("over 40 lines", long)


def test_rooms_are_called_by_what_is_in_them() -> None:
    vague = re.compile(r"utils?|commons?|helpers?|managers?|misc|base|tools?|lib")
    _nothing("says nothing", (_name(path) for path in [*MODULES, *TESTS] if vague.fullmatch(path.stem)))


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("lark", "crmsh_py/language/table"),
        ("subprocess", "crmsh_py/run"),
        ("argparse", "crmsh_py/main"),
        ("paramiko", "crmsh_py/cluster/remote"),
        ("prompt_toolkit", "crmsh_py/shell/repl"),
        ("pygments", "crmsh_py/shell/lexer"),
        ("lxml", "crmsh_py/cib/"),
    ],
)
def test_a_library_has_one_home(library: str, home: str) -> None:
    strays = [
        _name(path)
        for path in MODULES
        if library in _imports(path)
        and not _name(path).removesuffix(".py").startswith(home)
        # annotations alone cost nothing
        and not _is_typing_only(path, library)
    ]
    _nothing(f"imports {library}, whose home is {home}", strays)


def _is_typing_only(path: Path, library: str) -> bool:
    """Whether a module imports a library nowhere but under `if TYPE_CHECKING`."""
    tree = _tree(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    text = ast.unparse(tree)
    return not re.search(rf"\b(import|from) {library}\b", text)


def test_nothing_dangerous_is_called() -> None:
    banned = re.compile(r"os\.(system|popen|exec\w+|spawn\w+)|(pickle|marshal|shelve)\.\w+|eval|exec|\w+\.mktemp")
    found = [
        f"{_name(path)}:{node.lineno}: {name}"
        for path in MODULES
        for name, node in _calls(path)
        if banned.fullmatch(name)
    ]
    shells = [
        f"{_name(path)}:{node.lineno}: shell="
        for path in MODULES
        for _, node in _calls(path)
        if any(keyword.arg == "shell" for keyword in node.keywords)
    ]
    imports = [_name(path) for path in MODULES if _imports(path) & {"pickle", "marshal", "shelve"}]
    _nothing("not to be used", found + shells + imports)


def test_one_module_writes_and_one_exits() -> None:
    exits = re.compile(r"(sys\.|os\._)?exit|quit|SystemExit")
    writes = re.compile(r"print|sys\.std(out|err)\.\w+|input")
    strays = [
        f"{_name(path)}:{node.lineno}: {name}"
        for path in MODULES
        for name, node in _calls(path)
        if (exits.fullmatch(name) and path.name not in ("main.py", "__main__.py"))
        or (writes.fullmatch(name) and path.name != "output.py")
    ]
    _nothing("writes or exits", strays)


def test_nothing_is_left_to_do() -> None:
    files = [*MODULES, *TESTS, *(ROOT / "grammar").glob("*.lark")]
    marks = re.compile(r"\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b")
    lines = [(path, number, line) for path in files for number, line in enumerate(path.read_text().splitlines(), 1)]
    _nothing("to be done", (f"{_name(path)}:{number}: {line}" for path, number, line in lines if marks.search(line)))


def test_public_functions_have_docstrings() -> None:
    bare = []
    for path in MODULES:
        tree = _tree(path)
        if not ast.get_docstring(tree) and tree.body:
            bare.append(_name(path))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                bare.append(f"{_name(path)}: {node.name}")
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                bare.append(f"{_name(path)}: {node.name}")
    _nothing("without a docstring", bare)


def test_every_test_can_fail() -> None:
    functions = [(path, node) for path in TESTS for node in _functions(path)]
    judges = {node.name for _, node in functions if _judges(node)}
    while more := {node.name for _, node in functions if _called(node) & judges} - judges:
        judges |= more
    tests = ((path, node.name) for path, node in functions if node.name.startswith("test_"))
    _nothing("asserts nothing", (f"{_name(path)}: {name}" for path, name in tests if name not in judges))


def _judges(function: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Raise) and node.exc and ast.unparse(node.exc).startswith("AssertionError"))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) in ("pytest.raises", "pytest.fail"))
        for node in ast.walk(function)
    )


def _called(function: ast.AST) -> set[str]:
    return {ast.unparse(node.func).rpartition(".")[2] for node in ast.walk(function) if isinstance(node, ast.Call)}


# ---------------------------------------------------------------------------------------- grammar

GRAMMAR = keywords.grammar_text()
RULES = re.findall(r"^\??(\w+):", GRAMMAR, re.MULTILINE)
START = re.findall(r"\w+", re.search(r"^\?start:(.*?)\n\n", GRAMMAR, re.MULTILINE | re.DOTALL).group(1))
SLOTS_OF_GRAMMAR = set(re.findall(r"\b([A-Z_]+)_SLOT\b", GRAMMAR))
# said in the language, held nowhere: an edit, a piece of XML, comments
NOT_OBJECTS = {statements.Monitor, statements.Xml, statements.Remark}


def _class(rule: str) -> type[statements.Statement] | None:
    return getattr(statements, "".join(word.capitalize() for word in rule.split("_")), None)


def _subclasses(cls: type) -> set[type]:
    direct = set(cls.__subclasses__())
    return direct.union(*(_subclasses(sub) for sub in direct))


def test_every_rule_has_a_builder() -> None:
    named = {rule for rule in RULES if not rule.startswith("_") and rule != "start"}
    built = set(RULES_BUILT)
    _nothing("a rule without a builder", named - built)
    _nothing("a builder without a rule", built - named)


def test_every_statement_has_a_class_a_row_a_writer_and_a_rank() -> None:
    classes = {rule: _class(rule) for rule in START}
    _nothing("without a class", (rule for rule, cls in classes.items() if cls is None))
    said = set(classes.values())
    assert _subclasses(statements.Statement) - {statements.Remark} == said
    assert set(mapping.KINDS) == said - NOT_OBJECTS
    assert set(listing.RANKS) == set(mapping.KINDS)
    assert set(writer.WRITERS) == said | NOT_OBJECTS
    assert {rule: records.keyword(cls("x")) for rule, cls in classes.items() if cls} == {rule: rule for rule in START}


def test_every_part_has_a_shape() -> None:
    parts = _subclasses(statements.Item) - {statements.Statement} - NOT_OBJECTS
    _nothing("without a shape", (cls.__name__ for cls in parts ^ set(mapping.SHAPES)))


def test_every_statement_stands_in_the_grammar_under_an_example_of_it() -> None:
    wrong = []
    for rule in START:
        examples = re.search(rf"((?:^// .*\n)+)^{rule}:", GRAMMAR, re.MULTILINE)
        lines = [line[3:] for line in examples.group(1).splitlines()] if examples else []
        if not lines or any(type(statement) is not _class(rule) for line in lines for statement in parse(line, rule)):
            wrong.append(rule)
    _nothing("without an example, or with a wrong one", wrong)


@pytest.mark.parametrize(
    ("rule", "before"),
    [
        ("instance_attributes", "primitive p a"),
        ("operations", "primitive p a"),
        ("op", "primitive p a"),
        ("rule", "location l r"),
    ],
)
def test_the_examples_of_parts_are_right(rule: str, before: str) -> None:
    example = re.search(rf"^// (.*)\n^{rule}:", GRAMMAR, re.MULTILINE)
    assert example, f"{rule} has no example above it"
    assert parse(f"{before} {example.group(1)}", rule)[0].children


def test_every_statement_has_a_fixture() -> None:
    text = (ROOT / "tests" / "language" / "identity.crm").read_text(encoding="utf-8")
    said = {type(statement) for statement in parse(text, "identity.crm")}
    # `monitor` changes a resource, and is never printed
    _nothing("without a line in identity.crm", {rule for rule in START if _class(rule) not in said} - {"monitor"})


# ----------------------------------------------------------------------------------------- commands

ALL_LEVELS: dict[str, Level] = {"everywhere": everywhere, "root": load("root"), **{name: load(name) for name in LEVELS}}
COMMANDS = [
    pytest.param(level, command, id=f"{level.name} {command.name}")
    for level in ALL_LEVELS.values()
    for command in level.commands.values()
]


def test_levels_are_called_as_in_the_table() -> None:
    assert {name: level.name for name, level in ALL_LEVELS.items()} == {name: name for name in ALL_LEVELS}
    below = {name for level in ALL_LEVELS.values() for name in level.sublevels}
    assert below == set(LEVELS)


def test_no_command_hides_a_statement_or_a_command_of_every_level() -> None:
    for level in ALL_LEVELS.values():
        words = [*level.commands, *level.aliases]
        common = set() if level is everywhere else {*everywhere.commands, *everywhere.aliases}
        _nothing(f"twice in {level.name}", {word for word in words if word in level.keywords or word in common})
        assert len(words) == len(set(words))


@pytest.mark.parametrize(("level", "command"), COMMANDS)
def test_a_command_is_declared_in_full(level: Level, command: Command) -> None:
    assert command.summary.endswith("."), "the first line of the docstring is a sentence"
    assert command.examples, "the docstring has an `Examples:` part"
    assert command.usage.patterns, "every usage line compiles"
    assert all(re.match(rf"{re.escape(command.name)}\b", line) for line in command.usage.lines)
    given = list(inspect.signature(command.handler).parameters)[1:]
    assert set(given) == command.usage.parameters(), "the handler's parameters are the slots of the usage"
    names = {command.name, *command.aliases}
    assert all(example.split()[0] in names for example in command.examples)


def _kinds_of_usages() -> set[str]:
    return {
        argument.kind
        for level in ALL_LEVELS.values()
        for command in level.commands.values()
        for pattern in command.usage.patterns
        for argument in pattern.arguments()
    }


def test_every_slot_is_a_row_and_every_row_is_used() -> None:
    of_grammar = {slot.lower() for slot in SLOTS_OF_GRAMMAR}
    used = of_grammar | _kinds_of_usages()
    _nothing("of the grammar, and not described", of_grammar - set(places.PLACES))
    _nothing("described, and not used", set(places.PLACES) - used)
    _nothing("without a row in SLOTS", used - set(SLOTS))
    _nothing("a row of SLOTS that nothing uses", set(SLOTS) - used)


def test_every_slot_of_the_grammar_can_stand_somewhere() -> None:
    declared = set(re.findall(r"\b([A-Z_]+)_SLOT\b", "".join(re.findall(r"^%declare.*$", GRAMMAR, re.MULTILINE))))
    placed = set(re.findall(r"\b([A-Z_]+)_SLOT\b", re.sub(r"^%declare.*$", "", GRAMMAR, flags=re.MULTILINE)))
    _nothing("declared or placed, not both", declared ^ placed)


@pytest.fixture
def example_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory as the examples of commands assume it: the web service, saved in three ways."""
    shutil.copy(ROOT / "examples" / "empty.xml", tmp_path / "web.xml")
    monkeypatch.chdir(tmp_path)
    load_it = f"load replace {ROOT / 'examples' / 'web-service.crm'}"
    for line in (load_it, "save backup.crm", "save web* web.crm", "save xml cib.xml"):
        code, _, err = _run(tmp_path / "web.xml", f"configure {line}")
        assert code == 0, err
    code, _, err = _run(tmp_path / "web.xml", "cib new test")
    assert code == 0, err
    return tmp_path


def _run(cib: Path, line: str) -> tuple[int, str, str]:
    """Run a line in this process, as a script of one line; exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    output = Output(out, err, {})
    # an editor that leaves everything as it is; shadows and settings are there
    environ = {"EDITOR": "true", "CIB_shadow_dir": str(cib.parent), "XDG_CONFIG_HOME": str(cib.parent)}
    interpreter = Interpreter(Context(Options(cib=str(cib)), environ, output.tell), output)
    try:
        code = interpreter.run_script(line, "example")
    except CrmError as error:
        for problem in error.problems:
            output.tell(problem)
        code = error.exit_code
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(("level", "command"), COMMANDS)
def test_the_examples_of_a_command_run(
    level: Level, command: Command, example_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # some commands want a terminal
    monkeypatch.setattr(os, "isatty", lambda _: True)
    inside = {"root": "", "everywhere": "configure\n", "assist": "configure\nassist\n"}.get(
        level.name, f"{level.name}\n"
    )
    # what acts on a running cluster is run on one in tests/cluster
    wanted = Refused.exit_code if command.is_live else 0
    for example in command.examples:
        code, _, err = _run(example_folder / "web.xml", inside + example)
        assert code == wanted, f"{example}\n{err}"


# ----------------------------------------------------------------------------------------- start-up

# each is dear at start-up and not needed to print a configuration; dataclasses brings inspect, ast, dis and tokenize
DEAR = """asyncio dataclasses email http importlib.metadata importlib.resources json lark logging multiprocessing
paramiko pkg_resources prompt_toolkit pygments socket ssl subprocess unittest urllib.request""".split()


def _modules_of(*words: str) -> set[str]:
    program = (
        "import os, sys\nos._exit = sys.exit\nfrom crmsh_py.main import main\n"
        f"try: main({list(words)!r})\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "finally: sys.stderr.write('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_show_starts_light(example_folder: Path) -> None:
    loaded = _modules_of("-c", str(example_folder / "web.xml"), "configure", "show")
    assert "crmsh_py.cib.listing" in loaded
    _nothing("imported for `configure show`", loaded & set(DEAR))


def test_help_starts_lighter() -> None:
    for words in (["--version"], ["configure", "help"], ["configure", "ls"]):
        _nothing(f"imported for {words}", _modules_of(*words) & {*DEAR, "lxml"})


def test_the_parts_of_dates_are_those_of_the_grammar() -> None:
    rule = re.search(r"^date_part: (.*?)\) VALUE", GRAMMAR, re.MULTILINE | re.DOTALL)
    assert rule is not None
    assert set(re.findall(r'"(\w+)="', rule.group(1))) == DATE_PARTS
