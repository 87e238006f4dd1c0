"""Attributes of resources: meta attributes, parameters, utilization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import NoSuchObject, UsageError
from crmsh_py.levels.resource.level import level
from crmsh_py.masks import MASK, is_secret
from crmsh_py.output import Record
from crmsh_py.problems import INFO, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.inherited import Held
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
    set: bool = False,  # noqa: A002 - the word of the usage
    delete: bool = False,
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
    assigned = _assigned(attr, value, pairs) if set else {}
    return _changed(cx, _META, rsc, assigned, names if delete else (), wait, dry_run)


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
    set: bool = False,  # noqa: A002 - the word of the usage
    delete: bool = False,
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
    assigned = _assigned(attr, value, pairs) if set else {}
    return _changed(cx, _PARAMETER, rsc, assigned, names if delete else (), wait, dry_run)


@level.command(
    "utilization <rsc> set <attr:utilization> <value> [--wait] [--dry-run]",
    "utilization <rsc> set <pairs:assignment>... [--wait] [--dry-run]",
    "utilization <rsc> delete <names:utilization>... [--wait] [--dry-run]",
    "utilization <rsc> show [<attr:utilization>]",
    border=True,
)
def utilization(
    cx: Context,
    rsc: str,
    set: bool = False,  # noqa: A002 - the word of the usage
    delete: bool = False,
    show: bool = False,
    attr: str | None = None,
    value: str = "",
    pairs: Sequence[str] = (),
    names: Sequence[str] = (),
    wait: bool = False,
    dry_run: bool = False,
) -> Record | None:
    """Set, delete or show what a primitive takes up of a node's capacities.

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
    assigned = _assigned(attr, value, pairs) if set else {}
    return _changed(cx, _UTILIZATION, rsc, assigned, names if delete else (), wait, dry_run)


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
        lambda: [{**one._asdict(), "value": _masked(one)} for one in shown],
        lambda: _lines(shown) if name is None else [("value", _masked(shown[0])), ("", "\n")],
    )


def _lines(shown: Iterable[Held]) -> Iterator[Fragment]:
    for one in shown:
        yield from [("name", one.name), ("", "="), ("value", _masked(one))]
        yield "comment", "" if one.is_own else f"  # from {_source(one)}"
        yield "", "\n"


def _source(one: Held) -> str:
    return f"{one.kind} {one.id}".strip()


def _masked(one: Held) -> str:
    return MASK if is_secret(one.name) else one.value


# ---- set, delete


def _assigned(name: str | None, value: str, pairs: Iterable[str]) -> dict[str, str]:
    """What is to be set, however it was typed."""
    if name is not None:
        return {name: value}
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def _changed(
    cx: Context,
    kind: _Kind,
    rsc: str,
    assigned: Mapping[str, str],
    gone: Iterable[str],
    wait: bool,
    dry_run: bool,
) -> Record | None:
    from crmsh_py.command import acting  # heavy
    from crmsh_py.command.known import configured

    def change(cib: Cib) -> Iterable[Problem]:
        from crmsh_py.cib.attributes import remove, set_value

        el = configured(cib, rsc)
        if kind.only and el.tag not in kind.only:
            raise UsageError(f"{rsc} is a {el.tag!s}: only primitives have {kind.called}s")
        for one, wanted in assigned.items():
            set_value(cib, el, kind.tag, one, wanted)
        return [_absent(cib, kind, rsc, one) for one in gone if not remove(cib, el, kind.tag, one)]

    return acting.act(cx, change, wait=wait, dry_run=dry_run)


def _absent(cib: Cib, kind: _Kind, rsc: str, name: str) -> Problem:
    from crmsh_py.cib.inherited import held  # heavy
    from crmsh_py.command.known import configured

    found = held(cib, configured(cib, rsc), kind.tag)
    text = f"{rsc} has no {kind.called} {name} of its own"
    if name in found:
        text += f": it comes from {_source(found[name])}"
    return Problem(INFO, "nothing-to-delete", text, hint=did_you_mean(name, found, 3), object_id=rsc)
