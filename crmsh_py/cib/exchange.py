"""Objects as a text that somebody else changes, and back: what it no longer says is deleted, what is new is created."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cib import comments, listing, transfer
from crmsh_py.cib.document import CONTAINERS, SECTIONS
from crmsh_py.cib.references import OWN_IDS, Index, object_name, object_of, references
from crmsh_py.cib.secrets import refuse_masks
from crmsh_py.cib.stores.file import decoded
from crmsh_py.errors import BadSyntax, CrmError
from crmsh_py.language import statements as st
from crmsh_py.language.writer import Writer, text_of
from crmsh_py.problems import ERROR, INFO, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.listing import Entry

    Change = Callable[[Cib], list[Problem]]

# the statements of hosts and users, which may be called like other objects
_NAMED = (st.Node, st.AclTarget)


class _Piece(NamedTuple):
    """An object, None for comments that no object follows, with its text and what that is read as."""

    entry: Entry | None
    text: str
    statement: st.Statement


class Exchange:
    """Objects of a CIB, all or those that are chosen, given away as `text`, secrets in clear.

    in_lines: each object on a line of its own, for programs that work on lines.
    """

    def __init__(self, cib: Cib, chosen: Sequence[Entry] | None, *, in_lines: bool = False) -> None:
        self._cib = cib
        self._pieces = list(_pieces(cib, listing.entries(cib) if chosen is None else chosen))
        remark = listing.remarks(cib) if chosen is None else None
        if remark:
            self._pieces.append(_Piece(None, text_of(Writer().write(remark)), remark))
        self.text = "".join((_on_one_line(piece.text) if in_lines else piece.text) + "\n" for piece in self._pieces)

    def change(self, data: bytes, source: str) -> Change | None:
        """The edit that the text that came back asks for; None where it says the same.

        Only objects whose text says something else are touched. Raises BadSyntax with every error of the text, CrmError
        where what is left refers to what the text no longer has, or the text changes an id that others name.
        """
        from crmsh_py.language.parser import read_text  # heavy

        text = decoded(data, source)
        if text == self.text:
            return None
        given = read_text(text, source)
        refuse_masks(given.statements)
        _refuse_repeated(given.statements)
        new, changed = _differing(given.statements, self._pieces)
        if not new and not changed:
            return None
        entries = [piece.entry for piece in changed if piece.entry]
        touched = {entry.el for entry in entries}
        _check_references(
            entries, new, [one.entry for one in self._pieces if one.entry and one.entry.el not in touched]
        )
        shown = {el for piece in self._pieces if piece.entry for el in _said(piece)}
        _refuse_new_ids(self._cib, shown, [(one.entry, one.statement) for one in changed if one.entry], new)
        return _change(entries, new, shown, is_exact=given.header is not None, with_remarks=len(entries) < len(changed))


class XmlExchange:
    """The same with the XML of the objects as `text`."""

    def __init__(self, cib: Cib, chosen: Sequence[Entry] | None) -> None:
        self._cib = cib
        self._entries = transfer.outermost(listing.entries(cib) if chosen is None else chosen)
        self.text = transfer.xml_text(cib, chosen)

    def change(self, data: bytes, source: str) -> Change | None:
        """The edit that the text that came back asks for; None where it says the same. Raises CrmError.

        Comments between objects stay as they are.
        """
        before = {listing.xml_of(entry).text: entry for entry in self._entries}
        given = [one for one in transfer.xml_statements(data, source) if isinstance(one, st.Xml)]
        new = [statement for statement in given if statement.text not in before]
        same = {statement.text for statement in given}
        entries = [entry for text, entry in before.items() if text not in same]
        if not new and not entries:
            return None
        for statement in new:
            statement.comments = ()
        shown = {el for entry in self._entries for el in entry.el.iter("*")}
        _refuse_new_ids(self._cib, shown, [(entry, listing.xml_of(entry)) for entry in entries], new)
        return _change(entries, new, shown, is_exact=True, with_remarks=False)


def _refuse_repeated(statements: Iterable[st.Statement]) -> None:
    """Raise BadSyntax for objects that a text says twice: the last one would win. Options add up."""
    said: set[tuple[bool, str]] = set()
    problems = []
    for statement in statements:
        id_ = statement.uname if isinstance(statement, st.Node) else statement.id
        if not id_ or isinstance(statement, (st.Property, st.RscDefaults, st.OpDefaults)):
            continue
        name = (isinstance(statement, _NAMED), id_)
        if name in said:
            text = f"{id_} is said twice"
            problems.append(Problem(ERROR, BadSyntax.code, text, statement.place, object_id=id_))
        said.add(name)
    if problems:
        raise BadSyntax(problems=problems)


def _said(piece: _Piece) -> Iterator[Element]:
    """The objects that the text of a piece says: with those inside, where it is XML."""
    if piece.entry is not None:
        yield piece.entry.el
        if isinstance(piece.statement, st.Xml):
            yield from piece.entry.el.iterdescendants("primitive", "group")


def _refuse_new_ids(
    cib: Cib, shown: Container[Element], gone: Iterable[tuple[Entry, st.Statement]], new: Sequence[st.Statement]
) -> None:
    """Raise CrmError where an object only has a new id, and something that is not in the text has to do with it."""
    index = Index(cib.configuration)
    fresh = [statement for statement in new if statement.id and cib.find(statement.id) is None]
    kept = {statement.id for statement in new}
    for entry, statement in gone:
        holders = [object_of(reference.el) for reference in index.to(entry.id)]
        holders.extend(entry.el.iterancestors(*CONTAINERS))
        other = next((holder for holder in holders if holder not in shown), None)
        if other is None or entry.id in kept:
            continue
        twin = next((one.id for one in fresh if _is_renamed(statement, one)), None)
        if twin is not None:
            text = f"{entry.id} is called {twin} in the text, but {object_name(other)}, which is not in it, needs it"
            raise CrmError(text, hint=f"to give it another id: rename {entry.id} {twin}")


def _is_renamed(old: st.Statement, new: st.Statement) -> bool:
    """Whether two statements say the same but for their ids, and those of parts that are made of them."""
    if type(old) is not type(new):
        return False
    before, after = (_comments_apart(text_of(Writer().write(each)))[1] for each in (old, new))
    return re.sub(rf"(?<![\w.-]){re.escape(new.id or '')}(?![\w.])", lambda _: old.id or "", after) == before


def _on_one_line(text: str) -> str:
    """The text of an object without line breaks; one with comments inside keeps them, which begin at line starts."""
    comments, object_ = _comments_apart(text)
    return comments + (object_ if "\n\t#" in object_ else object_.replace(" \\\n\t\t", " ").replace(" \\\n\t", " "))


def _comments_apart(text: str) -> tuple[str, str]:
    lines = text.splitlines(keepends=True)
    at = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[:at]), "".join(lines[at:])


def _pieces(cib: Cib, objects: Sequence[Entry]) -> Iterator[_Piece]:
    """The objects with their readable texts, or as XML where such a text could not be read back."""
    pieces: list[_Piece] = []
    inside: set[Element] = set()
    for entry, fragments in listing.each(cib, objects):
        text = text_of(fragments)
        statement = _parsed(text)
        if statement is None:
            statement = listing.xml_of(entry)
            text = text_of(Writer().write(statement))
            statement = _parsed(text) or statement
            inside.update(entry.el.iterdescendants("primitive", "group"))
        pieces.append(_Piece(entry, text, statement))
    return (piece for piece in pieces if not piece.entry or piece.entry.el not in inside)


def _parsed(text: str) -> st.Statement | None:
    """The statement of an object's text, as it is read back; None where it is not."""
    from crmsh_py.language.parser import parse  # heavy

    try:
        found = parse(text, "")
    except BadSyntax:
        return None
    return found[0] if len(found) == 1 else None


