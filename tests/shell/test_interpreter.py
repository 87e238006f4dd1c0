"""Lines and scripts on a level of their own, which keeps words in a list."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from crmsh_py.cib.document import Cib
from crmsh_py.command.context import Context, Options
from crmsh_py.command.declare import Level
from crmsh_py.errors import BadSyntax, Cancelled, CrmError, NoSuchObject, Refused, UsageError
from crmsh_py.language.words import logical_lines
from crmsh_py.output import Output, Record
from crmsh_py.problems import WARNING, Problem
from crmsh_py.shell.interpreter import Interpreter

if TYPE_CHECKING:
    from crmsh_py.language.words import Line


class Store:
    """A session over a list of words; an edit is all or nothing, as the real one's."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.committed: list[str] = []
        self.edits = 0
        self.has_written = False
        self.store = SimpleNamespace(environ={"CIB_file": "words.xml"})
        self.draft = Cib.empty("pacemaker-3.9")

    def discard(self) -> None:
        self.words = list(self.committed)

    @property
    def is_dirty(self) -> bool:
        return self.words != self.committed

    def edit(self, change: Callable[[object], None]) -> None:
        before = list(self.words)
        self.edits += 1
        try:
            change(None)
        except BaseException:
            self.words = before
            raise

    def commit(
        self, *, force: bool = False, overwrite: bool = False, expected_epoch: int | None = None
    ) -> list[Problem]:
        if "bad" in self.words and not force:
            raise Refused("the draft is bad")
        self.committed = list(self.words)
        self.has_written = True
        return [Problem(WARNING, "odd", "an odd word")] if "odd" in self.words else []


def parse(line: Line) -> list[str]:
    words = [word.value for word in line.words]
    if words[-1] == "wrong":
        raise line.error("expected a good word", line.words[-1].start, line.words[-1].stop)
    return words


toy = Level(
    "toy", "words in a list", not_yet=("paint",), parse=parse, keywords=lambda: frozenset({"word", "adverb", "xml"})
)
root = Level("root", "a toy shell", sublevels={"toy": "words in a list"}, not_yet=("paint",))


@toy.command("show [<pattern:name>...]", aliases=("display",))
def show(cx: Any, pattern: Sequence[str] = ()) -> Record:
    """Show the words."""
    found: list[str] = list(cx.session.words)
    return Record("toy.show", lambda: found, lambda: [("", " ".join(found) + "\n")])


@toy.command("delete <words:id>...", aliases=("rm",), destructive=True)
def delete(cx: Any, words: Sequence[str]) -> None:
    """Delete words."""
    for word in words:
        if word not in cx.session.words:
            raise NoSuchObject(f"no such word: {word}")
        cx.session.words.remove(word)


@toy.command("commit [force]", destructive=True, border=True)
def commit(cx: Context, force: bool = False) -> None:
    """Commit."""
    cx.commit(force)


@toy.command("code <n:number>")
def code(cx: Context, n: int) -> int:
    """End with an exit code."""
    return n


@toy.command("interrupt")
def interrupt(cx: Context) -> None:
    """What Ctrl-C does."""
    raise KeyboardInterrupt


@toy.statements
def put(cx: Any, lines: list[list[str]]) -> None:
    """Add words."""
    for words in lines:
        if "late" in words:
            raise NoSuchObject("no such word: late")
        cx.session.words += words[1:]


class Shell:
    def __init__(self, **options: bool) -> None:
        self.out, self.err, self.store = io.StringIO(), io.StringIO(), Store()
        self.output = Output(self.out, self.err, {})
        self.cx = Context(Options(**options), {}, self.output.tell, lambda _: self.store)  # type: ignore[arg-type,return-value]
        self.interpreter = Interpreter(self.cx, self.output, {"root": root, "toy": toy}.__getitem__)

    def script(self, *lines: str) -> int:
        return self.interpreter.run_script("\n".join(lines), "s.crm")

    def line(self, *words: str) -> int:
        return self.interpreter.run_words(self.interpreter.descend(words))


def places(error: CrmError) -> list[tuple[str, int, int]]:
    return [(p.place.source, p.place.line, p.place.column) for p in error.problems if p.place]


def test_a_script_runs_and_is_committed_at_its_end() -> None:
    shell = Shell()
    assert shell.script("# a comment", "toy", "word a \\", "  b", "show", "up", "toy word c", "cd toy", "rm b") == 0
    assert shell.store.committed == ["a", "c"]
    assert shell.out.getvalue() == "a b\n"
    assert shell.err.getvalue() == ""


