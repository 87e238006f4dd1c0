"""What kinds of words a place of a statement or of a command line can want, in words.

The grammar names them `..._SLOT`, usage lines `<name:kind>`.
"""

PLACES = {
    "id": "a new id",
    "rsc": "a resource",
    "node": "a node",
    "agent": "an agent",
    "template": "a template (@id)",
    "role": "a role",
    "score": "a score",
    "kind": "a kind of order",
    "ticket": "a ticket",
    "name": "name=value",
    "value": "a value",
    "attribute": "a node attribute",
    "date": "a date",
    "op_name": "an operation",
    "interval": "an interval",
    "target": "a fencing target",
    "device": "a fencing device",
    "set_id": "the id of a set",
    "tag_member": "an object",
    "role_id": "an ACL role",
    "user": "a user",
    "xpath": "an XPath or a name",
    "obj": "an object",
    "path": "a path",
    "text": "a text",
    "xml": "an XML element",
    "selector": "an id, a glob or type:KIND",
    "file": "a file",
    "source": "a file, or - for the standard input",
    "method": "a method",
    "topic": "a command, a level or a statement",
    "level": "a level, .. or /",
}
