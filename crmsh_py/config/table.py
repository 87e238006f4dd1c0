"""The settings that there are: their usual values, and those that they can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.masks import USUAL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    Choices: TypeAlias = tuple[str, ...]

MOST_SECONDS = 86_400

TEXT: Choices = ()
SECONDS: Choices = ("seconds",)
SWITCH: Choices = ("yes", "no", "true", "false", "on", "off", "1", "0")
DISPLAYS: Choices = ("plain", "color", "color-always")

# name -> the value without any setting, the legal values (none: any text)
SETTINGS: dict[str, tuple[str, Choices]] = {
    "core.editor": ("", TEXT),
    "core.pager": ("", TEXT),
    # plain: as readline has it
    "core.editing_mode": ("emacs", ("emacs", "vi", "plain")),
    "core.complete_while_typing": ("no", SWITCH),
    "core.fuzzy_completion": ("no", SWITCH),
    "core.wait": ("no", SWITCH),
    "core.wait_timeout": ("300", SECONDS),
    "core.debug": ("no", SWITCH),
    "core.manage_children": ("ask", ("ask", "always", "never")),
    "core.hosts": ("", TEXT),
    "core.ssh_timeout": ("60", SECONDS),
    # what ~/.ssh/config says, else ask
    "core.strict_host_key_checking": ("", ("ask", "accept-new", "yes")),
    "core.obscure_pattern": (USUAL, TEXT),
    "color.style": ("", DISPLAYS),
}
# the existing shell's, by section
WITHOUT_EFFECT: dict[str, frozenset[str]] = {
    section: frozenset(names.split())
    for section, names in {
        "core": "add_quotes check_frequency check_mode dot dotty force has_fa_advised_op has_ra_advised_op "
        "ignore_missing_metadata lock_timeout no_generating_ssh_key no_ssh ocf_1_1_support ptest "
        "report_tool_options skill_level sort_elements user",
        "path": "cache crm_config crm_daemon_dir crm_daemon_user crm_dtd_dir hawk_wizards hb_delnode heartbeat_dir "
        "nagios_plugins ocf_root pe_state_dir sharedir",
        "color": "attr_name attr_value error help_block help_header help_keyword help_topic id_reference identifier "
        "info keyword ok resource_reference score ticket warn",
        "report": "collect_extra_logs compress compress_prog from_time remove_exist_dest sanitize_rule single_node "
        "speed_up verbosity",
    }.items()
}
# of these sections any name is taken in a file: which there are depends on the version
OPEN_SECTIONS = ("path", "color", "report")


def known() -> tuple[str, ...]:
    """The full names of all settings, those without an effect last."""
    return *SETTINGS, *(f"{section}.{name}" for section, names in WITHOUT_EFFECT.items() for name in sorted(names))


def full_name(name: str) -> str:
    """The full name of a setting as people write it: `core.wait-timeout`, `wait_timeout`, `style`."""
    name = name.replace("-", "_").lower()
    return next((full for full in known() if name in (full, full.partition(".")[2])), name)


def is_without_effect(name: str) -> bool:
    """Whether a full name is of a setting that only the existing shell follows."""
    section, _, rest = name.partition(".")
    if name in SETTINGS or not rest:
        return False
    return section in OPEN_SECTIONS or rest in WITHOUT_EFFECT.get(section, ())


def legal(name: str) -> str:
    """The values that a setting can have, for a message; "" where that is any text."""
    choices = SETTINGS[name][1] if name in SETTINGS else TEXT
    if choices is SECONDS:
        return f"a number of seconds, up to {MOST_SECONDS}"
    if choices is SWITCH:
        return "yes or no"
    return f"{', '.join(choices[:-1])} or {choices[-1]}" if choices else ""


def check(name: str, value: str) -> str:
    """What is wrong with the value of a setting of SETTINGS; "" where nothing is. An empty value is the usual one."""
    choices = SETTINGS[name][1]
    if choices is SECONDS:
        good = value.isdecimal() and 0 < int(value) <= MOST_SECONDS
    else:
        good = not choices or value.lower() in choices
    return "" if good or not value else f"{name} is {legal(name)}, not {value}"


def meant(name: str, value: str, environ: Mapping[str, str]) -> str:
    """What a value that stands in a file or behind `-o` means: `$NAME` is of the environment."""
    if value.startswith("$"):
        value = environ.get(value[1:], "")
    if name == "color.style":
        # `uppercase`, which the existing shell knows beside a colour, cannot be read back
        value = value.replace(",uppercase", "").replace("uppercase,", "")
    return value.lower() if name in SETTINGS and SETTINGS[name][1] else value
