"""What an edit needs to know of the CIB that it changes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crmsh_py.cib.edit.surgery import Surgery
from crmsh_py.cib.ids import Ids
from crmsh_py.cib.references import OWN_IDS, ids

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.problems import Problem


class Draft:
    """A CIB under edit: `objects` by their ids, but those of OWN_IDS, and `ids` in use.

    exact: nothing is inferred. typed: the statements are new, and what is there already is an error.
    surgery: what happens to references. home: for members of containers that are said again, the tag of the outermost
    container that they were in. whole: ids of option sets that are replaced, not added to. before: the ids of objects
    before the edit.
    """

    def __init__(self, cib: Cib, *, exact: bool, typed: bool) -> None:
        self.cib = cib
        self.exact = exact
        self.typed = typed
        self.ids = Ids(ids(cib))
        self.objects = {el.get("id") or "": el for el in cib.objects() if el.tag not in OWN_IDS}
        self.surgery = Surgery(cib, self.objects, self.ids)
        self.home: dict[str, str] = {}
        self.whole: set[str] = set()
        self.before = frozenset(self.objects)
        self._set_references = [
            (section, el.get("id-ref"))
            for section in ("crm_config", "rsc_defaults", "op_defaults")
            for el in cib.configuration.iterfind(f"{section}/*[@id-ref]")
        ]

    def find(self, word: str) -> Element | None:
        """The object that a word names: by its id, a node by its name, the fencing topology by its keyword."""
        found = self.objects.get(word)
        if found is None and word == "fencing_topology":
            return self.cib.section("fencing-topology")
        return self._names.get(word) if found is None else found

    @cached_property
    def _names(self) -> dict[str, Element]:
        """Nodes and users by their names and ids; of two that have one, the name counts."""
        others = [el for el in self.cib.objects() if el.tag in OWN_IDS]
        return {el.get(name) or "": el for name in ("id", "uname") for el in others if name in el.attrib}

    def note(self, text: str, object_id: str | None = None) -> None:
        """Say what the edit changes beyond what was said, in one line."""
        self.surgery.note(text, object_id)

    @property
    def notes(self) -> list[Problem]:
        """What the edit changes beyond what was said."""
        return self.surgery.notes

    def is_there(self, section: Element, id_ref: str) -> bool:
        """Whether a set that is only a reference stands in the section since before the edit; each is found once."""
        reference = (str(section.tag), id_ref)
        found = reference in self._set_references
        if found:
            self._set_references.remove(reference)
        return found
