"""Help: on levels, commands, statements, agents, options and topics; all of it from what declares them.

What no declaration says stands in texts/, a file for each statement and each topic.
"""

from __future__ import annotations

from crmsh_py.shell.help.meaning import help_on
from crmsh_py.shell.help.overview import names_here

__all__ = ["help_on", "names_here"]
