"""What tests of shadow CIBs do with them: make, edit, commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from crmsh_py.cib import shadows
from crmsh_py.cib.document import Cib
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.shadow import Shadow

if TYPE_CHECKING:
    from crmsh_py.cib.stores.file import File

NOBODY = 65534


def made(name: str, live: File, environ: Mapping[str, str]) -> Shadow:
    shadow = Shadow(name, environ)
    shadow.make(shadows.copied(live, with_status=True), is_origin=True)
    return shadow


def options(store: File) -> dict[str, str]:
    cib = Cib.parse(store.read(), store.label)
    return {el.get("name"): el.get("value") for el in cib.root.iter("nvpair") if el.get("name") != "keep"}


def set_option(store: File, name: str, value: str | None) -> None:
    """Set an option, or remove it, as an editor of the store does."""
    cib = Cib.parse(store.read(), store.label)
    crm_config = cib.make_section("crm_config")
    found = next(iter(crm_config), None)
    if found is None:
        found = crm_config.makeelement("cluster_property_set", {"id": "o"})
        crm_config.append(found)
        found.append(found.makeelement("nvpair", {"id": "o-keep", "name": "keep", "value": "1"}))
    for el in found.findall("nvpair"):
        if el.get("name") == name:
            found.remove(el)
    if value is not None:
        found.append(found.makeelement("nvpair", {"id": f"o-{name}", "name": name, "value": value}))
    session = Session(store)
    session.resume(store.read(), cib.to_bytes())
    session.commit()


def committed(shadow: Shadow, live: File, overwrite: bool = False) -> list[str]:
    """Commit a shadow; the texts of what was worth saying of the shadow."""
    work = shadows.Commit(shadow, live, overwrite)
    work.session.commit(overwrite=overwrite)
    return [problem.code for problem in work.renew()]


def in_a_child(work: Callable[[], object], user: int, environ: Mapping[str, str]) -> str:
    """What `work` gives, or the kind and text of its error, as another user."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.environ.update(environ)
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
            said = str(work())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said
