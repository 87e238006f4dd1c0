"""Statements <-> elements, by table.

SHAPES says for each class which element it is, which attributes it has beside its fields and which children. Reading is
strict: what the table does not know cannot be said in the language, and `Unsayable` is raised instead of losing it.
"""

from __future__ import annotations

from crmsh_py.cib.mapping.building import MEMBER, build
from crmsh_py.cib.mapping.old_acls import has_old_acls
from crmsh_py.cib.mapping.reading import Unsayable, read
from crmsh_py.cib.mapping.tables import CLASSES, KINDS, SHAPES, Kind, Shape

__all__ = ["CLASSES", "KINDS", "MEMBER", "SHAPES", "Kind", "Shape", "Unsayable", "build", "has_old_acls", "read"]
