"""The first line of exact text: a comment to the existing shell, a promise to ours."""

from __future__ import annotations

import re
from typing import NamedTuple

from crmsh_py.errors import BadSyntax
from crmsh_py.language.words import EXACT

FORM = 1
_HEADER = rf"\ufeff?{EXACT} (\d+)(?: schema=(\S+))?[ \t\r]*(?:\n|$)"


class Header(NamedTuple):
    """What the first line says; schema is None where it names none."""

    schema: str | None


def exact_header(schema: str) -> str:
    """The first line for a CIB that follows a schema."""
    return f"{EXACT} {FORM}" + (f" schema={schema}" if schema else "")


def read_header(text: str) -> Header | None:
    """The header of exact text, None where the text is not exact. Raises BadSyntax for a newer form than ours."""
    found = re.match(_HEADER, text)
    if not found:
        return None
    if int(found.group(1)) > FORM:
        raise BadSyntax(f"exact text of form {found.group(1)} was written by a newer crm")
    return Header(found.group(2))
