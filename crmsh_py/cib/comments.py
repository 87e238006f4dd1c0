"""Comments as XML can hold them.

XML does not allow `--` in a comment, nor `-` at its end; people write both. A backslash between says that they belong
together, and is taken out again where a comment is read; one that was there gets another one, so nothing is lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.language.words import Comment

if TYPE_CHECKING:
    from lxml.etree import _Comment, _Element


def is_comment(el: _Element) -> bool:
    """Whether a child is a comment."""
    return isinstance(el, etree._Comment)


def element(comment: Comment) -> _Comment:
    """A comment as a part of a CIB."""
    text = comment.text
    return etree.Comment(re.sub(r"-(?=\\*(?:-|\Z))", r"-\\", text) if "-" in text else text)


def read(el: _Element, section: str | None = None) -> Comment:
    """The comment that a part of a CIB is."""
    text = el.text or ""
    return Comment(re.sub(r"-\\(?=\\*(?:-|\Z))", "-", text) if "-" in text else text, section)
