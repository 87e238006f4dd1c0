"""The configuration as a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError, UsageError
from crmsh_py.levels.configure.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from crmsh_py.command.context import Context

DRAWING_SECONDS = 120.0


@level.command("graph [dot [<file> [<format:image>]]]")
def graph(
    cx: Context,
    dot: bool = False,  # noqa: ARG001 - the only kind of graph
    file: str | None = None,
    format: str | None = None,  # noqa: A002
) -> Record | None:
    """Show the resources and what is between them as a graph, in the language of graphviz.

    Containers are boxes, orders arrows, colocations dashed arrows. With a file, it is written there; with a format as
    well, graphviz draws it. With -o json, the nodes and the edges as data.

    Examples:
        graph
        graph dot web.dot
    """
    from crmsh_py.cib.graph import Graph  # heavy
    from crmsh_py.cib.stores.file import write_private

    if file == "-" and format is not None:
        raise UsageError("a drawing is written to a file, not to the standard output")
    drawn = Graph(cx.session.draft)
    text = drawn.dot()
    if file is None or file == "-":
        return Record("configure.graph", drawn.data, lambda: [("", text)])
    write_private(file, text.encode() if format is None else _image(text, format))
    return None


def _image(text: str, format_: str) -> bytes:
    from crmsh_py.run import run

    answer = run(["dot", f"-T{format_}"], stdin=text.encode(), timeout=DRAWING_SECONDS)
    if answer.exit_code:
        last_line = answer.error_text.strip().rpartition("\n")[2]
        raise CrmError(f"dot failed with exit code {answer.exit_code}: {last_line}")
    return answer.stdout
