"""What settings, meta attributes and attributes of operations are for, in a sentence each.

Their names, defaults and values are declared elsewhere. Pacemaker's tools say it of cluster options alone, but for the
newest.
"""

from __future__ import annotations

SETTINGS = {
    "core.editor": "the editor of `edit`; else `$EDITOR`, else `vi`",
    "core.pager": "shows texts longer than the terminal; else `$PAGER`, else `less -R`; `cat` for none",
    "core.editing_mode": "the keys of the prompt: those of Emacs or of vi; `plain` is a line without completion",
    "core.complete_while_typing": "whether the menu opens while you type, not only by TAB",
    "core.fuzzy_completion": "whether completion also finds letters in their order, anywhere in a name",
    "core.wait": "whether commits wait until the cluster has settled, as with `-w`",
    "core.wait_timeout": "how many seconds `-w` and `--wait` wait",
    "core.debug": "whether bugs are shown with tracebacks, as with `-d`",
    "core.manage_children": "whether `resource stop g` and its like take away what members say otherwise",
    "core.hosts": "users of other nodes for `cluster run` and its like: alice@node1, root@node2",
    "core.ssh_timeout": "how many seconds a node has in `cluster run`, `copy` and `diff`",
    "core.strict_host_key_checking": "what becomes of a host whose key is not known; else as ~/.ssh/config has it",
    "core.obscure_pattern": "names of attributes whose values are masked, with blanks between them",
    "color.style": "when there are colours, as with `-D`; else on a terminal, unless NO_COLOR is set",
}

META_ATTRIBUTES = {
    "priority": "where not all resources can be active, those with a lower priority are stopped first",
    "critical": "the default of `influence` in the colocations that it is in, those of its group too",
    "target-role": "the role that the cluster keeps it in; Stopped keeps it stopped, Unpromoted from being promoted",
    "is-managed": "whether the cluster may start and stop it; it is monitored in any case",
    "maintenance": "whether the cluster leaves it alone: not started, not stopped, not monitored",
    "resource-stickiness": "the score of staying where it is; not set, it is 1 for instances of clones, else 0",
    "requires": "when it may start; by default fencing where that is enabled, else quorum",
    "migration-threshold": "after so many failures on a node it may not run there any more; INFINITY is never",
    "failure-timeout": "after so long without a new failure the old ones are forgotten; 0 is never",
    "multiple-active": "what is done where it is found active on more nodes than it should be",
    "allow-migrate": "whether it may move without a stop, by migrate_to and migrate_from of its agent",
    "allow-unhealthy-nodes": "whether it may run on nodes whose health forbids others",
    "container-attribute-target": "in a bundle: with `host`, node attributes of its agent are those of the host",
    "container": "the resource whose container it runs in, as Pacemaker sets it in bundles",
    "remote-node": "the name of the guest node that this virtual machine is, which Pacemaker Remote runs on",
    "remote-addr": "the address of the guest node; else its name",
    "remote-port": "the port of Pacemaker Remote on the guest node",
    "remote-connect-timeout": "how long a connection to the guest node may take",
    "remote-allow-migrate": "whether the virtual machine of the guest node may migrate",
    "provides": "what a fencing resource gives: `unfencing`",
    "restart-type": "an old kind of dependency in orders",
    "ordered": "of a group: members start one after the other; of a clone: its instances do",
    "collocated": "whether the members of the group run on one node",
    "clone-max": "how many instances there are; not set, as many as there are nodes",
    "clone-node-max": "how many instances may run on one node",
    "clone-min": "so many instances have to be able to run before what depends on the clone may; 0 is all of them",
    "globally-unique": "whether each instance does something else, so that several may run on one node",
    "notify": "whether the instances are told before and after others are started, stopped, promoted or demoted",
    "interleave": "whether an instance waits only for the instance of the other clone on its own node",
    "promotable": "whether instances can be promoted, one of them or more",
    "promoted-max": "how many instances may be promoted",
    "promoted-node-max": "how many instances may be promoted on one node",
}

OPERATION_ATTRIBUTES = {
    "name": "the action: monitor, start, stop, promote ...",
    "description": "a text, which Pacemaker does not use",
    "interval": "how often it is done again; 0 is never, as of start and stop",
    "timeout": "how long it may take before it has failed; by default 20s",
    "role": "monitors only: the role that a resource is in when it is done",
    "on-fail": "what is done when it fails: ignore, block, stop, restart (the default but for stop), standby, demote, "
    "or fence (the default for stop, where fencing is enabled)",
    "enabled": "whether it is done at all; by default true",
    "record-pending": "whether it is shown while it is under way; by default true",
    "start-delay": "how long is waited before it is done",
    "interval-origin": "a date from which its intervals are counted",
    "requires": "what it needs: nothing, quorum or fencing; as the meta attribute of this name, in old configurations",
}
