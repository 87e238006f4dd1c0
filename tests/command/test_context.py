"""Which CIB a Context works on, and where its problems are."""

from __future__ import annotations

import pytest

from crmsh_py.command.context import located, store_path
from crmsh_py.errors import UsageError
from crmsh_py.language.words import logical_lines
from crmsh_py.problems import ERROR, Place, Problem


@pytest.mark.parametrize(
    ("cib", "environ", "path"),
    [
        ("web.xml", {"CIB_file": "other.xml"}, "web.xml"),
        ("./web", {}, "./web"),
        (None, {"CIB_file": "other", "CIB_shadow": "s"}, "other"),
    ],
)
def test_the_option_comes_before_the_environment(cib: str | None, environ: dict[str, str], path: str) -> None:
    assert store_path(cib, environ) == path


@pytest.mark.parametrize(("cib", "environ"), [("web", {"CIB_file": "x.xml"}), (None, {"CIB_shadow": "s"}), (None, {})])
def test_what_is_not_there_yet_says_so(cib: str | None, environ: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"not there yet|not supported yet"):
        store_path(cib, environ)


def test_a_problem_is_placed_at_its_object_or_at_the_first_word() -> None:
    (line,) = logical_lines("delete a b", "s.crm")
    about_b = located(Problem(ERROR, "c", "t", object_id="b"), line)
    assert about_b.place == Place("s.crm", 1, 10, 11, "delete a b")
    assert (about := located(Problem(ERROR, "c", "t"), line).place) is not None
    assert about.column == 1
    assert located(about_b, None) is about_b
