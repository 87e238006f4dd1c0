"""The rich prompt on a running cluster: what is offered is what runs, and nobody waits for daemons that hang."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from node_terminal import node_screen

if TYPE_CHECKING:
    from bed import Node

pytestmark = pytest.mark.needs_cluster
TAB, ENTER, CTRL_C, CTRL_D = "\t", "\r", "\x03", "\x04"
EMPTY = r"^crm\(live/node1\)[a-z]*# ?$"
OBJECTS = "primitive runs ocf:pacemaker:Dummy\nprimitive rests ocf:pacemaker:Dummy meta target-role=Stopped\n"


def test_what_is_offered_is_what_makes_sense_now(node: Node) -> None:
    assert node.crm("-w", "configure", stdin=OBJECTS).code == 0
    with node_screen(node) as prompt:
        prompt.until(EMPTY)
        for typed, completed in (
            ("resource stop ", "resource stop runs"),
            ("resource start ", "resource start rests"),
            ("node standby ", "node standby node1"),
        ):
            # what the cluster has to be asked for comes by itself; the next TAB takes it
            prompt.type(typed + TAB)
            name = completed.removeprefix(typed)
            prompt.until(rf"(^ +{name} |# {completed}$)")
            if f"# {completed}" not in prompt.shown:
                prompt.type(name[:2] + TAB)
            prompt.until(rf"# {completed}$")
            prompt.type(CTRL_C)
            prompt.until(EMPTY)
        prompt.type(CTRL_D)
        assert prompt.end() == 0


def test_the_prompt_answers_while_the_cib_manager_hangs(node: Node) -> None:
    node.signal("pacemaker-based", signal.SIGSTOP)
    with node_screen(node) as prompt:
        prompt.until(EMPTY)
        prompt.type("configure" + ENTER)
        prompt.until(r"configure# ?$")
        # the configuration, which may have templates, is waited for; the second TAB takes what there is
        prompt.type(f"primitive a ocf:pacemaker:Du{TAB}")
        prompt.until(r"^ +ocf:pacemaker:Dummy")
        prompt.type(TAB)
        prompt.until(r"# primitive a ocf:pacemaker:Dummy$")
        prompt.type(CTRL_C)
        prompt.until(r"configure# ?$")
        node.signal("pacemaker-based", signal.SIGCONT)
        prompt.type(CTRL_D)
        assert prompt.end() == 0
