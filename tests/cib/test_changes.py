"""What two configurations differ in, where that is a secret."""

from __future__ import annotations

from crmsh_py.cib import edit
from crmsh_py.cib.changes import changes
from crmsh_py.cib.document import Cib
from crmsh_py.language.parser import parse


def cib_of(text: str) -> Cib:
    cib = Cib.empty("pacemaker-3.9")
    edit.add(cib, parse(text, "test"))
    return cib


def test_a_changed_secret_is_a_change_and_stays_secret() -> None:
    old, new = (cib_of(f"primitive a Dummy params passwd={word}") for word in ("s3cret", "0ther"))
    lines = changes(old, new)
    assert [line for line in lines if line[:1] in "+-"][2:] == [
        '-\tparams passwd="******"',
        '+\tparams passwd="****** (changed)"',
    ]
    assert not any("s3cret" in line or "0ther" in line for line in lines)


def test_a_secret_that_stays_or_comes_is_masked_alone() -> None:
    old, new = cib_of("primitive a Dummy"), cib_of("primitive a Dummy params passwd=s3cret")
    assert changes(new, new) == []
    assert any(line.endswith('passwd="******"') for line in changes(old, new))
