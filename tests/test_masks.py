"""What of a line that is quoted in a message shows stars."""

from __future__ import annotations

import pytest

from crmsh_py.masks import masked_line


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("resource param web set passwd hunter2 more", "resource param web set passwd ************"),
        ("node attribute alpha set smtp_password x", "node attribute alpha set smtp_password *"),
        ("secret web set pin hunter2", "secret web set pin *******"),
        ("secret 'a b' set pin=hunter2", "secret 'a b' set pin=*******"),
        ("sec web set 'my pin' x y", "sec web set 'my pin' ***"),
    ],
)
def test_a_secret_that_is_set_is_masked_to_the_end_of_the_line(line: str, shown: str) -> None:
    assert masked_line(line) == shown
    assert len(shown) == len(line)


@pytest.mark.parametrize("line", ["resource meta web set priority 5", "secret web show pin", "secret web set pin"])
def test_other_lines_are_left_alone(line: str) -> None:
    assert masked_line(line) == line
