"""crm: a shell for Pacemaker clusters."""

__version__ = "0.1.0"
