"""The scores by which the scheduler places resources, as crm_simulate says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crmsh_py.cluster.asking import LIVE, ask_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SECONDS = 120.0
PROMOTION = "promotion"


class Score(NamedTuple):
    """How much the scheduler wants a resource on a node.

    function: the step of the scheduler that came to it (`pcmk__native_allocate`; the names depend on the version), or
    `promotion` for the score by which an instance is promoted. resource: an instance of a clone has its number behind
    it. node: "" where a promotion score is of an instance that is nowhere. score: a number as text, or INFINITY or
    -INFINITY.
    """

    function: str
    resource: str
    node: str
    score: str


def scores(cib: bytes) -> list[Score]:
    """The scores for a CIB, in the order in which the scheduler computes them; the status section says what runs.

    Raises Refused where the CIB is not valid, CrmError where crm_simulate fails or is not installed, TimedOut after two
    minutes.
    """
    root = ask_xml("crm_simulate", "--show-scores", "--xml-pipe", stdin=cib, seconds=SECONDS, tools=LIVE)
    return [_score(el) for el in root.iter() if el.tag in ("node_weight", "promotion_score")]


def _score(el: Element) -> Score:
    function = PROMOTION if el.tag == "promotion_score" else el.get("function", "")
    return Score(function, el.get("id", ""), el.get("node", ""), el.get("score", ""))
