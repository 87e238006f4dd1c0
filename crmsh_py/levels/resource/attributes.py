"""Attributes of resources: meta attributes, parameters, utilization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.command.attributes import change, wanted
from crmsh_py.errors import NoSuchObject, UsageError
from crmsh_py.levels.resource.level import level
from crmsh_py.masks import masked
from crmsh_py.output import Record
from crmsh_py.problems import INFO, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.inherited import Held
    from crmsh_py.command.attributes import Wanted
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


@level.command(
    "meta <rsc> set <attr:meta_attribute> <value> [--wait] [--dry-run]",
    "meta <rsc> set <pairs:assignment>... [--wait] [--dry-run]",
    "meta <rsc> delete <names:meta_attribute>... [--wait] [--dry-run]",
    "meta <rsc> show [<attr:meta_attribute>]",
    border=True,
)
def meta(
    cx: Context,
    rsc: str,
    set: bool = False,  # noqa: A002, ARG001 - the word of the usage
    delete: bool = False,  # noqa: ARG001 - as above
    show: bool = False,
    attr: str | None = None,
    value: str = "",
    pairs: Sequence[str] = (),
    names: Sequence[str] = (),
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
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
    if show:
        return _shown(cx, _META, rsc, attr)
    return _changed(cx, _META, rsc, wanted(attr, value, pairs, names), wait, dry_run)


@level.command(
    "param <rsc> set <attr:parameter> <value> [--wait] [--dry-run]",
    "param <rsc> set <pairs:assignment>... [--wait] [--dry-run]",
    "param <rsc> delete <names:parameter>... [--wait] [--dry-run]",
    "param <rsc> show [<attr:parameter>]",
    border=True,
)
def param(
    cx: Context,
    rsc: str,
    set: bool = False,  # noqa: A002, ARG001 - the word of the usage
    delete: bool = False,  # noqa: ARG001 - as above
    show: bool = False,
    attr: str | None = None,
    value: str = "",
    pairs: Sequence[str] = (),
    names: Sequence[str] = (),
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
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
    if show:
        return _shown(cx, _PARAMETER, rsc, attr)
    return _changed(cx, _PARAMETER, rsc, wanted(attr, value, pairs, names), wait, dry_run)


@level.command(
    "utilization <rsc> set <attr:utilization> <value:capacity> [--wait] [--dry-run]",
    "utilization <rsc> set <pairs:capacities>... [--wait] [--dry-run]",
    "utilization <rsc> delete <names:utilization>... [--wait] [--dry-run]",
    "utilization <rsc> show [<attr:utilization>]",
    border=True,
)
def utilization(
    cx: Context,
    rsc: str,
    set: bool = False,  # noqa: A002, ARG001 - the word of the usage
    delete: bool = False,  # noqa: ARG001 - as above
    show: bool = False,
    attr: str | None = None,
    value: str = "",
    pairs: Sequence[str] = (),
    names: Sequence[str] = (),
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Set, delete or show what a primitive takes up of a node's capacities, in whole numbers.

    It counts where the property placement-strategy is not `default`, and says nothing of what containers take up: that
    is the sum of their members. The change is committed at once.

    Examples:
        utilization server set memory 2048
        utilization server set cpu=2 memory=4096
        utilization server show
        utilization server delete cpu
    """
    if show:
        return _shown(cx, _UTILIZATION, rsc, attr)
    return _changed(cx, _UTILIZATION, rsc, wanted(attr, value, pairs, names), wait, dry_run)


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


def _changed(cx: Context, kind: _Kind, rsc: str, wanted: Wanted, wait: bool, dry_run: bool) -> Record | None:
    from crmsh_py.command.known import configured  # heavy

    def find(cib: Cib) -> Element:
        el = configured(cib, rsc)
        if kind.only and el.tag not in kind.only:
            raise UsageError(f"{rsc} is a {el.tag!s}: only primitives have {kind.called}s")
        return el

    def absent(cib: Cib, name: str) -> Problem:
        return _absent(cib, kind, rsc, name)

    return change(cx, kind.tag, wanted, find, absent, wait=wait, dry_run=dry_run)


def _absent(cib: Cib, kind: _Kind, rsc: str, name: str) -> Problem:
    from crmsh_py.cib.inherited import held  # heavy
    from crmsh_py.command.known import configured

    found = held(cib, configured(cib, rsc), kind.tag)
    text = f"{rsc} has no {kind.called} {name} of its own"
    if name in found:
        text += f": it comes from {_source(found[name])}"
    return Problem(INFO, "nothing-to-delete", text, hint=did_you_mean(name, found, 3), object_id=rsc)
