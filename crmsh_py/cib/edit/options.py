"""Cluster options and defaults, as they are typed: added to the set that is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmsh_py.cib.edit.objects import keep_ids, put_object
from crmsh_py.cib.mapping import KINDS, SHAPES, build
from crmsh_py.errors import CrmError
from crmsh_py.language import statements as st

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.edit.draft import Draft
    from crmsh_py.cib.ids import Ids

DEFAULT_SETS: dict[type[st.Statement], str] = {
    st.Property: "cib-bootstrap-options",
    st.RscDefaults: "rsc-options",
    st.OpDefaults: "op-options",
}


OPTION_SECTIONS = frozenset(KINDS[cls].section for cls in DEFAULT_SETS)


def put_options(draft: Draft, statement: st.OptionSet) -> None:
    """Options are added to their set; a set with a rule of its own and no id is a new one. Raises CrmError."""
    section = draft.cib.make_section(KINDS[type(statement)].section)
    if statement.id is None and statement.id_ref is None:
        chosen = chosen_set(draft.cib, statement)
        statement.id = draft.ids.new(DEFAULT_SETS[type(statement)]) if chosen is None else chosen
        if chosen is None:
            draft.ids.taken.discard(statement.id)
    if statement.id_ref is not None and draft.is_there(section, statement.id_ref):
        return
    target = next((el for el in section if el.get("id") == statement.id), None)
    if target is not None and statement.id_ref is None and statement.id not in draft.whole:
        draft.cib.touch(target)
        _set_options(target, statement, draft.ids)
        return
    if target is None and statement.id is not None and statement.id in draft.ids.taken:
        raise CrmError(f"the id {statement.id} is taken")
    draft.whole.discard(statement.id or "")
    put_object(draft, statement)


def chosen_set(cib: Cib, statement: st.OptionSet) -> str | None:
    """The id of the set that options are for; None for a new one, because all there are count under a rule only."""
    if statement.id is not None:
        return statement.id
    default = DEFAULT_SETS[type(statement)]
    section = cib.section(KINDS[type(statement)].section)
    sets = [] if section is None else [el for el in section.iterchildren("*") if el.get("id")]
    named = [el.get("id") or "" for el in sets]
    if any(isinstance(child, st.Rule) for child in statement.children):
        return None if default in named else default
    if len(named) == 1 and not isinstance(statement, st.Property) and sets[0].find("rule") is None:
        return named[0]
    numbered = re.compile(re.escape(default) + r"(-\d+)?")
    free = [el.get("id") for el in sets if numbered.fullmatch(el.get("id") or "") and el.find("rule") is None]
    return free[0] if free else None if default in named else default


def _set_options(target: Element, statement: st.OptionSet, ids: Ids) -> None:
    if statement.score is not None:
        target.set("score", statement.score)
    keep_ids(statement, target)
    fresh = _set_known(target, statement)
    if any(isinstance(child, st.Rule) for child in fresh):
        for rule in target.findall("rule"):
            target.remove(rule)
    ids.assign(type(statement)(statement.id, None, None, fresh))
    for child in fresh:
        made = build(child, SHAPES[type(child)].tag, "")
        if isinstance(child, st.Rule):
            target.insert(0, made)
        else:
            target.append(made)


def _set_known(target: Element, statement: st.OptionSet) -> list[st.Rule | st.NVPair]:
    """Set the options that the set has already; the rest of the statement is returned."""
    pairs = {(el.get("name"), el.get("id-ref")): el for el in target.iterchildren("nvpair")}
    fresh: list[st.Rule | st.NVPair] = []
    for child in statement.children:
        old = pairs.get((child.name, child.id_ref)) if isinstance(child, st.NVPair) else None
        if old is None or isinstance(child, st.Rule):
            fresh.append(child)
        elif child.value is not None:
            old.set("value", child.value)
        elif child.id_ref is None:
            old.attrib.pop("value", None)
    return fresh
