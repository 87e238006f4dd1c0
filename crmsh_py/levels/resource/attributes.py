"""Attributes of resources: meta attributes, parameters, utilization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.attributes import change, declare
from crmsh_py.errors import NoSuchObject, UsageError
from crmsh_py.levels.resource.level import level
from crmsh_py.masks import masked
from crmsh_py.output import Record
from crmsh_py.problems import INFO, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.inherited import Held
    from crmsh_py.command.attributes import Asked
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment


class _Kind:
    """A kind of attributes: the tag of its sets, what one is called, and the resources that can have it; () for all."""

    def __init__(self, tag: str, called: str, only: tuple[str, ...] = ()) -> None:
        self.tag = tag
        self.called = called
        self.only = only


_META = _Kind("meta_attributes", "meta attribute")
_PARAMETER = _Kind("instance_attributes", "parameter")
_UTILIZATION = _Kind("utilization", "utilization attribute", ("primitive", "template"))


@declare(level, "meta", "rsc", "meta_attribute")
def meta(cx: Context, rsc: str, asked: Asked) -> Record | None:
    """Set, delete or show meta attributes of a resource.

    It is the resource that is named whose attribute is changed, be it in a container or not; `start`, `stop`, `manage`
    and the like look for the right one themselves. The change is committed at once. `show` tells values that come from
    a template, a container or the defaults of resources too, and where from; without an attribute, all of them.

    Examples:
        meta web set priority 20
        meta web set priority=20 resource-stickiness=100
        meta web set priority 30 --dry-run
        meta address show priority
        meta server show
        meta web delete priority
    """
    return _done(cx, _META, rsc, asked)


@declare(level, "param", "rsc", "parameter")
def param(cx: Context, rsc: str, asked: Asked) -> Record | None:
    """Set, delete or show parameters of a resource.

    The change is committed at once, and the cluster reloads or restarts the resource where that is needed; --dry-run
    says what it would do. Secret values are masked by `show`; `secret` keeps them out of the configuration.

    Examples:
        param address set cidr_netmask 32
        param address set cidr_netmask=32 nic=lo
        param address set ip 192.0.2.81 --dry-run
        param address show ip
        param fence-alpha show
        param address delete nic
    """
    return _done(cx, _PARAMETER, rsc, asked)


@declare(level, "utilization", "rsc", "utilization", value="capacity", pairs="capacities")
def utilization(cx: Context, rsc: str, asked: Asked) -> Record | None:
    """Set, delete or show what a primitive takes up of a node's capacities, in whole numbers.

    It counts where the property placement-strategy is not `default`, and says nothing of what containers take up: that
    is the sum of their members. The change is committed at once.

    Examples:
        utilization server set memory 2048
        utilization server set cpu=2 memory=4096
        utilization server show
        utilization server delete cpu
    """
    return _done(cx, _UTILIZATION, rsc, asked)


def _done(cx: Context, kind: _Kind, rsc: str, asked: Asked) -> Record | None:
    return _shown(cx, kind, rsc, asked.attr) if asked.is_shown else _changed(cx, kind, rsc, asked)


# ---- show


def _shown(cx: Context, kind: _Kind, rsc: str, name: str | None) -> Record:
    from crmsh_py.cib.inherited import held  # heavy
    from crmsh_py.command.known import configured

    cib = cx.session.draft
    found = held(cib, configured(cib, rsc), kind.tag)
    if name is None:
        shown = sorted(found.values())
    elif name in found:
        shown = [found[name]]
    else:
        hint = did_you_mean(name, found, 3)
        raise NoSuchObject(f"{rsc} has no {kind.called} {name}", hint=hint)
    if name is not None and not shown[0].is_own:
        cx.note(f"{name} of {rsc} comes from {_source(shown[0])}")
    return Record(
        "resource.attributes",
        lambda: [{**one._asdict(), "value": masked(one.name, one.value)} for one in shown],
        lambda: _lines(shown, kind) if name is None else [("value", masked(shown[0].name, shown[0].value)), ("", "\n")],
    )


def _lines(shown: list[Held], kind: _Kind) -> Iterator[Fragment]:
    if not shown:
        yield "", f"no {kind.called}s\n"
    for one in shown:
        yield from [("name", one.name), ("", "="), ("value", masked(one.name, one.value))]
        yield "comment", "" if one.is_own else f"  # from {_source(one)}"
        yield "", "\n"


def _source(one: Held) -> str:
    return f"{one.kind} {one.id}".strip()


# ---- set, delete


def _changed(cx: Context, kind: _Kind, rsc: str, asked: Asked) -> Record | None:
    from crmsh_py.command.known import configured  # heavy

    def find(cib: Cib) -> Element:
        el = configured(cib, rsc)
        if kind.only and el.tag not in kind.only:
            raise UsageError(f"{rsc} is a {el.tag!s}: only primitives have {kind.called}s")
        return el

    def absent(cib: Cib, name: str) -> Problem:
        return _absent(cib, kind, rsc, name)

    return change(cx, kind.tag, asked, find, absent)


def _absent(cib: Cib, kind: _Kind, rsc: str, name: str) -> Problem:
    from crmsh_py.cib.inherited import held  # heavy
    from crmsh_py.command.known import configured

    found = held(cib, configured(cib, rsc), kind.tag)
    text = f"{rsc} has no {kind.called} {name} of its own"
    if name in found:
        text += f": it comes from {_source(found[name])}"
    return Problem(INFO, "nothing-to-delete", text, hint=did_you_mean(name, found, 3), object_id=rsc)
