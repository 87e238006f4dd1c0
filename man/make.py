"""Writes crm.8, the man page, beside this file."""

from pathlib import Path

from crmsh_py.main import OPTIONS
from crmsh_py.shell.man import page

PAGE = Path(__file__).with_name("crm.8")


def made() -> str:
    """The page, of the options and the declarations as they are now."""
    return page((flags, str(about.get("metavar", "")), about["help"]) for flags, about in OPTIONS)


if __name__ == "__main__":
    PAGE.write_text(made(), encoding="utf-8")