def test_all_syntax_errors_are_told_and_nothing_runs() -> None:
    shell = Shell()
    with pytest.raises(BadSyntax) as caught:
        shell.script("toy", "word a", "show", "word wrong", "word 'x", "nosuch", "delete", "commit")
    assert places(caught.value) == [("s.crm", 4, 6), ("s.crm", 5, 6), ("s.crm", 6, 1), ("s.crm", 7, 7)]
    assert (shell.store.edits, shell.store.committed, shell.out.getvalue()) == (0, [], "")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("tyo", "word a", "show"), [1]),
        (("cd tyo", "word a", "show"), [1]),
        (("paint", "word a", "show"), [1]),
        (("tyo", "word a", "up", "nosuch x"), [1, 4]),
        (("tyo", "word a", "end", "toy", "word wrong"), [1, 5]),
        (("tyo a", "word a"), [1, 2]),
        (("toy", "shw", "word a", "shw"), [2, 4]),
    ],
)
def test_what_only_follows_from_an_unknown_level_is_not_told(lines: tuple[str, ...], told: list[int]) -> None:
    with pytest.raises(UsageError) as caught:
        Shell().script(*lines)
    assert [place[1] for place in places(caught.value)] == told


@pytest.mark.parametrize("bad", ["delete x", "show\nword late\nshow", "code x"])
def test_an_error_stops_the_script_and_nothing_is_committed(bad: str) -> None:
    shell = Shell()
    with pytest.raises(CrmError) as caught:
        shell.script("toy", "word a", "word b", bad, "word c")
    assert places(caught.value)[0][1] == 4 + bad.count("show\n")
    assert shell.store.committed == []


def test_an_explicit_commit_is_a_border() -> None:
    shell = Shell()
    with pytest.raises(NoSuchObject) as caught:
        shell.script("toy", "word a", "commit", "word b", "delete x")
    assert shell.store.committed == ["a"]
    assert "up to line 3" in caught.value.problems[-1].text


def test_keep_going_commits_what_is_good_and_ends_with_the_first_error() -> None:
    shell = Shell(keep_going=True)
    assert shell.script("toy", "word a", "delete x", "word wrong", "word b") == 2
    assert shell.store.committed == ["a", "b"]
    assert "s.crm:3:1: ERROR: no such word: x" in shell.err.getvalue()
    assert "s.crm:4:6: ERROR: expected a good word" in shell.err.getvalue()


def test_neighbouring_statements_are_one_edit() -> None:
    shell = Shell()
    shell.script("toy", *["word a"] * 50, "show", "word b")
    assert shell.store.edits == 2


def test_a_refused_commit_is_an_error_and_force_is_not() -> None:
    with pytest.raises(Refused):
        Shell().line("toy", "word", "bad")
    shell = Shell(force=True)
    assert shell.line("toy", "word", "bad") == 0
    assert shell.store.committed == ["bad"]


def test_warnings_of_a_script_name_the_line() -> None:
    shell = Shell()
    shell.script("toy", "word odd", "commit")
    assert shell.err.getvalue().startswith("s.crm:3:1: WARNING: an odd word\n")


def test_a_command_line_keeps_its_words_whole() -> None:
    shell = Shell()
    assert shell.line("toy", "word", "x y", "a=b c", "it's", "") == 0
    assert shell.store.committed == ["x y", "a=b c", "it's", ""]


def test_raw_xml_is_one_word_behind_a_level_too() -> None:
    shell = Shell()
    shell.script('toy xml  <a b="c d"/> ')
    assert shell.line("toy", "xml", '<a b="e f"/>') == 0
    assert shell.store.committed == ['<a b="c d"/>', '<a b="e f"/>']


def test_quit_ends_a_script() -> None:
    shell = Shell()
    assert shell.script("toy", "word a", "quit", "nosuch") == 0
    assert shell.store.committed == ["a"]


@toy.command("judge")
def judge(cx: Any) -> Record:
    """Say something, and end with an exit code."""
    return Record("toy.judge", lambda: "bad", lambda: [("", "bad\n")], exit_code=5)


@pytest.mark.parametrize("words", [("code", "5"), ("judge",)])
def test_exit_codes_of_commands_are_passed_on(words: tuple[str, ...]) -> None:
    shell = Shell()
    assert shell.line("toy", *words) == 5
    assert shell.err.getvalue() == ""


