"""Real clusters for the tests of this folder; see `bed`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bed import Bed, Node, missing


class Beds:
    """The beds that the tests of this process share, each started when it is first asked for."""

    def __init__(self) -> None:
        self._running: dict[int, Bed] = {}

    @contextmanager
    def lend(self, nodes: int) -> Iterator[Bed]:
        """A bed of so many nodes, put in order after use; one whose daemons were disturbed is thrown away.

        So is one that cannot be put in order. The test fails then, unless all that is wrong is that the cluster does
        not settle in time.
        """
        if nodes not in self._running:
            self._running[nodes] = Bed(nodes).__enter__()
        bed = self._running[nodes]
        yield bed
        # to start its daemons again would take as long, and be less sure
        if any(node.disturbed for node in bed.nodes.values()):
            self._running.pop(nodes).end()
            return
        try:
            bed.reset()
        except TimeoutError:
            self._running.pop(nodes).end()
        except BaseException:
            self._running.pop(nodes).end()
            raise

    def end(self) -> None:
        """Take all down."""
        while self._running:
            self._running.popitem()[1].end()


@pytest.fixture(scope="session")
def beds() -> Iterator[Beds]:
    """What `node` and `three` come from."""
    found = Beds()
    yield found
    found.end()


@pytest.fixture
def node(beds: Beds) -> Iterator[Node]:
    """The one node of a cluster, which all tests that need no more share; as new for each of them."""
    with beds.lend(1) as bed:
        yield bed["node1"]


@pytest.fixture
def three(beds: Beds) -> Iterator[Bed]:
    """A cluster of three nodes, shared in the same way: `three["node1"]`."""
    with beds.lend(3) as bed:
        yield bed


def pytest_configure(config: pytest.Config) -> None:
    """The marker of the tests that use them."""
    text = "needs_cluster: starts real clusters; skipped without root, corosync or Pacemaker, a failure if CI is set"
    config.addinivalue_line("markers", text)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Where no cluster can be started, a test that needs one is skipped; where CI is set, it fails."""
    if item.get_closest_marker("needs_cluster") and (reason := missing()):
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
