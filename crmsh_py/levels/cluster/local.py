"""Files of this node."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, NoSuchObject, NotPermitted

if TYPE_CHECKING:
    from typing import BinaryIO


def reading(path: str) -> BinaryIO:
    """A file, opened. Raises NoSuchObject, NotPermitted; CrmError where it is a folder, a device or the like."""
    from crmsh_py.cluster.remote.files import check_is_file

    try:
        # a pipe would be waited for
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        raise NoSuchObject(f"no such file: {path}") from None
    except PermissionError:
        raise NotPermitted(f"not permitted: {path}") from None
    except (OSError, ValueError) as error:
        raise CrmError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        check_is_file(path, os.fstat(descriptor).st_mode)
        return open(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise
