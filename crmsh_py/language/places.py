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
    "kind": "a kind (Mandatory, Optional, Serialize) or a score",
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
    "xml": "an element",
}
