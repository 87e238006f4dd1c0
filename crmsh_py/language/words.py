"""The lowest layer of the language: physical lines -> logical lines -> words.

A logical line is a physical line and those that it continues over with a backslash at its end. It is split into words
as a POSIX shell does (quotes concatenate), with `$'...'` for values that hold tabs and newlines. A word keeps which
of its characters were quoted, because `=` `:` `$` `@` `#` `(` `{` mean something only where they are bare.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from crmsh_py.errors import BadSyntax
from crmsh_py.problems import ERROR, Place, Problem

BLANKS = " \t\r"
DEEPEST = 60  # rules within rules; the call stack has its end
# how the first line of exact text begins
EXACT = "#crm exact"
SECTION_COMMENT = re.compile(r"#([a-z_-]*)<!--")

_ANSI = {"n": "\n", "t": "\t", "r": "\r"}


@lru_cache(maxsize=1)
def _pieces() -> re.Pattern[str]:
    """What a word with quotes is made of; compiled when the first such word is read."""
    return re.compile(
        r"""(?P<bare>[^ \t\r"'\\$]+|\$(?!'))        # as it stands
          | "(?P<double>(?:[^"\\]|\\.)*)"          # \" and \\ are the only escapes
          | \$'(?P<ansi>(?:[^'\\]|\\.)*)'          # \n \t \r \\ \' and \"
          | '(?P<single>[^']*)'                    # no escapes
          | \\(?P<escaped>.)                       # one character, quoted
        """,
        re.VERBOSE | re.DOTALL,
    )


@lru_cache(maxsize=1)
def _not_xml() -> re.Pattern[str]:
    """https://www.w3.org/TR/xml/#charsets: a CIB can hold nothing else."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Comment:
    """A comment of the configuration.

    text: what stands between `<!--` and `-->`.
    section: None for a comment inside an object; "" for one before an object, in its section; else the name of the
    section at whose end it stands.
    """

    __slots__ = ("section", "text")

    def __init__(self, text: str, section: str | None = None) -> None:
        self.text = text
        self.section = section

    def __repr__(self) -> str:
        return f"Comment({self.text!r}, {self.section!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Comment) and (self.text, self.section) == (other.text, other.section)

    # mutable, and compared by what it says
    __hash__ = None  # type: ignore[assignment]


def is_line_comment(text: str) -> bool:
    """Whether a comment can be written as a line that begins with #, as it stands."""
    is_line = text.startswith("#") and "\n" not in text and text == text.rstrip(BLANKS)
    return is_line and not SECTION_COMMENT.match(text) and not text.startswith(EXACT)


class Word:
    """A word of a line: `value` is unquoted, `mask` has a `q` for each quoted character of it (None: all are bare)."""

    __slots__ = ("comments", "line", "mask", "start", "stop", "value")

    def __init__(self, value: str, mask: str | None, line: Line, start: int, stop: int) -> None:
        self.value = value
        self.mask = mask
        self.line = line
        self.start = start
        self.stop = stop
        self.comments: tuple[Comment, ...] = ()

    @property
    def raw(self) -> str:
        """The word as it was typed."""
        return self.line.text[self.start : self.stop]

    @property
    def place(self) -> Place:
        """Where the word stands in its source."""
        return self.line.place(self.start, self.stop)

    @property
    def is_bare(self) -> bool:
        """Whether nothing of the word is quoted."""
        return self.mask is None

    def find_bare(self, char: str, start: int = 0) -> int:
        """The index of the first bare `char` in the value from `start` on, or -1."""
        index = self.value.find(char, start)
        if self.mask is not None:
            while index >= 0 and self.mask[index] == "q":
                index = self.value.find(char, index + 1)
        return index

    def cut(self, start: int, stop: int | None = None) -> Word:
        """A part of the word as a word of its own; positions stay exact only where nothing was quoted."""
        end = len(self.value) if stop is None else stop
        mask = self.mask[start:end] if self.mask is not None else None
        if mask is not None and "q" not in mask and mask:
            mask = None
        where = (self.start, self.stop) if self.mask is not None else (self.start + start, self.start + end)
        return Word(self.value[start:end], mask, self.line, *where)


