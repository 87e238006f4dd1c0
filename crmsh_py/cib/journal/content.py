"""What is in an entry of the journal: what it is about, the CIB that was read, and the draft."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from crmsh_py.cib.document import Cib
    from crmsh_py.cib.stores.store import Store

FORMAT = 1
BASE, DRAFT = "base.xml.gz", "draft.xml.gz"
# the process id of the session
OWNER = "owner"
# fast, since it is done after each line; with the header of gzip, so that people can read it
_LEVEL, _AS_GZIP = 1, 31


class Unreadable(ValueError):
    """An entry that is not whole, or of another format."""


def about(store: Store) -> bytes:
    """Whose edits an entry holds."""
    import json  # heavy

    return json.dumps({"format": FORMAT, "host": os.uname().nodename, "store": store.identity}).encode()


def is_about(content: bytes, store: Store) -> bool:
    """Whether an entry is of this store. Raises Unreadable."""
    import json  # heavy

    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable("they are not whole") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Unreadable("another version of crm has written them")
    return (said.get("host"), said.get("store")) == (os.uname().nodename, store.identity)


def packed(content: bytes) -> bytes:
    """A CIB as it is kept."""
    pack = zlib.compressobj(_LEVEL, wbits=_AS_GZIP)
    return pack.compress(content) + pack.flush()


def unpacked(content: bytes) -> bytes:
    """A CIB that was kept. Raises Unreadable where a part is missing or another one."""
    try:
        return zlib.decompress(content, _AS_GZIP)
    except zlib.error as error:
        raise Unreadable("they are not whole") from error


def without_status(cib: Cib) -> bytes:
    """A CIB as XML but for its status, which nobody edits, and which may be the larger part."""
    head = etree.tostring(etree.Element("cib", dict(cib.root.attrib)))
    return head.removesuffix(b"/>") + b">" + etree.tostring(cib.configuration, with_tail=False) + b"</cib>"
