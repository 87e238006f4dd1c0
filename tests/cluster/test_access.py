"""Users whom the cluster permits little, through the real program: what they get, what they cannot do by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from changes import configuration
from lxml import etree

if TYPE_CHECKING:
    from bed import Node

pytestmark = pytest.mark.needs_cluster

NOT_PERMITTED = 8
# `seen` and `other` run nothing: they are templates
SETUP = """
rsc_template seen ocf:heartbeat:Dummy params fake=1
rsc_template hidden ocf:heartbeat:Dummy params fake=1
rsc_template other ocf:heartbeat:Dummy
role watcher read xpath:/cib
role of_one write xpath:"//template[@id='seen']"
role of_resources write xpath:/cib/configuration/resources deny xpath:"//template[@id='hidden']"
role of_all_but_one write xpath:/cib deny xpath:"//template[@id='hidden']"
acl_target reader watcher
acl_target one of_one
acl_target resources of_resources
acl_target all of_all_but_one
property enable-acl=true
"""
EDITS = (
    ("configure", "set", "seen.fake", "2"),
    ("configure", "delete", "seen"),
    ("configure", "op_defaults", "timeout=33s"),
    ("configure", "erase"),
)
NO_RIGHT = "ERROR: the access control lists of the cluster do not permit this"
# `delete` asks first whether it runs
NO_STATE = "ERROR: not permitted to read the state of the cluster"
UNGUARDED = "WARNING: the access control lists hide the version of the CIB"


def prepared(node: Node, name: str, *groups: str) -> str:
    """A user of this name, on a node with the roles and rights of SETUP; the name."""
    assert node.crm("configure", stdin=SETUP).code == 0
    node.add_user(name, groups=groups)
    return name


def check_nothing_is_done(node: Node, user: str, sentence: str, edits: Sequence[Sequence[str]] = EDITS) -> None:
    """Each edit is refused in one sentence, the configuration is the same, nothing is left beside the user's home."""
    before = configuration(node.cib())
    for words in edits:
        ran = node.crm(*words, user=user)
        assert (ran.code, ran.out) == (NOT_PERMITTED, ""), words
        said = [line for line in ran.err.splitlines() if line.startswith("ERROR")]
        assert said in ([sentence], [NO_STATE]), words
    assert configuration(node.cib()) == before
    found = node.run("find", "/run", "/var", "/root", "/dev/shm", "-xdev", "-user", user)
    assert found.out == "", "left behind"


def test_a_user_who_may_only_read(node: Node) -> None:
    user = prepared(node, "reader", "haclient")
    shown = node.crm("configure", "show", user=user)
    assert shown == node.crm("configure", "show")
    check_nothing_is_done(node, user, NO_RIGHT)


def test_a_user_without_any_right(node: Node) -> None:
    user = prepared(node, "member", "haclient")
    assert node.crm("configure", "show", user=user).code == NOT_PERMITTED
    check_nothing_is_done(node, user, NO_RIGHT)


def test_a_user_who_is_no_member(node: Node) -> None:
    """Also while there are no access control lists."""
    user = "stranger"
    node.add_user(user)
    sentence = "ERROR: this user may not use the cluster"
    ran = node.crm("configure", "show", user=user)
    assert (ran.code, ran.out) == (NOT_PERMITTED, "")
    assert ran.err.startswith(sentence + "\n")
    check_nothing_is_done(node, user, sentence)


def test_a_user_who_sees_one_object(node: Node) -> None:
    """What may be changed is changed, what may not is refused, what is not seen is not deleted."""
    user = prepared(node, "one", "haclient")
    shown = node.crm("configure", "show", user=user)
    assert (shown.code, shown.out) == (0, "rsc_template seen Dummy \\\n\tparams fake=1\n")
    check_nothing_is_done(node, user, NO_RIGHT, EDITS[2:3])
    before = configuration(node.cib())
    ran = node.crm("configure", "set", "seen.fake", "2", user=user)
    assert (ran.code, ran.out) == (0, "")
    assert UNGUARDED in ran.err
    assert configuration(node.cib()) == before.replace(b'value="1"', b'value="2"', 1)
    assert node.crm("configure", "erase", user=user).code == 0
    root = etree.fromstring(node.cib())
    assert root.xpath("//template/@id") == ["hidden", "other"]
    assert root.xpath("count(//acl_role)") == 4


@pytest.mark.parametrize("user", ["resources", "all"])
def test_what_is_not_seen_is_not_deleted(user: str, node: Node) -> None:
    """By one who does not see the version of the CIB, and by one who does."""
    prepared(node, user, "haclient")
    assert "rsc_template hidden" not in node.crm("configure", "show", user=user).out
    ran = node.crm("configure", "load", "push", "-", user=user, stdin="rsc_template new Dummy\n")
    assert ran.code == 0, ran.err
    assert (UNGUARDED in ran.err) == (user == "resources")
    templates = etree.fromstring(node.cib()).xpath("//template/@id")
    assert sorted(templates) == ["hidden", "new"]


def test_who_does_not_see_all_cannot_drop_all(node: Node) -> None:
    """What replaces everything replaces what is seen."""
    user = prepared(node, "resources", "haclient")
    left = {("load", "replace", "-"): ["hidden", "other"], ("erase",): ["hidden"]}
    for words, templates in left.items():
        ran = node.crm("configure", *words, user=user, stdin="rsc_template other Dummy\n")
        assert ran.code == 0, ran.err
        root = etree.fromstring(node.cib())
        assert root.xpath("//template/@id") == templates
        assert root.xpath("count(//acl_role)") == 4


MEMBERS = """
primitive p ocf:pacemaker:Dummy meta target-role=Stopped
primitive q ocf:pacemaker:Dummy meta target-role=Stopped
group g p q
role of_members write xpath:/cib deny xpath:"//primitive[@id='q']"
acl_target vera of_members
property enable-acl=true
"""


@pytest.mark.parametrize(
    "words",
    [("delete", "--force", "p"), ("delete", "g"), ("clone", "c", "g"), ("erase",)],
    ids=lambda words: words[0] + words[-1],
)
def test_a_hidden_member_is_not_deleted_with_its_group(node: Node, words: tuple[str, ...]) -> None:
    assert node.crm("configure", stdin=MEMBERS).code == 0
    node.add_user("vera", groups=("haclient",))
    before = configuration(node.cib())
    ran = node.crm("configure", *words, user="vera")
    assert ran.code == NOT_PERMITTED, ran
    assert configuration(node.cib()) == before


def test_a_state_that_is_hidden_is_not_made_up(node: Node) -> None:
    node.crm("configure", stdin="role r read xpath://resources\nacl_target op r\nproperty enable-acl=true\n")
    node.add_user("op", groups=("haclient",))
    ran = node.crm("status", user="op")
    assert (ran.code, ran.out) == (NOT_PERMITTED, "")
    assert "hide the state" in ran.err