class Line:
    """A logical line: its words, the comments before it, and those at its end.

    fault: why the line could not be split into words; there are none then.
    """

    __slots__ = ("comments", "fault", "number", "pieces", "source", "text", "trailing", "words")

    def __init__(self, source: str, number: int) -> None:
        self.source = source
        self.number = number
        self.text = ""
        self.pieces: list[tuple[int, int, str]] = []
        self.words: list[Word] = []
        self.comments: list[Comment] = []
        self.trailing: list[Comment] = []
        self.fault: BadSyntax | None = None

    def place(self, start: int, stop: int) -> Place:
        """The place of the characters from `start` to `stop` of the logical text."""
        index = 0
        if len(self.pieces) > 1:
            index = max(0, bisect_right(self.pieces, start, key=lambda piece: piece[0]) - 1)
        offset, number, physical = self.pieces[index]
        column = start - offset + 1
        return Place(self.source, number, column, max(column + 1, stop - offset + 1), physical)

    def error(self, text: str, start: int, stop: int, hint: str | None = None) -> BadSyntax:
        """A BadSyntax with this place."""
        return BadSyntax(problems=[Problem(ERROR, "syntax", text, self.place(start, stop), hint)])


def check_characters(text: str, source: str) -> None:
    """Raise BadSyntax where a character cannot stand in XML, and so not in a CIB."""
    # what can be printed can stand in XML: one line of a terminal needs no pattern
    found = None if text.isprintable() else _not_xml().search(text)
    if not found:
        return
    number = text.count("\n", 0, found.start()) + 1
    start = text.rfind("\n", 0, found.start()) + 1
    physical = text[start : found.start() + 1]
    column = found.start() - start + 1
    raise BadSyntax(
        problems=[
            Problem(
                ERROR,
                "character",
                f"the character U+{ord(found.group()):04X} cannot stand in a configuration",
                Place(source, number, column, column + 1, physical),
            )
        ]
    )


def is_continued(text: str) -> bool:
    """Whether a backslash at the end of a text makes the next line a part of the last one."""
    try:
        *_, probe = logical_lines(text.rpartition("\n")[2] + "\nx", "")
    except BadSyntax:
        return False
    return probe.text != "x"


def logical_lines(text: str, source: str) -> Iterator[Line]:
    """The logical lines of a text, comments attached to the line that follows them.

    A last Line without words carries comments that nothing follows. Raises BadSyntax for a character that XML cannot
    hold; a quote that is not closed is the `fault` of its line alone.
    """
    check_characters(text, source)
    reader = _Reader(text.removeprefix("\ufeff").split("\n"), source)
    while (line := reader.next_line()) is not None:
        yield line


class _Reader:
    """Joins physical lines; `at` is the index of the next one."""

    def __init__(self, physical: list[str], source: str) -> None:
        self.physical = physical
        self.source = source
        self.at = 0
        self.unclosed = 0  # up to this line no XML comment is closed

    def next_line(self) -> Line | None:
        comments: list[Comment] = []
        while self.at < len(self.physical):
            stripped = self.physical[self.at].strip(BLANKS)
            if stripped.startswith("#"):
                comments.append(self._comment(inside=False))
            elif not stripped:
                self.at += 1
            else:
                line = self._joined()
                line.comments = comments
                return line
        if not comments:
            return None
        line = Line(self.source, self.at)
        line.comments = comments
        return line

    def _joined(self) -> Line:
        line = Line(self.source, self.at + 1)
        notes: list[tuple[int, Comment]] = []
        contents: list[str] = []
        length = 0
        more = True
        while more and self.at < len(self.physical):
            physical = self.physical[self.at]
            if line.pieces and physical.lstrip(BLANKS).startswith("#"):
                notes.append((length, self._comment(inside=True)))
                continue
            content = physical.rstrip("\r")
            more = (len(content) - len(content.rstrip("\\"))) % 2 == 1
            line.pieces.append((length, self.at + 1, content))
            contents.append(content[:-1] + " " if more else content)
            length += len(content)
            self.at += 1
        line.text = "".join(contents)
        try:
            line.words = list(_split(line))
        except BadSyntax as fault:
            line.fault = fault
        _attach(line, notes)
        return line

    def _comment(self, inside: bool) -> Comment:
        """Read a comment, which may be an XML comment over several lines, each with a `#` before it."""
        first = self.physical[self.at].lstrip(BLANKS).rstrip("\r").replace("\r", " ")
        found = SECTION_COMMENT.match(first)
        end = self._end_of_comment(found.end()) if found else None
        start, self.at = self.at, self.at + 1 if end is None else end
        if not found or end is None:
            return Comment(first.rstrip(BLANKS))
        rest = (line[1:].rstrip("\r").replace("\r", " ") for line in self.physical[start + 1 : end])
        text = "\n".join((first[found.end() :], *rest))
        return Comment(text[: text.index("-->")], None if inside else found.group(1))

    def _end_of_comment(self, column: int) -> int | None:
        """The line behind the one with the `-->` of the XML comment that begins here; None where none closes it."""
        if self.at < self.unclosed:
            return None
        at = self.at
        physical = self.physical[at].lstrip(BLANKS)[column:]
        while "-->" not in physical:
            at += 1
            if at == len(self.physical) or not self.physical[at].startswith("#"):
                self.unclosed = at
                return None
            physical = self.physical[at]
        return at + 1


