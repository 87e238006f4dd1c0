"""A configuration against Pacemaker's own RelaxNG schemas, in this process."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from crmsh_py.cib.document import RESOURCES
from crmsh_py.errors import CrmError
from crmsh_py.problems import ERROR, WARNING, Problem

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib

USUAL_FOLDER = "/usr/share/pacemaker"
TRIALS = 200  # how many parts are left out one by one to find the wrong one
ROUNDS = 50  # how many errors that only the whole document shows, such as a repeated id, are looked for


def problems(cib: Cib) -> list[Problem]:
    """What the schema named by `validate-with` has against a configuration: every object, each with its reason.

    Where it cannot be checked, that is the one problem.
    """
    if not cib.schema:
        text = "the CIB names no schema, or the access control lists hide it: it is not checked against one"
        return [Problem(WARNING, "not-checked", text)]
    if cib.schema == "none":
        return [Problem(WARNING, "schema-none", "the schema is `none`: the configuration is not checked against one")]
    where = folder()
    if where is None:
        return [
            Problem(
                WARNING,
                "not-checked",
                "Pacemaker's schemas are not installed: the configuration is not checked against one",
                hint="install Pacemaker, or name their folder in PCMK_schema_directory",
            )
        ]
    validator = _validator(where, cib.schema)
    if validator is None:
        return [_unknown(where, cib.schema)]
    return list(_Examination(cib.root, validator).problems())


def folder() -> str | None:
    """Where Pacemaker's schemas are, or None."""
    given = os.environ.get("PCMK_schema_directory")
    if given:
        return given if names(given) else None
    if names(USUAL_FOLDER):
        return USUAL_FOLDER
    from crmsh_py.run import run

    try:
        asked = run(["pkg-config", "--variable=schemadir", "pacemaker-schemas"], timeout=10)
    except CrmError:
        return None
    place = asked.output_text.strip()
    return place if place and names(place) else None


def names(where: str) -> list[str]:
    """The names of the released schemas in a folder, oldest first."""
    try:
        entries = os.listdir(where)
    except OSError:
        return []
    found = [(int(m[1]), int(m[2])) for m in map(re.compile(r"pacemaker-(\d+)\.(\d+)\.rng").fullmatch, entries) if m]
    return [f"pacemaker-{major}.{minor}" for major, minor in sorted(found)]


def _validator(where: str, name: str) -> etree.RelaxNG | None:
    if not re.fullmatch(r"pacemaker-(\d+\.\d+|next)", name):
        return None
    path = os.path.join(where, f"{name}.rng")
    try:
        return etree.RelaxNG(etree.parse(path))
    except OSError:
        return None
    except etree.LxmlError as error:
        raise CrmError(f"Pacemaker's schema {path} cannot be used: {error}") from error


def _unknown(where: str, name: str) -> Problem:
    known = names(where)
    return Problem(
        ERROR,
        "schema-unknown",
        f"the schema {name} is not installed here: the configuration cannot be checked",
        hint=f"{where} has {known[0]} to {known[-1]}; a newer one needs a newer Pacemaker on this host",
    )


_REFERENCE = re.compile(r"IDREFS? attribute \S+ references an unknown ID", re.DOTALL)
_REPEATED = re.compile(r"ID (?P<id>.*) redefined", re.DOTALL)

# What libxml2 says, and what people understand.
_IN_PLAIN_WORDS = (
    (r"Type ID doesn't allow value '(.*)'", r"'\1' cannot be an id"),
    (r"Type (\w+) doesn't allow value '(.*)'", r"'\2' is not of type \1"),
    (r"Element (\S+) failed to validate attributes", r"an attribute of <\1> is missing or has a wrong value"),
    (r"Expecting an element (\S+), got nothing", r"a part that it needs is missing"),
    (r"Did not expect element (\S+) there", r"<\1> is not allowed there"),
    (r"Element (\S+) has extra content: (\S+)", r"<\2> in <\1> is not valid"),
    (r"Invalid attribute (\S+) for element (\S+)", r"\1= is not allowed in <\2>, or has a wrong value"),
    (r"Extra element (\S+) in interleave", r"<\1> is not allowed there beside the others"),
    (r"Invalid sequence in interleave", r"an attribute or a part is missing, not allowed or has a wrong value"),
)


