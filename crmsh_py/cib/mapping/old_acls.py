"""The access control lists of Pacemaker 1.1.11 and before."""

from __future__ import annotations

# acls-2.0.rng came with pacemaker-2.0
OLD_ACL_SCHEMAS = ("pacemaker-1.0", "pacemaker-1.1", "pacemaker-1.2", "pacemaker-1.3")
# element names are rights, and attributes have other names: XML name -> field
OLD_PERMISSION = {"id": "id", "tag": "object_type", "ref": "reference", "xpath": "xpath", "attribute": "attribute"}


def has_old_acls(schema: str) -> bool:
    """Whether a schema has the access control lists of Pacemaker 1.1.11 and before."""
    return schema in OLD_ACL_SCHEMAS
