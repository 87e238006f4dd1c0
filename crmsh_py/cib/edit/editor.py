"""Puts statements of any kind into a CIB."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmsh_py.cib import comments
from crmsh_py.cib.document import CONTAINERS, SECTIONS
from crmsh_py.cib.edit.containers import make_room
from crmsh_py.cib.edit.draft import Draft
from crmsh_py.cib.edit.objects import put_monitor, put_object
from crmsh_py.cib.edit.options import put_options
from crmsh_py.cib.edit.slips import refuse_slips
from crmsh_py.cib.edit.xml import objects_in, put_xml, xml_class
from crmsh_py.cib.references import borrowed
from crmsh_py.errors import CrmError
from crmsh_py.language import statements as st
from crmsh_py.problems import ERROR, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

# members before what contains them; the rest in the order of the text
_FIRST: tuple[type[st.Statement], ...] = (st.Node, st.RscTemplate, st.Primitive, st.Group, st.Clone)


class Editor(Draft):
    """Puts statements into a CIB."""

    def put_all(self, statements: Iterable[st.Statement]) -> list[Problem]:
        """Put the statements where they belong, and give the notes.

        Raises CrmError with a problem for each statement that cannot be, but for those that only miss one of these.
        """
        ranked = sorted(statements, key=_rank)
        make_room(self, self.restated(ranked))
        errors: list[CrmError] = []
        failed: set[str | None] = set()
        for statement in ranked:
            try:
                self.put(statement)
            except CrmError as error:
                if not failed.intersection(re.split(r"[ ,]", str(error))):
                    errors.append(_placed(error, statement.place))
                failed.add(statement.id)
        if errors:
            problems = [problem for error in errors for problem in error.problems]
            problems.sort(key=lambda problem: problem.place.line if problem.place else 0)
            raise type(errors[0])(problems=problems) from errors[0]
        if not self.exact:
            self.refer_to_parts()
        self.surgery.settle()
        return self.notes

    def refer_to_parts(self) -> None:
        """`$id-ref=` may name an object instead of its part, also one that only comes later in the text or script."""
        for borrower, attribute, id_ in borrowed(self.cib.configuration):
            named = self.objects.get(id_)
            part = None if named is None or named.tag == borrower.tag else named.find(str(borrower.tag))
            if part is not None and "id" in part.attrib:
                self.cib.touch(borrower)
                borrower.set(attribute, part.get("id") or "")

    def restated(self, statements: Iterable[st.Statement]) -> list[Element]:
        """The containers that statements fill anew: members of one may go to another one, in any order."""
        named: dict[str, None] = {}
        for statement in () if self.typed else statements:
            if isinstance(statement, st.Xml):
                named.update((el.get("id") or "", None) for _, el in objects_in(statement))
            elif isinstance(statement, (st.Group, st.Clone, st.Bundle)):
                named[statement.id or ""] = None
        found = (self.objects.get(id_) for id_ in named)
        return [el for el in found if el is not None and el.tag in CONTAINERS]

    def put(self, statement: st.Statement) -> None:
        """Put a statement where it belongs."""
        if self.typed:
            refuse_slips(statement)
        if isinstance(statement, st.Remark):
            self._put_remark(statement)
        elif isinstance(statement, st.Xml):
            put_xml(self, statement)
        elif isinstance(statement, st.Monitor):
            put_monitor(self, statement)
        elif isinstance(statement, (st.Property, st.RscDefaults, st.OpDefaults)) and self.adds(statement):
            put_options(self, statement)
        else:
            put_object(self, statement)

    def adds(self, options: st.OptionSet) -> bool:
        """Whether options are added to their set: exact text says all of a set, unless that is a reference."""
        return not self.exact or options.id_ref is not None

    def _put_remark(self, remark: st.Remark) -> None:
        for comment in remark.comments:
            in_section = comment.section in SECTIONS
            parent = self.cib.make_section(comment.section or "") if in_section else self.cib.configuration
            known = [comments.read(el).text for el in parent if comments.is_comment(el)]
            if self.exact or comment.text not in known:
                parent.append(comments.element(comment))


def _rank(statement: st.Statement) -> int:
    kind = xml_class(statement) if isinstance(statement, st.Xml) else type(statement)
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def _placed(error: CrmError, place: Place | None) -> CrmError:
    """The same error with the place of the statement that caused it."""
    if place is None or any(problem.place for problem in error.problems):
        return error
    problems = [
        Problem(ERROR, problem.code, problem.text, place, problem.hint, problem.object_id) for problem in error.problems
    ]
    return type(error)(problems=problems)
