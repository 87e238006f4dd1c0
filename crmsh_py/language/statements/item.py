"""What every statement and every part of one is: fields, comments, equality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import dataclass_transform

    from crmsh_py.language.words import Comment
    from crmsh_py.problems import Place
else:
    # fifty dataclasses cost a fifth of the time of a one-shot `show`: this base class costs nothing
    def dataclass_transform(**_: object) -> Callable[[type], type]:
        return lambda cls: cls


# what a field for parts and a field for values begin as; each item gets one of its own
PARTS: Any = []
VALUES: Any = {}


@dataclass_transform(eq_default=False)
class Item:
    """A statement or a part of one.

    comments: what stands before it; `trailing`: comments after its last child; `place`: where it was read, if it was.
    A place does not count for equality.
    """

    # without annotations, which would make them fields
    comments = cast("tuple[Comment, ...]", ())
    trailing = cast("tuple[Comment, ...]", ())
    place = cast("Place | None", None)
    fields_: ClassVar[tuple[str, ...]] = ()
    containers_: ClassVar[tuple[tuple[str, type], ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.fields_ = tuple(cls.__annotations__)
        cls.containers_ = tuple(
            (name, type(cls.__dict__[name])) for name in cls.fields_ if isinstance(cls.__dict__.get(name), (list, dict))
        )

    if not TYPE_CHECKING:

        def __init__(self, *given: object, **named: object) -> None:
            state = self.__dict__
            state.update(zip(self.fields_, given, strict=False))
            state.update(named)
            for name, kind in self.containers_:
                if name not in state:
                    state[name] = kind()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Item) or type(self) is not type(other):
            return NotImplemented
        return state(self) == state(other)

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in state(self).items() if value)
        return f"{type(self).__name__}({said})"

    # compared by what they say, and that changes
    __hash__ = None  # type: ignore[assignment]


class Statement(Item):
    """One object of the configuration, or a set of options; its field `id` names it (None where it has none)."""

    id = cast("str | None", None)


def state(item: Item) -> dict[str, Any]:
    """All that an item says: its fields, and its comments where it has some."""
    said = {name: getattr(item, name, None) for name in item.fields_}
    said.update({name: getattr(item, name) for name in ("comments", "trailing") if getattr(item, name)})
    return said


def parts(item: Item) -> Iterator[Item]:
    """The item and everything in it, outside first."""
    yield item
    for child in getattr(item, "children", ()):
        yield from parts(child)
