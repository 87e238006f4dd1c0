"""Lines and words: quoting loses nothing, places are exact, comments stay with what follows them."""

from __future__ import annotations

import shlex

import pytest
from awkward import texts
from hypothesis import example, given
from hypothesis import strategies as some

from crmsh_py.errors import BadSyntax
from crmsh_py.language.words import Comment, Line, Word, logical_lines, quote, quote_argv

plain = some.text(some.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=5)
blanks = some.sampled_from([" ", "  ", "\t", " \\\n", " \\\n\t", "\\\n"])


def lines(text: str) -> list[Line]:
    return list(logical_lines(text, "s"))


def words(text: str) -> list[Word]:
    (line,) = lines(text)
    if line.fault:
        raise line.fault
    return line.words


def values(text: str) -> list[str]:
    return [word.value for word in words(text)]


# ---- quoting


@given(texts)
@example("")
@example("\\")
@example("a\\")
@example("'\"\\\t\n\r$")
def test_a_quoted_value_is_read_back(value: str) -> None:
    assert values(f"a {quote(value)} b") == ["a", value, "b"]


@given(texts)
def test_a_quoted_value_stays_on_its_line(value: str) -> None:
    """And so the text can be read line by line, and shown in a terminal."""
    assert not set(quote(value)) & set("\n\r\t")


@given(some.lists(texts, min_size=1, max_size=5))
def test_what_stands_side_by_side_is_one_word(parts: list[str]) -> None:
    (word,) = words("".join(quote(part) for part in parts))
    assert word.value == "".join(parts)
    assert word.mask == "q" * len(word.value)
    assert not word.is_bare


@given(some.lists(texts.filter(lambda text: "\n" not in text), min_size=1, max_size=4))
def test_what_a_posix_shell_quotes_is_read_as_the_shell_reads_it(arguments: list[str]) -> None:
    assert values("x " + shlex.join(arguments)) == ["x", *arguments]


@given(some.lists(texts, min_size=1, max_size=5).filter(lambda argv: argv[0].lower() != "xml"))
def test_arguments_of_a_process_come_through(argv: list[str]) -> None:
    assert values("x " + quote_argv(["x", *argv])[2:]) == ["x", *argv]


def test_arguments_keep_what_their_characters_mean() -> None:
    (assignment,) = words(quote_argv(["ip=a b"]))
    assert assignment.find_bare("=") == 2
    (label,) = words(quote_argv(["inf:"]))
    assert label.is_bare
    assert quote_argv(["xml", "<a b='c d'/>"]) == "xml <a b='c d'/>"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ('a"b c"d', ["ab cd"]),
        ("a 'b c' d", ["a", "b c", "d"]),
        (r"a\ b", ["a b"]),
        (r'"a\"b"', ['a"b']),
        (r'"a\\b"', [r"a\b"]),
        (r'"a\nb"', [r"a\nb"]),
        (r"'a\b'", [r"a\b"]),
        (r"$'a\tb\n\r\\\'\"'", ["a\tb\n\r\\'\""]),
        ("a$'b'c", ["abc"]),
        ("$a '$b'", ["$a", "$b"]),
        ("a=$x", ["a=$x"]),
        ('""', [""]),
        ("a  ''  b", ["a", "", "b"]),
        ("a #b", ["a", "#b"]),
        ("  a\t b\r", ["a", "b"]),
        ("xml <a b='c  d'/>  ", ["xml", "<a b='c  d'/>"]),
        ("XML   <a/> <b/>", ["XML", "<a/> <b/>"]),
    ],
)
def test_words_are_split_as_in_a_shell(typed: str, read: list[str]) -> None:
    assert values(typed) == read


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("a=b", 1),
        ("'a=b'", -1),
        ("a'='b", -1),
        ("'a'=b", 1),
        ("a\\=b=c", 3),
        ("'a=b'=c", 3),
    ],
)
def test_what_is_quoted_divides_nothing(typed: str, bare: int) -> None:
    (word,) = words(typed)
    assert word.find_bare("=") == bare


