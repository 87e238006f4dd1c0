"""How what is no object is written: an edit, a piece of XML, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.language import quoting
from crmsh_py.language import statements as st
from crmsh_py.language.words import quote

if TYPE_CHECKING:
    from crmsh_py.language.writer.pen import Pen, Writers


def monitor(pen: Pen, item: st.Monitor) -> None:
    """`monitor rsc:role interval:timeout`."""
    pen.keyword("monitor")
    pen.say(quoting.part(item.id or "") + (f":{item.role}" if item.role else ""), "reference")
    pen.say(item.interval + (f":{item.timeout}" if item.timeout else ""))


def xml(pen: Pen, item: st.Xml) -> None:
    """`xml <element/>`."""
    pen.keyword("xml")
    pen.say(quote(item.text) if "\n" in item.text else item.text)


def remark(pen: Pen, _: st.Remark) -> None:
    """Comments alone, which the pen has written: they end with their line."""
    style, text = pen.out.pop() if pen.out else ("comment", "\n")
    pen.out.append((style, text.removesuffix("\n")))


WRITERS: Writers = {st.Monitor: monitor, st.Xml: xml, st.Remark: remark}
