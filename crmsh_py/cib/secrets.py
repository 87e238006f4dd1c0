"""Masks over the secrets of a CIB that is shown, and their way back, which is closed."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from crmsh_py.cib.document import Cib
from crmsh_py.errors import CrmError
from crmsh_py.language import statements as st
from crmsh_py.masks import MASK, is_secret
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable


def masked(cib: Cib) -> Cib:
    """The CIB to show: itself where it has no secrets, else a copy with masks in their place."""
    if not any(is_secret(pair.get("name")) for pair in cib.configuration.iter("nvpair")):
        return cib
    copy = Cib(deepcopy(cib.root))
    for pair in copy.configuration.iter("nvpair"):
        if is_secret(pair.get("name")) and pair.get("value") is not None:
            pair.set("value", MASK)
    return copy


def refuse_masks(statements: Iterable[st.Statement]) -> None:
    """Raise CrmError where a mask would become the value of a secret, as when a shown text is loaded again."""
    problems = [
        Problem(
            ERROR,
            "masked-value",
            f"{statement.id}: the value of {part.name} is the mask that `show` puts over it",
            statement.place,
            "`save` writes it in clear",
        )
        for statement in statements
        for part in st.parts(statement)
        if isinstance(part, st.NVPair) and is_secret(part.name) and part.value == MASK
    ]
    if problems:
        raise CrmError(problems=problems)
