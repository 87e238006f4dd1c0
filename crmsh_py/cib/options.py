"""The options that Pacemaker knows: cluster options, meta attributes of resources, options of operations.

From "Pacemaker Explained" and the metadata of the daemons, Pacemaker 2.0 to 3.0.2. A name that is not here may be of a
newer Pacemaker, or somebody's own.
"""

from __future__ import annotations

from typing import NamedTuple

from crmsh_py.language.allowed import BOOLEANS, OP_ATTRIBUTES

BOOLEAN = "boolean"
INTEGER = "integer"
SCORE = "score"
DURATION = "duration"
PERCENTAGE = "percentage"
CHOICE = "choice"
TEXT = "text"


class Option(NamedTuple):
    """One option.

    names: its spellings, all of them read by some Pacemaker; the newest first, which counts where several are set.
    type: one of the words above. default: what Pacemaker takes where it is not set; None where that is nothing, or
    depends. choices: the values that a CHOICE or a BOOLEAN may have. remark: why not to use it any more, or "".
    """

    names: tuple[str, ...]
    type: str
    default: str | None
    choices: tuple[str, ...]
    remark: str

    @property
    def name(self) -> str:
        """The newest spelling."""
        return self.names[0]


def _option(names: str, type_: str, default: str | None = None, choices: str = "", remark: str = "") -> Option:
    values = BOOLEANS if type_ == BOOLEAN else tuple(choices.split())
    return Option(tuple(names.split()), type_, default, values, remark)


# Pacemaker 3.0.2 gave the eight rows with two names their first one, and reads both.
CLUSTER_OPTIONS = (
    _option("cluster-name", TEXT),
    _option("dc-version", TEXT, "none"),
    _option("cluster-infrastructure", TEXT, "corosync"),
    _option("have-watchdog", BOOLEAN, "false"),
    _option("last-lrm-refresh", INTEGER),
    _option("no-quorum-policy", CHOICE, "stop", "stop freeze ignore demote fence suicide"),
    _option("symmetric-cluster", BOOLEAN, "true"),
    _option("maintenance-mode", BOOLEAN, "false"),
    _option("start-failure-is-fatal", BOOLEAN, "true"),
    _option("enable-startup-probes", BOOLEAN, "true", remark="deprecated since Pacemaker 3.0.2"),
    _option("shutdown-lock", BOOLEAN, "false"),
    _option("shutdown-lock-limit", DURATION, "0"),
    _option("fencing-enabled stonith-enabled", BOOLEAN, "true"),
    _option("fencing-action stonith-action", CHOICE, "reboot", "reboot off poweroff"),
    _option("fencing-timeout stonith-timeout", DURATION, "60s"),
    _option("fencing-watchdog-timeout stonith-watchdog-timeout", DURATION, "0"),
    _option("fencing-max-attempts stonith-max-attempts", SCORE, "10"),
    _option("fencing-reaction fence-reaction", CHOICE, "stop", "stop panic"),
    _option("concurrent-fencing", BOOLEAN, remark="deprecated since Pacemaker 3.0.0"),
    _option("startup-fencing", BOOLEAN, "true"),
    _option("priority-fencing-delay", DURATION, "0"),
    _option("fence-remote-without-quorum", BOOLEAN, "false"),
    _option("node-pending-timeout", DURATION, "0"),
    _option("cluster-delay", DURATION, "60s"),
    _option("load-threshold", PERCENTAGE, "80%"),
    _option("batch-limit", INTEGER, "0"),
    _option("node-action-limit", INTEGER, "0"),
    _option("migration-limit", INTEGER, "-1"),
    _option("stop-all-resources", BOOLEAN, "false"),
    _option("stop-removed-resources stop-orphan-resources", BOOLEAN, "true"),
    _option("cancel-removed-actions stop-orphan-actions", BOOLEAN, "true"),
    _option("remove-after-stop", BOOLEAN, "false", remark="gone since Pacemaker 3.0.0"),
    _option("pe-error-series-max", INTEGER, "-1"),
    _option("pe-warn-series-max", INTEGER, "5000"),
    _option("pe-input-series-max", INTEGER, "4000"),
    _option("node-health-strategy", CHOICE, "none", "none migrate-on-red only-green progressive custom"),
    _option("node-health-base", SCORE, "0"),
    _option("node-health-green", SCORE, "0"),
    _option("node-health-yellow", SCORE, "0"),
    _option("node-health-red", SCORE, "-INFINITY"),
    _option("placement-strategy", CHOICE, "default", "default utilization minimal balanced"),
    _option("enable-acl", BOOLEAN, "false"),
    _option("cluster-ipc-limit", INTEGER, "500", remark="deprecated since Pacemaker 3.0.2"),
    _option("dc-deadtime", DURATION, "20s"),
    _option("cluster-recheck-interval", DURATION, "15min"),
    _option("election-timeout", DURATION, "2min"),
    _option("shutdown-escalation", DURATION, "20min"),
    _option("join-integration-timeout crmd-integration-timeout", DURATION, "3min"),
    _option("join-finalization-timeout crmd-finalization-timeout", DURATION, "30min"),
    _option("transition-delay crmd-transition-delay", DURATION, "0s"),
)

