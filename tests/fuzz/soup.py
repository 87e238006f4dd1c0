"""Texts that look like the configuration language from afar: its keywords, punctuation, quotes, numbers and ids."""

from __future__ import annotations

from hypothesis import strategies as st

from crmsh_py.errors import BadSyntax
from crmsh_py.language.keywords import inner_keywords, statement_keywords
from crmsh_py.language.parser import expected
from crmsh_py.language.words import logical_lines

STATEMENTS = sorted(statement_keywords())
KEYWORDS = sorted(inner_keywords())
MARKS = [
    "=",
    ":",
    "$",
    "@",
    "#",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "/",
    ",",
    '"',
    "'",
    "\\",
    "$'",
    "<",
    ">",
    "--",
    "\\\n",
    "\n",
]
NAMES = [
    "a",
    "web",
    "node1",
    "ocf:heartbeat:Dummy",
    "x=1",
    'x="a b"',
    "x=",
    "$id=i",
    "$id-ref=i",
    "$i:x=1",
    "@i",
    "@i:x",
]
NUMBERS = ["0", "-1", "100:", "inf:", "-inf:", "10s", "1.5", "Mandatory:", "1-5,7", "2024-01-01", "web:Promoted", "i:"]
ODD = ["", " ", "\t", "\r\n", "\ufeff", "\u00a0", "\u2028", "é", "漢", "\U0001f600", "\x7f", "%s", "a" * 200]
EXACT = "#crm exact 1 schema=pacemaker-3.9"

words = st.sampled_from(KEYWORDS) | st.sampled_from(NAMES) | st.sampled_from(NUMBERS) | st.sampled_from(MARKS + ODD)
"""Words and parts of words."""

texts = st.builds(lambda parts, glue: glue.join(parts), st.lists(words, max_size=14), st.sampled_from((" ", " ", "")))
"""Soup without a beginning."""

statements = st.builds("{} {} {}".format, st.sampled_from(STATEMENTS), st.sampled_from(NAMES), texts)
"""One statement's keyword, an id, soup."""

scripts = st.lists(statements | texts | st.just(EXACT), max_size=5).map("\n".join)
"""Some lines of it."""


@st.composite
def grown(draw: st.DrawFn) -> str:
    """A statement whose every word is one that the parser says may come next: deep in the grammar, and often right."""
    text = draw(st.sampled_from(STATEMENTS))
    for _ in range(draw(st.integers(1, 14))):
        lines = list(logical_lines(text, "grown"))
        if not lines or lines[0].fault:
            break
        try:
            names = expected(lines[0].words)
        except BadSyntax:
            break
        choices = [word for name in names for word in SLOT_WORDS.get(name, (name,)) if name != "$END"]
        if not choices:
            break
        word = draw(st.sampled_from(choices))
        text += f" {word}" + (draw(st.sampled_from(("1", "a", '""', "true", "'a b'"))) if word[-1] in "=:" else "")
        if draw(st.integers(0, 15)) == 0:
            break
    return text


# what a slot may be filled with, good words and bad ones
SLOT_WORDS: dict[str, tuple[str, ...]] = {
    "ID_SLOT": ("a", "b", "meta", '"meta"'),
    "RSC_SLOT": ("web", "web:Promoted", "db:start", "/w.*/"),
    "NODE_SLOT": ("node1", "node1:member"),
    "AGENT_SLOT": ("Dummy", "ocf:pacemaker:Stateful", "stonith:fence_sbd"),
    "TEMPLATE_SLOT": ("@base",),
    "ROLE_SLOT": ("Promoted", "master"),
    "SCORE_SLOT": ("inf:", "100:", "-inf:", "ping:"),
    "KIND_SLOT": ("Mandatory:", "optional:", "0:"),
    "TICKET_SLOT": ("geo:",),
    "NAME_SLOT": ("ip=1", 'x="a b"', "x=", "y"),
    "VALUE_SLOT": ("1", "param{p}", '"a{b}"'),
    "ATTRIBUTE_SLOT": ("#uname", "ping", '"date"'),
    "ROLE_ID_SLOT": ("operators",),
    "PERMISSION_SLOT": ("operators",),
    "DATE_SLOT": ("2024-01-01", '"2024-01-01 12:00Z"'),
    "OP_NAME_SLOT": ("monitor", "start"),
    "INTERVAL_SLOT": ("10s", "10s:20s"),
    "TARGET_SLOT": ("node1:", "pattern:n.*", "attr:rack=1"),
    "DEVICE_SLOT": ("d1", "d1,d2"),
    "SET_ID_SLOT": ("opts:",),
    "TAG_MEMBER_SLOT": ("web",),
    "USER_SLOT": ("sue",),
    "XPATH_SLOT": ("/cib", "\"//nvpair[@name='x']\""),
    "OBJ_SLOT": ("web", "web:x", "a:b:c"),
    "PATH_SLOT": ("/bin/true",),
    "TEXT_SLOT": ("text", '"a \\"text\\""'),
    "XML_SLOT": ('<primitive id="a"/>', "<a", "text"),
}