def _differing(given: Iterable[st.Statement], before: Iterable[_Piece]) -> tuple[list[st.Statement], list[_Piece]]:
    """The statements that were not there before, and the pieces that are there no longer."""
    known: dict[tuple[object, ...], list[_Piece]] = {}
    for piece in before:
        known.setdefault(_name(piece.statement), []).append(piece)
    new = []
    for statement in given:
        like = known.get(_name(statement), [])
        same = next((piece for piece in like if piece.statement == statement), None)
        if same is None:
            new.append(statement)
        else:
            # by identity: pieces compare by what they say
            like[:] = [piece for piece in like if piece is not same]
    return new, [piece for like in known.values() for piece in like]


def _name(statement: st.Statement) -> tuple[object, ...]:
    """What makes two statements of one thing: the class, and the id or what stands for it."""
    return type(statement), statement.id, getattr(statement, "uname", None), getattr(statement, "text", None)


def _check_references(gone: Iterable[Entry], new: Iterable[st.Statement], kept: Iterable[Entry]) -> None:
    """Raise CrmError where an object whose text was left alone refers to one that the text no longer has."""
    there = {statement.id for statement in new} | {getattr(statement, "uname", None) for statement in new}
    if any(isinstance(statement, st.Xml) for statement in new):
        return
    missing = {entry.el.get("id"): entry for entry in gone if entry.id not in there and entry.section == "resources"}
    if not missing:
        return
    for entry in kept:
        members = [child.get("id") for child in entry.el.iterchildren("primitive", "group")]
        wanted = [*members, *(one.id for one in references(entry.el) if not members)]
        found = next((id_ for id_ in wanted if id_ in missing), None)
        if found is not None:
            name = object_name(entry.el)
            raise CrmError(f"{name} refers to {found}, which the text no longer has", hint=f"change {name} too")


