"""Masks over the secrets of a CIB that is shown, and their way back, which is closed."""

from __future__ import annotations

from copy import deepcopy
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from crmsh_py.cib.document import Cib
from crmsh_py.errors import CrmError
from crmsh_py.language import statements as st
from crmsh_py.masks import MASK, is_secret
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crmsh_py.cib.listing import Entry


# the masks of one secret that is not the same in several CIBs, in their order
APART = (MASK, f"{MASK} (changed)", f"{MASK} (changed otherwise)")


def masked(cib: Cib, also: Sequence[str] = ()) -> Cib:
    """The CIB to show: itself where it has no secrets, else a copy with masks in their place.

    also: globs of the names of attributes that are secrets beside the usual ones, in any case of letters.
    """
    secret = [is_secret(pair.get("name")) or _fits(pair.get("name"), also) for pair in cib.configuration.iter("nvpair")]
    if not any(secret):
        return cib
    copy = Cib(deepcopy(cib.root))
    for pair, is_one in zip(copy.configuration.iter("nvpair"), secret, strict=True):
        if is_one and pair.get("value") is not None:
            pair.set("value", MASK)
    return copy


def masked_apart(*cibs: Cib) -> tuple[Cib, ...]:
    """Up to three CIBs to compare: secrets that are not the same have masks that are not."""
    values: dict[str, list[str]] = {}
    shown = []
    for cib in cibs:
        copy = masked(cib)
        for pair, mask in zip(cib.configuration.iter("nvpair"), copy.configuration.iter("nvpair"), strict=True):
            value = pair.get("value")
            if value is not None and is_secret(pair.get("name")) and mask.get("value") == MASK:
                known = values.setdefault(pair.get("id") or "", [])
                known.extend([value] * (value not in known))
                mask.set("value", APART[known.index(value)])
        shown.append(copy)
    return tuple(shown)


def _fits(name: str | None, globs: Sequence[str]) -> bool:
    return name is not None and any(fnmatchcase(name.lower(), glob.lower()) for glob in globs)


def in_copy(chosen: Iterable[Entry], cib: Cib, copy: Cib) -> list[Entry]:
    """What was chosen of a CIB, in its masked copy."""
    if copy is cib:
        return list(chosen)
    copies = dict(zip(cib.configuration.iter(), copy.configuration.iter(), strict=True))
    return [entry._replace(el=copies[entry.el]) for entry in chosen]


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
        if isinstance(part, st.NVPair) and is_secret(part.name) and part.value in APART
    ]
    if problems:
        raise CrmError(problems=problems)
