"""What is loaded, and what cannot be meant by it."""

from __future__ import annotations

import pytest
from round_trip import load, show

from crmsh_py.cib import transfer
from crmsh_py.cib.document import Cib
from crmsh_py.errors import BadSyntax, CrmError


@pytest.mark.parametrize("method", ["replace", "push"])
@pytest.mark.parametrize("data", [b"", b" \n\n"])
def test_an_empty_text_is_not_loaded_over_a_configuration(method: str, data: bytes) -> None:
    with pytest.raises(CrmError, match="stdin is empty") as caught:
        transfer.text_change(data, "stdin", method)
    assert "erase" in (caught.value.problems[0].hint or "")


def test_an_empty_text_updates_nothing_and_a_saved_empty_configuration_is_loaded() -> None:
    cib = load("primitive a Dummy")
    before = cib.to_bytes()
    assert transfer.text_change(b"", "stdin", "update")(cib) == []
    assert cib.to_bytes() == before
    transfer.text_change(transfer.exact_text(Cib.empty("pacemaker-3.9")).encode(), "stdin", "replace")(cib)
    assert "primitive" not in show(cib)


@pytest.mark.parametrize("data", [b"<cib/>", b'<cib validate-with="pacemaker-3.9"><status/></cib>'])
def test_a_cib_without_a_configuration_is_none(data: bytes) -> None:
    with pytest.raises(CrmError, match="it has no configuration"):
        transfer.xml_change(data, "stdin", "replace")


@pytest.mark.parametrize("data", [b"<cib/>", b'\n<?xml version="1.0"?>\n<cib>\n</cib>'])
def test_xml_where_text_is_read_is_told_in_one_line(data: bytes) -> None:
    with pytest.raises(BadSyntax) as caught:
        transfer.text_change(data, "web.xml", "push")
    assert [(problem.text, problem.hint) for problem in caught.value.problems] == [
        ("web.xml is XML", "`load xml push` reads it")
    ]
