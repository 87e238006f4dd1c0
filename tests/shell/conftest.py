"""Kinds of words that only tests use."""

from more_slots import _more_slots  # noqa: F401 - a fixture
