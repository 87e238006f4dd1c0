"""Traces of agents: trace_ra=1 among the parameters of operations, and trace_dir beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.attributes import PARAMETERS, remove, set_value, value
from crmsh_py.cib.durations import milliseconds
from crmsh_py.cib.ids import Ids
from crmsh_py.cib.references import Index, ids
from crmsh_py.errors import NoSuchObject, Refused, UsageError
from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

TRACE, FOLDER = "trace_ra", "trace_dir"
PROBE = "probe"
# what each resource does, configured or not
ALWAYS = ("start", "stop")


def trace(cib: Cib, rsc: Element, operation: str | None, interval: str | None, folder: str | None) -> list[Element]:
    """Have operations of a primitive traced, within an edit; those operations, made where they were not there.

    operation: None for all that are configured, and start and stop; `probe` is a monitor of the interval 0. interval:
    of a repeated one, None for all of this name. folder: where to, None for the usual place. Raises NoSuchObject for a
    repeated operation that is not there, UsageError for what is no primitive.
    """
    found = _chosen(cib, rsc, operation, interval)
    for op in found:
        set_value(cib, op, PARAMETERS, TRACE, "1")
        if folder is not None:
            set_value(cib, op, PARAMETERS, FOLDER, folder)
    return found


def untrace(cib: Cib, rsc: Element, operation: str | None, interval: str | None) -> list[Element]:
    """Have operations of a primitive traced no longer, within an edit; those that were. As `trace` otherwise.

    An operation that says nothing any more, or what the template says anyway, goes with it.
    """
    _refuse_container(rsc)
    traced = []
    for op in _own(rsc):
        if _fits(op, operation, interval) and value(op, PARAMETERS, TRACE) is not None:
            _refuse_shared(cib, rsc)
            remove(cib, op, PARAMETERS, TRACE)
            remove(cib, op, PARAMETERS, FOLDER)
            traced.append(op)
    index = Index(cib.configuration)
    template = cib.resource(rsc.get("template") or "")
    there = [] if template is None else list(_own(template))
    for op in traced:
        _drop(op, there, index)
    return traced


def traced(rsc: Element) -> list[Element]:
    """The operations of a primitive that are traced."""
    return [op for op in _own(rsc) if value(op, PARAMETERS, TRACE) is not None]


def _chosen(cib: Cib, rsc: Element, operation: str | None, interval: str | None) -> list[Element]:
    _refuse_container(rsc)
    _refuse_shared(cib, rsc)
    name, wanted = ("monitor", "0") if operation == PROBE else (operation, interval)
    if name is None:
        names = {op.get("name") for op in _own(rsc)}
        template = cib.resource(rsc.get("template") or "")
        for op in () if template is None else list(_own(template)):
            if not any(_is_same(op, own) for own in _own(rsc)):
                _make(cib, rsc, op.get("name", ""), op.get("interval") or "0s", op)
                names.add(op.get("name"))
        for always in ALWAYS:
            if always not in names:
                _make(cib, rsc, always, "0s", None)
        return list(_own(rsc))
    found = [op for op in _own(rsc) if _fits(op, name, wanted)]
    return found or _inherited(cib, rsc, name, wanted)


def _inherited(cib: Cib, rsc: Element, name: str, interval: str | None) -> list[Element]:
    """Operations of a template, as the resource's own; or one that is not repeated, new."""
    template = cib.resource(rsc.get("template") or "")
    those = [] if template is None else [op for op in _own(template) if _fits(op, name, interval)]
    if those:
        return [_make(cib, rsc, name, op.get("interval") or "0s", op) for op in those]
    is_repeated = name == "monitor" if interval is None else bool(milliseconds(interval))
    if is_repeated:
        there = [f"{op.get('name')} {op.get('interval')}" for op in _own(rsc)]
        said = f"{name} {interval}" if interval else name
        hint = f"there are {listed(there)}" if there else f"`{PROBE}` is the monitor that runs once"
        raise NoSuchObject(f"{rsc.get('id')} has no operation {said}", hint=hint)
    return [_make(cib, rsc, name, "0s", None)]


def _own(rsc: Element) -> Iterator[Element]:
    for operations in rsc.iterchildren("operations"):
        yield from operations.iterchildren("op")


def _fits(op: Element, operation: str | None, interval: str | None) -> bool:
    if operation == PROBE:
        operation, interval = "monitor", "0"
    length = milliseconds(op.get("interval") or "0")
    if operation == "monitor" and interval is None and not length:
        return False  # that is a probe
    is_named = operation in (None, op.get("name"))
    return is_named and (interval is None or length == milliseconds(interval))


def _is_same(op: Element, other: Element) -> bool:
    lengths = [milliseconds(one.get("interval") or "0") for one in (op, other)]
    return op.get("name") == other.get("name") and lengths[0] == lengths[1]


def _make(cib: Cib, rsc: Element, name: str, interval: str, like: Element | None) -> Element:
    """A new operation; like: what the template has in its place, whose timeout and the like would be lost else."""
    cib.touch(rsc)
    operations = rsc.find("operations")
    if operations is None:
        operations = etree.SubElement(rsc, "operations")
    fresh = Ids(ids(cib))
    said = {} if like is None else {key: text for key, text in like.items() if key != "id"}
    id_ = fresh.new(f"{operations.get('id') or rsc.get('id')}-{name}-{interval}")
    op = etree.SubElement(operations, "op", {"id": id_, "name": name, "interval": interval})
    for key, text in said.items():
        op.set(str(key), str(text))
    for set_ in () if like is None else like.iterchildren("instance_attributes", "meta_attributes"):
        op.append(etree.Element(set_.tag, {"id-ref": set_.get("id") or set_.get("id-ref") or ""}))
    return op


def _drop(op: Element, of_template: list[Element], index: Index) -> None:
    """Take an operation out that says nothing of its own, and the list of them where it was the last."""
    operations = op.getparent()
    is_needed = not _says_nothing(op, [one for one in of_template if _is_same(one, op)])
    if is_needed or operations is None or index.to(op.get("id") or ""):
        return
    operations.remove(op)
    rsc = operations.getparent()
    if not len(operations) and rsc is not None and not index.to(operations.get("id") or ""):
        rsc.remove(operations)


def _says_nothing(op: Element, of_template: list[Element]) -> bool:
    """Whether an operation says only that there is one, or the same as the one of the template that it stands for."""
    if not of_template:
        return not len(op) and set(op.keys()) <= {"id", "name", "interval"} and not milliseconds(op.get("interval"))
    return [_said(op)] == [_said(one) for one in of_template]


def _said(op: Element) -> tuple[dict[str, str], list[str]]:
    said = {str(name): str(text) for name, text in op.items() if name != "id"}
    return said, [set_.get("id-ref") or set_.get("id") or "" for set_ in op.iterchildren("*")]


def _refuse_container(rsc: Element) -> None:
    if rsc.tag not in ("primitive", "template"):
        inner = [one.get("id") or "" for one in rsc.iter("primitive")]
        raise UsageError(
            f"{rsc.get('id')} is a {rsc.tag!s}: only primitives are traced", hint=f"in it: {listed(inner)}"
        )


def _refuse_shared(cib: Cib, rsc: Element) -> None:
    index = Index(cib.configuration)
    for operations in rsc.iterchildren("operations"):
        lent = [one for one in index.to(operations.get("id") or "") if one.attribute == "id-ref"]
        if operations.get("id-ref") is not None or lent:
            text = f"the operations of {rsc.get('id')} are those of other resources too"
            raise Refused(text, hint=f"`configure edit {rsc.get('id')}` can give it operations of its own")
