"""A change of the CIB that has no effect on the cluster, in three sections; and what tells its two ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from bed import Node

# from the first state to the second, and back
THERE = "property no-quorum-policy=stop\nop_defaults timeout=33s\nrole watcher read xpath:/cib\n"
BACK = "delete watcher op-options\nproperty no-quorum-policy=freeze\n"


def configuration(cib: bytes) -> bytes:
    """The configuration of a CIB, in canonical form."""
    return etree.tostring(etree.fromstring(cib).find("configuration"), method="c14n")


def version(node: Node) -> tuple[int, ...]:
    """admin_epoch, epoch, num_updates of the CIB of a node."""
    root = etree.fromstring(node.cib())
    return tuple(int(root.get(name)) for name in ("admin_epoch", "epoch", "num_updates"))
