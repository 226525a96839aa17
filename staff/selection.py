"""Scores to a ranking, and a ranking to proposed placements. Pure: no database, no clock, no settings.

A judge's total is the weighted sum of the points. A candidate's mark is the mean of the totals that are left when the highest
and the lowest `trim` judges are dropped; it is exact, and rounded half up to two places only where it is shown. Ranks are of
exact marks: equal marks share a rank, and the ranks after them are left out.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
PLACES = Decimal("0.01")
WHOLE = Fraction(100)


def shown(mark: Fraction) -> Decimal:
    """The mark as people read it: two places, half up."""
    exact = Decimal(mark.numerator) / Decimal(mark.denominator)
    return exact.quantize(PLACES, rounding=ROUND_HALF_UP)


def written(total: Fraction) -> str:
    """A judge's total with every place that it has, two at least, so that a sum of such totals is the sum that was taken.

    Points and weights have two places each, so a total ends after six at most.
    """
    exact = (Decimal(total.numerator) / Decimal(total.denominator)).normalize()
    return str(exact if exact.as_tuple().exponent <= -2 else exact.quantize(PLACES))  # type: ignore[operator]


def judge_total(points: Mapping[Key, Decimal], weights: Mapping[Key, Decimal]) -> Fraction:
    """The weighted total of one judge; weights in percent. Raises ValueError unless each criterion has points."""
    if points.keys() != weights.keys():
        raise ValueError("points and weights are of different criteria")
    return sum((Fraction(points[key]) * Fraction(weights[key]) / WHOLE for key in weights), Fraction(0))


@dataclass(frozen=True)
class Mark(Generic[Key]):
    """A candidate's mark with where it comes from: the totals by judge, and the judges that were dropped."""

    value: Fraction
    totals: Mapping[Key, Fraction]
    dropped_high: tuple[Key, ...] = ()
    dropped_low: tuple[Key, ...] = ()

    @property
    def counted(self) -> tuple[Key, ...]:
        """The judges whose totals were averaged."""
        gone = {*self.dropped_high, *self.dropped_low}
        return tuple(judge for judge in self.totals if judge not in gone)


def trimmed(totals: Mapping[Key, Fraction], trim: int) -> Mark[Key]:
    """The mean without the `trim` highest and lowest. Raises ValueError when nobody would be left."""
    if len(totals) <= 2 * trim:
        raise ValueError("too few judges")
    order = sorted(totals, key=lambda judge: totals[judge])
    low, high = tuple(order[:trim]), tuple(order[len(order) - trim :])
    left = order[trim : len(order) - trim]
    return Mark(sum((totals[judge] for judge in left), Fraction(0)) / len(left), totals, high, low)


@dataclass(frozen=True)
class Ranked(Generic[Key]):
    """A candidate's place; `shared` when others have the same mark."""

    key: Key
    mark: Fraction
    rank: int
    shared: bool


def ranking(marks: Mapping[Key, Fraction]) -> list[Ranked[Key]]:
    """Highest first; equal marks share a rank, in the order in which they were given."""
    order = sorted(marks, key=lambda key: -marks[key])
    values = [marks[key] for key in order]
    return [
        Ranked(key, marks[key], values.index(marks[key]) + 1, values.count(marks[key]) > 1) for key in order
    ]


@dataclass(frozen=True)
class Wish(Generic[Key]):
    """What a candidate wants: posts in order, and whether another post of the same grades would do."""

    choices: Sequence[Key]
    accepts_reassignment: bool = False
    grades: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Proposal(Generic[Key]):
    """Who is proposed for which post; `contested` are those between whom only a tie decides about a last seat."""

    placed: Mapping[Hashable, Key]
    contested: frozenset[Hashable]


def propose(
    ranked: Sequence[Ranked[Hashable]],
    wishes: Mapping[Hashable, Wish[Key]],
    seats: Mapping[Key, int],
    grade_of: Mapping[Key, str],
    pass_mark: Decimal,
) -> Proposal[Key]:
    """By rank, each to the first wanted post with a seat left; afterwards, by rank, those who would go elsewhere.

    Nobody below the pass mark is proposed. Where more candidates of one rank want a post than it has seats left, the seat goes
    to nobody of them by itself: all of them are contested, and people decide.
    """
    free = dict(seats)
    placed: dict[Hashable, Key] = {}
    contested: set[Hashable] = set()
    able = [each for each in ranked if each.mark >= Fraction(pass_mark)]
    for rank in dict.fromkeys(each.rank for each in able):
        waiting = [each.key for each in able if each.rank == rank]
        contested |= _seat(waiting, wishes, free, placed)
    # A last seat that people still decide about may change what is left, so nobody is sent elsewhere before that.
    if not contested:
        for each in able:
            wish = wishes[each.key]
            if each.key not in placed and wish.accepts_reassignment:
                other = next((p for p, left in free.items() if left > 0 and grade_of[p] in wish.grades), None)
                if other is not None:
                    placed[each.key] = other
                    free[other] -= 1
    return Proposal(placed, frozenset(contested))


def _seat(
    waiting: list[Hashable],
    wishes: Mapping[Hashable, Wish[Key]],
    free: dict[Key, int],
    placed: dict[Hashable, Key],
) -> set[Hashable]:
    """Give seats to candidates of one rank, in `free` and `placed`; gives those between whom a tie decides."""
    while waiting:
        by_post: dict[Key, list[Hashable]] = {}
        for key in waiting:
            post = next((p for p in wishes[key].choices if free.get(p, 0) > 0), None)
            if post is not None:
                by_post.setdefault(post, []).append(key)
        settled = [post for post, keys in by_post.items() if len(keys) <= free[post]]
        if not settled:
            return {key for keys in by_post.values() for key in keys}
        for post in settled:
            for key in by_post[post]:
                placed[key] = post
                free[post] -= 1
        waiting = [key for post, keys in by_post.items() if post not in settled for key in keys]
    return set()
