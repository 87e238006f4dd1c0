"""Where the existing shell is: not the `crm` of a virtual environment, which is ours."""

from __future__ import annotations

from shutil import which

EXISTING = which("crm", path="/usr/sbin:/sbin:/usr/bin:/bin")
