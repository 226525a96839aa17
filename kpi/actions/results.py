"""Writing what a run found, and making it the year's current one, in one transaction."""

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.models import AssessmentYear, AwardCandidate, Item, Run, RunPart, RunState, RunSubtotals, Standing
from kpi.queries.calculation import Calculation, input_fingerprint
from kpi.queries.outcomes import outcome_columns
from kpi.queries.subtotals import ENGINE, written
from kpi.scoring import awards
from kpi.scoring.results import Item as ScoredItem
from kpi.scoring.results import Sheet
from kpi.scoring.results import Standing as Placed
from kpi.scoring.rounding import plain, rounded
from kpi.scoring.scheme import Indicator, Scheme

LARGEST_PROGRESS = Decimal(999_999)
Before = dict[tuple[str, int | None, int | None], tuple[int, Decimal]]


class YearIsClosed(Exception):
    """The year was closed meanwhile; the run fails and readers keep what was sealed."""


class Superseded(Exception):
    """Another attempt has taken the run over; this one stops without a trace."""


@transaction.atomic
def publish_results(*, run: Run, calculation: Calculation) -> None:
    """Write standings, items and award candidates, and let readers see them: all or nothing.

    A run to an earlier day than readers see fills a gap in the history and leaves what they see.

    Raises Superseded when the run is no longer this attempt's.
    """
    year = AssessmentYear.objects.select_for_update().get(year=run.year)
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if (locked.state, locked.attempts) != (RunState.RUNNING, run.attempts):
        raise Superseded
    if year.closed_at is not None:
        raise YearIsClosed(_("%(year)s 年已关账，结果不再变动") % {"year": run.year})
    previous = run_before(run, year.current_run)
    standings = _write_standings(run, calculation, _before(previous))
    _write_items(calculation, standings)
    _write_candidates(run, calculation, standings)
    _keep_subtotals(run, calculation)
    now = timezone.now()
    Run.objects.filter(pk=run.pk).update(
        state=RunState.DONE,
        previous=previous,
        finished_at=now,
        heartbeat_at=now,
        fingerprint=input_fingerprint(calculation),
        ledger_digest=calculation.ledger,
        was_full=run.was_full,
        error="",
    )
    if year.current_run is None or year.current_run.as_of <= run.as_of:
        year.current_run = run
        year.save(update_fields=["current_run"])


def run_before(run: Run, shown: Run | None) -> Run | None:
    """What a run is compared with: the run that readers see, or for an earlier day the last whole run up to that day."""
    if shown is None or shown.as_of <= run.as_of:
        return shown
    whole = Run.objects.filter(year=run.year, state=RunState.DONE, as_of__lte=run.as_of).exclude(pk=run.pk)
    return whole.order_by("-as_of", "-pk").first()


def _keep_subtotals(run: Run, calculation: Calculation) -> None:
    """The next run builds on these; those of earlier runs and the parts of this one have served."""
    RunSubtotals.objects.filter(run__year=run.year).delete()
    RunPart.objects.filter(run__year=run.year).delete()
    RunSubtotals.objects.create(run=run, engine=ENGINE, values=written(calculation.subtotals))


def _before(previous: Run | None) -> Before:
    """Rank and total of every subject in the run that readers saw until now."""
    if previous is None:
        return {}
    rows = previous.standings.values_list("group", "person_id", "team_id", "rank", "total")
    return {(group, person, team): (rank, total) for group, person, team, rank, total in rows}


def _write_standings(run: Run, calculation: Calculation, before: Before) -> dict[str, Standing]:
    """The rows by the subject's code."""
    assessed = {one.subject.code: one for one in calculation.subjects}
    rows: dict[str, Standing] = {}
    for group, placed in calculation.standings.items():
        for standing in placed:
            one = assessed[standing.sheet.subject.code]
            rank, total = before.get((group, one.person_id, one.team_id), (None, None))
            rows[one.subject.code] = Standing(
                run=run,
                group=group,
                person_id=one.person_id,
                team_id=one.team_id,
                home_team_id=one.home_team,
                subject_name=one.subject.name,
                grade=one.grade,
                total=rounded(standing.sheet.total, 4),
                rank=standing.place,
                group_size=len(placed),
                previous_rank=rank,
                previous_total=total,
                undecided_count=len(standing.sheet.undecided),
                target_missed=_target_missed(calculation, group, standing),
                **outcome_columns(calculation.scheme, calculation.outcomes.get(one.subject.code)),
            )
    Standing.objects.bulk_create(rows.values(), batch_size=500)
    return rows


