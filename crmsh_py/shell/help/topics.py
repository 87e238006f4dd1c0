"""Help on topics: what belongs to no command and no statement alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsh_py.output import Record
from crmsh_py.shell.help.blocks import blocks, fragments, plain, table
from crmsh_py.shell.help.derived import filled
from crmsh_py.shell.help.entries import example_fragments
from crmsh_py.shell.help.texts import topic_names, topic_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmsh_py.output import Fragment
    from crmsh_py.shell.help.blocks import Block
    from crmsh_py.shell.help.texts import Text


def topic_list() -> Record:
    """The topics, with what they are about."""
    found = {name: topic_text(name).summary for name in topic_names()}
    return Record("help.topics", lambda: found, lambda: table(found.items()))


def topic_entry(name: str) -> Record:
    """What there is to say on a topic."""
    text = topic_text(name)
    body = filled(text.body)
    data = {
        "topic": name,
        "other_names": list(text.others),
        "summary": text.summary,
        "body": plain(body),
        "examples": text.examples,
    }
    return Record("help.topic", lambda: data, lambda: _fragments(name, text, body))


def _fragments(name: str, text: Text, body: Iterable[Block]) -> Iterable[Fragment]:
    yield from fragments(blocks(f"{name}: {text.summary}"))
    if text.others:
        yield "", f"\nAlso called {', '.join(text.others)}.\n"
    yield "", "\n"
    yield from fragments(body)
    yield from example_fragments(text.examples)