def _attach(line: Line, notes: list[tuple[int, Comment]]) -> None:
    for offset, comment in notes:
        after = next((word for word in line.words if word.start >= offset), None)
        if after is None:
            line.trailing.append(comment)
        else:
            after.comments += (comment,)


def _split(line: Line) -> Iterator[Word]:
    text = line.text
    if _is_raw_xml(text):
        yield from _raw_xml(line)
        return
    if '"' not in text and "'" not in text and "\\" not in text:
        for found in re.finditer(r"[^ \t\r]+", text):
            yield Word(found.group(), None, line, *found.span())
        return
    at, end = 0, len(text)
    while at < end:
        if text[at] in BLANKS:
            at += 1
            continue
        word = _quoted_word(line, at)
        yield word
        at = word.stop


def _is_raw_xml(text: str) -> bool:
    """Whether the text is the keyword `xml`, blanks, and an element."""
    start = text.lstrip(BLANKS)
    element = start[3:].lstrip(" \t")
    return start[:3].lower() == "xml" and element.startswith("<") and len(element) < len(start) - 3


def _raw_xml(line: Line) -> Iterator[Word]:
    """`xml <...>` is not quoted: all that follows the keyword is one word."""
    start = len(line.text) - len(line.text.lstrip(BLANKS))
    yield Word(line.text[start : start + 3], None, line, start, start + 3)
    rest = line.text[start + 3 :].strip(BLANKS)
    if rest:
        at = line.text.index(rest, start + 3)
        yield Word(rest, "q" * len(rest), line, at, at + len(rest))


def _quoted_word(line: Line, start: int) -> Word:
    text, at = line.text, start
    values: list[str] = []
    masks: list[str] = []
    while at < len(text) and text[at] not in BLANKS:
        found = _pieces().match(text, at)
        if not found:
            what = "a character after the backslash" if text[at] == "\\" else f"a closing {text[at]}"
            raise line.error(f"expected {what}", at, len(text))
        value = _unquote(found)
        values.append(value)
        masks.append(("b" if found.lastgroup == "bare" else "q") * len(value))
        at = found.end()
    # a mask without any q still tells that an empty piece was quoted
    return Word("".join(values), "".join(masks) if "".join(values) != text[start:at] else None, line, start, at)


def _unquote(found: re.Match[str]) -> str:
    kind = found.lastgroup or "bare"
    value = found.group(kind)
    if kind == "double":
        return re.sub(r'\\(["\\])', r"\1", value)
    if kind == "ansi":
        return re.sub(r"\\(.)", lambda escape: _ANSI.get(escape.group(1), escape.group(1)), value, flags=re.DOTALL)
    return value


def quote(value: str) -> str:
    """A value in quotes, whatever it holds."""
    if "\n" in value or "\t" in value or "\r" in value:
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return "$'" + escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + "'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_NEEDS_QUOTES = frozenset(" \t\r\n\"'\\")


def quote_argv(words: Sequence[str]) -> str:
    """The words of a command line, which the user's shell has unquoted already, as one line of the language.

    Only what a blank, a quote or a backslash would break is quoted, and of `name=value` only the value, so that
    every other character keeps its meaning. `xml` takes the rest as it is.
    """
    if words and words[0].lower() == "xml":
        return " ".join(word.replace("\n", " ") for word in words)
    return " ".join(_quote_argument(word) for word in words)


def _quote_argument(word: str) -> str:
    if word and _NEEDS_QUOTES.isdisjoint(word):
        return word
    name, equals, value = word.partition("=")
    if equals and name and _NEEDS_QUOTES.isdisjoint(name):
        return f"{name}={quote(value)}"
    return quote(word)
