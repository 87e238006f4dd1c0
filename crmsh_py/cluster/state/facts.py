"""What crm_mon knows, as values, under the names of its XML.

Times are texts as crm_mon writes them, in no form that holds for all its versions; "" where there is none. Roles are
Started, Stopped, Promoted, Unpromoted, Starting, Stopping, Promoting, Demoting or Migrating.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# the score that Pacemaker writes as INFINITY
INFINITY = 1_000_000
# constraints whose ids begin so were made by a command, and stay until another one removes them
OF_COMMANDS = "cli-"


def number(score: str) -> int:
    """A score of Pacemaker as a number, 0 where it is none."""
    said = score.upper().lstrip("+-")
    size = INFINITY if said in ("INFINITY", "INF") else min(int(said), INFINITY) if said.isdecimal() else 0
    return -size if score.startswith("-") else size


def written(number: int) -> str:
    """A number as Pacemaker writes it as a score."""
    return "INFINITY" if number >= INFINITY else "-INFINITY" if number <= -INFINITY else str(number)


class Options(NamedTuple):
    """Cluster options that decide what the cluster does at all; times in milliseconds."""

    stonith_enabled: bool
    symmetric_cluster: bool
    no_quorum_policy: str
    maintenance_mode: bool
    stop_all_resources: bool
    stonith_timeout_ms: int
    priority_fencing_delay_ms: int


class Summary(NamedTuple):
    """The cluster as a whole.

    pacemakerd: the state of Pacemaker on this node, None where it is not told, as of a file. dc: the name of the
    designated controller, None where there is none. dc_version: of Pacemaker on it. has_quorum: None without a DC.
    mixed_version: nodes run different versions, those that are joining aside. last_change_*: by whom, with which
    program, on which node; "" where it is not known. resources: how many instances are configured, `disabled` and
    `blocked` of them.
    """

    stack: str
    pacemakerd: str | None
    dc: str | None
    dc_version: str | None
    has_quorum: bool | None
    mixed_version: bool
    last_update: str
    last_change: str
    last_change_user: str
    last_change_client: str
    last_change_origin: str
    nodes: int
    resources: int
    disabled: int
    blocked: int
    options: Options


class Node(NamedTuple):
    """A node.

    type: member, remote, guest, ping or unknown. container: of a guest node, the resource that runs it. health: green,
    yellow, red or "". resources_running: how many instances. feature_set: "" where it is not known.
    """

    name: str
    id: str
    type: str
    container: str | None
    online: bool
    standby: bool
    standby_onfail: bool
    maintenance: bool
    pending: bool
    unclean: bool
    shutdown: bool
    expected_up: bool
    is_dc: bool
    health: str
    resources_running: int
    feature_set: str


class Primitive(NamedTuple):
    """An instance of a primitive.

    agent: `ocf:heartbeat:IPaddr2`. target_role: None where it is not set. nodes: the names of those where it is
    active. disabled: it is meant to be stopped. orphaned: it runs and is no longer configured. pending: the task that
    is under way, or None. locked_to: the node that it waits for, or None.
    """

    id: str
    agent: str
    role: str
    target_role: str | None
    nodes: tuple[str, ...]
    active: bool
    managed: bool
    maintenance: bool
    disabled: bool
    blocked: bool
    failed: bool
    failure_ignored: bool
    orphaned: bool
    pending: str | None
    locked_to: str | None

    @property
    def is_fence_device(self) -> bool:
        """Whether it is there to fence nodes, and is configured."""
        return self.agent.startswith("stonith:") and not self.orphaned


class Group(NamedTuple):
    """A group, or an instance of a cloned one."""

    id: str
    managed: bool
    maintenance: bool
    disabled: bool
    members: tuple[Primitive, ...]


class Clone(NamedTuple):
    """A clone with its instances, the stopped ones included."""

    id: str
    promotable: bool
    unique: bool
    managed: bool
    maintenance: bool
    disabled: bool
    failed: bool
    failure_ignored: bool
    target_role: str | None
    instances: tuple[Resource, ...]


class Replica(NamedTuple):
    """A replica of a bundle: its resources are the address, what runs in the container, the container, its connection.

    Only the container is always there.
    """

    number: int
    resources: tuple[Primitive, ...]


class Bundle(NamedTuple):
    """A bundle with its replicas; type: docker, podman or rkt."""

    id: str
    type: str
    image: str
    unique: bool
    managed: bool
    maintenance: bool
    failed: bool
    replicas: tuple[Replica, ...]


Resource = Primitive | Group | Clone | Bundle


class Failure(NamedTuple):
    """A failed action.

    op_key: as Pacemaker names it, `web_monitor_10000`. task, interval_ms: of the operation; a probe is a monitor of
    the interval 0. exit_status, exit_code: what the agent said, in words and as a number. status: of the execution,
    `complete` where the agent could be run. reason: what the agent said of it, or "". exec_ms: how long it took, None
    where that is not known.
    """

    op_key: str
    resource: str
    task: str
    interval_ms: int
    node: str
    exit_status: str
    exit_code: int
    reason: str
    status: str
    call: int
    last_change: str
    exec_ms: int | None


class FenceEvent(NamedTuple):
    """The fencing of a node; status: failed, pending or success. delegate: the node that did it, or "".

    client, origin: the program that asked for it, and its node.
    """

    action: str
    target: str
    status: str
    reason: str
    delegate: str
    client: str
    origin: str
    completed: str


class Ban(NamedTuple):
    """A location constraint that keeps a resource from a node.

    crm_mon names the rule where there is one, and does not tell until when it holds: `left_over` does, of those that
    commands made; "" else.
    """

    id: str
    resource: str
    node: str
    weight: int
    promoted_only: bool
    until: str = ""


class Ticket(NamedTuple):
    """A ticket; status: granted or revoked."""

    id: str
    status: str
    standby: bool
    last_granted: str


class NodeAttribute(NamedTuple):
    """A node attribute, permanent or transient; expected: what the resource that sets it should make of it, or ""."""

    node: str
    name: str
    value: str
    expected: str


class Operation(NamedTuple):
    """The last run of an operation; status in words as `exit_status`; exec_ms, queue_ms: how long it ran and waited.

    interval_ms: 0 for what is not repeated.
    """

    call: int
    task: str
    interval_ms: int
    exit_code: int
    exit_status: str
    last_change: str
    exec_ms: int
    queue_ms: int


class History(NamedTuple):
    """What became of a resource on a node.

    fail_count, migration_threshold: 1000000 is INFINITY, which as a threshold stands for none. orphaned: the resource
    is no longer configured.
    """

    node: str
    resource: str
    orphaned: bool
    migration_threshold: int
    fail_count: int
    last_failure: str
    operations: tuple[Operation, ...]

    @property
    def has_reached(self) -> bool:
        """Whether the resource has failed so often that it is kept from the node."""
        return self.fail_count >= min(self.migration_threshold, INFINITY)

    @property
    def failures(self) -> str:
        """The fail count in words, `fail count 2 of 3` where there is a threshold."""
        threshold = f" of {self.migration_threshold}" if self.migration_threshold < INFINITY else ""
        return f"fail count {written(self.fail_count)}{threshold}"


class State(NamedTuple):
    """All of it."""

    summary: Summary
    nodes: tuple[Node, ...]
    resources: tuple[Resource, ...]
    failures: tuple[Failure, ...]
    fencing: tuple[FenceEvent, ...]
    bans: tuple[Ban, ...]
    tickets: tuple[Ticket, ...]
    attributes: tuple[NodeAttribute, ...]
    history: tuple[History, ...]


def primitives(resources: Iterable[Resource]) -> Iterator[Primitive]:
    """The instances of primitives in all of these, in their order."""
    for resource in resources:
        if isinstance(resource, Primitive):
            yield resource
        elif isinstance(resource, Group):
            yield from resource.members
        elif isinstance(resource, Clone):
            yield from primitives(resource.instances)
        else:
            yield from (one for replica in resource.replicas for one in replica.resources)


def by_id(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    """What each id stands for: one resource, or the instances of what is cloned or bundled, by their common name too.

    An instance `web:1` is found as `web:1` and as `web`.
    """
    found: dict[str, list[Resource]] = {}
    for resource in resources:
        for one in _with_inner(resource):
            for name in dict.fromkeys((one.id, base_id(one.id))):
                found.setdefault(name, []).append(one)
    return found


def base_id(id_: str) -> str:
    """The id in the configuration of an instance: `web` of `web:1`."""
    name, colon, number = id_.rpartition(":")
    return name if colon and number.isdecimal() else id_


def _with_inner(resource: Resource) -> Iterator[Resource]:
    yield resource
    inner: Iterable[Resource] = ()
    if isinstance(resource, Group):
        inner = resource.members
    elif isinstance(resource, Clone):
        inner = resource.instances
    elif isinstance(resource, Bundle):
        inner = (one for replica in resource.replicas for one in replica.resources)
    for one in inner:
        yield from _with_inner(one)
