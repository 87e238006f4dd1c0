"""What the language can say: a class for each kind of statement and for each part of one.

The fields are the attributes of the CIB with `_` for `-` (and `class_` for `class`), all of them text exactly as the
CIB holds it, None where the attribute is absent. `children` are the parts in the order in which they stand. `values`
holds attributes where the schema has many of one sort. Nothing here knows text or XML: `writer` prints statements,
`parser` reads them, `cib.mapping` turns them into elements and back.
"""

from __future__ import annotations

from crmsh_py.language.statements.access import (
    AclGroup,
    AclTarget,
    Alert,
    Permission,
    Recipient,
    Role,
    RoleRef,
    Select,
    SelectAttribute,
    SelectKind,
    User,
)
from crmsh_py.language.statements.attributes import AttributeSet, NVPair, Op, Operations
from crmsh_py.language.statements.cluster import (
    FencingLevel,
    FencingTopology,
    Node,
    OpDefaults,
    OptionSet,
    Property,
    RscDefaults,
    Tag,
)
from crmsh_py.language.statements.constraints import Colocation, Lifetime, Location, Order, ResourceSet, RscTicket
from crmsh_py.language.statements.item import Item, Statement, parts, state
from crmsh_py.language.statements.others import Monitor, Remark, Xml
from crmsh_py.language.statements.resources import (
    Bundle,
    BundlePart,
    Clone,
    Group,
    Mapping,
    Member,
    Primitive,
    RscTemplate,
)
from crmsh_py.language.statements.rules import (
    DateExpression,
    DateSpec,
    Duration,
    Expression,
    OpExpression,
    RscExpression,
    Rule,
)

__all__ = [
    "AclGroup",
    "AclTarget",
    "Alert",
    "AttributeSet",
    "Bundle",
    "BundlePart",
    "Clone",
    "Colocation",
    "DateExpression",
    "DateSpec",
    "Duration",
    "Expression",
    "FencingLevel",
    "FencingTopology",
    "Group",
    "Item",
    "Lifetime",
    "Location",
    "Mapping",
    "Member",
    "Monitor",
    "NVPair",
    "Node",
    "Op",
    "OpDefaults",
    "OpExpression",
    "Operations",
    "OptionSet",
    "Order",
    "Permission",
    "Primitive",
    "Property",
    "Recipient",
    "Remark",
    "ResourceSet",
    "Role",
    "RoleRef",
    "RscDefaults",
    "RscExpression",
    "RscTemplate",
    "RscTicket",
    "Rule",
    "Select",
    "SelectAttribute",
    "SelectKind",
    "Statement",
    "Tag",
    "User",
    "Xml",
    "parts",
    "state",
]
