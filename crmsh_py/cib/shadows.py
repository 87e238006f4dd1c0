"""What is done with shadow CIBs: they are made from the live CIB, compared with it, and brought into it.

The live CIB is that of the cluster, or the CIB file that the program works on in its place.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crmsh_py.cib.changes import changes
from crmsh_py.cib.document import Cib
from crmsh_py.cib.merge import SCHEMA, Merge
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.choice import choose
from crmsh_py.cib.stores.shadow import LISTED, Shadow, names
from crmsh_py.cib.stores.store import Moved
from crmsh_py.cib.units import REMARKS, index
from crmsh_py.errors import Conflict, CrmError, NoSuchObject
from crmsh_py.problems import ERROR, WARNING, Problem, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmsh_py.cib.stores.store import Store

TEMPORARY = "crm-"


def live_store(cib: str | None, environ: Mapping[str, str]) -> Store:
    """Where shadows come from and go to: the file of `-c`, else of `CIB_file`, else the CIB of the running cluster."""
    chosen = choose(cib, environ)
    if not isinstance(chosen, Shadow):
        return chosen
    return choose(None, {name: value for name, value in environ.items() if name != "CIB_shadow"})


def existing(name: str, environ: Mapping[str, str]) -> Shadow:
    """The shadow of this name. Raises NoSuchObject, UsageError, NotPermitted."""
    shadow = Shadow(name, environ)
    if not shadow.is_there:
        raise NoSuchObject(f"no such shadow CIB: {name}", hint=did_you_mean(name, names(environ)) or LISTED)
    return shadow


def vacant(name: str, environ: Mapping[str, str], force: bool) -> Shadow:
    """A shadow that is to be made. Raises CrmError where one of this name is there, unless `force`."""
    shadow = Shadow(name, environ)
    if shadow.is_there and not force:
        text = f"there is a shadow CIB {name} already"
        hint = "`force` puts the new one in its place, `cib use` works on the old one"
        raise CrmError(problems=[Problem(ERROR, "shadow-exists", text, hint=hint)])
    return shadow


def temporary_name() -> str:
    """A name that no shadow has."""
    return TEMPORARY + os.urandom(4).hex()


def empty() -> Cib:
    """An empty CIB of the newest schema that Pacemaker's tools know. Raises CrmError without the tools."""
    from crmsh_py.cluster.pacemaker import newest_schema  # heavy

    return Cib.empty(newest_schema())


def copied(store: Store, with_status: bool) -> Cib:
    """What a store holds, with its status section or with an empty one. Raises what `read` of the store does."""
    cib = parsed(store.read(), store.label)
    status = cib.root.find("status")
    if status is not None and not with_status:
        status[:] = []
    return cib


def has_status(cib: Cib) -> bool:
    """Whether the status section of a CIB says anything."""
    status = cib.root.find("status")
    return status is not None and len(status) > 0


def parsed(content: bytes, label: str) -> Cib:
    """A CIB, which has a configuration. Raises BadCib, CrmError."""
    cib = Cib.parse(content, label)
    if cib.root.find("configuration") is None:
        raise CrmError(f"{label} is not a whole CIB: it has no configuration")
    return cib


def differences(live: Store, shadow: Shadow, draft: Cib) -> list[str]:
    """What the commit of a shadow would change in the live CIB: the lines of a unified diff.

    draft: the shadow, with what was edited in it. Of one whose origin is unknown, all of it takes the live one's place.
    """
    now = copied(live, with_status=False)
    origin = shadow.origin(shadow.read())
    return changes(now, Merge(Cib.parse(origin, shadow.label), draft, now).merged() if origin else draft)


class Commit:
    """The way of a shadow into the live CIB: `session` has for edits what the shadow has and its origin had not.

    overwritten: a warning that says what of the live CIB is lost where the origin is not known; None where nothing is.

    Raises Conflict where nobody knows the origin and shadow and live CIB differ, unless `overwrite`: then all that
    they differ in is edits. Raises NoSuchObject, BadCib, and what reading raises.
    """

    def __init__(self, shadow: Shadow, live: Store, overwrite: bool) -> None:
        self._shadow, self._live = shadow, live
        self._content = shadow.read()
        mine = parsed(self._content, shadow.label)
        self._with_status = has_status(mine)
        origin = shadow.origin(self._content)
        base = Cib.parse(origin, shadow.label) if origin else _live_as_origin(shadow, mine, live, overwrite)
        self.overwritten = None if origin else _overwritten(base, mine, live)
        self.session = Session(live)
        self.session.resume(base.to_bytes(), self._content)

    def renew(self) -> list[Problem]:
        """Make the shadow, which is committed, a copy of what the live CIB is now; what went wrong with that."""
        shadow = self._shadow
        try:
            shadow.settle_origin(self._content)
            shadow.renew(self._content, copied(self._live, self._with_status))
        except Moved:
            text = f"{shadow.label} was edited while it was committed; what was edited then is not committed yet"
        except CrmError as error:
            text = f"{shadow.label} is committed, but is no copy of the live CIB now: {error}"
        else:
            return []
        return [Problem(WARNING, "not-renewed", text)]


def _live_as_origin(shadow: Shadow, mine: Cib, live: Store, overwrite: bool) -> Cib:
    now = copied(live, with_status=False)
    if overwrite or is_same(mine, now):
        return now
    text = f"nobody knows what {shadow.label} was made from, and it is not the same as {live.label}"
    hint = f"`cib diff {shadow.name}` shows what would change, `cib commit {shadow.name} overwrite` changes it"
    raise Conflict(text, hint=hint)


def _overwritten(now: Cib, mine: Cib, live: Store) -> Problem | None:
    """A warning that names what of the live CIB goes, or becomes another, when a shadow takes its place."""
    there, here = index(now), index(mine)
    keys = [key for key in Merge(now, mine, now).mine if key in there and key.tag != REMARKS]
    gone = [key.name for key in keys if key not in here]
    other = [key.name for key in keys if key in here] + [SCHEMA.name] * (now.schema != mine.schema)
    said = [f"{what} {listed(names)}" for what, names in (("removed", gone), ("changed", other)) if names]
    if not said:
        return None
    return Problem(WARNING, "overwritten", f"put in the place of what {live.label} had: {'; '.join(said)}")


def is_same(one: Cib, other: Cib) -> bool:
    """Whether two CIBs hold the same configuration."""
    return one.schema == other.schema and not Merge(one, other, one).mine


def in_words_of_shadows(conflict: Conflict, shadow: Shadow) -> Conflict:
    """A conflict of a commit, with hints that are about the shadow."""
    yours = (
        f"edit it in {shadow.label} as you want to have it, or `cib commit {shadow.name} overwrite` to put yours there"
    )
    fitting = f"edit {shadow.label} so that it goes with what is in the live CIB now, and commit it again"

    def worded(problem: Problem) -> Problem:
        if problem.code != Conflict.code or problem.hint is None:
            return problem
        return problem._replace(hint=yours if "commit overwrite" in problem.hint else fitting)

    return Conflict(problems=map(worded, conflict.problems))


def is_committed(shadow: Shadow) -> bool:
    """Whether a shadow holds nothing but what it was made from. Raises CrmError."""
    content = shadow.read()
    origin = shadow.origin(content)
    return origin is not None and is_same(Cib.parse(origin, shadow.label), Cib.parse(content, shadow.label))
