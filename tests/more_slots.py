"""Kinds of words for tests of usage lines, beside those that the program's own commands use today."""

from __future__ import annotations

import pytest

from crmsh_py.command.slots import SLOTS, Refusal, Slot, any_text, shaped


def _number(word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise Refusal(f"{word} is not a whole number") from None


@pytest.fixture(autouse=True)
def _more_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SLOTS, "number", Slot("a whole number", _number))
    monkeypatch.setitem(SLOTS, "words", Slot("words", any_text))
    monkeypatch.setitem(SLOTS, "duration", shaped("a duration", r"\d+\s*(ms|s|min)?|P[\dTMHDS]+", "30, 30s, PT5M"))
