"""Publicity (考核公示) as pages and API read it: which one a year shows, whose answers are in, and what is in the way of the next step."""

from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.publicity import answerable_standings, publicities_visible_to
from kpi.models import (
    Acknowledgement,
    AssessmentInput,
    CreditDue,
    Publicity,
    PublicityState,
    Run,
    ScoreObjection,
    SealKind,
    Standing,
    Target,
    YearSeal,
)
from kpi.models.score_objection import DECIDED
from kpi.queries.standing import undecided_by_title
from promotion.errors import NotFound
from promotion.web.formats import number
from staff.models import Account

RELATED = ("run__scheme", "final_run__scheme", "drafted_by", "announced_by", "finalised_by", "withdrawn_by")
NAMED = 5
TARGETS: Any = Target.pgh_event_model  # type: ignore[attr-defined]


class Reply(StrEnum):
    """What a subject said to its published result (公示答复)."""

    CONFIRMED = "confirmed"
    OBJECTED = "objected"
    ANSWERED = "answered"
    SILENT = "silent"

    @property
    def tone(self) -> str:
        return {"confirmed": "done", "objected": "attention", "answered": "accent", "silent": "plain"}[
            self.value
        ]


REPLY_WORDS = {
    Reply.CONFIRMED: gettext_lazy("已确认"),
    Reply.OBJECTED: gettext_lazy("异议待处理"),
    Reply.ANSWERED: gettext_lazy("异议已处理"),
    Reply.SILENT: gettext_lazy("未答复"),
}


def reply_words(reply: str, *, is_over: bool) -> str:
    """A reply in words; who said nothing until the end has no objection."""
    if reply == Reply.SILENT and is_over:
        return _("期满未提出异议")
    return str(REPLY_WORDS[Reply(reply)])


def final_publicity(year: int) -> Publicity | None:
    """The publicity by which the year is settled; one whose list a later one replaced is none."""
    final = Publicity.objects.filter(year=year, state=PublicityState.FINAL, is_interim=False)
    return final.select_related("final_run__scheme", "final_run__previous__scheme").first()


def reopened_since(final: Publicity) -> bool:
    """Whether the year was closed and opened again after the final list was drawn."""
    reopened = YearSeal.objects.filter(year=final.year, kind=SealKind.REOPENED)
    return reopened.filter(sealed_at__gt=final.finalised_at).exists()


def publicities_of(actor: Account, year: int) -> QuerySet[Publicity]:
    """The year's publicities that the actor sees: the live one first, then the final, the interim and withdrawn ones, newest first."""
    order = Case(
        When(state__in=("draft", "open"), then=Value(0)),
        When(state="final", is_interim=False, then=Value(1)),
        When(state="final", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = publicities_visible_to(actor).filter(year=year).select_related(*RELATED)
    return found.order_by(order, "-pk")


def shown_publicity(actor: Account, year: int) -> Publicity | None:
    """The publicity that the year's page shows; a withdrawn one is none."""
    return publicities_of(actor, year).exclude(state=PublicityState.WITHDRAWN).first()


def visible_publicity(actor: Account, public_id: str) -> Publicity:
    """One publicity. Raises NotFound."""
    found = publicities_visible_to(actor).select_related(*RELATED).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这次公示，或者它还没有发布。"))
    return found


def replied_standings(publicity: Publicity) -> QuerySet[Any]:
    """The published standings, each with its `reply`: an open objection stands above a confirmation, a decided one below it."""
    objections = ScoreObjection.objects.filter(publicity=publicity, standing=OuterRef("pk")).order_by()
    confirmed = Acknowledgement.objects.filter(publicity=publicity, standing=OuterRef("pk")).order_by()
    reply = Case(
        When(Exists(objections.filter(state="open")), then=Value(Reply.OBJECTED.value)),
        When(Exists(confirmed), then=Value(Reply.CONFIRMED.value)),
        When(Exists(objections.filter(state__in=DECIDED)), then=Value(Reply.ANSWERED.value)),
        default=Value(Reply.SILENT.value),
        output_field=CharField(),
    )
    found = Standing.objects.filter(run=publicity.run_id).annotate(reply=reply)
    return found.select_related("person", "team", "home_team")


def own_standings(actor: Account, publicity: Publicity) -> list[Any]:
    """The published standings that the actor answers for, with what was said: the own one, and those of the teams one leads."""
    found = replied_standings(publicity).filter(pk__in=answerable_standings(actor).values("pk"))
    return list(found.order_by("team", "group", "rank", "pk"))


def answerable_publicity(actor: Account, standing: Standing, today: date) -> Publicity | None:
    """The publicity in which the actor may answer for this standing on the day; None where there is none."""
    found = Publicity.objects.filter(run=standing.run_id, state=PublicityState.OPEN).first()
    if found is None or not found.is_open_on(today):
        return None
    return found if answerable_standings(actor).filter(pk=standing.pk).exists() else None


def tally_of(publicity: Publicity) -> dict[Reply, int]:
    """How many of the published standings gave each reply."""
    rows = replied_standings(publicity).order_by().values_list("reply").annotate(count=Count("pk"))
    counts = dict(rows)
    return {reply: counts.get(reply.value, 0) for reply in Reply}


def undecided_words(run: Run) -> str:
    """The undecided items of a run with how many wait for each; empty when the run may be made public."""
    rows = undecided_by_title(run)
    named = "、".join(f"{title}（{number(count, 0)}）" for title, count in rows[:NAMED])
    return named + ("…" if len(rows) > NAMED else "")


def is_behind(run: Run) -> bool:
    """Whether facts, inputs or targets of its year changed since the run began; a run that is not is up to date."""
    if CreditDue.objects.filter(year=run.year).exists() or run.started_at is None:
        return True
    since = Q(decided_at__gt=run.started_at, state="confirmed") | Q(
        ended_at__gt=run.started_at, state="reversed"
    )
    return (
        AssessmentInput.objects.filter(since, year=run.year).exists()
        or TARGETS.objects.filter(year=run.year, pgh_created_at__gt=run.started_at).exists()
    )
