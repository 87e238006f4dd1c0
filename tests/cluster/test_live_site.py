"""`crm site ticket` on a running cluster."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest
from node_terminal import node_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bed import Node
    from program import Ran

pytestmark = pytest.mark.needs_cluster

USAGE, NOTHING_THERE, REFUSED, NOT_PERMITTED, TIMED_OUT = 2, 4, 5, 8, 9
ODD = ["a b", "-lead", "x=y"]


@pytest.fixture
def site(node: Node) -> Iterator[Node]:
    """A node with a resource that wants the ticket `db`; no ticket is left behind."""
    lines = ("primitive d1 ocf:pacemaker:Dummy", "rsc_ticket d1-with-db db: d1 loss-policy=stop")
    ran = node.crm("-w", "-F", "configure", stdin="\n".join((*lines, "")))
    assert ran.code == 0, ran
    yield node
    node.cibadmin("--delete-all", "--force", "--xpath=/cib/status/tickets/ticket_state", check=False)


def crm(node: Node, *lines: str, code: int = 0, **how: object) -> Ran:
    for line in lines:
        ran = node.crm(*line.split(), **how)
        assert ran.code == code, ran
    return ran


def ticket(node: Node, name: str = "db") -> dict[str, Any]:
    (found,) = json.loads(crm(node, f"-o json site ticket show {name}").out)["data"]
    return dict(found)


def runs(node: Node) -> bool:
    return "running on" in crm(node, "resource locate d1").out


def test_a_ticket_comes_and_goes(site: Node) -> None:
    assert (runs(site), ticket(site)["granted"]) == (False, False)
    assert "db was last granted: never" in crm(site, "site ticket time db").out
    crm(site, "-F site ticket grant db --wait")
    assert (runs(site), ticket(site)["granted"], ticket(site)["constraints"]) == (True, True, ["d1-with-db"])
    assert ticket(site)["last_granted"].endswith("Z")
    assert "db is granted, last granted" in crm(site, "site ticket list").out
    assert "never" not in crm(site, "site ticket time db").out
    crm(site, "site ticket standby db --wait")
    assert (runs(site), ticket(site)["standby"]) == (False, True)
    # nothing depends on it any more, so nothing is asked
    crm(site, "site ticket revoke db", "site ticket activate db")
    assert (ticket(site)["granted"], ticket(site)["standby"]) == (False, False)
    crm(site, "site ticket delete db")
    assert ticket(site)["last_granted"] is None


def test_who_scripts_says_force(site: Node) -> None:
    for line in ("site ticket grant db", "-n site ticket grant db"):
        assert "no other site has db; nothing was done" in crm(site, line, code=REFUSED).err
    assert ticket(site)["granted"] is False
    crm(site, "-F site ticket grant db")
    assert "granted to this site already" in crm(site, "site ticket grant db").err
    for line in ("revoke", "delete"):
        assert "d1-with-db decides" in crm(site, f"site ticket {line} db", code=REFUSED).err
    assert ticket(site)["granted"] is True
    crm(site, "-F site ticket delete db --wait")
    assert (runs(site), ticket(site)["granted"]) == (False, False)
    assert "not granted to this site" in crm(site, "site ticket revoke db").err


def test_at_a_terminal_it_is_asked(site: Node) -> None:
    for typed, granted in (("no\n", False), ("\x04", False), ("yes\n", True)):
        with node_terminal(site, "site", "ticket", "grant", "db") as terminal:
            terminal.wait("resources run twice")
            terminal.type(typed)
            assert terminal.end() == (0 if granted else REFUSED)
        assert ticket(site)["granted"] is granted


def test_names_that_nobody_knows(site: Node) -> None:
    for verb in ("revoke", "standby", "activate", "delete", "show", "time"):
        assert "tickets are db" in crm(site, f"site ticket {verb} other", code=NOTHING_THERE).err
    # one that is granted before a constraint names it stops nothing
    assert "no constraint names the ticket other" in crm(site, "-F site ticket grant other").err
    assert ticket(site, "other")["granted"] is True


@pytest.mark.parametrize("name", ODD)
def test_odd_names(name: str, site: Node) -> None:
    done = site.crm("-F", "site", "ticket", "grant", "--", name)
    assert done.code == 0, done
    assert f"{name} is granted" in site.crm("site", "ticket", "show", "--", name).out
    assert site.crm("-F", "site", "ticket", "delete", "--", name).code == 0
    assert site.crm("site", "ticket", "show", "--", name).code == NOTHING_THERE


def test_a_ticket_that_pacemaker_cannot_look_for(site: Node) -> None:
    """The CIB daemon of 2.1.5 does not answer an XPath that is not ASCII."""
    ran = site.crm("-F", "site", "ticket", "grant", "größe")
    assert ran.code in (0, TIMED_OUT)
    assert ran.code == 0 or "a name that is not ASCII" in ran.err
    assert "Invalid byte sequence" not in ran.err


@pytest.mark.parametrize("name", ["it's", '<&>"'])
def test_a_ticket_that_pacemaker_cannot_forget(name: str, site: Node) -> None:
    """crm_ticket says that it has done it, and does not find what has quotes in its name."""
    assert site.crm("-F", "site", "ticket", "grant", name).code == 0
    ran = site.crm("-F", "site", "ticket", "delete", name)
    is_there = site.crm("site", "ticket", "show", name).code == 0
    assert (ran.code, "keeps the state of" in ran.err) == ((1, True) if is_there else (0, False))


def test_what_booth_manages_is_left_to_booth(site: Node) -> None:
    booth = '<primitive id="booth" class="ocf" provider="pacemaker" type="booth-site"/>'
    site.cibadmin("--create", "--scope=resources", "--xml-text", booth)
    for verb in ("grant", "delete"):
        ran = crm(site, f"-F site ticket {verb} db", code=REFUSED)
        assert "managed by booth (booth)" in ran.err
    assert "`booth grant db`" in crm(site, "-F site ticket grant db", code=REFUSED).err
    crm(site, "site ticket standby db", "site ticket activate db")


def test_who_may_read_only(site: Node) -> None:
    lines = "role reader read xpath:/cib\nacl_target watcher reader\nproperty enable-acl=true\n"
    assert site.crm("-F", "configure", stdin=lines).code == 0
    site.add_user("watcher", groups=("haclient",))
    assert "db is revoked" in crm(site, "site ticket list", user="watcher").out
    for line in ("-F site ticket grant db", "site ticket standby db"):
        crm(site, line, code=NOT_PERMITTED, user="watcher")
    assert ticket(site)["granted"] is False


def test_a_daemon_that_hangs(node: Node) -> None:
    node.signal("pacemaker-based", signal.SIGSTOP)
    assert node.impatient_crm("site", "ticket", "list").code == TIMED_OUT