@pytest.mark.parametrize("line", ["code 5", "judge"])
def test_an_exit_code_ends_a_script_and_nothing_is_committed(line: str) -> None:
    shell = Shell()
    assert shell.script("toy", "word a", "commit", "word b", line, "code 0", "judge") == 5
    assert shell.store.committed == ["a"]
    assert shell.out.getvalue() in ("", "bad\n")
    said = shell.err.getvalue()
    assert said.startswith("s.crm:5:1: ERROR: the script ends here, with exit code 5")
    assert "up to line 3" in said


@pytest.mark.parametrize("line", ["toy word a", "toy\tword  a ", "toy\nword a", "toy\n word a \\\n\n"])
def test_a_line_quoted_as_one_word_is_run(line: str) -> None:
    shell = Shell()
    assert shell.line(line) == 0
    assert shell.store.committed == ["a"]
    shell = Shell()
    assert shell.line("toy", line.partition("toy")[2]) == 0
    assert shell.store.committed == ["a"]


def test_a_final_commit_that_is_refused_says_what_stays() -> None:
    shell = Shell()
    with pytest.raises(Refused) as caught:
        shell.script("toy", "word a", "commit", "word bad")
    assert "up to line 3" in caught.value.problems[-1].text
    assert shell.store.committed == ["a"]


@pytest.mark.parametrize("keep_going", [False, True])
def test_ctrl_c_ends_a_script_and_says_what_stays(keep_going: bool) -> None:
    shell = Shell(keep_going=keep_going)
    with pytest.raises(Cancelled) as caught:
        shell.script("toy", "word a", "commit", "word b", "interrupt", "word c")
    assert shell.store.committed == ["a"]
    assert keep_going or "up to line 3" in caught.value.problems[-1].text


def test_a_typed_line_runs_at_once_and_is_not_committed() -> None:
    shell = Shell()
    for text in ("toy", "word a", "up", "toy word b"):
        shell.interpreter.run_typed(next(iter(logical_lines(text, ""))))
    assert (shell.store.words, shell.store.committed, shell.interpreter.stack.names) == (["a", "b"], [], ["root"])


@pytest.mark.parametrize("text", ["cd toy/nosuch", "toy delete x", "cd ../toy", "toy word late", "toy word 'x"])
def test_a_typed_line_that_fails_leaves_all_as_it_was(text: str) -> None:
    shell = Shell()
    with pytest.raises(CrmError):
        shell.interpreter.run_typed(next(iter(logical_lines(text, ""))))
    assert (shell.store.words, shell.interpreter.stack.names) == ([], ["root"])


@pytest.mark.parametrize(("word", "full"), [("sho", "show"), ("adv", "adverb"), ("h", "help")])
def test_an_unambiguous_prefix_is_read_as_the_word_with_a_note(word: str, full: str) -> None:
    shell = Shell()
    shell.line("to", word)
    assert shell.err.getvalue() == f'note: "to" is read as "toy"\nnote: "{word}" is read as "{full}"\n'


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["toy", "del", "a"], "`delete` must be written in full"),
        (["toy", "co"], "`co` could be code or commit"),
        (["toy", "shw"], "no such command in toy: shw"),
        (["toy", "paint"], "`paint` is not there yet"),
        (["toy", "show", "--all"], "unknown option --all"),
        (["up"], "there is no level above this one"),
        (["cd", "nosuch"], "no such level in root: nosuch"),
        ([""], "no such command: "),
    ],
)
def test_what_cannot_be_read_is_a_usage_error(words: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        Shell().line(*words)
    assert str(caught.value) == said or caught.value.problems[0].text == said


def test_a_session_that_nobody_asks_for_is_not_opened() -> None:
    shell = Shell()
    shell.line("toy", "help", "show")
    assert not shell.cx.is_dirty
    assert "session" not in vars(shell.cx)


def test_two_contexts_know_nothing_of_each_other() -> None:
    one, other = Shell(), Shell()
    one.line("toy", "word", "a")
    other.line("toy", "show")
    assert other.out.getvalue() == "\n"


@pytest.mark.parametrize("words", [("help", "toy", "show"), ("toy", "show", "--help"), ("toy", "help", "display")])
def test_help_on_a_command(words: tuple[str, ...]) -> None:
    shell = Shell()
    shell.line(*words)
    assert shell.out.getvalue().startswith("Show the words.\n\nUsage\n  show [<pattern>...]\n")


def test_the_overview_and_ls_have_everything() -> None:
    shell = Shell()
    shell.line("toy", "help")
    for word in ("show", "delete", "quit", "adverb", "words in a list"):
        assert word in shell.out.getvalue()
    shell = Shell()
    shell.line("toy", "ls")
    assert shell.out.getvalue().split() == sorted([*toy.commands, *toy.keywords, "cd", "help", "ls", "quit", "up"])
