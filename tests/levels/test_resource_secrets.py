"""`resource secret` on several nodes, which are folders here, and what becomes of the files on bad days."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from prompt_desk import with_empty_cib

from crmsh_py.cluster import asking, secrets, state
from crmsh_py.cluster.remote import connection
from crmsh_py.cluster.remote import secrets as remote
from crmsh_py.cluster.state import Bundle, Node, Primitive, Replica
from crmsh_py.command.context import Context, Options
from crmsh_py.errors import Cancelled, Conflict, CrmError, NotPermitted, Refused, TimedOut, Unreachable
from crmsh_py.levels.resource.secrets import secret

if TYPE_CHECKING:
    from crmsh_py.cluster.remote.connection import Connection
    from crmsh_py.cluster.remote.together import Turn
    from crmsh_py.cluster.secrets import Contents
    from crmsh_py.problems import Problem

K = """<resources><primitive id="k" class="ocf" provider="pacemaker" type="Dummy">
<instance_attributes id="k-i"><nvpair id="k-w" name="word" value="open"/></instance_attributes>
</primitive></resources>"""
OPTION = """<crm_config><cluster_property_set id="o">
<nvpair id="o1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>"""


def node(name: str, type_: str = "member", *, container: str | None = None, online: bool = True) -> Node:
    flags = dict.fromkeys(Node._fields, False) | {"health": "", "resources_running": 0, "feature_set": ""}
    return Node(**{**flags, "name": name, "id": name, "type": type_, "container": container, "online": online})


def bundle(container: str) -> Bundle:
    runs = Primitive(container, "ocf:heartbeat:docker", "Started", None, ("here",), *[False] * 8, None, None)
    return Bundle("web", "docker", "i", False, True, False, False, (Replica(0, (runs,)),))


