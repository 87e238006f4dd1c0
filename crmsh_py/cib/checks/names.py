"""Names of cluster options, meta attributes and defaults that Pacemaker does not know, or has renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib import options
from crmsh_py.cib.properties import BOOTSTRAP_SET
from crmsh_py.problems import WARNING, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crmsh_py.cib.checks.survey import Survey

META = "unknown-meta-attribute"


def cluster_options(survey: Survey) -> Iterator[Problem]:
    """Names in the cluster's own set; other sets belong to agents and vendors."""
    section = survey.cib.section("crm_config")
    for own in () if section is None else section.iterchildren("cluster_property_set"):
        if own.get("id") == BOOTSTRAP_SET:
            given = dict(survey.pairs(own))
            known = options.CLUSTER_OPTIONS
            yield from _unknown(
                given, options.cluster_option_names(), "unknown-option", "cluster option {}", BOOTSTRAP_SET
            )
            yield from _outdated(survey, given, known, BOOTSTRAP_SET)
            yield from _contradictions(given, known, BOOTSTRAP_SET)


def defaults(survey: Survey) -> Iterator[Problem]:
    """Names in rsc_defaults and op_defaults."""
    for tag, known, what in (
        ("rsc_defaults", options.meta_attribute_names("rsc_defaults"), "default {} of resources"),
        ("op_defaults", tuple(options.OPERATION_META), "default {} of operations"),
    ):
        section = survey.cib.section(tag)
        for own in () if section is None else section.iterchildren("meta_attributes"):
            given, id_ = dict(survey.pairs(own)), own.get("id") or tag
            yield from _unknown(given, known, "unknown-default", what, id_)
            if tag == "rsc_defaults":
                yield from _contradictions(given, options.meta_attributes(tag), id_)


def meta_attributes(survey: Survey) -> Iterator[Problem]:
    """Names in the meta attributes of resources and of their operations."""
    names = {tag: options.meta_attribute_names(tag) for tag in ("primitive", "group", "clone", "bundle")}
    names["template"], names["master"] = names["primitive"], names["clone"]
    for id_, el in survey.resources.items():
        tag = str(el.tag)
        given = {name: value for own in el.iterchildren("meta_attributes") for name, value in survey.pairs(own)}
        known = options.meta_attributes(tag)
        yield from _unknown(given, names[tag], META, f"meta attribute {{}} of a {tag}", id_)
        yield from _outdated(survey, given, known, id_)
        yield from _contradictions(given, known, id_)
        of_ops = (own for own in el.iterfind("operations/op/meta_attributes"))
        given = {name: value for own in of_ops for name, value in survey.pairs(own)}
        yield from _unknown(given, tuple(options.OPERATION_META), META, "meta attribute {} of an operation", id_)


def _unknown(given: Iterable[str], known: tuple[str, ...], code: str, what: str, id_: str) -> Iterator[Problem]:
    """One problem for each name that is not known; `what` has the place of the name."""
    for name in given:
        if name in known:
            continue
        hint = did_you_mean(name, sorted(known))
        text = f"{id_}: Pacemaker knows no {what.format(name)}"
        yield Problem(WARNING, code, text, hint=hint, object_id=id_)


def _outdated(survey: Survey, given: Iterable[str], known: Iterable[options.Option], id_: str) -> Iterator[Problem]:
    """Old names, and options that are on their way out: said of configurations of Pacemaker 3 only."""
    if not survey.is_pacemaker_3:
        return
    for option in known:
        for name in option.names:
            if name not in given:
                continue
            if option.remark:
                yield Problem(WARNING, "deprecated-option", f"{id_}: {name} is {option.remark}", object_id=id_)
            elif name != option.name:
                text = f"{id_}: {name} is an old name of {option.name}"
                hint = f"Pacemaker 3.0.2 and later prefer {option.name}"
                yield Problem(WARNING, "deprecated-name", text, hint=hint, object_id=id_)


def _contradictions(given: dict[str, str | None], known: Iterable[options.Option], id_: str) -> Iterator[Problem]:
    for option in known if len(given) > 1 else ():
        said = [name for name in option.names if name in given] if len(option.names) > 1 else []
        if len({given[name] for name in said}) > 1:
            text = f"{id_}: {' and '.join(said)} are names of one option, and have different values"
            hint = f"Pacemaker takes {said[0]} where it knows that name"
            yield Problem(WARNING, "two-names", text, hint=hint, object_id=id_)
