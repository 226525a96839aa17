"""What the awards of a scheme ask about people beside facts: identity, time in post, days away and lent, awards of earlier years."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q

from kpi.models import AwardDecision
from kpi.queries.measures import SubjectKey
from kpi.scoring.awarded import Introduced, OfIdentity, Won
from kpi.scoring.circumstances import Circumstances, days_within, in_post_since, whole_months
from kpi.scoring.scheme import Scheme
from projects.models import CreditShare
from staff.models import Absence, Appointment, Person

Spans = dict[int, list[tuple[date, date | None]]]


def circumstances_of(scheme: Scheme, until: date) -> dict[SubjectKey, Circumstances]:
    """By subject, as far as an award asks; nothing, and no query, for a scheme whose awards ask for none of it.

    Days count from 1 January to the day of the run, the day included.
    """
    found: dict[SubjectKey, dict[str, Any]] = defaultdict(dict)
    for name, values in _asked(scheme, until):
        for key, value in values.items():
            found[key][name] = value
    return {key: Circumstances(**values) for key, values in found.items()}


def _asked(scheme: Scheme, until: date) -> Iterator[tuple[str, Mapping[SubjectKey, Any]]]:
    """Each circumstance that an award asks about, with its value by subject."""
    excepted = [one.exceptions for one in scheme.awards if one.exceptions is not None]
    wanted = [one for award in scheme.awards for one in award.wanted]
    begins, ends = date(scheme.year, 1, 1), until + timedelta(days=1)
    if any(isinstance(one, OfIdentity) for one in wanted):
        yield "identity", _of_people(Person.objects.values_list("pk", "identity"))
    if any(one.months is not None for one in excepted):
        yield "months", _months(until)
    if any(one.seconded is not None for one in excepted):
        lent = _posts(Q(kind="seconded", starts_on__lt=ends) & (Q(ends_on=None) | Q(ends_on__gt=begins)))
        yield (
            "seconded",
            _of_people((pk, days_within(spans, begins, ends)) for pk, spans in lent.items()),
        )
    if reasons := {reason for one in excepted for reason in one.away}:
        yield "away", _of_people(_away(reasons, begins, ends).items())
    if asked := [one for one in wanted if isinstance(one, Introduced)]:
        classes = {each for one in asked for each in one.classes}
        yield "introduced", _of_people(_introduced(classes, until).items())
    if awards := {one.award for one in wanted if isinstance(one, Won)}:
        yield "won", _won(awards, scheme.year)


def _of_people(values: Iterable[tuple[int, Any]]) -> dict[SubjectKey, Any]:
    return {("person", pk): value for pk, value in values}


def _months(until: date) -> dict[SubjectKey, int]:
    since = {pk: in_post_since(spans) for pk, spans in _posts(Q(starts_on__lte=until)).items()}
    return _of_people((pk, whole_months(day, until)) for pk, day in since.items() if day is not None)


def _posts(which: Q) -> Spans:
    spans: Spans = defaultdict(list)
    for pk, begins, ends in Appointment.objects.filter(which).values_list(
        "person_id", "starts_on", "ends_on"
    ):
        spans[pk].append((begins, ends))
    return spans


def _away(reasons: Iterable[str], begins: date, ends: date) -> dict[int, dict[str, int]]:
    """Days away in [begins, ends) by person and reason."""
    spans: dict[tuple[int, str], list[tuple[date, date | None]]] = defaultdict(list)
    rows = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=begins), kind__in=reasons, starts_on__lt=ends
    )
    for pk, kind, since, until in rows.values_list("person_id", "kind", "starts_on", "ends_on"):
        spans[pk, kind].append((since, until))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for (pk, kind), held in spans.items():
        found[pk][kind] = days_within(held, begins, ends)
    return found


def _introduced(classes: Iterable[str], until: date) -> dict[int, dict[str, tuple[int, ...]]]:
    """By person and class of project, the year of each recognised signing in which the person had a part of the introduction."""
    day = F("project__achievements__happened_on")
    held = Q(holds_until=None) | Q(holds_until__gt=day)
    rows = CreditShare.objects.filter(
        held,
        role="introduction",
        holds_from__lte=day,
        project__project_class__in=classes,
        project__achievements__kind="signed",
        project__achievements__state="recognised",
        project__achievements__happened_on__lte=until,
    )
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    named = rows.values_list(
        "person_id", "project__project_class", "project_id", "project__achievements__happened_on"
    )
    for person, each, _project, signed in named.distinct().order_by("person_id", "project_id"):
        found[person][each].append(signed.year)
    return {
        person: {each: tuple(sorted(years)) for each, years in own.items()} for person, own in found.items()
    }


def _won(awards: Iterable[str], year: int) -> dict[SubjectKey, dict[str, tuple[int, ...]]]:
    """The years up to this one in which people granted an award, approved and not revoked."""
    granted = AwardDecision.objects.filter(
        award__in=awards, year__lte=year, state="approved", outcome="granted"
    )
    years: dict[SubjectKey, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in granted.order_by("year"):
        key: SubjectKey = ("person", one.person_id) if one.person_id else ("team", one.team_id or 0)
        years[key][one.award].append(one.year)
    return {key: {code: tuple(held) for code, held in own.items()} for key, own in years.items()}


def fingerprinted(found: Mapping[SubjectKey, Circumstances]) -> dict[str, Circumstances]:
    """The circumstances under names that a fingerprint can hold."""
    return {f"{kind}:{pk}": one for (kind, pk), one in found.items()}
