"""Orders to daemons, which take them of every user of the cluster: it is the CIB that refuses, when they write."""

from __future__ import annotations

from os import geteuid
from time import monotonic, sleep
from typing import TYPE_CHECKING

from crmsh_py.errors import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Callable

# in which the daemons have written what they took
SECONDS = 5.0


def see(is_done: Callable[[], bool]) -> None:
    """Raise NotPermitted where what a daemon took does not come about within 5 s. Root, who may all, does not wait.

    is_done: looks whether it has.
    """
    end = monotonic() + SECONDS
    while geteuid() and not is_done():
        if monotonic() > end:
            text = "the cluster took the order and does not carry it out: its access control lists do not permit it"
            raise NotPermitted(text, hint="ask who may change them, or work as root or hacluster")
        sleep(0.1)