class World:
    """The node where the command is given, and others; a folder each has the secrets."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.told: list[Problem] = []
        self.nodes = [node("here"), node("west")]
        self.resources: list[Bundle] = []
        self.unreachable: set[str] = set()
        self.cib = with_empty_cib(folder) / "web.xml"
        text = self.cib.read_text().replace("<resources/>", K).replace("<crm_config/>", OPTION)
        self.cib.write_text(text)
        self.cx = Context(Options(cib=str(self.cib)), {**os.environ, "HOME": str(folder)}, self.told.append)
        patch.setattr(secrets, "FOLDER", str(folder / "here" / "secrets"))
        patch.setattr(asking, "local_node", lambda: "here")
        patch.setattr(state, "state", lambda _: SimpleNamespace(nodes=self.nodes, resources=self.resources))
        patch.setattr(connection, "connect", self.connect)
        patch.setattr(remote, "exchange", self.exchange)
        patch.setattr(remote, "put", self.put)

    def connect(self, login: Any, turn: Turn) -> SimpleNamespace:
        if login.node in self.unreachable:
            raise Unreachable(f"{login.node} cannot be reached")
        return SimpleNamespace(login=login, turn=turn)

    def exchange(self, there: Connection, contents: Contents, kept: dict[str, Contents]) -> None:
        paths = {path: self.place(there.login.node, path) for path in contents}
        kept[there.login.node] = {path: file.read_bytes() if file.exists() else None for path, file in paths.items()}
        self.put(there, contents)

    def put(self, there: Connection, contents: Contents) -> None:
        for path, data in contents.items():
            file = self.place(there.login.node, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True) if data is None else file.write_bytes(data)

    def place(self, name: str, path: str = "word") -> Path:
        return self.folder / name / "secrets" / "k" / Path(path).name

    def values(self, *names: str) -> list[str | None]:
        """What nodes have, None where they have nothing."""
        files = [self.place(name) for name in names or [one.name for one in self.nodes]]
        return [file.read_text().strip() if file.exists() else None for file in files]

    def after_put(self, error: BaseException, *, is_written: bool = True) -> None:
        """Have a commit end with an error, which comes when all is written, or before."""
        store = self.cx.session.store
        put = store.put

        def failing(*words: Any, **how: Any) -> NoReturn:
            if is_written:
                put(*words, **how)
            raise error

        store.put = failing  # type: ignore[method-assign]

    @property
    def texts(self) -> str:
        return "\n".join(problem.text for problem in self.told)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_a_value_that_is_stashed_is_on_all_nodes(world: World) -> None:
    secret(world.cx, "k", "word", stash=True)
    assert world.values() == ["open", "open"]
    assert 'value="lrm://"' in world.cib.read_text()
    secret(world.cx, "k", "word", unstash=True)
    assert world.values() == [None, None]
    assert 'value="open"' in world.cib.read_text()
    assert world.told == []


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), Cancelled("told to end"), TimedOut("late"), Unreachable("gone"), CrmError("odd")]
)
def test_a_value_to_which_the_configuration_may_refer_is_kept(world: World, error: BaseException) -> None:
    world.after_put(error)
    with pytest.raises((type(error), Cancelled)):
        secret(world.cx, "k", "word", stash=True)
    assert 'value="lrm://"' in world.cib.read_text()
    assert world.values() == ["open", "open"]
    assert "word of k is kept on all nodes" in world.texts


def test_a_commit_that_was_broken_off_may_still_be_written_later(world: World) -> None:
    world.after_put(KeyboardInterrupt(), is_written=False)
    with pytest.raises(Cancelled):
        secret(world.cx, "k", "word", stash=True)
    assert world.values() == ["open", "open"]


@pytest.mark.parametrize("error", [Refused("no"), Conflict("no"), NotPermitted("no"), CrmError("odd")])
def test_where_the_configuration_is_not_changed_no_node_is(world: World, error: CrmError) -> None:
    world.after_put(error, is_written=False)
    with pytest.raises(type(error)):
        secret(world.cx, "k", "word", stash=True)
    assert world.values() == [None, None]
    assert not world.cx.is_dirty
    assert world.told == []


def be_told_to_end(folder: Path, number: int) -> None:
    """A program that is told to end while another node gets a new value."""
    world = World(folder, pytest.MonkeyPatch())
    secret(world.cx, "k", "word", set=True, value="old")

    def exchange(there: Connection, contents: Contents, kept: dict[str, Contents]) -> None:
        World.exchange(world, there, contents, kept)
        os.kill(os.getpid(), number)
        while not there.turn.is_over:
            sleep(0.01)

    pytest.MonkeyPatch().setattr(remote, "exchange", exchange)
    secret(world.cx, "k", "word", set=True, value="new")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_is_told_to_end_puts_all_values_back(world: World, number: signal.Signals) -> None:
    told = f"import sys; sys.path[:0] = {sys.path!r}; from pathlib import Path; import test_resource_secrets as here\n"
    program = f"{told}here.be_told_to_end(Path({str(world.folder)!r}), {number:d})"
    done = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parent, capture_output=True, text=True)
    assert done.returncode == -number, done
    assert world.values() == ["old", "old"]


def test_what_is_deleted_is_forgotten_before_the_cluster_is_waited_for(world: World) -> None:
    def settle(*_: object) -> NoReturn:
        raise TimedOut("it has not settled")

    secret(world.cx, "k", "word", stash=True)
    world.cx.options.wait = True
    world.cx.session.store.settle = settle  # type: ignore[method-assign]
    with pytest.raises(TimedOut):
        secret(world.cx, "k", "word", delete=True)
    assert world.values() == [None, None]


def test_what_is_left_where_forgetting_is_broken_off_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def put(*_: object) -> NoReturn:
        raise Cancelled("told to end")

    secret(world.cx, "k", "word", stash=True)
    monkeypatch.setattr(secrets, "remove", put)
    with pytest.raises(Cancelled):
        secret(world.cx, "k", "word", delete=True)
    assert [problem.code for problem in world.told] == ["secret-not-spread"]
    assert str(world.place("here")) in (world.told[0].hint or "")


def test_guest_nodes_have_secrets_too_but_not_those_of_bundles(world: World) -> None:
    world.nodes += [node("vm", "guest", container="vm"), node("web-0", "guest", container="web-docker-0")]
    world.resources.append(bundle("web-docker-0"))
    secret(world.cx, "k", "word", stash=True)
    assert world.values() == ["open", "open", "open", None]
    secret(world.cx, "k", "word", delete=True)
    assert world.values() == [None] * 4
    assert world.told == []


def test_a_guest_node_without_ssh_is_told_by_its_name(world: World) -> None:
    world.nodes += [node("vm", "guest", container="vm"), node("north", "remote", online=False)]
    world.unreachable.add("vm")
    for words in ({"stash": True}, {"delete": True}):
        secret(world.cx, "k", "word", **words)
        assert [problem.code for problem in world.told] == ["secret-not-spread"] * 2
        assert [name in world.told[n].text for n, name in enumerate(("north", "vm"))] == [True, True]
        world.told.clear()
    world.unreachable.add("west")
    with pytest.raises(CrmError, match="west cannot be reached"):
        secret(world.cx, "k", "word", set=True, value="new")
    assert world.values() == [None] * 4
