"""Short forms of the XPaths that permissions often have: each stands for one XPath exactly."""

from __future__ import annotations

import re
from collections.abc import Sequence

# short form -> XPath; a part in braces may be left out with its name
SHORT_FORMS = {
    "cib": "/cib",
    "status": "/cib/status",
    "property": "//crm_config/cluster_property_set{/nvpair[@name='%s']}",
    "node": "//nodes/node{[@uname='%s']}",
    "nodeattr": "//nodes/node/instance_attributes{/nvpair[@name='%s']}",
    "nodeutil": "//nodes/node{[@uname='%s']}/utilization",
    "meta": "//primitive[@id='%s']/meta_attributes{/nvpair[@name='%s']}",
    "params": "//primitive[@id='%s']/instance_attributes{/nvpair[@name='%s']}",
    "utilization": "//primitive[@id='%s']/utilization",
    "location": "//rsc_location[@id='cli-prefer-%s' and @rsc='%s']",
}


def expand(keyword: str, names: Sequence[str]) -> str:
    """The XPath of a short form; `names` are what follows its colons.

    Raises TypeError or IndexError where they are too many or too few.
    """
    template = SHORT_FORMS[keyword]
    if keyword == "location":
        return template % (names[0], names[0])
    has_optional = "{" in template
    required = template.count("%s") - has_optional
    if len(names) <= required:
        template = re.sub(r"\{.*?\}", "", template)
    return template.replace("{", "").replace("}", "") % tuple(names)


def fold(xpath: str) -> str | None:
    """The short form of an XPath, or None."""
    for keyword in SHORT_FORMS:
        for count in (0, 1, 2):
            names = _names(keyword, count, xpath)
            if names is not None:
                return ":".join((keyword, *names))
    return None


def _names(keyword: str, count: int, xpath: str) -> list[str] | None:
    """The names in an XPath that is the short form with `count` names, or None."""
    mark = "\0"
    try:
        pattern = re.escape(expand(keyword, [mark] * count)).replace(re.escape(mark), r"([\w.-]+)")
    except (TypeError, IndexError):
        return None
    found = re.fullmatch(pattern, xpath)
    if not found:
        return None
    names = list(found.groups())
    if keyword == "location" and len(set(names)) == 1:
        names = names[:1]
    return names if expand(keyword, names) == xpath else None
