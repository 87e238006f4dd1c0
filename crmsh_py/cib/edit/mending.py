"""References outside of constraints, where what they refer to went or has a new name."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.document import CONTAINERS
from crmsh_py.cib.edit.borrowing import take_over
from crmsh_py.cib.edit.naming import called
from crmsh_py.cib.edit.templates import inline
from crmsh_py.cib.references import BORROWERS, Reference, object_name, object_of
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.edit.surgery import Surgery


def rename(surgery: Surgery, reference: Reference, new: str) -> None:
    """Let a reference follow the new name of what it refers to."""
    el, attribute, old = reference
    surgery.cib.touch(el)
    if attribute == "devices":
        devices = (el.get("devices") or "").split(",")
        new = ",".join(dict.fromkeys(new if device == old else device for device in devices))
    el.set(attribute, new)
    _say(surgery, el, f"now refers to {surgery.renamed[old]} instead of {old}")


def mend(surgery: Surgery, reference: Reference) -> None:
    """Take away a reference to what went, with what it leaves empty, or keep what it meant."""
    el = reference.el
    if el.tag in BORROWERS:
        take_over(surgery, reference)
    elif el.tag == "primitive":
        inline(surgery, el, surgery.gone[reference.id])
    elif el.tag == "fencing-level":
        _device(surgery, el, reference.id)
    elif el.tag == "obj_ref":
        _tag(surgery, el, reference.id)
    elif el.tag in ("role", "role_ref"):
        _role(surgery, el, reference.id)
    else:
        _permission(surgery, reference)


def _say(surgery: Surgery, el: Element, text: str) -> None:
    surgery.note(f"{called(el)} {text}", object_name(object_of(el)))


def _remove(surgery: Surgery, el: Element) -> None:
    parent = el.getparent()
    if parent is not None:
        parent.remove(el)
    surgery.lose(el)


def _device(surgery: Surgery, level: Element, device: str) -> None:
    """The other levels of the target keep their index: its gaps mean nothing."""
    devices = [other for other in (level.get("devices") or "").split(",") if other != device]
    surgery.cib.touch(level)
    if devices:
        level.set("devices", ",".join(devices))
        _say(surgery, level, f"no longer has the device {device}")
    else:
        target = next((value for name, value in level.attrib.items() if str(name).startswith("target")), "")
        _say(surgery, level, f"no longer has level {level.get('index')} of {target}: {device} was its only device")
        _remove(surgery, level)


def _tag(surgery: Surgery, member: Element, id_: str) -> None:
    """A tag keeps what a container held that was dissolved."""
    tag = member.getparent()
    if tag is None:
        return
    surgery.cib.touch(tag)
    heirs = surgery.living(id_) if surgery.gone[id_].tag in CONTAINERS else []
    named = {other.get("id") for other in tag.iterchildren("obj_ref")} if heirs else ()
    fresh = [heir for heir in heirs if heir not in named]
    for heir in fresh:
        member.addprevious(etree.Element("obj_ref", {"id": heir}))
    tag.remove(member)
    if fresh:
        _say(surgery, tag, f"now names {listed(fresh)} instead of {id_}")
    elif tag.find("obj_ref") is not None:
        _say(surgery, tag, f"no longer names {id_}")
    else:
        surgery.take_out(tag, ": it was empty")


def replace_in_tag(surgery: Surgery, member: Element, new: str) -> None:
    """Let a tag name a container instead of what is in it now."""
    tag, old = member.getparent(), member.get("id") or ""
    if tag is None:
        return
    surgery.cib.touch(tag)
    if any(other.get("id") == new for other in tag.iterchildren("obj_ref")):
        tag.remove(member)
    else:
        member.set("id", new)
    _say(surgery, tag, f"now names {new} instead of {old}")


def _role(surgery: Surgery, el: Element, id_: str) -> None:
    """A user without any rights left has no more and no fewer than one that is not named."""
    holder = el.getparent()
    if holder is None:
        return
    surgery.cib.touch(holder)
    holder.remove(el)
    if holder.find("*") is not None:
        _say(surgery, holder, f"no longer has the role {id_}")
    else:
        surgery.take_out(holder, f": {id_} was its only role")


def _permission(surgery: Surgery, reference: Reference) -> None:
    """A right to a container is one to what it held: to forget a `deny` would open what was closed."""
    el, attribute, id_ = reference
    kind = el.get("kind") or str(el.tag)
    surgery.cib.touch(el)
    heirs = surgery.living(id_) if surgery.gone[id_].tag in CONTAINERS else []
    if not heirs:
        _say(surgery, el, f"no longer has a right to {kind} {id_}" if kind != "deny" else f"no longer denies {id_}")
        _remove(surgery, el)
        return
    _say(surgery, el, f"now names {listed(heirs)} instead of {id_}")
    el.set(attribute, heirs[0])
    for heir in reversed(heirs[1:]):
        copy = deepcopy(el)
        copy.set(attribute, heir)
        copy.set("id", surgery.ids.new(el.get("id") or ""))
        el.addnext(copy)
