"""One value of the configuration by its path, ID.[OPERATION.[INTERVAL.]]NAME: found, and set."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cib.document import RESOURCES
from crmsh_py.cib.durations import milliseconds
from crmsh_py.cib.ids import Ids
from crmsh_py.cib.infer import complete_operation
from crmsh_py.cib.references import Index, ids
from crmsh_py.errors import CrmError, NoSuchObject, UsageError
from crmsh_py.language.allowed import OP_ATTRIBUTES
from crmsh_py.language.statements import Op
from crmsh_py.masks import MASK, is_secret
from crmsh_py.problems import ERROR, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

SETS = ("instance_attributes", "meta_attributes", "utilization", "cluster_property_set")
FORM = "ID.[OPERATION.[INTERVAL.]]NAME"
_TO_ADD = OP_ATTRIBUTES - {"name", "interval", "description"}


class Spot(NamedTuple):
    """Where a value stands: an attribute of an element of the CIB, which is called `name`."""

    el: Element
    attribute: str
    name: str


def find_value(cib: Cib, path: str) -> Spot:
    """The one value that a path means.

    The id is that of an object or of a set of attributes, a node's name too; the longest one that fits. Raises
    UsageError for what is no path, or more than one value; NoSuchObject for what is not there.
    """
    if "." not in path.strip("."):
        raise UsageError(f"{path} is not the path of a value", hint=f"its form is {FORM}, such as web.priority")
    missing: NoSuchObject | None = None
    named = _by_name(cib)
    for head, rest in _splits(path):
        if head not in named:
            continue
        spots = [spot for el in named[head] for spot in _spots(el, rest)]
        if len(spots) == 1:
            return spots[0]
        if spots:
            raise UsageError(f"expected one value for {path}, found {len(spots)}", hint=_where(spots))
        missing = missing or _missing(named[head], head, rest)
    raise missing or NoSuchObject(f"there is no object {path.partition('.')[0]}", hint=f"the form of a path is {FORM}")


def set_value(cib: Cib, path: str, value: str) -> None:
    """Give a value that is there another one, or an operation one of its attributes.

    Raises as `find_value` does, CrmError for a mask as the value.
    """
    try:
        spot = find_value(cib, path)
    except NoSuchObject:
        added = _of_one_operation(cib, path)
        if added is None:
            raise
        spot = added
    if is_secret(spot.name) and value == MASK:
        text = f"{path}: the value is the mask that `show` puts over it"
        raise CrmError(problems=[Problem(ERROR, "masked-value", text, hint="`save` writes it in clear")])
    cib.touch(spot.el)
    if spot.el.tag == "op":
        value = _completed(spot, value)
    old = spot.el.get(spot.attribute, "")
    try:
        spot.el.set(spot.attribute, value)
    except ValueError:
        raise UsageError(f"{path}: a character of the value cannot stand in a CIB") from None
    if spot.el.tag == "op" and spot.attribute == "interval":
        _renew_id(cib, spot.el, old)


def paths(cib: Cib) -> list[str]:
    """The paths of all values that can be set, sorted."""
    named = _by_name(cib)
    return sorted(f"{name}.{rest}" for name, elements in named.items() for el in elements for rest in _rests(el))


def _of_one_operation(cib: Cib, path: str) -> Spot | None:
    """The place of an attribute that an operation can have, and has not. Raises UsageError for several operations."""
    named = _by_name(cib)
    for head, rest in _splits(path):
        calls, _, attribute = rest.rpartition(".")
        if attribute not in _TO_ADD:
            continue
        found = [op for el in named.get(head, ()) for op in _operations(el) if calls in _op_names(op)]
        if len(found) == 1:
            return Spot(found[0], attribute, attribute)
        if found:
            raise _ambiguous(calls.partition(".")[0], found)
    return None


def _by_name(cib: Cib) -> dict[str, list[Element]]:
    """Objects and sets of attributes, by their ids; nodes by their names."""
    found: dict[str, list[Element]] = {}
    for el in cib.objects():
        if name := el.get("uname") or el.get("id"):
            found.setdefault(name, []).append(el)
    for el in cib.configuration.iter(*SETS):
        if (id_ := el.get("id")) and id_ not in found:
            found[id_] = [el]
    return found


def _splits(path: str) -> Iterator[tuple[str, str]]:
    """The path divided at each of its dots, the last one first."""
    at = path.rfind(".", 0, -1)
    while at > 0:
        yield path[:at], path[at + 1 :]
        at = path.rfind(".", 0, at)


def _spots(el: Element, rest: str) -> list[Spot]:
    """What the rest of a path means in an object, or in a set."""
    own = [spot for spot in _own(el) if spot.name == rest]
    if own:
        return own
    found: list[Spot] = []
    for op in _operations(el):
        found += [spot for name in _op_names(op) for spot in _of_op(op) if f"{name}.{spot.name}" == rest]
    operations = dict.fromkeys(_operation(spot.el) for spot in found)
    if len(operations) > 1:
        raise _ambiguous(rest.partition(".")[0], operations)
    return found


def _ambiguous(name: str, operations: Iterable[Element]) -> UsageError:
    intervals = ", ".join(sorted({op.get("interval", "0") for op in operations}))
    return UsageError(f"say which {name}: by its interval", hint=f"such as {name}.INTERVAL.NAME; there are {intervals}")


def _own(el: Element) -> Iterator[Spot]:
    """The attributes in the sets of an object, or in a set itself."""
    for one in [el] if el.tag in SETS else el.iterchildren(*SETS):
        for pair in one.iterchildren("nvpair"):
            if pair.get("name") and pair.get("id-ref") is None:
                yield Spot(pair, "value", pair.get("name", ""))


def _operations(el: Element) -> Iterator[Element]:
    for operations in el.iterchildren("operations"):
        yield from operations.iterchildren("op")


def _of_op(op: Element) -> Iterator[Spot]:
    for name in op.attrib:
        if name not in ("id", "name"):
            yield Spot(op, str(name), str(name))
    yield from _own(op)


def _op_names(op: Element) -> list[str]:
    """What a path may call an operation: its name, alone or with its interval; 10, 10s and 10sec are one."""
    name, interval = op.get("name", ""), op.get("interval", "0")
    length = milliseconds(interval)
    spellings = {interval}
    if length is not None and not length % 1000:
        spellings.update(f"{length // 1000}{unit}" for unit in ("", "s", "sec"))
    return [name, *(f"{name}.{spelling}" for spelling in sorted(spellings))]


def _operation(el: Element) -> Element:
    """The operation that an element is, or is in."""
    while el.tag != "op":
        parent = el.getparent()
        if parent is None:
            break
        el = parent
    return el


def _rests(el: Element) -> Iterable[str]:
    """What may stand behind the name of an object, once."""
    found = [spot.name for spot in _own(el)]
    operations = list(_operations(el))
    names = [op.get("name", "") for op in operations]
    for op in operations:
        name = op.get("name", "")
        prefix = name if names.count(name) == 1 else f"{name}.{op.get('interval', '0')}"
        found += [f"{prefix}.{spot.name}" for spot in _of_op(op)]
    return dict.fromkeys(found)


def _missing(elements: list[Element], head: str, rest: str) -> NoSuchObject:
    known = [one for el in elements for one in _rests(el)]
    name = rest.partition(".")[0]
    operations = [op for el in elements for op in _operations(el) if op.get("name") == name]
    if "." in rest and not operations and not any(one.startswith(f"{name}.") for one in known):
        text = f"{head} has no operation {name}"
    elif operations and rest.count(".") > 1 and not any(rest.startswith(f"{one}.") for one in _intervals(operations)):
        text = f"{head} has no {name} with the interval {rest.split('.')[1]}"
    else:
        text = f"{head} has no attribute {rest}"
    hint = did_you_mean(rest, known, 3) or "`set` changes what is there; `edit` adds"
    return NoSuchObject(text, hint=hint)


def _intervals(operations: Iterable[Element]) -> Iterator[str]:
    """What operations of one name may be called with their intervals."""
    for op in operations:
        yield from _op_names(op)[1:]


def _where(spots: list[Spot]) -> str | None:
    """The sets in which the values stand, by which each can be called."""
    sets = [parent.get("id") for spot in spots if (parent := spot.el.getparent()) is not None]
    named = [f"{id_}.{spots[0].name}" for id_ in sets if id_]
    return f"such as {' or '.join(named)}" if named else None


def _completed(spot: Spot, value: str) -> str:
    """An interval or a timeout with its unit, as for an operation that is typed."""
    resource = next(spot.el.iterancestors(*RESOURCES), None)
    op = Op({spot.attribute: value})
    complete_operation(op, units=resource is None or resource.get("template") is None)
    return op.values[spot.attribute]


def _renew_id(cib: Cib, op: Element, old: str) -> None:
    """Give an operation whose id was made of its interval one of the new interval, unless something refers to it."""
    resource = next(op.iterancestors(*RESOURCES), None)
    before = op.get("id", "")
    operations = op.getparent()
    owner = operations.get("id") if operations is not None else None
    for prefix in (owner, resource.get("id") if resource is not None else None):
        made = f"{prefix}-{op.get('name')}-"
        if prefix and before == made + old and not Index(cib.configuration).to(before):
            op.set("id", Ids(ids(cib) - {before}).new(made + op.get("interval", "")))
            return
