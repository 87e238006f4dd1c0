"""Which daemons of the cluster listen on this host: seen at once, without root and without asking them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# in the order in which they start; the names of the sockets on which each listens, one of which is enough
DAEMONS: dict[str, tuple[str, ...]] = {
    "corosync": ("cmap", "cpg", "quorum"),
    "pacemakerd": ("pacemakerd",),
    "pacemaker-based": ("cib_ro", "cib_rw"),
    "pacemaker-fenced": ("stonith-ng",),
    "pacemaker-execd": ("lrmd",),
    "pacemaker-attrd": ("attrd",),
    "pacemaker-schedulerd": ("pengine",),
    "pacemaker-controld": ("crmd",),
}
# what is not started by pacemakerd
HEADS = ("corosync", "pacemakerd")
SOCKETS = "/proc/net/unix"
_LISTENS = "00010000"


def missing(sockets: str = SOCKETS) -> list[str]:
    """The daemons that do not run here, in the order in which they start; none where that cannot be seen.

    What pacemakerd starts is not named where it does not run itself. sockets: where the kernel lists them.
    """
    try:
        with open(sockets, encoding="ascii", errors="replace") as file:
            there = set(_listening(file))
    except OSError:
        return []
    absent = [name for name, known in DAEMONS.items() if there.isdisjoint(known)]
    return [name for name in absent if name in HEADS] if "pacemakerd" in absent else absent


def said(absent: Sequence[str]) -> str:
    """`corosync and pacemakerd do not run`; "" where none is absent."""
    return f"{listed(absent)} {'does' if len(absent) == 1 else 'do'} not run" if absent else ""


def _listening(lines: Iterable[str]) -> Iterator[str]:
    """The names of the sockets on which somebody listens: libqb's are abstract ones, or files of the same names."""
    for line in lines:
        fields = line.split(maxsplit=7)
        if len(fields) == 8 and fields[3] == _LISTENS:
            yield fields[7].strip().strip("@").rpartition("/")[2]
