"""What objects are called in notes: `location l1`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.mapping import KINDS
from crmsh_py.cib.references import object_name, object_of
from crmsh_py.language.records import keyword

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

KEYWORDS = {kind.tag: keyword(cls()) for cls, kind in KINDS.items()}
KEYWORDS["master"] = KEYWORDS["clone"]


def called(el: Element) -> str:
    """The keyword and the name of the object that an element is, or is in."""
    top = object_of(el)
    if top.tag == "fencing-topology":
        return object_name(top)
    parent = top.getparent()
    word = str(parent.tag) if top.tag == "meta_attributes" and parent is not None else KEYWORDS.get(str(top.tag))
    return f"{word or top.tag!s} {object_name(top)}"
