"""What writing any statement needs: words, lines, assignments, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmsh_py.language import quoting
from crmsh_py.language.words import Comment, is_line_comment, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from crmsh_py.language import statements as st

    # what writes the statements, or the parts, of a class
    Writers = dict[type[st.Item], Callable[["Pen", Any], None]]

Fragment = tuple[str, str]


def text_of(fragments: Iterable[Fragment]) -> str:
    """The text of fragments."""
    return "".join(text for _, text in fragments)


def comment_text(comment: Comment) -> str:
    """A comment as lines that all begin with #."""
    if comment.section is None and is_line_comment(comment.text):
        return comment.text
    return f"#{comment.section or ''}<!--" + comment.text.replace("\n", "\n#") + "-->"


class Pen:
    """Collects the fragments of a statement in `out`.

    exact: everything is written. referenced: ids that something refers to, shown in the readable form too.
    nodes: the names of all nodes; a fencing topology that is the same for them all is written once.
    """

    def __init__(self, *, exact: bool = False, referenced: Collection[str] = (), nodes: Collection[str] = ()) -> None:
        self.exact = exact
        self.referenced = frozenset(referenced)
        self.nodes = frozenset(nodes)
        # names that several nodes have; hardly ever any
        names = list(nodes) if len(self.nodes) < len(nodes) else []
        self.shared_names = frozenset(name for name in names if names.count(name) > 1)
        self.out: list[Fragment] = []
        self.after_comment = False

    def shows(self, id_: str | None) -> bool:
        """Whether an id is written."""
        return id_ is not None and (self.exact or id_ in self.referenced)

    # ---- words
    def keyword(self, text: str) -> None:
        """The first word of a statement."""
        self.out.append(("keyword", text))

    def head(self, keyword: str, id_: str | None) -> None:
        """The keyword and the id."""
        self.keyword(keyword)
        self.say(quoting.word(id_ or ""), "id")

    @property
    def at_line_start(self) -> bool:
        """Whether the next word begins a line, where a # would begin a comment."""
        return self.after_comment or bool(self.out and self.out[-1][1].endswith("\n\t"))

    def say(self, text: str, style: str = "") -> None:
        """A word, with what divides it from the one before."""
        if text.startswith("#") and self.at_line_start:
            text = quote(text)
        if self.after_comment:
            self.out.append(("", "\n\t"))
            self.after_comment = False
        elif not self.at_line_start:
            self.out.append(("", " "))
        self.out.append((style, text))

    def join(self, text: str, style: str) -> None:
        """More of the word that was said last."""
        self.out.append((style, text))

    def assign(self, name: str, text: str | None, style: str = "value") -> None:
        """`name=value`, where there is a value."""
        if text is not None:
            self.say(f"{name}=", "name")
            self.join(quoting.value(text), style)

    def values(self, values: dict[str, str]) -> None:
        """Each of the values as `name=value`."""
        for name, text in values.items():
            self.assign(quoting.name(name), text)

    def id(self, id_: str | None) -> None:
        """`$id=`, where the id is shown."""
        if self.shows(id_):
            self.assign("$id", id_, "id")

    # ---- lines
    def begin_line(self, text: str, style: str = "keyword", indent: int = 1) -> None:
        """Begin a line of the statement with a word."""
        self.out.append(("", ("\n" if self.after_comment else " \\\n") + "\t" * indent))
        self.after_comment = False
        self.out.append((style, text))

    def line(self, item: st.Item, text: str, style: str = "keyword", indent: int = 1) -> None:
        """Begin a line with the first word of a part, the comments before it on lines of their own."""
        self.comments(item)
        self.begin_line(text, style, indent)

    def description(self, text: str | None) -> None:
        """A line for the description, where there is one."""
        if text is not None:
            self.begin_line("description=", "name")
            self.join(quoting.value(text), "value")

    # ---- comments
    def comments(self, item: st.Item) -> None:
        """The comments before a part."""
        for comment in item.comments:
            self._comment(comment)

    def trailing(self, item: st.Item) -> None:
        """The comments behind the last child of an item."""
        for comment in item.trailing:
            self._comment(comment)

    def _comment(self, comment: Comment) -> None:
        self.out.append(("", "\n\t" if self.after_comment else " \\\n\t"))
        self.out.append(("comment", comment_text(comment)))
        self.after_comment = True
