"""Is the configuration right, and where does it put resources?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.errors import CrmError
from crmsh_py.levels.root.level import level
from crmsh_py.output import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crmsh_py.cluster.scores import Score
    from crmsh_py.command.context import Context
    from crmsh_py.output import Fragment


@level.command("verify [scores]")
def verify(cx: Context, scores: bool = False) -> Record:
    """Check the configuration, as `configure verify` does, and show the scores by which resources are placed.

    With `scores`, each line has a resource, a node, the score, and the step of the scheduler that came to it; the
    status section of the CIB says what runs. Exit code 5 if there are errors; warnings do not count.

    Examples:
        verify
        verify scores
    """
    from crmsh_py.command.verdict import Verdict  # not for `status`

    verdict = Verdict(cx)
    found = _scores(cx, has_errors=verdict.errors > 0) if scores else None
    return Record(
        "verify",
        lambda: {**verdict.data(), "scores": None if found is None else [one._asdict() for one in found]},
        lambda: _fragments(found or ()),
        exit_code=verdict.exit_code,
    )


def _scores(cx: Context, *, has_errors: bool) -> list[Score] | None:
    """The scores; None where the scheduler has none for a configuration with errors. Raises CrmError."""
    from crmsh_py.cluster.scores import scores  # heavy

    try:
        return scores(cx.session.draft.to_bytes())
    except CrmError as error:
        if not has_errors:
            raise
        cx.note(f"there are no scores: {error}")
        return None


def _fragments(scores: Sequence[Score]) -> Iterable[Fragment]:
    widths = [max((len(one[column]) for one in scores), default=0) for column in range(4)]
    for one in scores:
        yield "id", f"{one.resource:{widths[1]}}"
        yield "name", f"  {one.node or '-':{widths[2]}}"
        yield "score", f"  {one.score:>{widths[3]}}"
        yield "comment", f"  {one.function}\n"
