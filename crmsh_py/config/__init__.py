"""Settings: /etc/crm/crm.conf, then $XDG_CONFIG_HOME/crm/crm.conf, then `-o SECTION.NAME=VALUE`; the last one wins.

The files are those of the existing shell, whose other settings are accepted and have no effect here.
"""

from crmsh_py.config.reading import read_settings, user_file
from crmsh_py.config.settings import COMMAND_LINE, DEFAULT, Settings
from crmsh_py.config.table import DISPLAYS, SETTINGS, SWITCH, check, full_name, known, legal, meant

__all__ = [
    "COMMAND_LINE",
    "DEFAULT",
    "DISPLAYS",
    "SETTINGS",
    "SWITCH",
    "Settings",
    "check",
    "full_name",
    "known",
    "legal",
    "meant",
    "read_settings",
    "user_file",
]