def _target_missed(calculation: Calculation, group: str, placed: Placed) -> bool | None:
    """What the group's award with a condition on targets would say of this subject."""
    conditions = [
        award.condition for award in calculation.scheme.awards if award.group == group and award.condition
    ]
    if not conditions:
        return None
    verdict, _sentence = awards.missed(conditions[0], placed.sheet, calculation.elapsed)
    return verdict


def _write_items(calculation: Calculation, standings: dict[str, Standing]) -> None:
    """All items in one COPY: there are some for every subject, every night."""
    fields = [field for field in Item._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(Item._meta.db_table)} ({names}) FROM STDIN") as copy,
    ):
        for sheet in calculation.sheets:
            if standing := standings.get(sheet.subject.code):
                for item in _items(calculation.scheme, sheet, standing):
                    copy.write_row(
                        [field.get_db_prep_save(getattr(item, field.attname), connection) for field in fields]
                    )


def _items(scheme: Scheme, sheet: Sheet, standing: Standing) -> Iterator[Item]:
    """The indicators that apply to this kind of subject, in the scheme's order."""
    for position, indicator in enumerate(scheme.indicators_for(sheet.subject.kind)):
        scored = sheet.item(indicator.code)
        if scored is None:
            continue
        actual, unit = _shown_actual(scored, indicator)
        yield Item(
            standing=standing,
            position=position,
            indicator=scored.code,
            title=scored.title[:60],
            clause=scored.clause[:60],
            status=scored.status,
            points=_four(scored.points),
            full_marks=scored.full_marks,
            actual=_four(actual),
            target=_four(scored.target),
            unit=unit[:16],
            progress=None if scored.progress is None else _four(min(scored.progress, LARGEST_PROGRESS)),
            explanation=scored.explanation or scored.undecided_reason,
            measures=_measures(scored),
        )


def _shown_actual(scored: ScoredItem, indicator: Indicator) -> tuple[Decimal | None, str]:
    """What the item's row shows as achieved, with its unit.

    It is the figure of the item's progress, else the sum of the rule's figures where they are of one unit.
    """
    wanted = {indicator.progress.of} if indicator.progress else set(indicator.uses().measures)
    figures = [figure for figure in scored.figures if figure.code in wanted]
    units = {figure.unit for figure in figures}
    if len(units) != 1:
        return scored.actual, ""
    return sum((figure.value for figure in figures), Decimal(0)), units.pop()


def _measures(scored: ScoredItem) -> dict[str, object]:
    return {
        "report_only": scored.report_only,
        "timed_target": None if scored.timed_target is None else plain(rounded(scored.timed_target, 4)),
        "exact": None if scored.exact is None else plain(rounded(scored.exact, 10)),
        "figures": [
            {
                "code": figure.code,
                "title": figure.title,
                "value": plain(figure.value),
                "unit": figure.unit,
                "bands": [[title, plain(value)] for title, value in figure.bands],
            }
            for figure in scored.figures
        ],
    }


def _four(number: Decimal | None) -> Decimal | None:
    return None if number is None else rounded(number, 4)


def _write_candidates(run: Run, calculation: Calculation, standings: dict[str, Standing]) -> None:
    warnings = {award.code for award in calculation.scheme.awards if award.warning}
    AwardCandidate.objects.bulk_create(
        AwardCandidate(
            run=run,
            award=candidate.award,
            title=candidate.title[:60],
            standing=standings.get(candidate.subject.code),
            is_warning=candidate.award in warnings,
            is_tied=bool(candidate.tied_with),
            undecided=candidate.status == "undecided",
            passed_over=candidate.status == "passed_over",
            reason=candidate.reason,
            position=position,
        )
        for position, candidate in enumerate(calculation.candidates)
    )
