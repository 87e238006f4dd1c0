"""Remote nodes and guests where Pacemaker does not allow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib.checks.constraints import constrained
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmsh_py.cib.checks.survey import Survey

KINDS = {"rsc_order": "an order", "rsc_colocation": "a colocation"}


def remotes(survey: Survey) -> Iterator[Problem]:
    """Connections to remote nodes in groups, orders and colocations, and guests in groups.

    A guest in an order or a colocation is its virtual machine, which is a resource as others.
    """
    remote = {el.get("id", "") for el in survey.primitives if survey.is_remote(el)}
    for el in survey.primitives:
        id_ = el.get("id", "")
        group = next((one for one in survey.containers(el) if one.tag == "group"), None)
        if group is None:
            continue
        is_guest = survey.values(el, "meta_attributes").get("remote-node")
        if id_ in remote or is_guest:
            what = "a guest node" if is_guest else "a remote node"
            text = f"{group.get('id')}: {id_} is {what}, and cannot be in a group"
            yield Problem(ERROR, "remote-in-group", text, object_id=group.get("id"))
    section = survey.cib.section("constraints")
    for constraint in () if section is None or not remote else section.iterchildren(*KINDS):
        for rsc in constrained(constraint):
            if rsc in remote:
                where = constraint.get("id")
                text = f"{where}: {rsc} is a remote node, and cannot be in {KINDS[str(constraint.tag)]}"
                yield Problem(ERROR, "remote-in-constraint", text, object_id=where)
