"""What takes parameters as an agent does, and is none: Pacemaker's daemons, and the cluster as a whole."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crmsh_py.cluster.agents.description import description
from crmsh_py.errors import CrmError, NoSuchObject
from crmsh_py.run import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsh_py.cluster.agents.description import Description

SECONDS = 20.0
FOLDERS = ("/usr/libexec/pacemaker", "/usr/lib/pacemaker", "/usr/lib64/pacemaker")
FENCER = "pacemaker-fenced"
_DAEMONS = ("pacemaker-schedulerd", "pacemaker-controld", "pacemaker-based")
# name -> how a newer Pacemaker is asked, and the daemons that have the metadata in any
PSEUDO: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "cluster": (("crm_attribute", "--list-options=cluster", "--all", "--output-as=xml"), _DAEMONS),
    FENCER: (("crm_resource", "--list-options=fencing", "--all", "--output-as=xml"), (FENCER,)),
    **{daemon: ((), (daemon,)) for daemon in _DAEMONS},
}


def describe(name: str) -> Description:
    """What one of PSEUDO takes. Raises NoSuchObject where Pacemaker, which knows it, is not installed."""
    tool, daemons = PSEUDO[name]
    found = description(name, [_said(tool)]) if tool else None
    found = found or description(name, [_said((where, "metadata")) for daemon in daemons if (where := _path(daemon))])
    if found is None:
        raise NoSuchObject(f"nobody here knows the options of {name}", hint="is Pacemaker installed?")
    return found._replace(summary="cluster options", version="") if name == "cluster" else found


def _said(argv: Sequence[str]) -> bytes:
    """What a program prints; nothing where it fails, as an older one does that does not know the option."""
    try:
        answer = run(argv, timeout=SECONDS)
    except CrmError:
        return b""
    return b"" if answer.exit_code else answer.stdout


def _path(daemon: str) -> str | None:
    return next((path for folder in FOLDERS if os.access(path := os.path.join(folder, daemon), os.X_OK)), None)
