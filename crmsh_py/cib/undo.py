"""What an edit touched, as it was before: what it takes to undo it, without a copy of the whole tree."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from crmsh_py.cib.document import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib


class Before:
    """A CIB before an edit: what stood in each section, and copies of the objects that the edit changes.

    An edit says `cib.touch(el)` before it changes, takes a part out of, or gives a part to an object that is there.
    What comes, goes or moves as a whole needs no copy.
    """

    def __init__(self, cib: Cib) -> None:
        self._attributes = dict(cib.root.attrib)
        self._sections = list(cib.configuration)
        # the fencing topology is one object, the other sections are lists of them
        self._objects = {section: list(section) for section in self._sections if section.tag != "fencing-topology"}
        self._known = {el for objects in self._objects.values() for el in objects}
        self._known.update(section for section in self._sections if section not in self._objects)
        self._replaced: dict[Element, Element] = {}

    def touch(self, el: Element) -> None:
        """Remember the object that an element is, or is in, unless it came with this edit or is remembered."""
        top: Element | None = el
        while top is not None and top not in self._known:
            top = top.getparent()
        if top is None or top in self._replaced:
            return
        copy = deepcopy(top)
        copy.tail = None
        self._replaced[top] = copy
        # a member may have stood on its own before an earlier edit, whose undoing will look for it
        self._replaced.update(zip(top.iterdescendants(*RESOURCES), copy.iterdescendants(*RESOURCES), strict=True))

    def restore(self, cib: Cib) -> dict[Element, Element]:
        """Make the CIB what it was. Gives what stands for an element now where that is a copy."""
        cib.root.attrib.clear()
        cib.root.attrib.update(self._attributes)
        for section, objects in self._objects.items():
            _refill(section, (self._replaced.get(el, el) for el in objects))
        _refill(cib.configuration, (self._replaced.get(section, section) for section in self._sections))
        return self._replaced

    def follow(self, replaced: dict[Element, Element]) -> None:
        """Take over what the undoing of a later edit has put in the place of elements."""
        self._sections = [replaced.get(el, el) for el in self._sections]
        self._objects = {
            section: [replaced.get(el, el) for el in objects] for section, objects in self._objects.items()
        }
        self._replaced = {replaced.get(el, el): copy for el, copy in self._replaced.items()}


def _refill(parent: Element, children: Iterable[Element]) -> None:
    del parent[:]
    parent.extend(list(children))
