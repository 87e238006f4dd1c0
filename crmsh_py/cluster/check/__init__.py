"""Whether the cluster is well: what is wrong with it by topics, and how bad that is to who monitors it."""

from __future__ import annotations

from crmsh_py.cluster.check.findings import CRITICAL, NAMES, OK, SEVERITIES, UNKNOWN, WARNING, Finding
from crmsh_py.cluster.check.scope import Scope
from crmsh_py.cluster.check.verdict import TOPICS, Thresholds, Verdict, examine

__all__ = [
    "CRITICAL",
    "NAMES",
    "OK",
    "SEVERITIES",
    "TOPICS",
    "UNKNOWN",
    "WARNING",
    "Finding",
    "Scope",
    "Thresholds",
    "Verdict",
    "examine",
]