def _change(
    entries: Sequence[Entry],
    new: Sequence[st.Statement],
    shown: Container[Element],
    *,
    is_exact: bool,
    with_remarks: bool,
) -> Change:
    from crmsh_py.cib.edit.exchange import exchange  # heavy

    def change(cib: Cib) -> list[Problem]:
        _refuse_others(cib, shown, new)
        if with_remarks:
            _remove_remarks(cib)
        notes = exchange(cib, entries, new, exact=is_exact)
        return [*notes, *_deletions(cib, entries, notes)]

    return change


def _refuse_others(cib: Cib, shown: Container[Element], new: Iterable[st.Statement]) -> None:
    """Raise CrmError for statements of objects that are there and are not in the text that was given away."""
    others = {_name_of(entry.el) for entry in listing.entries(cib) if entry.el not in shown}
    problems = [
        Problem(
            ERROR,
            CrmError.code,
            f"{id_} exists already, and is not among what is edited",
            statement.place,
            hint=f"to edit it too, choose {id_} as well",
            object_id=id_,
        )
        for statement in new
        for is_name, id_ in _names(cib, statement)
        if (is_name, id_) in others
    ]
    if problems:
        raise CrmError(problems=problems)


def _names(cib: Cib, statement: st.Statement) -> Iterator[tuple[bool, str]]:
    """The names of the objects that a statement makes, as `_name_of` gives them."""
    from crmsh_py.cib.edit.options import chosen_set  # heavy
    from crmsh_py.cib.edit.xml import objects_in

    if isinstance(statement, st.Xml):
        yield from (_name_of(el) for _, el in objects_in(statement))
    elif isinstance(statement, st.FencingTopology):
        yield False, "fencing_topology"
    elif isinstance(statement, (st.Property, st.RscDefaults, st.OpDefaults)):
        yield False, statement.id_ref or chosen_set(cib, statement) or ""
    elif statement.id or isinstance(statement, st.Node):
        id_ = statement.uname if isinstance(statement, st.Node) else statement.id
        yield isinstance(statement, _NAMED), id_ or ""


def _name_of(el: Element) -> tuple[bool, str]:
    """Whether it is the name of a host or a user, which may be that of another object too; the name."""
    return el.tag in OWN_IDS, object_name(el)


def _deletions(cib: Cib, entries: Iterable[Entry], notes: Iterable[Problem]) -> Iterator[Problem]:
    """A note for each object that is there no longer, where none says so."""
    told = {note.object_id for note in notes if "is deleted" in note.text}
    for entry in entries:
        id_ = entry.el.get("id")
        if id_ and entry.id not in told and cib.find(id_) is None:
            yield Problem(INFO, "note", f"{entry.id} is deleted", object_id=entry.id)


def _remove_remarks(cib: Cib) -> None:
    """Remove the comments that no object follows."""
    for name in SECTIONS:
        section = cib.section(name)
        while section is not None and name != "fencing-topology" and len(section) and comments.is_comment(section[-1]):
            section.remove(section[-1])
    for el in list(cib.configuration):
        if comments.is_comment(el):
            cib.configuration.remove(el)
