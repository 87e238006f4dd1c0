"""What turns one configuration into another, as a patch that the CIB daemon applies or refuses as a whole.

The form is Pacemaker's patch format 2, as `crm_diff` prints it. The daemon goes through it twice: what is deleted and
modified is looked up and done at once, in the order of the patch; what is created and moved is done at the end, sorted
by the place where it is to stand. So an element comes to its place when all before it are at theirs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from crmsh_py.cib.comments import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

    Key = tuple[str, str | None, int]
    Children = dict[Key, Element]

# what the daemon writes itself, by its own lights
OWNED = frozenset(
    (
        *("crm_feature_set", "have-quorum", "dc-uuid", "no-quorum-panic", "execution-date"),
        *("cib-last-written", "update-origin", "update-client", "update-user"),
    )
)
# where the daemon takes a path apart
_BREAKS = re.compile(r"[\s/'{]")


class Version(NamedTuple):
    """What tells one state of a CIB from another (admin_epoch, epoch: the configuration; num_updates: the status)."""

    admin_epoch: int
    epoch: int
    num_updates: int

    @classmethod
    def of(cls, root: Element) -> Version:
        """The version that a `cib` element bears; missing or bad numbers are 0."""
        texts = (root.get(name) or "" for name in cls._fields)
        return cls(*(int(text) if text.isdecimal() else 0 for text in texts))


def patch(
    old: Cib, new: Cib, source: Version, target: Version, *, any_status: bool = False, head: Element | None = None
) -> bytes | None:
    """The patch that makes the configuration and the attributes of `old` those of `new`; None where they are the same.

    The daemon applies it only to the version `source`, and only where `target` is newer. any_status: to whatever status
    there is with that configuration (num_updates is not compared). head: the `cib` element as it is now, where `old` is
    older. The daemon counts by itself: it sets the epoch one above that of `source`, whatever `target` says. The status
    section and what the daemon writes in `cib` itself are no part of it.
    """
    changes = _of_configuration(old.root.find("configuration"), new.root.find("configuration"))
    # a change of the attributes alone is the one for which the daemon does not raise the epoch
    numbers = _numbers(source if any(changes) else target)
    before = _strings(old.root if head is None else head) | numbers
    after = _attributes(before, old.root, new.root)
    if before != after:
        changes.modified.append(_modify("/cib", "cib", before, after))
    if not any(changes):
        return None
    diff = etree.Element("diff", format="2")
    versions = etree.SubElement(diff, "version")
    compared = _numbers(source)
    if any_status:
        del compared["num_updates"]
    etree.SubElement(versions, "source", compared)
    etree.SubElement(versions, "target", _numbers(target))
    for part in changes:
        diff.extend(part)
    return etree.tostring(diff, encoding="utf-8")


class _Changes(NamedTuple):
    """Changes, in the order in which the daemon has to meet them."""

    deleted: list[Element]
    modified: list[Element]
    placed: list[Element]

    def add(self, other: _Changes) -> None:
        """Take over the changes of a part."""
        for mine, more in zip(self, other, strict=True):
            mine.extend(more)


def _attributes(now: dict[str, str], old: Element, new: Element) -> dict[str, str]:
    """The attributes that `cib` has now, with what people have changed between `old` and `new`."""
    before, after = _strings(old), _strings(new)
    changed = {
        name
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name) and name not in OWNED and name not in Version._fields
    }
    return {name: value for name, value in now.items() if name not in changed} | {
        name: value for name, value in after.items() if name in changed
    }


def _numbers(version: Version) -> dict[str, str]:
    return {name: str(number) for name, number in version._asdict().items()}


def _strings(el: Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in el.attrib.items()}


def _of_configuration(old: Element | None, new: Element | None) -> _Changes:
    path = "/cib/configuration"
    if old is None:
        return _Changes([], [], [] if new is None else [_create("/cib", new, 0)])
    new = etree.Element("configuration") if new is None else new
    found = _compared(old, new, path)
    return _Changes([_change("delete", path)], [], [_create("/cib", new, 0)]) if found is None else found


def _compared(old: Element, new: Element, path: str) -> _Changes | None:
    """What makes `old`, which stands at `path`, like `new`; None where no path leads to what has to change."""
    changes = _Changes([], [], [])
    if old.attrib != new.attrib:
        changes.modified.append(_modify(path, str(new.tag), _strings(old), _strings(new)))
    if not len(old) and not len(new):
        return changes
    before, after = _children(old), _children(new)
    kept = _kept(before, after)
    for key, has_to_move in list(kept.items()):
        if not has_to_move and _is_same(before[key], after[key]):
            continue
        place = _path(path, key, before)
        inner = _compared(before[key], after[key], place or "")
        if inner is None or (place is None and (has_to_move or any(inner))):
            del kept[key]
        else:
            changes.add(inner)
    deleted = _deleted(path, before, kept)
    if deleted is None:
        return None
    changes.deleted.extend(deleted)
    changes.placed.extend(_placed(path, before, after, kept))
    return changes


def _children(parent: Element) -> Children:
    """Elements and comments by what tells them from their siblings; alike ones are counted."""
    found: Children = {}
    alike: dict[tuple[str, str | None], int] = {}
    for el in parent:
        if isinstance(el.tag, str):
            tag, id_ = el.tag, el.get("id")
        elif is_comment(el):
            tag, id_ = "", el.text or ""
        else:
            continue
        number = alike[tag, id_] = alike.get((tag, id_), -1) + 1
        found[tag, id_, number] = el
    return found


def _kept(before: Children, after: Children) -> dict[Key, bool]:
    """The children that need not be made anew, in their new order, and whether each has to move.

    A move puts an element where it is to stand, which goes wrong if one that stays is still behind it then. So
    elements move towards the beginning only; for the other way they are deleted and created.
    """
    if list(before) == list(after):
        return dict.fromkeys(after, False)
    places = {key: place for place, key in enumerate(before)}
    common = [(key, places[key]) for key in after if key in places]
    staying = _longest_rise([place for _, place in common])
    kept: dict[Key, bool] = {}
    last = -1
    for key, place in common:
        if place in staying:
            kept[key] = False
            last = place
        elif place > last and key[0]:
            kept[key] = True
    return kept


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """A longest increasing subsequence of different numbers."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(ends, number)
        before[number] = ends[length - 1] if length else None
        ends[length : length + 1] = [number]
    found = set()
    number_or_none = ends[-1] if ends else None
    while number_or_none is not None:
        found.add(number_or_none)
        number_or_none = before[number_or_none]
    return found


