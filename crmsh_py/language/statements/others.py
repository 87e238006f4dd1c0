"""What a text can say beside objects: an edit, a piece of XML, comments."""

from __future__ import annotations

from crmsh_py.language.statements.item import Statement


class Monitor(Statement):
    """`monitor`: a monitor operation to be added to a resource; intervals and timeouts as typed."""

    id: str | None
    role: str | None
    interval: str
    timeout: str | None = None


class Xml(Statement):
    """`xml`: an element as XML text."""

    text: str
    id: str | None = None


class Remark(Statement):
    """Comments that no object follows; `comments` holds them."""

    id: str | None = None
