"""What people owe a scheme beside facts and targets: marks, points they choose, and figures that they report."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from kpi.scoring.rules.amounts import PerProject
from kpi.scoring.rules.people import Chosen, Rating
from kpi.scoring.scheme import Gate, Indicator, Measure, Scheme

Owner = Indicator | Gate
Counts = Callable[[Measure], bool]


@dataclass(frozen=True, slots=True)
class OwedRating:
    """A rating (评议) with the indicators and gates that ask for it."""

    rating: Rating
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class OwedChoice:
    """Points to be chosen (酌定分) with the indicators and gates that ask for them."""

    choice: Chosen
    owners: tuple[Owner, ...]


def parts_of(value: Any) -> Iterator[Any]:
    """A rule or condition and everything inside it."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for entry in value:
            yield from parts_of(entry)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in fields(value):
            yield from parts_of(getattr(value, field.name))


def ratings_of(scheme: Scheme) -> dict[str, OwedRating]:
    """The ratings of a scheme by their codes, in its order."""
    found: dict[str, OwedRating] = {}
    for owner, part in _parts(scheme):
        if isinstance(part, Rating):
            held = found.get(part.code, OwedRating(part, ()))
            found[part.code] = replace(held, owners=_with(held.owners, owner))
    return found


def choices_of(scheme: Scheme) -> dict[str, OwedChoice]:
    """The points to be chosen, by their codes, in the scheme's order."""
    found: dict[str, OwedChoice] = {}
    for owner, part in _parts(scheme):
        if isinstance(part, Chosen):
            held = found.get(part.code, OwedChoice(part, ()))
            found[part.code] = replace(held, owners=_with(held.owners, owner))
    return found


def _parts(scheme: Scheme) -> Iterator[tuple[Owner, Any]]:
    for owner in scheme.owners:
        for part in parts_of(owner):
            yield owner, part


def _with(owners: tuple[Owner, ...], owner: Owner) -> tuple[Owner, ...]:
    return owners if owner in owners else (*owners, owner)


def reported_of(owner: Owner, counts: Counts) -> dict[str, Measure]:
    """The measures of an owner that somebody reports (填报) for a subject; `counts` says which the product counts itself."""
    asked = measures_used(owner) - project_measures(owner)
    return _owed(owner, asked, counts)


def reported_by_project(owner: Owner, counts: Counts) -> dict[str, Measure]:
    """The measures that somebody reports project by project, because the rule looks at each alone."""
    return _owed(owner, project_measures(owner), counts)


def _owed(owner: Owner, asked: set[str], counts: Counts) -> dict[str, Measure]:
    return {
        code: one
        for code, one in owner.measures.items()
        if code in asked and one.computed is None and not counts(one)
    }


def measures_used(owner: Owner) -> set[str]:
    """The measures that an owner's rule, condition or progress reads, through computed ones too."""
    if isinstance(owner, Indicator):
        progress = [owner.progress.of] if owner.progress else []
        return _through(owner, [*owner.uses().measures, *progress])
    return _through(owner, owner.condition.uses().measures)


def project_measures(owner: Owner) -> set[str]:
    """The measures that are read for each project alone."""
    cards = [part for part in parts_of(owner) if isinstance(part, PerProject)]
    return _through(owner, [code for card in cards for code in card.uses().measures])


def _through(owner: Owner, codes: Iterable[str]) -> set[str]:
    """These measures, and those that computed ones among them are made of."""
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code in found:
            continue
        found.add(code)
        computed = owner.measures[code].computed if code in owner.measures else None
        waiting.extend(computed.uses().measures if computed is not None else ())
    return found
