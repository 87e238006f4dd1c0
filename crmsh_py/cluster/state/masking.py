"""What is secret in the answers of crm_mon, where they are shown as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmsh_py.masks import MASK, is_secret, masked_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TEXT = re.compile(r"(?<=>)[^<>]+")


def mask(root: Element) -> bool:
    """Mask what is secret in crm_mon's XML; whether there was anything."""
    found = False
    for el in root.iter():
        for name, value in el.items():
            shown = MASK if name == "value" and is_secret(el.get("name")) else masked_line(value)
            if shown != value:
                el.set(name, shown)
                found = True
    return found


def masked_html(page: str) -> str:
    """A page with what is secret in its text masked; its elements stay."""
    return _TEXT.sub(lambda found: masked_line(found[0]), page)