def _is_same(a: Element, b: Element) -> bool:
    """Whether two nodes are written alike: where they are not, they may still say the same."""
    return etree.tostring(a, with_tail=False) == etree.tostring(b, with_tail=False)


def _path(parent: str, key: Key, siblings: Children) -> str | None:
    """The path to a child among its siblings, which finds the first that fits; None where that may be another one."""
    tag, id_, number = key
    if _BREAKS.search(tag) or number or (tag, id_, 1) in siblings:
        return None
    if id_ is None:
        return None if sum(other[0] == tag for other in siblings) > 1 else f"{parent}/{tag}"
    return None if not id_ or _BREAKS.search(id_) else f"{parent}/{tag}[@id='{id_}']"


def _deleted(path: str, before: Children, kept: dict[Key, bool]) -> list[Element] | None:
    """The deletion of all that is not kept; None where there is no path to it."""
    comments, elements = [], []
    for place, key in enumerate(before):
        if key in kept:
            continue
        if not key[0]:
            comments.append(_change("delete", f"{path}/comment", place))
            continue
        address = _path(path, key, before)
        if address is None:
            return None
        elements.append(_change("delete", address))
    # the places of comments are right as long as nothing before them is gone
    return comments[::-1] + elements


def _placed(path: str, before: Children, after: Children, kept: dict[Key, bool]) -> Iterable[Element]:
    new: list[Element] = []
    for place, (key, el) in enumerate(after.items()):
        if key not in kept:
            new.append(el)
            continue
        yield from _created(path, new, place - len(new))
        new.clear()
        if kept[key]:
            yield _change("move", _path(path, key, before) or "", place)
    yield from _created(path, new, len(after) - len(new))


def _created(path: str, new: Sequence[Element], place: int) -> Iterable[Element]:
    """Create neighbours, each before the one that follows it.

    The daemon counts the elements up to the place anew for each of them: one behind the other, a thousand into an empty
    section take it seconds.
    """
    for el in reversed(new):
        yield _create(path, el, place)


def _change(operation: str, path: str, place: int | None = None) -> Element:
    change = etree.Element("change", operation=operation, path=path)
    if place is not None:
        change.set("position", str(place))
    return change


def _create(parent: str, el: Element, place: int) -> Element:
    change = _change("create", parent, place)
    change.append(deepcopy(el))
    change[0].tail = None
    return change


def _modify(path: str, tag: str, old: dict[str, str], new: dict[str, str]) -> Element:
    change = _change("modify", path)
    listed = etree.SubElement(change, "change-list")
    for name, value in new.items():
        if old.get(name) != value:
            etree.SubElement(listed, "change-attr", name=name, operation="set", value=value)
    for name in old:
        if name not in new:
            etree.SubElement(listed, "change-attr", name=name, operation="unset")
    etree.SubElement(etree.SubElement(change, "change-result"), tag, new)
    return change
