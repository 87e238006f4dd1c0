"""The shapes that only a running cluster gives, each with a line that is answered in it there."""

# nothing is refused on a node with the resource `d1`; see tests/cluster/test_json_answers.py
LIVE_ANSWERS: dict[str, str] = {
    "cluster.run": "cluster run true",
    "cluster.copy": "cluster copy /etc/hosts",
    "cluster.diff": "cluster diff /etc/hosts",
    "cluster.status": "cluster status",
    "resource.cleanup": "resource refresh d1",
    "node.fence-history": "node fence-history",
    "maintenance.action": "maintenance action d1 monitor",
    "site.ticket": "site ticket list",
}
