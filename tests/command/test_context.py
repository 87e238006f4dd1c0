"""Which CIB a Context works on, and where its problems are."""

from __future__ import annotations

import pytest

from crmsh_py.cib.stores.choice import choose
from crmsh_py.command.context import located
from crmsh_py.errors import UsageError
from crmsh_py.language.words import logical_lines
from crmsh_py.problems import ERROR, Place, Problem


@pytest.mark.parametrize(
    ("cib", "environ", "selected"),
    [
        ("web.xml", {"CIB_file": "other.xml"}, {"CIB_file": "web.xml", "CIB_shadow": None}),
        ("./web", {"CIB_shadow": "s"}, {"CIB_file": "./web", "CIB_shadow": None}),
        ("web", {"CIB_file": "x.xml"}, {"CIB_file": None, "CIB_shadow": "web"}),
        (None, {"CIB_file": "other", "CIB_shadow": "s"}, {"CIB_file": "other", "CIB_shadow": None}),
        (None, {"CIB_shadow": "s"}, {"CIB_file": None, "CIB_shadow": "s"}),
        (None, {"CIB_file": "", "CIB_shadow": ""}, {"CIB_file": None, "CIB_shadow": None}),
        (None, {}, {"CIB_file": None, "CIB_shadow": None}),
    ],
)
def test_the_option_comes_before_the_file_and_the_file_before_the_shadow(
    cib: str | None, environ: dict[str, str], selected: dict[str, str | None]
) -> None:
    assert selected.items() <= choose(cib, environ).environ.items()


def test_a_shadow_has_a_name() -> None:
    with pytest.raises(UsageError, match="not the name of a shadow"):
        choose("", {})


def test_a_problem_is_placed_at_its_object_or_at_the_first_word() -> None:
    (line,) = logical_lines("delete a b", "s.crm")
    about_b = located(Problem(ERROR, "c", "t", object_id="b"), line)
    assert about_b.place == Place("s.crm", 1, 10, 11, "delete a b")
    assert (about := located(Problem(ERROR, "c", "t"), line).place) is not None
    assert about.column == 1
    assert located(about_b, None) is about_b