class _Examination:
    """One run over one document.

    libxml2 stops at the first object with an error and says little about it. So the objects are tried one at a
    time, each in an empty CIB, and the reason is sought by trying the object without one part after the other.
    """

    def __init__(self, root: etree._Element, validator: etree.RelaxNG) -> None:
        self.root = root
        self.validator = validator

    def problems(self) -> Iterator[Problem]:
        if self._errors(self.root):
            self.root = deepcopy(self.root)  # it is taken apart
            yield from self._wrong_objects()
            yield from self._wrong_document()

    def _errors(self, root: etree._Element) -> list[str]:
        """What is wrong with the structure, in libxml2's words; references to nothing are not among it.

        A copy is validated: validation enters ids and references into tables of the document that point into its
        tree, and a tree that is changed afterwards leaves them dangling, up to a crash.
        """
        if self.validator.validate(deepcopy(root)):
            return []
        return [entry.message for entry in self.validator.error_log if not _REFERENCE.match(entry.message)]

    def _wrong_objects(self) -> Iterator[Problem]:
        """One problem for each object that is wrong by itself."""
        for element in self.root.findall("configuration/*/*"):
            messages = self._errors(_alone(self.root, element))
            if messages:
                part, reason = self._reason(element, messages)
                yield _problem("schema", _resource_of(part, element), reason)
                self._take_out(element)

    def _wrong_document(self) -> Iterator[Problem]:
        """What is wrong only when the objects are together."""
        for _ in range(ROUNDS):
            messages = self._errors(self.root)
            if not messages:
                return
            repeated = next(filter(None, map(_REPEATED.match, messages)), None)
            if repeated is None:
                yield Problem(ERROR, "schema", f"the CIB does not fit its schema: {_plain(messages)}")
                return
            first, *others = (_object_of(found) for found in self._with_id(repeated["id"]))
            element = others[-1] if others else first
            yield _problem("duplicate-id", element, f"the id {repeated['id']} is used more than once")
            self._take_out(element)

    def _with_id(self, id_: str) -> list[etree._Element]:
        return [element for element in self.root.iterfind("configuration//*") if element.get("id") == id_]

    def _take_out(self, element: etree._Element) -> None:
        _parent(element).remove(element)

    def _reason(self, element: etree._Element, messages: list[str]) -> tuple[etree._Element, str]:
        """The part that is wrong in an object, and why: the one without which it is right, or else libxml2's words."""
        small = _alone(self.root, element)
        copy = next(small.iterfind("configuration/*/*"))
        if sum(1 + len(part.attrib) for part in copy.iter("*")) > TRIALS:
            return copy, _plain(messages)
        for part in copy.iter("*"):
            for name, value in part.attrib.items():
                del part.attrib[name]
                if not self._errors(small):
                    shown = name if name == "value" else f'{name}="{value}"'  # a value may be a secret
                    return part, f"{shown} is not allowed in <{_tag(part)}>"
                part.set(name, value)
        for part in reversed(list(copy.iterdescendants("*"))):
            parent = _parent(part)
            at = parent.index(part)
            parent.remove(part)
            if not self._errors(small):
                parent.insert(at, part)
                return self._reason_inside(part, copy, small) or (
                    parent,
                    f"<{_tag(part)}> in <{_tag(parent)}> is not right: {_plain(messages)}",
                )
            parent.insert(at, part)
        return copy, _plain(messages)

    def _reason_inside(
        self, part: etree._Element, copy: etree._Element, small: etree._Element
    ) -> tuple[etree._Element, str] | None:
        """The reason of the first child of a part that is wrong by itself, where several are; None where none is."""
        children = list(part.iterchildren("*"))
        for child in children if len(children) > 1 else ():
            part[:] = [child]
            messages = self._errors(small)
            if messages:
                return self._reason(copy, messages)
        part[:] = children
        return None


def _alone(root: etree._Element, element: etree._Element) -> etree._Element:
    """A CIB with nothing in it but a copy of one object."""
    small = etree.Element("cib", dict(root.attrib))
    configuration = etree.SubElement(small, "configuration")
    home = _tag(_parent(element))
    for tag in dict.fromkeys(("crm_config", "nodes", "resources", "constraints", home)):
        section = etree.SubElement(configuration, tag)
        if tag == home:
            section.append(deepcopy(element))
    etree.SubElement(small, "status")
    return small


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None  # noqa: S101 - all elements here are below `configuration`
    return parent


def _tag(element: etree._Element) -> str:
    return str(element.tag)


def _resource_of(part: etree._Element, element: etree._Element) -> etree._Element:
    """The resource that a part is or stands in, within an object; of other objects, the object."""
    above = (one for one in (part, *part.iterancestors()) if one.tag in RESOURCES)
    return next(above, element)


def _object_of(element: etree._Element) -> etree._Element:
    """The child of a section of the configuration that an element is or is in."""
    above = [element, *element.iterancestors()]
    return above[max(len(above) - 4, 0)]


def _problem(code: str, element: etree._Element, reason: str) -> Problem:
    name = element.get("id") or element.get("uname") or f"<{_tag(element)}>"
    return Problem(ERROR, code, f"{name}: {reason}", object_id=element.get("id"))


def _plain(messages: list[str]) -> str:
    """The first thing that libxml2 says, for people."""
    for pattern, words in _IN_PLAIN_WORDS:
        found = re.match(pattern, messages[0], re.DOTALL)
        if found:
            return found.expand(words)
    return messages[0][:1].lower() + messages[0][1:]
