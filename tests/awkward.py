"""Texts that are hard on a parser, on quoting and on ids, as hypothesis strategies: `texts`, `comments`, `ids`."""

from __future__ import annotations

import re

from hypothesis import strategies as st


def _words(text: str) -> list[str]:
    return text.split()


KEYWORDS = _words("""
params meta op op_params op_meta operations utilization attributes rule date in in_range spec date_spec
start end duration and or eq ne lt gt lte gte defined not_defined to select description network storage primitive
docker port-mapping storage-mapping role resource-discovery node xml tag read write deny xpath type string number
integer version rsc noop true false yes no on off INFINITY -INFINITY +INFINITY inf -inf +inf infinity Mandatory
optional Started Master""")
# What means something to the language, to a shell or to XML.
SYNTAX = _words(r"""
$x $id=x $id-ref=x $x:y=z @y @y:n #z #uname a=b a= =b == a:b a: :b inf: 100: rsc:Master {x} word{x} param{x}
literal{} ocf:heartbeat:Dummy // /re.*/ xpath:/cib attr:a=b pattern:x a,b ,, a;b x|y $(id) `id` %s id=x -- -o --force
name= <a/> &amp; ]]> --> 00 100 -1 +5 1.5 1e9 9999999999999999999999999 10s PT1M "quoted" 'q' it's "' \\ back\slash
trailing\ tr\" \n $'a\nb' '\'' مرحبا 日本語 😀""")
BLANKS = [
    "",
    "  ",
    " lead",
    "trail ",
    "two  blanks",
    "( a )",
    "[ a ]",
    "# note",
    "tab\there",
    "line\nbreak",
    "\n",
    "\r",
]
CONTROLS = ["a\r\nb", "\x7f", "\x85", "\x9c", "a\xa0b", "\u2028", "a\u2029b", "\ufeffbom", "\u200b", "e\u0301"]
LONG = ["a" * 90, "x y " * 30]
AWKWARD = (*KEYWORDS, *(chr(code) for code in range(0x20, 0x7F)), *SYNTAX, *BLANKS, *CONTROLS, *LONG)

# What stands in real configurations, by attribute or tag/attribute.
PLAUSIBLE: dict[str, tuple[str, ...]] = {
    "name": ("target-role", "resource-stickiness", "ip", "OCF_CHECK_LEVEL", "standby", "interleave", "cpu", "#a"),
    "value": ("true", "false", "100", "10s", "INFINITY", "Stopped", "10.0.0.1", "/srv/a b", "node1"),
    "op/name": ("monitor", "start", "stop", "promote", "migrate_to", "notify"),
    "interval": ("0", "0s", "10", "10s", "1min", "PT10S"),
    "timeout": ("20", "20s", "2m", "1h"),
    "attribute": ("#uname", "#kind", "pingd", "site", "date", "op", "rsc", "a-b"),
    "type": ("Dummy", "IPaddr2", "apache", "fence_sbd", "nginx.service"),
    "provider": ("heartbeat", "pacemaker"),
    "class": ("ocf", "stonith", "systemd"),
    "start": ("2024-01-01", "2024-01-01 12:00:00Z", "now"),
    "end": ("2030-12-31", "20301231T235959Z"),
    "role": ("Promoted", "Master", "Started", "Slave"),
    "xpath": ("/cib", "//nodes/node[@uname='node1']", "//primitive[@id='web']/meta_attributes"),
    "object-type": ("primitive", "status", "cib"),
    "path": ("/usr/local/bin/alert.sh",),
    "score-attribute": ("pingd", "#health"),
    "target-pattern": ("node[12]", "^n.*"),
    "rsc-pattern": ("web.*", "/a/"),
    **dict.fromkeys(("uname", "node", "target"), ("node1", "node2", "n3.example.com")),
    **dict.fromkeys(("hours", "minutes", "weekdays", "monthdays", "years"), ("1", "9-16", "22-", "1-5,7")),
}
COMMENTS = (
    *("", " plain ", "# a hash", "#", "#crm exact 1 schema=pacemaker-1.2", "end\\", " \\ \n# \\", "-o", "</cib>"),
    *("two\nlines", "\n  a block\n\n  of lines\n", "\ttab\t", " primitive p Dummy", "quote \" and '", "ünï", "a - b"),
    "property x: \\\n\ta=b",
)
NAMES = _words("""
a b web ip-10.0.0.1 A.b-c_9 _x é node1 node2 db-clone params meta rule op date and INFINITY inf true x-rule
z""")
# Letters that libxml2 takes in an xs:ID; it goes by XML 1.0, fourth edition.
ID_START = "aAzZ_éÅßЖ日"
ID_REST = ID_START + "09.-·"

CONTROL_CHARACTERS = [chr(code) for code in range(32) if chr(code) not in "\t\n\r"]
any_text = st.text(
    st.characters(codec="utf-8", exclude_characters=[*CONTROL_CHARACTERS, "\ufffe", "\uffff"]), max_size=12
)
"""Whatever XML 1.0 can hold."""

texts = st.sampled_from(AWKWARD) | st.tuples(st.sampled_from(AWKWARD), st.sampled_from(AWKWARD)).map("".join) | any_text
"""Values of attributes."""

comments = (st.sampled_from(COMMENTS) | any_text).map(
    # A carriage return in a comment does not survive any XML parser; `--` and a last `-` are not legal.
    lambda text: re.sub("--+", "-", text.replace("\r", " ")).rstrip("-")
)
"""Texts of XML comments."""

ids = st.sampled_from(NAMES) | st.builds(str.__add__, st.sampled_from(ID_START), st.text(ID_REST, max_size=6))
"""Values that xs:ID allows, plain and odd ones."""
