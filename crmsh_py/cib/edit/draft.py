"""What an edit needs to know of the CIB that it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.ids import Ids
from crmsh_py.problems import INFO, Problem

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib


# their ids are names of hosts and users, and may be those of other objects too
OWN_IDS = ("node", "acl_target")


class Draft:
    """A CIB under edit: `objects` by their ids, but those of OWN_IDS, and `ids` in use.

    exact: nothing is inferred. typed: the statements are new, and what is there already is an error.
    notes: what the edit changes beyond what was said.
    """

    def __init__(self, cib: Cib, *, exact: bool, typed: bool) -> None:
        self.cib = cib
        self.exact = exact
        self.typed = typed
        self.notes: list[Problem] = []
        self.ids = Ids({str(id_) for id_ in cib.configuration.xpath(".//@id[not(parent::node or parent::acl_target)]")})
        self.objects = {el.get("id") or "": el for el in cib.objects() if el.tag not in OWN_IDS}
        self._set_references = [
            (section, el.get("id-ref"))
            for section in ("crm_config", "rsc_defaults", "op_defaults")
            for el in cib.configuration.iterfind(f"{section}/*[@id-ref]")
        ]

    def note(self, text: str, object_id: str | None = None) -> None:
        """Say what the edit changes beyond what was said, in one line."""
        self.notes.append(Problem(INFO, "carried-along", text, object_id=object_id))

    def is_there(self, section: Element, id_ref: str) -> bool:
        """Whether a set that is only a reference stands in the section since before the edit; each is found once."""
        reference = (str(section.tag), id_ref)
        found = reference in self._set_references
        if found:
            self._set_references.remove(reference)
        return found
