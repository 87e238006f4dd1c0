"""Patches, applied by Pacemaker's own tool: the configuration is the new one, the version the target."""

from __future__ import annotations

import os
import re
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from awkward import AWKWARD, texts
from corpus import needs_corpus, scheduler_cibs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from random_edits import random_edit
from schema_cibs import cibs, needs_schemas

from crmsh_py.cib.document import Cib
from crmsh_py.cib.patch import Version, patch
from crmsh_py.errors import CrmError
from crmsh_py.run import run

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# what is older than the tools
FEATURES = "3.0.0"
SOURCE, TARGET = Version(1, 5, 3), Version(1, 6, 0)
OLDER = 103
# Each example starts Pacemaker's tools twice.
some = settings(
    max_examples=300 if os.environ.get("CRM_EXPLORE") else 16,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
needs_pacemaker = pytest.mark.needs_pacemaker
WORDS = ("a", "b c", "<>&\"'", "x/y", "é", "10")


def made(resources: str = "", more: str = "", schema: str = "none") -> Cib:
    """A CIB of the version SOURCE."""
    sections = f"<crm_config/><nodes/><resources>{resources}</resources><constraints/>{more}"
    return fresh(f'<cib validate-with="{schema}"><configuration>{sections}</configuration></cib>'.encode(), schema)


def fresh(data: bytes, schema: str = "none") -> Cib:
    """A CIB to change in any way that the tools can read: no schema, the version SOURCE."""
    cib = Cib.parse(data, "test")
    cib.schema = schema
    cib.root.set("crm_feature_set", FEATURES)
    for name, number in SOURCE._asdict().items():
        cib.root.set(name, str(number))
    if cib.root.find("status") is None:
        etree.SubElement(cib.root, "status")
    for el in cib.root.iter("*"):
        for name, value in el.attrib.items():
            el.set(name, writable(str(value)))
    return cib


def writable(value: str) -> str:
    """Pacemaker 2.1 writes what follows a character beyond ASCII as it is, and cannot read it again."""
    return value if value.isascii() else re.sub('["<&]', "_", value)


def copied(cib: Cib) -> Cib:
    return Cib(deepcopy(cib.root))


def tool(path: Path, *words: str, stdin: bytes = b"") -> tuple[int, bytes]:
    """Run cibadmin on a file."""
    answer = run(["cibadmin", *words], stdin=stdin, timeout=60, environ={"CIB_file": str(path), "CIB_shadow": ""})
    return answer.exit_code, answer.stdout


def applied(folder: Path, cib: Cib, change: bytes) -> tuple[int, Cib]:
    """Put a patch into a CIB: the exit code of the tool, and what is in the file then."""
    path = written(folder / "patched.xml", cib)
    code, _ = tool(path, "--patch", "--xml-pipe", stdin=change)
    return code, Cib.parse(path.read_bytes(), "patched")


def written(path: Path, cib: Cib) -> Path:
    path.write_bytes(cib.to_bytes())
    # what the tools remember of the content that they wrote
    path.with_name(path.name + ".sig").unlink(missing_ok=True)
    return path


def exact(cib: Cib) -> bytes:
    """All of a configuration, and in which order it stands; only the order of attributes means nothing."""
    return etree.tostring(cib.configuration, method="c14n", with_comments=True)


def as_pacemaker_reads(folder: Path, cib: Cib) -> Cib:
    """Pacemaker does not keep all characters: it makes four blanks of a tab, for instance."""
    code, said = tool(written(folder / "wanted.xml", cib), "--query")
    assert not code
    return Cib.parse(said, "wanted")


def check(folder: Path, old: Cib, new: Cib) -> bytes | None:
    """The law: the patch makes one configuration of the other, and its version the target."""
    change = patch(old, new, SOURCE, TARGET)
    if change is None:
        assert exact(old) == exact(new)
        return None
    code, cib = applied(folder, old, change)
    assert not code
    assert exact(cib) == exact(as_pacemaker_reads(folder, new)), change.decode()
    assert Version.of(cib.root) == TARGET
    return change


def ids(cib: Cib, path: str = "resources") -> list[str | None]:
    return [el.get("id") if isinstance(el.tag, str) else None for el in cib.configuration.find(path)]


def changes(old: Cib, new: Cib) -> list[str]:
    """The operations of the patch, and where."""
    text = patch(old, new, SOURCE, TARGET)
    assert text is not None
    found = etree.fromstring(text).iterfind("change")
    return [f"{el.get('operation')} {el.get('path', '').rpartition('/')[2]}" for el in found]


def scramble(cib: Cib, chance: Random, count: int) -> None:
    """Change whatever there is, without any sense."""
    for _ in range(count):
        nodes = list(cib.configuration.iter())[1:]
        if not nodes:
            return
        node = chance.choice(nodes)
        chance.choice((remove, shift, transfer, write, remark, double))(node, nodes, chance)


def parent_of(node: Element) -> Element:
    parent = node.getparent()
    assert parent is not None
    return parent


def remove(node: Element, nodes: list[Element], chance: Random) -> None:
    parent_of(node).remove(node)


def shift(node: Element, nodes: list[Element], chance: Random) -> None:
    parent = parent_of(node)
    parent.insert(chance.randrange(len(parent) + 1), node)


def transfer(node: Element, nodes: list[Element], chance: Random) -> None:
    inside = set(node.iter())
    homes = [el for el in nodes if el.tag == parent_of(node).tag and el not in inside]
    if homes:
        chance.choice(homes).append(node)


def write(node: Element, nodes: list[Element], chance: Random) -> None:
    if isinstance(node.tag, str):
        node.set(chance.choice(["description", "type", "value", "score"]), chance.choice(WORDS))


def remark(node: Element, nodes: list[Element], chance: Random) -> None:
    if isinstance(node.tag, str):
        node.insert(chance.randrange(len(node) + 1), etree.Comment(chance.choice([" a ", "b", "b\nc"])))


def double(node: Element, nodes: list[Element], chance: Random) -> None:
    twin = deepcopy(node)
    for el in twin.iter("*"):
        if "id" in el.attrib:
            el.set("id", f"{el.get('id')}{chance.randrange(9)}")
    parent_of(node).insert(chance.randrange(9), twin)


@needs_pacemaker
@needs_schemas
@some
@given(cib=cibs("pacemaker-3.9"), chance=st.randoms(use_true_random=False), count=st.integers(1, 8))
def test_a_changed_cib(tmp_path: Path, cib: Element, chance: Random, count: int) -> None:
    old = fresh(etree.tostring(cib, encoding="utf-8"))
    new = copied(old)
    scramble(new, chance, count)
    check(tmp_path, old, new)


@needs_pacemaker
@needs_schemas
@some
@given(cibs("pacemaker-3.9"), cibs("pacemaker-3.9"))
def test_one_cib_after_another(tmp_path: Path, one: Element, other: Element) -> None:
    check(tmp_path, *(fresh(etree.tostring(cib, encoding="utf-8")) for cib in (one, other)))


@needs_pacemaker
@needs_corpus
@some
@given(number=st.integers(0, 10**6), count=st.integers(1, 6))
def test_a_changed_real_cib(tmp_path: Path, number: int, count: int) -> None:
    chance = Random(number)
    old = fresh(chance.choice(scheduler_cibs()).read_bytes())
    new = copied(old)
    scramble(new, chance, count)
    check(tmp_path, old, new)


@needs_pacemaker
@needs_corpus
@some
@given(st.integers(0, 10**6))
def test_an_edit_of_a_real_cib(tmp_path: Path, number: int) -> None:
    chance = Random(number)
    old = fresh(chance.choice(scheduler_cibs()).read_bytes())
    new = copied(old)
    try:
        _, change, _ = random_edit(new, chance.choice)
        change(new)
    except CrmError:
        new = copied(old)
    check(tmp_path, old, new)


@needs_pacemaker
@some
@given(st.permutations("abcdefg"), st.sets(st.sampled_from("abcdefg")), st.lists(st.sampled_from("ABC"), unique=True))
def test_any_order(tmp_path: Path, order: list[str], gone: set[str], more: list[str]) -> None:
    """Small letters are elements, large ones comments; those that are not there before are created."""

    def of(letters: str) -> Cib:
        return made("".join(f'<a id="{x}"/>' if x.islower() else f"<!-- {x} -->" for x in letters))

    check(tmp_path, of("AabcBdefC"), of("".join(letter for letter in [*order, *more] if letter not in gone)))


@needs_pacemaker
@given(st.lists(texts, min_size=40, max_size=60))
@settings(some, max_examples=2)
def test_any_value(tmp_path: Path, drawn: list[str]) -> None:
    values = [writable(value) for value in (*AWKWARD, *drawn)]
    old = made("".join(f'<a id="i{number}" value="old" other=""/>' for number, _ in enumerate(values)))
    new = made("".join(f'<a id="i{number}"/>' for number, _ in enumerate(values)))
    for el, value in zip(new.configuration.find("resources"), values, strict=True):
        el.set("value", value)
    check(tmp_path, old, new)
    check(tmp_path, made(), new)


@needs_schemas
@settings(max_examples=40)
@given(cibs("pacemaker-3.9"))
def test_what_is_the_same_needs_no_patch(cib: Element) -> None:
    old = fresh(etree.tostring(cib, encoding="utf-8"))
    new = copied(old)
    for el in new.root.iter("*"):
        attributes = sorted(el.attrib.items(), reverse=True)
        el.attrib.clear()
        el.attrib.update(attributes)
    new.root.attrib.update({"epoch": "77", "num_updates": "8", "dc-uuid": "2", "have-quorum": "1"})
    etree.SubElement(new.root[-1], "node_state", id="1")
    etree.indent(new.root)
    assert patch(old, new, SOURCE, TARGET) is None


A_AND_B = '<a id="a" type="t"/><a id="b"/>'


@needs_pacemaker
@pytest.mark.parametrize(
    ("version", "code"),
    [
        (SOURCE, 0),
        (Version(1, 5, 4), OLDER),
        (Version(1, 6, 0), OLDER),
        (Version(2, 0, 0), OLDER),
        # where the CIB is the older one, as after it was brought back from a copy, the tool speaks of an error
        (Version(1, 5, 2), 1),
        (Version(1, 4, 9), 1),
        (Version(0, 9, 9), 1),
    ],
)
def test_another_version_is_refused(tmp_path: Path, version: Version, code: int) -> None:
    change = patch(made(A_AND_B), made(), SOURCE, TARGET)
    cib = made(A_AND_B)
    cib.root.attrib.update({name: str(number) for name, number in version._asdict().items()})
    assert change is not None
    found, after = applied(tmp_path, cib, change)
    assert found == code
    assert after.to_bytes() == cib.to_bytes() or not code
    assert ids(after) == (["a", "b"] if code else [])


@needs_pacemaker
@pytest.mark.parametrize(("version", "code"), [((1, 5, 9), 0), ((1, 5, 0), 0), ((1, 6, 3), OLDER), ((2, 5, 3), OLDER)])
def test_a_change_of_the_status_may_be_no_other_version(
    tmp_path: Path, version: tuple[int, int, int], code: int
) -> None:
    change = patch(made(A_AND_B), made(), SOURCE, TARGET, any_status=True)
    cib = made(A_AND_B)
    cib.root.attrib.update({name: str(number) for name, number in Version(*version)._asdict().items()})
    assert change is not None
    assert applied(tmp_path, cib, change)[0] == code


@needs_pacemaker
def test_the_status_stays(tmp_path: Path) -> None:
    old, new = made(A_AND_B), made()
    etree.SubElement(old.root[-1], "node_state", id="1")
    change = check(tmp_path, old, new)
    assert change is not None
    assert [el.get("id") for el in applied(tmp_path, old, change)[1].root[-1]] == ["1"]


@needs_pacemaker
def test_the_schema_may_change_with_the_rest(tmp_path: Path) -> None:
    group = '<group id="g"><primitive id="p" class="ocf" provider="pacemaker" type="Dummy"/></group>'
    promoted = '<rsc_colocation id="c" rsc="g" with-rsc="g" rsc-role="Promoted"/>'
    old, new = made(group, schema="pacemaker-1.2"), made(group, schema="pacemaker-3.9")
    new.make_section("constraints").append(etree.fromstring(promoted))
    change = check(tmp_path, old, new)
    assert change is not None
    cib = applied(tmp_path, old, change)[1]
    assert cib.schema == "pacemaker-3.9"
    assert cib.root.get("crm_feature_set") == FEATURES


@needs_pacemaker
def test_an_attribute_alone_raises_the_version_too(tmp_path: Path) -> None:
    old = made(schema="pacemaker-3.8")
    new = made(schema="pacemaker-3.9")
    new.root.attrib.update({"remote-tls-port": "9898", "have-quorum": "0"})
    change = patch(old, new, SOURCE, TARGET)
    assert change is not None
    code, cib = applied(tmp_path, old, change)
    assert not code
    assert Version.of(cib.root) == TARGET._replace(num_updates=1)
    assert (cib.schema, cib.root.get("remote-tls-port"), cib.root.get("have-quorum")) == ("pacemaker-3.9", "9898", None)


@needs_pacemaker
@pytest.mark.parametrize("id_", ["it's", "a b", "a/b", "a\tb", "", "x'] | y", '"', "[@id=", "日本", "%s"])
def test_ids_that_a_path_cannot_hold(tmp_path: Path, id_: str) -> None:
    """The schema allows any text as the id of a node, an ACL target and what a tag names."""

    def of(*targets: tuple[str, str]) -> Cib:
        cib = made(more="<acls/>")
        for name, value in targets:
            etree.SubElement(cib.make_section("acls"), "acl_target", id=name, description=value)
        return cib

    a, odd = ("a", "1"), (id_, "1")
    assert check(tmp_path, of(a, odd), of(a, (id_, "2")))
    assert check(tmp_path, of(a, odd), of(a))
    assert check(tmp_path, of(a, odd), of(odd, a))
    # what stays as it is costs nothing
    assert changes(of(a, odd), of(("a", "2"), odd)) == ["modify acl_target[@id='a']"]


@needs_pacemaker
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a id="x"/><a id="x" v="1"/>', '<a id="x"/><a id="x" v="2"/>'),
        ('<a id="x"/><a id="x" v="1"/>', '<a id="x" v="1"/>'),
        ('<a v="1"/><a v="2"/>', '<a v="1"/><a v="3"/>'),
        ('<a/><a id="x"/><b/>', '<b/><a id="x"/><a v="2"/>'),
        ('<a id="x"/><b id="x"/>', '<b id="x" v="1"/><a id="x" v="2"/>'),
        ("<b><c/></b>", '<b v="1"><c v="2"><!-- c --></c></b>'),
        ("<!-- a --><a/><!-- a --><!-- b --><!-- a -->", "<!-- b --><!-- a --><a/>"),
        ('<g id="g"><a id="x"/></g><a id="y"/>', '<g id="g"/><a id="y"/><a id="x"/>'),
        ('<g id="g"/><a id="x"/>', '<h id="h"><g id="g"><a id="x" v="1"/></g></h>'),
        ('<a id="x"/>', '<b id="x"/>'),
    ],
)
def test_children_that_are_hard_to_tell(tmp_path: Path, before: str, after: str) -> None:
    inside = '<p id="p">{}</p><q id="q"/>'
    assert check(tmp_path, made(inside.format(before)), made(inside.format(after)))
    assert check(tmp_path, made(before), made(after))


