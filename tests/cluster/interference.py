"""Pacemaker's tools with something that goes wrong: programs of their names, found before the real ones."""

from __future__ import annotations

from pathlib import Path

from bed import wait_until
from bed.node import PATH

TOOLS = ("cibadmin", "crm_verify", "crm_mon", "crm_resource")
SCRIPT = """\
#!/bin/sh
PATH={path}
tool=${{0##*/}}
real() {{ "$tool" "$@"; }}
echo "$tool $*" >>{folder}/calls
trap 'echo "$tool" >>{folder}/ended' EXIT
call=$(($(wc -l <{folder}/calls)))
{body}
"""


class Interference:
    """Programs that do `body`, a piece of shell script, where the tools are asked for.

    In it, `real "$@"` is the tool, $tool its name, $call the number of this call of one of them, $PPID who calls.
    """

    def __init__(self, folder: Path, body: str = 'real "$@"') -> None:
        self._folder = folder / "interference"
        self._folder.mkdir(parents=True)
        self.env = {"PATH": f"{self._folder}:{PATH}"}
        self.do(body)

    def do(self, body: str) -> None:
        """Do this from now on, with no call made so far."""
        for tool in TOOLS:
            program = self._folder / tool
            program.write_text(SCRIPT.format(path=PATH, folder=self._folder, body=body), encoding="utf-8")
            program.chmod(0o755)
        for name in ("calls", "ended"):
            (self._folder / name).write_text("", encoding="utf-8")

    def calls(self) -> list[str]:
        """The tools that were called, with their arguments; back when all of them have ended."""
        wait_until("the tools end", lambda: len(self._lines("ended")) == len(self._lines("calls")))
        return self._lines("calls")

    def _lines(self, name: str) -> list[str]:
        return (self._folder / name).read_text(encoding="utf-8").splitlines()
