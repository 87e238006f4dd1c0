"""What must not be sent to the CIB daemon: what Pacemaker cuts off, what takes along what a user cannot see."""

from __future__ import annotations

import os
import re
from copy import deepcopy
from typing import TYPE_CHECKING

from crmsh_py.errors import NotPermitted, Refused
from crmsh_py.problems import ERROR, Problem

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crmsh_py.cib.document import Cib

# whom no access control list binds
UNBOUND = ("root", "hacluster")
# it escapes nothing behind the first character beyond ASCII, and has other ways to write what does not print
_CUT = re.compile(r"[^\x00-\x7f].*[\"<&]", re.DOTALL)
_BENT = re.compile(r"[\t\n\r\x7f]")
CUT_HINT = "`-F` sends it all the same"
HIDDEN = "members that the access control lists hide would be deleted with it"


def checked(patch: bytes, old: Cib, force: bool) -> bytes:
    """The patch as it may be sent. Raises Refused, NotPermitted, unless forced.

    old: the CIB that it is for, as far as the user sees it.
    """
    if force:
        return patch
    if not patch.isascii() or b"&#" in patch or b"\x7f" in patch:
        _check_values(patch)
    return _sparing(patch) if _is_partial(old) else patch


def without_new_containers(new: Cib, old: Cib) -> Cib:
    """The CIB without empty sections that the other one has not: they may be there, and hidden."""
    seen = {el.tag for el in old.configuration}
    if all(len(el) or el.tag in seen for el in new.configuration):
        return new
    found = type(new)(deepcopy(new.root))
    for el in list(found.configuration):
        if not len(el) and el.tag not in seen:
            found.configuration.remove(el)
    return found


def _check_values(patch: bytes) -> None:
    """Refuse values that Pacemaker 2.1.5, for one, stores otherwise than they are sent."""
    for el in _parsed(patch).iter("*"):
        for name, value in el.items():
            why = _fault(str(value))
            if why:
                text = f"Pacemaker may store {_of_what(el, name)} {why}"
                raise Refused(problems=[Problem(ERROR, "unsafe-value", text, hint=CUT_HINT, object_id=el.get("id"))])


def _of_what(el: Element, name: str) -> str:
    """Which value it is; el: what is new, or a change of an attribute, which stands in a change with its path."""
    change = el.getparent() if el.tag != "change-attr" else next(el.iterancestors("change"), None)
    if el.tag == "change-attr" and change is not None:
        ids = re.findall(r"@id='([^']*)'", change.get("path") or "")
        return f"the {el.get('name')} of {ids[-1]}" if ids else f"the {el.get('name')}"
    return f"the {name} of {el.get('id', str(el.tag))}"


def _fault(value: str) -> str:
    if _CUT.search(value):
        return 'without its end: a " or < or & stands behind a character that is not ASCII'
    return "in another way: there is a tab, a line end or DEL in it" if _BENT.search(value) else ""


def _sparing(patch: bytes) -> bytes:
    """The patch without what goes by places among siblings that may be hidden: the deletion of comments.

    Raises NotPermitted where it deletes what may hold hidden resources.
    """
    from lxml import etree  # heavy

    from crmsh_py.cib.document import CONTAINERS

    root = _parsed(patch)
    for change in root.findall("change[@operation='delete']"):
        last = (change.get("path") or "").rpartition("/")[2]
        tag, _, rest = last.partition("[")
        if tag in CONTAINERS:
            text = f"{tag} {rest.strip(chr(39) + '[]@id=')} is not deleted, nor moved into another: {HIDDEN}"
            raise NotPermitted(
                text, hint="let somebody do it who sees all of the configuration; `-F` does it all the same"
            )
        if tag == "comment":
            root.remove(change)
    return etree.tostring(root, encoding="utf-8")


def _is_partial(cib: Cib) -> bool:
    """Whether access control lists may hide a part of the CIB from this user."""
    import pwd  # heavy

    if pwd.getpwuid(os.geteuid()).pw_name in UNBOUND:
        return False
    options = cib.section("crm_config")
    if options is None or not cib.root.attrib:
        return True
    said = [option.get("value") for option in options.iter("nvpair") if option.get("name") == "enable-acl"]
    return any((value or "").lower() in ("true", "yes", "on", "y", "1") for value in said)


def _parsed(data: bytes) -> Element:
    from lxml import etree  # heavy

    return etree.fromstring(data)