@pytest.mark.parametrize(
    ("typed", "place"), [('a "b', (1, 3)), ("a 'b", (1, 3)), ("a $'b", (1, 3)), ('a b"c d', (1, 4)), ('"a\\"', (1, 1))]
)
def test_a_quote_that_is_not_closed_is_the_fault_of_its_line(typed: str, place: tuple[int, int]) -> None:
    first, second = lines(f"{typed}\nok")
    assert isinstance(first.fault, BadSyntax)
    found = first.fault.problems[0].place
    assert found
    assert (found.line, found.column) == place
    assert [word.value for word in second.words] == ["ok"]


# ---- places


@given(some.lists(some.tuples(plain, blanks), min_size=1, max_size=8))
def test_each_word_has_its_place(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + blank for word, blank in parts) + "end"
    physical = text.split("\n")
    for word in words(text):
        place = word.place
        assert physical[place.line - 1] == place.text
        assert place.text[place.column - 1 : place.end - 1] == word.raw == word.value


@given(texts.filter(lambda value: value and "\n" not in value), plain)
def test_the_place_of_a_quoted_word_has_its_quotes(value: str, name: str) -> None:
    quoted = quote(value)
    _, word, _ = words(f"{name} {quoted} {name}")
    assert word.place.text[word.place.column - 1 : word.place.end - 1] == quoted == word.raw


def test_a_part_of_a_word_has_its_own_place() -> None:
    (word,) = words("name=value")
    part = word.cut(5)
    assert (part.value, part.place.column, part.place.end) == ("value", 6, 11)


# ---- lines


def test_lines_that_continue() -> None:
    assert values("a \\\n  b \\\n\tc") == ["a", "b", "c"]
    assert values("a\\\nb") == ["a", "b"]
    assert values("a \\") == ["a"]


def test_a_pair_of_backslashes_continues_nothing() -> None:
    first, second = lines("a \\\\\nb")
    assert [word.value for word in first.words] == ["a", "\\"]
    assert [word.value for word in second.words] == ["b"]


def test_the_ends_of_lines_of_other_systems() -> None:
    assert [[word.value for word in line.words] for line in lines("a \\\r\n b\r\nc\r\n")] == [["a", "b"], ["c"]]
    assert values("\ufeffa") == ["a"]


def test_numbers_of_lines() -> None:
    assert [line.number for line in lines("a\n\nb \\\n c\n# x\nd\n")] == [1, 3, 6]


# ---- comments


def test_a_comment_belongs_to_the_line_behind_it() -> None:
    first, second = lines("# one\n\n# two\na\nb")
    assert first.comments == [Comment("# one"), Comment("# two")]
    assert second.comments == []


def test_a_comment_inside_a_statement_belongs_to_the_word_behind_it() -> None:
    (line,) = lines("a \\\n# one\nb \\\n  # two\n\t# three\n\tc")
    assert [word.comments for word in line.words] == [
        (),
        (Comment("# one"),),
        (Comment("# two"), Comment("# three")),
    ]


def test_a_comment_at_the_end_of_a_statement() -> None:
    (line,) = lines("a \\\n# one\n")
    assert line.trailing == [Comment("# one")]


def test_comments_that_nothing_follows() -> None:
    first, second = lines("a\n# one\n# two")
    assert first.comments == []
    assert (second.words, second.comments) == ([], [Comment("# one"), Comment("# two")])


@pytest.mark.parametrize(
    ("typed", "comment"),
    [
        ("#<!-- a -->", Comment(" a ", "")),
        ("#<!--a\n#b\n#\n# c-->", Comment("a\nb\n\n c", "")),
        ("#resources<!--a-->", Comment("a", "resources")),
        ("#fencing-topology<!---->", Comment("", "fencing-topology")),
        ("#<!--a", Comment("#<!--a")),
        ("#<!--a\nx", Comment("#<!--a")),
        ("#x y<!--a-->", Comment("#x y<!--a-->")),
    ],
)
def test_xml_comments(typed: str, comment: Comment) -> None:
    assert lines(f"{typed}\nx")[0].comments == [comment]


def test_a_hash_inside_a_line_is_no_comment() -> None:
    assert values("rule #uname eq x # y") == ["rule", "#uname", "eq", "x", "#", "y"]
