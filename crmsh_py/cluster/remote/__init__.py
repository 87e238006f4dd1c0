"""Other nodes over ssh, the only users of paramiko, which is imported when a connection is really made.

together    a piece of work for each node, in parallel, each with a deadline
login       how a node is reached: ~/.ssh/config and the settings -> Login
known_hosts what is known of a host's keys
connection  a Login -> Connection, over which commands are run
files       files of a node, read and written over sftp
"""

from __future__ import annotations
