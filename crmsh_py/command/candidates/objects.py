"""The objects of the configuration as candidates: looked up once for each state of it, not on each keystroke."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crmsh_py.command.candidates import Candidate, fitting
from crmsh_py.masks import is_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.command.candidates import Source
    from crmsh_py.command.context import Context

# so much of what an object is about is told
_LONGEST = 50
# of so many objects the values are not offered: more of the name has to be typed
_TOO_MANY = 300
_RUN = ("primitive", "group", "clone", "bundle")
_CONSTRAIN = ("location", "colocation", "order", "rsc_ticket")


class Objects:
    """The objects of a CIB, which may not change while this is in use; none where there is no CIB.

    by_keyword: all but nodes, by the keyword that such an object is written with, then by their ids.
    """

    def __init__(self, cib: Cib | None) -> None:
        self.cib = cib
        self.by_keyword: dict[str, dict[str, Element]] = {}
        self._found: dict[object, list[Candidate]] = {}
        by_tag = _keywords_by_tag() if cib is not None else {}
        for el in () if cib is None else cib.objects():
            id_ = el.get("id")
            if id_ and (tag := str(el.tag)) != "node":
                keyword = by_tag.get(tag) or _section(el)
                self.by_keyword.setdefault(keyword, {})[id_] = el

    @cached_property
    def containers(self) -> dict[str, str]:
        """By id, the id of what a resource is in."""
        found: dict[str, str] = {}
        for keyword in ("group", "clone", "bundle"):
            for id_, el in self.by_keyword.get(keyword, {}).items():
                found.update((inner.get("id") or "", id_) for inner in el.iterchildren("primitive", "group"))
        return found

    def element(self, id_: str) -> Element | None:
        """The object with this id, which is no node."""
        return next((found[id_] for found in self.by_keyword.values() if id_ in found), None)

    def once(self, key: object, find: Callable[[], Iterable[Candidate]]) -> list[Candidate]:
        """What is found in these objects; looked for once by a key."""
        if key not in self._found:
            self._found[key] = list(find())
        return self._found[key]

    def of(self, *keywords: str) -> list[Candidate]:
        """The objects that are written with these keywords, sorted; all without any."""
        if len(keywords) == 1:
            found = self.by_keyword.get(keywords[0], {})
            return self.once(keywords[0], lambda: sorted(_candidate(id_, keywords[0], el) for id_, el in found.items()))
        parts = keywords or tuple(self.by_keyword)
        return self.once(keywords, lambda: sorted(one for part in parts for one in self.of(part)))

    def named(self, kind: str, tag: str | None = None) -> list[Candidate]:
        """The names of what is set in the sets of a kind, of all objects or of those with a tag, sorted."""
        return self.once((kind, tag), lambda: map(Candidate, sorted(set(self._names(kind, tag)))))

    def named_properties(self) -> list[Candidate]:
        """The names of the cluster options that are set, sorted."""
        section = self.cib.section("crm_config") if self.cib is not None else None
        pairs = () if section is None else section.iter("nvpair")
        return self.once("properties", lambda: map(Candidate, sorted({el.get("name") or "" for el in pairs} - {""})))

    def values_of_nodes(self, name: str) -> list[Candidate]:
        """The values that nodes have for an attribute, sorted; none of a secret one."""
        if is_secret(name):
            return []
        section = self.cib.section("nodes") if self.cib is not None else None
        pairs = () if section is None else section.iterfind("node/instance_attributes/nvpair")
        found = {el.get("value") or "" for el in pairs if el.get("name") == name}
        return [Candidate(value) for value in sorted(found - {""})]

    def _names(self, kind: str, tag: str | None) -> Iterator[str]:
        for el in self.cib.objects() if self.cib is not None else ():
            if tag is None or el.tag == tag:
                pairs = (pair for set_ in el.iterchildren(kind) for pair in set_.iterchildren("nvpair"))
                yield from (name for pair in pairs if (name := pair.get("name")))


def objects(cx: Context) -> Objects:
    """The objects of the configuration as it is seen now; none where it is not."""
    cib = cx.seen()
    revision = cx.session.revision if cib is not None and cx.is_dirty else None
    return cx.later.once("objects", (cib, revision), lambda: Objects(cib))


def templates(cx: Context, _: str) -> list[Candidate]:
    """The templates, as a primitive names them."""
    return [one._replace(text=f"@{one.text}") for one in objects(cx).of("rsc_template")]


def acl_roles(cx: Context, _: str) -> list[Candidate]:
    """The roles of access control lists."""
    return objects(cx).of("role")


def resources(cx: Context, _: str = "") -> list[Candidate]:
    """What runs: all resources but templates."""
    return objects(cx).of(*_RUN)


def taggable(cx: Context, _: str) -> list[Candidate]:
    """What a tag can hold: resources and constraints."""
    return objects(cx).of(*_RUN, *_CONSTRAIN)


def fencing_devices(cx: Context, _: str) -> list[Candidate]:
    """The resources that fence."""
    return [one for one in objects(cx).of("primitive") if one.about.startswith("primitive stonith:")]


def tickets(cx: Context, _: str) -> list[Candidate]:
    """The tickets that the configuration names."""
    names = {el.get("ticket") for el in objects(cx).by_keyword.get("rsc_ticket", {}).values()}
    return [Candidate(name, "ticket") for name in sorted(filter(None, names))]


def free(*keywords: str) -> Source:
    """A source: the resources of these keywords that stand in no container, so that one can take them."""

    def candidates(cx: Context, _: str) -> Iterable[Candidate]:
        known = objects(cx)
        return (one for one in known.of(*keywords) if one.text not in known.containers)

    return candidates


def promotable(cx: Context, _: str = "") -> list[Candidate]:
    """The clones whose instances can be promoted."""
    known = objects(cx)
    clones = known.by_keyword.get("clone", {})
    return known.once("promotable", lambda: (one for one in known.of("clone") if _is_promotable(clones[one.text])))


def _is_promotable(el: Element) -> bool:
    pairs = el.iterfind("meta_attributes/nvpair")
    said = [one.get("value") for one in pairs if one.get("name") == "promotable"]
    return el.tag == "master" or "true" in said


def moved(cx: Context) -> dict[str, set[str]]:
    """The resources that `move` and `ban` have made constraints for, each with the nodes that these name."""
    from crmsh_py.cluster.state import OF_COMMANDS  # heavy

    locations = objects(cx).by_keyword.get("location", {})
    found: dict[str, set[str]] = {}
    for id_, el in locations.items():
        if id_.startswith(OF_COMMANDS):
            of_rule = (one.get("value") or "" for one in el.iterfind("rule/expression[@attribute='#uname']"))
            found.setdefault(el.get("rsc") or "", set()).update((el.get("node") or "", *of_rule))
    return found


def traced(cx: Context, _: str = "") -> list[Candidate]:
    """The primitives with an operation that is traced."""
    from crmsh_py.cib.tracing import TRACE  # heavy

    def is_traced(el: Element) -> bool:
        pairs = el.iterfind("operations/op/instance_attributes/nvpair")
        return any(one.get("name") == TRACE for one in pairs)

    known = objects(cx)
    found = known.by_keyword.get("primitive", {})
    return known.once("traced", lambda: (one for one in known.of("primitive") if is_traced(found[one.text])))


def agent_word(el: Element) -> str:
    """The agent of a primitive as a statement writes it: class:provider:type, or @template; "" of others."""
    if template := el.get("template"):
        return f"@{template}"
    return ":".join(filter(None, (el.get("class"), el.get("provider"), el.get("type")))) if el.get("type") else ""


def parameters(cx: Context, _: str) -> list[Candidate]:
    """The names of parameters, and of attributes of nodes, that are set."""
    return objects(cx).named("instance_attributes")


def attributes_of_nodes(cx: Context, _: str = "") -> list[Candidate]:
    """The names of attributes that are set for nodes."""
    return objects(cx).named("instance_attributes", "node")


def capacities(cx: Context, _: str) -> list[Candidate]:
    """The names of utilization attributes that are set."""
    return objects(cx).named("utilization")


def selectors(cx: Context, partial: str) -> Iterable[Candidate]:
    """What chooses objects: ids, kinds, tags, what has to do with an object, what was changed."""
    from crmsh_py.language.keywords import statement_keywords

    known = objects(cx)
    prefix, colon, begin = partial.partition(":")
    if not colon:
        yield from any_object(cx, partial)
        yield Candidate("changed", "what was edited")
        yield Candidate("type:", "all objects of a kind")
        yield Candidate("tag:", "what a tag names")
        yield Candidate("related:", "what has to do with an object, or with an agent")
    elif prefix == "type":
        yield from (Candidate(f"type:{word}") for word in sorted(statement_keywords() - {"monitor"}))
    elif prefix in ("tag", "related"):
        found = fitting(known.of("tag") if prefix == "tag" else known.of(), begin)
        yield from (Candidate(f"{prefix}:{text}", about) for text, about, _ in found)


def values(cx: Context, partial: str) -> Iterable[Candidate]:
    """The paths of the values that can be set, of the objects that may be meant; none where these are too many."""
    known = objects(cx)
    if known.cib is None:
        return ()
    begin = partial.lower()
    section = known.cib.section("nodes")
    nodes = {el.get("uname") or "": el for el in (() if section is None else section.iterchildren("node"))}
    near = {
        name: el
        for named in (nodes, *known.by_keyword.values())
        for name, el in named.items()
        if name.lower().startswith(begin) or begin.startswith(name.lower())
    }
    if len(near) > _TOO_MANY:
        return ()
    return known.once(("paths", *near), lambda: _paths(near.values()))


def _paths(elements: Iterable[Element]) -> Iterable[Candidate]:
    from copy import deepcopy

    from crmsh_py.cib.document import SECTIONS, Cib  # heavy
    from crmsh_py.cib.values import paths

    excerpt = Cib.empty("none")
    for el in elements:
        section = next(str(above.tag) for above in el.iterancestors() if above.tag in SECTIONS)
        excerpt.make_section(section).append(deepcopy(el))
    return map(Candidate, paths(excerpt))


def any_object(cx: Context, partial: str) -> list[Candidate]:
    """Everything that has an id, and nodes by their names."""
    from crmsh_py.command.candidates.nodes import configured

    return [*objects(cx).of(), *configured(cx, partial)]


def _keywords_by_tag() -> dict[str, str]:
    from crmsh_py.cib.mapping import CLASSES  # heavy
    from crmsh_py.language.records import keyword

    # of the defaults the section is the keyword
    return {tag: keyword(class_()) for (_, tag), class_ in CLASSES.items() if tag != "meta_attributes"}


def _section(el: Element) -> str:
    parent = el.getparent()
    return "" if parent is None else str(parent.tag)


def _candidate(id_: str, keyword: str, el: Element) -> Candidate:
    """An object: `primitive ocf:heartbeat:IPaddr2`, `group of files, address`."""
    if agent := el.get("type"):
        provider = el.get("provider")
        return Candidate(id_, f"{keyword} {el.get('class')}:{f'{provider}:' if provider else ''}{agent}")
    if keyword == "primitive":
        return Candidate(id_, f"primitive @{el.get('template')}")
    text = ", ".join(filter(None, _parts(el)))
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    return Candidate(id_, f"{keyword} of {text}" if text else keyword)


def _parts(el: Element) -> Iterable[str | None]:
    """What an object is about, by ids."""
    if el.tag in ("group", "clone", "master", "bundle"):
        return [one.get("id") for one in el.iterchildren("primitive", "group")]
    if el.tag == "tag":
        return [one.get("id") for one in el.iterchildren("obj_ref")]
    if len(el):
        return [one.get("id") for one in el.iterfind("resource_set/resource_ref")] or [el.get("rsc")]
    names = _NAMED_BY.get(str(el.tag), ())
    return [el.get(name) for name in names]


# the attributes of constraints that name what they are about
_NAMED_BY = {
    "rsc_location": ("rsc", "rsc-pattern"),
    "rsc_colocation": ("rsc", "with-rsc"),
    "rsc_order": ("first", "then"),
    "rsc_ticket": ("rsc", "ticket"),
    "alert": ("path",),
}
