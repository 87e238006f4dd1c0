"""Answers of `-o json`: read, and held against the schemas of their shapes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[1] / "docs" / "schemas"


@cache
def validator(shape: str) -> Draft202012Validator:
    """The schema of a shape that refers to no other one."""
    return Draft202012Validator(json.loads((SCHEMAS / f"{shape}.json").read_text(encoding="utf-8")))


def data_of(said: str) -> Any:
    """The data of the one answer that was given, which fits its schema."""
    (line,) = said.splitlines()
    answer = json.loads(line)
    validator(answer["shape"]).validate(answer)
    return answer["data"]
