"""What tests of shadow CIBs do with them: make, edit, commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crmsh_py.cib import shadows
from crmsh_py.cib.document import Cib
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File
from crmsh_py.cib.stores.shadow import Shadow

EMPTY = Path(__file__).parents[1] / "examples" / "empty.xml"


def live_in(folder: Path) -> File:
    """A file in the place of the live CIB, without objects."""
    path = folder / "live.xml"
    path.write_bytes(EMPTY.read_bytes())
    return File(str(path))


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
