"""What a norm wants, as a small tree over channels and barriers, and the three-valued logic that it is weighed in."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from rules.model.finding import Channel
from rules.model.record import Record


class Met(StrEnum):
    """Whether something asked for was found: Kleene's three values, from the worst to the best."""

    NO = "no"
    CANNOT_TELL = "cannot_tell"
    YES = "yes"


_WORST_FIRST = tuple(Met)


def met_by_all(values: Iterable[Met]) -> Met:
    """Found when all are; one that is not there decides."""
    return min(values, key=_WORST_FIRST.index, default=Met.YES)


def met_by_any(values: Iterable[Met]) -> Met:
    """Found when one is, whatever the others are."""
    return max(values, key=_WORST_FIRST.index, default=Met.NO)


class Expression(Record, frozen=True, forbid_unknown_fields=True):
    """One node of the tree: exactly one of `channel`, `barrier`, `any_of` and `all_of` is set.

    `channel` wants that channel offered; a part of it that is missing matters only when `needs` names it. `barrier` is the id
    of a barrier rule and wants that nothing of it was found.
    """

    channel: Channel | None = None
    needs: tuple[str, ...] = ()
    barrier: str = ""
    any_of: tuple["Expression", ...] = ()
    all_of: tuple["Expression", ...] = ()


def leaves(expression: Expression) -> Iterator[Expression]:
    """The channels and barriers of a tree, from left to right."""
    branches = (*expression.any_of, *expression.all_of)
    if not branches:
        yield expression
    for branch in branches:
        yield from leaves(branch)


def flaw(expression: Expression) -> str:
    """What is wrong with the shape of a tree; empty when nothing is."""
    set_ones = [bool(part) for part in (expression.channel, expression.barrier, expression.any_of, expression.all_of)]
    if sum(set_ones) != 1:
        return "an expression must have exactly one of channel, barrier, any_of and all_of"
    if expression.needs and expression.channel is None:
        return "needs belong to a channel"
    return next((found for branch in (*expression.any_of, *expression.all_of) if (found := flaw(branch))), "")
