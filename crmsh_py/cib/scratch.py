"""A file for a program to work on, which nobody else can read and which is gone afterwards."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError
from crmsh_py.run import ending_in_order

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def scratch_file(name: str, content: bytes) -> Iterator[str]:
    """A file of this name, mode 0600, in a new folder of mode 0700, with all that a program leaves beside it.

    It is removed whatever happens, also where the process is told to end. Raises CrmError where it cannot be written.
    """
    with ending_in_order():
        folder = ""
        try:
            try:
                folder = mkdtemp(prefix="crm-")
                path = os.path.join(folder, name)
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
                    file.write(content)
            except OSError as error:
                raise CrmError(f"cannot write a temporary file: {error.strerror}") from None
            yield path
        finally:
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