_ROLES = "Started Stopped Promoted Unpromoted Master Slave"
RESOURCE_META = (
    _option("priority", SCORE, "0"),
    _option("critical", BOOLEAN, "true"),
    _option("target-role", CHOICE, "Started", _ROLES),
    _option("is-managed", BOOLEAN, "true"),
    _option("maintenance", BOOLEAN, "false"),
    _option("resource-stickiness", SCORE),
    _option("requires", CHOICE, None, "nothing quorum fencing unfencing"),
    _option("migration-threshold", SCORE, "INFINITY"),
    _option("failure-timeout", DURATION, "0"),
    _option("multiple-active", CHOICE, "stop_start", "block stop_only stop_start stop_unexpected"),
    _option("allow-migrate", BOOLEAN),
    _option("allow-unhealthy-nodes", BOOLEAN, "false"),
    _option("container-attribute-target", TEXT),
    _option("container", TEXT),
    _option("remote-node", TEXT),
    _option("remote-addr", TEXT),
    _option("remote-port", INTEGER, "3121"),
    _option("remote-connect-timeout", DURATION, "60s"),
    _option("remote-allow-migrate", BOOLEAN, "true"),
    _option("provides", TEXT, remark="Pacemaker asks the fence agent itself"),
    _option("restart-type", CHOICE, "ignore", "ignore restart", remark="gone since Pacemaker 3.0.0"),
)
GROUP_META = (
    _option("ordered", BOOLEAN, "true", remark="use a resource set instead"),
    _option("collocated", BOOLEAN, "true", remark="use a resource set instead"),
)
CLONE_META = (
    _option("clone-max", INTEGER),
    _option("clone-node-max", INTEGER, "1"),
    _option("clone-min", INTEGER, "0"),
    _option("globally-unique", BOOLEAN, "false"),
    _option("notify", BOOLEAN, "false"),
    _option("ordered", BOOLEAN, "false"),
    _option("interleave", BOOLEAN, "false"),
    _option("promotable", BOOLEAN, "false"),
    _option("promoted-max master-max", INTEGER, "1"),
    _option("promoted-node-max master-node-max", INTEGER, "1"),
)

_META = {
    "primitive": RESOURCE_META,
    "template": RESOURCE_META,
    "group": GROUP_META + RESOURCE_META,
    "clone": CLONE_META + RESOURCE_META,
    "master": CLONE_META + RESOURCE_META,
    # Pacemaker makes a clone of a bundle, and hands these on
    "bundle": CLONE_META + RESOURCE_META,
    "rsc_defaults": CLONE_META + RESOURCE_META,
}
# what names an operation and what says when it runs is no default of others
OPERATION_META = OP_ATTRIBUTES - {"name", "description"}

_BY_NAME = {name: option for option in CLUSTER_OPTIONS for name in option.names}


def cluster_option(name: str) -> Option | None:
    """The cluster option of this name, in any of its spellings; None where Pacemaker knows none."""
    return _BY_NAME.get(name)


def cluster_option_names() -> tuple[str, ...]:
    """The names of all cluster options, every spelling."""
    return tuple(_BY_NAME)


def meta_attributes(tag: str) -> tuple[Option, ...]:
    """The meta attributes of a resource, by its element (`primitive`, `clone`), or of `rsc_defaults`."""
    return _META.get(tag, ())


def meta_attribute_names(tag: str) -> tuple[str, ...]:
    """The names of the meta attributes of a resource, every spelling."""
    return tuple(name for option in meta_attributes(tag) for name in option.names)
