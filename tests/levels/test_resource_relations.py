"""`resource relations` and `constraints`: trees that end, of all real CIBs, and what single constraints mean."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from answers import data_of
from lxml import etree
from program import ROOT, in_process

from crmsh_py.cib.document import Cib
from crmsh_py.cib.kinship import NEEDED, NEEDS, Kinship, applies, named_by
from crmsh_py.cib.meanings import BETWEEN, bonds, meanings

BONDS = ("order", "colocation", "group")


def resource(folder: Path, line: str, code: int = 0) -> str:
    ran = in_process("-c", "./web.xml", "resource", *line.split(), folder=folder)
    assert ran.code == code, ran
    return ran.out or ran.err


def answer(folder: Path, line: str) -> Any:
    ran = in_process("-c", "./web.xml", "-o", "json", "resource", *line.split(), folder=folder)
    assert ran.code == 0, ran
    return data_of(ran.out)


def configured(folder: Path, *lines: str) -> None:
    for line in lines:
        ran = in_process("-c", "./web.xml", "-F", "configure", *line.split(), folder=folder)
        assert ran.code == 0, ran


# ---- laws


def test_trees_of_real_cibs(corpus_file: Path) -> None:
    """Each stands below a heading once with what is below it; who needs is needed; the size is linear."""
    kin = Kinship(Cib.parse(corpus_file.read_bytes(), corpus_file.name))
    size = len(kin.elements) + sum(1 for el in kin.constraints for _ in el.iter("*"))
    direct: dict[str, set[tuple[str, str, str]]] = {NEEDS: set(), NEEDED: set()}
    for id_ in list(kin.elements)[:60]:
        rows = list(kin.tree(id_))
        assert len(rows) < 20 * size + 20, id_
        opened = [(row.heading, row.name) for row in rows if row.heading in (NEEDS, NEEDED) and not row.is_repeated]
        assert len(opened) == len(set(opened)), id_
        assert all(row.depth == 1 or above.depth >= row.depth - 1 for above, row in pairwise(rows))
        for row in rows:
            if row.heading in direct and row.depth == 1 and row.kind in BONDS and row.name in kin.elements:
                ends = (id_, row.name) if row.heading == NEEDS else (row.name, id_)
                direct[row.heading].add((*ends, row.constraint))
    known = set(list(kin.elements)[:60])
    # of what stands for several, the tree tells the name first
    several = {el.get("id") for el in kin.constraints if any(name in kin.tags for name in named_by(el))}
    both = [{one for one in found if {*one[:2]} <= known and one[2] not in several} for found in direct.values()]
    assert both[0] == both[1]


def test_every_constraint_of_real_cibs_means_something(corpus_file: Path) -> None:
    kin = Kinship(Cib.parse(corpus_file.read_bytes(), corpus_file.name))
    for el in kin.constraints:
        named = list(named_by(el))
        said = meanings(el)
        # a set of one that is joined to nothing says nothing
        assert said or not named or len(named) == 1 or el.find("lifetime") is not None, etree.tostring(el)
        for name in named:
            assert applies(el, {name: ""})
            if said and el.tag != "rsc_location":
                assert any(name in text for text in said) or len(named) == 1, (name, said)


def test_a_chain_may_be_as_long_as_it_likes(folder: Path) -> None:
    orders = "".join(f'<rsc_order id="o{i}" first="p{i + 1}" then="p{i}"/>' for i in range(3000))
    resources = "".join(f'<primitive id="p{i}" class="ocf" provider="pacemaker" type="Dummy"/>' for i in range(3001))
    cib = (folder / "web.xml").read_text()
    cib = cib.replace("<resources>", f"<resources>{resources}")
    (folder / "web.xml").write_text(cib.replace("<constraints/>", f"<constraints>{orders}</constraints>"))
    found = answer(folder, "relations p0")["relations"]
    assert [row["depth"] for row in found] == list(range(1, 3001))
    assert resource(folder, "relations p3000").startswith("p3000 (primitive)\n  is needed by:\n    p2999 (order)")


def test_a_circle_has_an_end(folder: Path) -> None:
    configured(folder, *(f"primitive {name} ocf:pacemaker:Dummy" for name in "abc"))
    configured(folder, "order o1 a b", "order o2 b c", "order o3 c a")
    rows = answer(folder, "relations a")["relations"]
    assert [(row["heading"], row["name"], row["is_repeated"]) for row in rows] == [
        ("needs", "c", False),
        ("needs", "b", False),
        ("needs", "a", True),
        ("needed-by", "b", False),
        ("needed-by", "c", False),
        ("needed-by", "a", True),
    ]


# ---- what constraints mean

MEANINGS = [
    ('<rsc_order id="o" first="a" then="b"/>', ["b starts after a was started"]),
    ('<rsc_order id="o" first="a" then="b" first-action="promote"/>', ["b is promoted after a was promoted"]),
    (
        '<rsc_order id="o" first="a" first-action="promote" then="b" then-action="start" symmetrical="false"/>',
        ["b starts after a was promoted; nothing is said of the way back"],
    ),
    ('<rsc_order id="o" first="a" then="b" kind="Serialize"/>', ["b and a never start or stop at the same time"]),
    (
        '<rsc_order id="o" first="a" then="b" score="0"/>',
        ["b starts after a was started, where both are to be done at once"],
    ),
    ('<rsc_colocation id="c" rsc="a" with-rsc="b" score="INFINITY"/>', ["a runs only where b runs"]),
    ('<rsc_colocation id="c" rsc="a" with-rsc="b" score="-INFINITY"/>', ["a never runs where b runs"]),
    ('<rsc_colocation id="c" rsc="a" with-rsc="b" score="-5"/>', ["a avoids to run where b runs (-5)"]),
    (
        '<rsc_colocation id="c" rsc="a" rsc-role="Promoted" with-rsc="b" score="7" node-attribute="rack"/>',
        ["a, where it is Promoted, prefers to run on a node with the same rack as where b runs (7)"],
    ),
    ('<rsc_location id="l" rsc="a" node="n" score="INFINITY"/>', ["a runs on n where it can"]),
    ('<rsc_location id="l" rsc="a" node="n" score="-INFINITY"/>', ["a never runs on n"]),
    ('<rsc_location id="l" rsc-pattern="^a" node="n" score="0"/>', ["what matches ^a may run on n"]),
    (
        '<rsc_location id="l" rsc="a"><rule id="r" score="-5" role="Promoted"/></rsc_location>',
        ["a avoids to run as Promoted on nodes for which the rule r holds (-5)"],
    ),
    (
        '<rsc_ticket id="t" rsc="a" rsc-role="Promoted" ticket="T" loss-policy="demote"/>',
        ["a is Promoted only while the ticket T is granted; it is demoted where the ticket is lost"],
    ),
]


@pytest.mark.parametrize(("xml", "means"), MEANINGS)
def test_what_a_constraint_means(xml: str, means: list[str]) -> None:
    assert meanings(etree.fromstring(xml)) == means


def sets(*members: str, tag: str = "rsc_colocation", more: str = "") -> etree._Element:
    """A constraint with sets; a `-` before its members is one that is in no sequence."""
    text = "".join(
        f'<resource_set id="s{number}" sequential="{str(not one.startswith("-")).lower()}">'
        + "".join(f'<resource_ref id="{member}"/>' for member in one.lstrip("-"))
        + "</resource_set>"
        for number, one in enumerate(members)
    )
    return etree.fromstring(f'<{tag} id="x" {more}>{text}</{tag}>')


@pytest.mark.parametrize(
    ("tag", "members", "pairs"),
    [
        ("rsc_order", ["abc"], ["b>a", "c>b"]),
        ("rsc_order", ["ab", "cd"], ["b>a", "d>c", "c>b"]),
        ("rsc_order", ["-ab", "c"], ["c>a", "c>b"]),
        ("rsc_order", ["a", "-bc"], ["b>a", "c>a"]),
        ("rsc_order", ["-ab", "-cd"], ["x/1>a", "x/1>b", "c>x/1", "d>x/1"]),
        # Pacemaker Explained: of a set each is with the one before it, a set is with the one listed behind it
        ("rsc_colocation", ["abc"], ["b>a", "c>b"]),
        ("rsc_colocation", ["ab", "cd"], ["b>a", "a>d", "d>c"]),
        ("rsc_colocation", ["-ab", "c"], ["a>c", "b>c"]),
        ("rsc_colocation", ["-ab", "-cd"], ["a>x/0", "b>x/0", "x/0>c", "x/0>d"]),
    ],
)
def test_pairs_in_sets(tag: str, members: list[str], pairs: list[str]) -> None:
    more = 'score="INFINITY"' if tag == "rsc_colocation" else ""
    assert [f"{bond.dependent}>{bond.needed}" for bond in bonds(sets(*members, tag=tag, more=more))] == pairs


@pytest.mark.needs_pacemaker
def test_pairs_are_those_that_the_scheduler_sees(tmp_path: Path) -> None:
    """What is first in a pair has no place where what it needs has none."""
    from crmsh_py.cluster.scores import scores

    for members in (["abc"], ["ab", "cd"], ["-ab", "c"], ["a", "-bc"], ["-ab", "-cd"]):
        el = sets(*members, more='score="INFINITY"')
        letters = sorted({letter for one in members for letter in one.lstrip("-")})
        for banned in letters:
            found = scores(_cluster(letters, el, banned))
            nowhere = {one.resource for one in found if one.score == "-INFINITY"}
            assert nowhere >= _dependents(el, banned) | {banned}, (members, banned)


def _dependents(el: etree._Element, id_: str) -> set[str]:
    found, left = set[str](), [id_]
    while left:
        needed = left.pop()
        more = {bond.dependent for bond in bonds(el) if bond.needed == needed} - found
        found |= more
        left += more
    return {name for name in found if "/" not in name}


def _cluster(letters: list[str], el: etree._Element, banned: str) -> bytes:
    resources = "".join(f'<primitive id="{one}" class="ocf" provider="pacemaker" type="Dummy"/>' for one in letters)
    ban = f'<rsc_location id="ban" rsc="{banned}" node="n" score="-INFINITY"/>'
    state = '<node_state id="1" uname="n" in_ccm="true" crmd="online" join="member" expected="member"/>'
    return f"""<cib validate-with="pacemaker-3.0" crm_feature_set="3.1.0" epoch="1" num_updates="0" admin_epoch="0"
    have-quorum="1" dc-uuid="1"><configuration><crm_config><cluster_property_set id="o"><nvpair id="e"
    name="stonith-enabled" value="false"/></cluster_property_set></crm_config><nodes><node id="1" uname="n"/></nodes>
    <resources>{resources}</resources><constraints>{etree.tostring(el).decode()}{ban}</constraints></configuration>
    <status>{state}</status></cib>""".encode()


# ---- the web service


@pytest.fixture
def web(folder: Path) -> Path:
    configured(folder, f"load replace {ROOT}/examples/web-service.crm")
    return folder


def test_constraints_apply_through_containers_and_tags(web: Path) -> None:
    configured(web, "location l1 public 5: alpha", "location l2 /^addr/ 3: beta", "location l3 gateway-clone 3: beta")
    found = {one["id"]: (one["kind"], one["through"]) for one in answer(web, "constraints address")}
    assert found.items() >= {"web-with-disk": ("colocation", "web"), "l2": ("location", None)}.items()
    assert "l3" not in found
    text = resource(web, "constraints address")
    assert (
        "colocation web-with-disk inf: web disk-clone:Promoted\n  # web runs only where disk-clone is Promoted\n"
        in text
    )
    assert resource(web, "constraints gateway").startswith("location l3 ")


def test_the_tree_of_a_member(web: Path) -> None:
    assert resource(web, "relations server") == (
        "server (primitive)\n"
        "  is in:\n"
        "    web (group)\n"
        "    public (tag)\n"
        "  needs:\n"
        "    address (group): server starts after address, on the same node [web]\n"
        "      files (group): address starts after files, on the same node [web]\n"
        "    web (container)\n"
        "      disk-clone (colocation): web runs only where disk-clone is Promoted [web-with-disk]\n"
        "      disk-clone (order): web starts after disk-clone was promoted [disk-before-web] ... see above\n"
        "  is placed by:\n"
        "    location: web prefers to run on nodes for which the rule web-on-the-big-one-rule holds (200)"
        " [web-on-the-big-one]\n"
        "    location: web never runs on nodes for which the rule web-where-connected-rule holds"
        " [web-where-connected]\n"
    )
    kinds = {row["kind"] for row in answer(web, "relations server")["relations"]}
    assert BETWEEN not in kinds