@needs_pacemaker
def test_sections_and_the_configuration_come_and_go(tmp_path: Path) -> None:
    old, new = made(more="<tags><tag id='t'/></tags>"), made(A_AND_B, more="<acls/>")
    assert check(tmp_path, old, new)
    assert check(tmp_path, new, old)
    twice = made(more="<tags/><tags/>")
    assert check(tmp_path, twice, made())
    bare = copied(old)
    bare.root.remove(bare.configuration)
    change = patch(bare, old, SOURCE, TARGET)
    assert change is not None
    assert b'path="/cib" position="0"' in change
    assert patch(bare, bare, SOURCE, TARGET) is None


MANY = [f"p{number}" for number in range(3000)]


def many(names: list[str]) -> Cib:
    return made("".join(f'<a id="{name}"/>' for name in names))


def test_one_change_in_a_long_list_is_one_change() -> None:
    old = many(MANY)
    assert changes(old, many(MANY[:7] + MANY[8:])) == ["delete a[@id='p7']"]
    assert changes(old, many(["new", *MANY])) == ["create resources"]
    assert changes(old, many([MANY[-1], *MANY[:-1]])) == ["move a[@id='p2999']"]
    assert changes(old, many([*MANY[1:], MANY[0]])) == ["delete a[@id='p0']", "create resources"]
    assert len(changes(old, many(MANY[::-1]))) == len(MANY) - 1


@pytest.mark.parametrize(
    ("attributes", "version"),
    [
        ({"admin_epoch": "1", "epoch": "22", "num_updates": "333"}, (1, 22, 333)),
        ({"epoch": "-1", "num_updates": "x"}, (0, 0, 0)),
    ],
)
def test_the_version_of_a_cib(attributes: dict[str, str], version: tuple[int, int, int]) -> None:
    assert Version.of(etree.Element("cib", attributes)) == version
