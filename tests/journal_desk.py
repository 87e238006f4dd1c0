"""A user with a file to edit and a journal, for the tests of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.cib import edit
from crmsh_py.cib.document import Cib
from crmsh_py.cib.journal.journal import Journal
from crmsh_py.cib.session import Session
from crmsh_py.cib.stores.file import File
from crmsh_py.language.parser import parse
from crmsh_py.problems import INFO

if TYPE_CHECKING:
    from pathlib import Path

    from crmsh_py.cib.journal.left import Left
    from crmsh_py.problems import Problem

EMPTY = Cib.empty("pacemaker-3.9").to_bytes()


class Desk:
    """A user with a file to edit, whose journal is in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "web.xml"
        self.path.write_bytes(EMPTY)
        self.environ = {"HOME": str(folder)}
        self.journal_folder = folder / ".local" / "state" / "crm" / "journal"
        self.told: list[Problem] = []
        self.noted: list[str] = []

    def session(self) -> Session:
        return Session(File(str(self.path)))

    def journal(self) -> Journal:
        return Journal(self.environ, self._tell)

    def _tell(self, problem: Problem) -> None:
        if problem.severity == INFO:
            self.noted.append(problem.text)
        else:
            self.told.append(problem)

    def left(self, path: Path | None = None) -> list[Left]:
        """What is offered to a session that begins; it has to be closed."""
        return list(self.journal().left_behind(File(str(path or self.path))))

    def entries(self) -> list[Path]:
        """The entries, and what is hidden or set aside."""
        return sorted(self.journal_folder.iterdir()) if self.journal_folder.is_dir() else []

    def offered(self) -> list[list[str]]:
        """The primitives of each draft that is offered."""
        found = self.left()
        for left in found:
            left.close()
        return [primitives(Cib.parse(left.draft, "the draft")) for left in found]


def add(session: Session, *ids: str) -> None:
    for id_ in ids:
        session.edit(lambda cib, id_=id_: edit.update(cib, parse(f"primitive {id_} Dummy", "test")))


def primitives(cib: Cib) -> list[str]:
    return [el.get("id") for el in cib.configuration.iter("primitive")]


def die(journal: Journal) -> None:
    """What the death of its process does to a journal."""
    assert journal._entry is not None
    journal._entry.close()


def leave(desk: Desk, *ids: str) -> None:
    """Edits of a session that died."""
    journal, session = desk.journal(), desk.session()
    add(session, *ids)
    journal.keep(session)
    die(journal)
