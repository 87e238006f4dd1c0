"""Which store a program works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmsh_py.cib.stores.store import Store


def choose(cib: str | None, environ: Mapping[str, str]) -> Store:
    """The store: of `-c`, else of `CIB_file`, else of `CIB_shadow`, else the CIB of the running cluster.

    cib: a value with a / or ending in .xml is a file, else the name of a shadow. Raises UsageError for a name that no
    shadow can have.
    """
    path = cib if cib is not None and ("/" in cib or cib.endswith(".xml")) else None
    if cib is None:
        path = environ.get("CIB_file")
    if path:
        from crmsh_py.cib.stores.file import File

        return File(path)
    return of_shadow(environ.get("CIB_shadow") or None if cib is None else cib, environ)


def of_shadow(name: str | None, environ: Mapping[str, str]) -> Store:
    """The shadow of this name, or, without one, the CIB of the running cluster. Raises UsageError."""
    if name is not None:
        from crmsh_py.cib.stores.shadow import Shadow

        return Shadow(name, environ)
    from crmsh_py.cib.stores.live import Live

    return Live()
