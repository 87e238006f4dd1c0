"""What resources have to do with each other, and with nodes: constraints and containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.levels.resource.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from crmsh_py.cib.kinship import Relation
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment

_HEADINGS = {
    "in": "is in",
    "contains": "contains",
    "needs": "needs",
    "needed-by": "is needed by",
    "placed": "is placed by",
}


@level.command("constraints <rsc>")
def constraints(cx: Context, rsc: str) -> Record:
    """Show the constraints that apply to a resource, and what they mean in words.

    Also those that name what the resource is in, a tag of it, or that match its name with a pattern.

    Examples:
        constraints web
        constraints address
    """
    from crmsh_py.cib import listing  # heavy
    from crmsh_py.cib.kinship import Kinship, applies, named_by
    from crmsh_py.cib.meanings import meanings
    from crmsh_py.command.known import configured

    cib = cx.session.draft
    configured(cib, rsc)
    names = Kinship(cib).names_of(rsc)
    chosen = [one for one in listing.entries(cib) if one.section == "constraints" and applies(one.el, names)]
    found = [
        (entry.el, fragments, next((name for name in named_by(entry.el) if name in names), rsc))
        for entry, fragments in listing.each(cib, chosen)
    ]
    return Record(
        "resource.constraints",
        lambda: [_constraint_data(el, text, through, rsc, meanings(el)) for el, text, through in found],
        lambda: _constraint_lines([(text, meanings(el)) for el, text, _ in found]),
    )


def _constraint_data(el: Any, text: list[Fragment], through: str, rsc: str, means: list[str]) -> dict[str, Any]:
    return {
        "id": el.get("id", ""),
        "kind": el.tag.removeprefix("rsc_"),
        "text": "".join(part for _, part in text),
        "means": means,
        "through": None if through == rsc else through,
    }


def _constraint_lines(found: list[tuple[list[Fragment], list[str]]]) -> Iterator[Fragment]:
    for text, means in found:
        yield from text
        yield "", "\n"
        yield from (("comment", f"  # {sentence}\n") for sentence in means)
    if not found:
        yield "", "no constraints\n"


@level.command("relations <rsc>")
def relations(cx: Context, rsc: str) -> Record:
    """Show a tree of what a resource needs and of what needs it, and why.

    It follows orders, colocations, groups, clones, bundles, resource sets and tags, as far as they lead. What stands in
    the tree twice is followed once.

    Examples:
        relations web
        relations disk-clone
    """
    from crmsh_py.cib.kinship import Kinship  # heavy
    from crmsh_py.command.known import configured

    cib = cx.session.draft
    el = configured(cib, rsc)
    found = list(Kinship(cib).tree(rsc))
    data = {"resource": rsc, "kind": el.tag}
    return Record(
        "resource.relations",
        lambda: {**data, "relations": [one._asdict() for one in found]},
        lambda: [("id", rsc), ("", f" ({el.tag!s})\n"), *_tree(found)],
    )


def _tree(found: Iterable[Relation]) -> Iterator[Fragment]:
    heading = ""
    for one in found:
        if one.heading != heading:
            heading = one.heading
            yield "heading", f"  {_HEADINGS[heading]}:\n"
        yield "", "  " * (one.depth + 1)
        yield "id", one.name or one.kind
        yield "", f" ({one.kind})" if one.name else ""
        yield "", f": {one.text}" if one.text else ""
        yield "reference", f" [{one.constraint}]" if one.constraint and one.constraint != one.name else ""
        yield "comment", " ... see above" if one.is_repeated else ""
        yield "", "\n"
