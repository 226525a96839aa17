"""Achievements as pages show them: rows of a project, the list that a figure opens, one with its history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Round
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import achievements_visible_to
from projects.models import (
    MONEY_KINDS,
    PEOPLE_KINDS,
    Achievement,
    CreditShare,
    Currency,
    Document,
    Project,
    Recognition,
)
from projects.queries.evidence import Checklist, checklists_of
from projects.queries.facts import RECOGNISED_USD
from promotion.action import VERBS
from promotion.models import AuditEntry
from promotion.prepared import Prepared, Slot
from staff.models import Account, Appointment, Person, Team

STATE_TONES = {
    Recognition.SUBMITTED: "attention",
    Recognition.RECOGNISED: "done",
    Recognition.RETURNED: "alarm",
    Recognition.WITHDRAWN: "plain",
    Recognition.REVERSED: "plain",
}
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class AchievementRow:
    """One line of the milestones table of a project; amounts in 元."""

    achievement: Achievement
    url: str
    label: str
    ordinal: int
    happened_on: date
    submitted_on: Any
    submitted_by: str
    recognised_on: date | None
    recognised_by: str
    amount_cny: Decimal | None
    foreign: Decimal | None
    currency: str
    recognised_cny: Decimal | None
    people: int | None
    recognised_people: int | None
    evidence: str
    missing: str
    state: str
    state_tone: str


def address_of(achievement: Achievement) -> str:
    """Its page."""
    return reverse("projects:achievement", args=[achievement.public_id])


def title_of(achievement: Achievement) -> str:
    """What happened and where, in one line."""
    subject = achievement.project or achievement.person
    parts = [str(achievement.get_kind_display()), str(subject), achievement.title]
    return " · ".join(part for part in parts if part)


def steps_of(achievement: Achievement) -> list[dict[str, str]]:
    """The three dates as a ribbon draws them: happened, submitted, recognised (or where it stands instead)."""
    submitted = timezone.localtime(achievement.submitted_at)
    happened = {"label": _("发生"), "detail": f"{achievement.happened_on:%y-%m-%d}", "state": "past"}
    reported = {
        "label": _("申报"),
        "detail": f"{submitted:%y-%m-%d} {achievement.submitted_by.display_name[:1]}",
        "state": "past",
    }
    if achievement.recognised_on is None or achievement.decided_by is None:
        decided = {"label": _("认定"), "detail": str(achievement.get_state_display()), "state": "future"}
    else:
        who = achievement.decided_by.display_name[:1]
        decided = {
            "label": _("认定"),
            "detail": f"{achievement.recognised_on:%y-%m-%d} {who}",
            "state": "current",
        }
    if achievement.reversed_on:
        label, detail = _("冲销"), f"{achievement.reversed_on:%y-%m-%d}"
        return [
            happened,
            reported,
            decided | {"state": "past"},
            {"label": label, "detail": detail, "state": "future"},
        ]
    return [happened, reported, decided]


_OF_PROJECT = Prepared(
    lambda: (
        Achievement.objects.filter(project=Slot("project"))
        .exclude(state=Recognition.WITHDRAWN)
        .select_related("submitted_by", "decided_by")
        .order_by("happened_on", "id")
    )
)


def project_achievement_rows(project: Project) -> list[AchievementRow]:
    """The achievements of a project that its reader sees, in the order they happened, withdrawn ones left out; three queries."""
    achievements = _OF_PROJECT.rows(project=project.pk)
    for achievement in achievements:
        achievement.project = project
    checklists = checklists_of(achievements)
    counted: dict[str, int] = defaultdict(int)
    rows = []
    for achievement in achievements:
        counted[achievement.kind] += 1
        rows.append(_row(achievement, counted[achievement.kind], checklists[achievement.pk]))
    return rows


def _row(achievement: Achievement, ordinal: int, checklist: Checklist) -> AchievementRow:
    recognised = achievement.state in (Recognition.RECOGNISED, Recognition.REVERSED)
    return AchievementRow(
        achievement=achievement,
        url=address_of(achievement),
        label=str(achievement.get_kind_display()),
        ordinal=ordinal if achievement.kind in (*MONEY_KINDS, *PEOPLE_KINDS) else 0,
        happened_on=achievement.happened_on,
        submitted_on=achievement.submitted_at,
        submitted_by=achievement.submitted_by.display_name,
        recognised_on=achievement.recognised_on if recognised else None,
        recognised_by=achievement.decided_by.display_name if recognised and achievement.decided_by else "",
        amount_cny=achievement.amount_cny,
        foreign=achievement.amount if achievement.currency != Currency.CNY else None,
        currency=str(achievement.get_currency_display()),
        recognised_cny=achievement.recognised_cny if recognised else None,
        people=achievement.people,
        recognised_people=achievement.recognised_people if recognised else None,
        evidence=checklist.count_text,
        missing=checklist.missing_text if achievement.state == Recognition.SUBMITTED else "",
        state=achievement.get_state_display(),
        state_tone=STATE_TONES[Recognition(achievement.state)],
    )


def with_evidence_count(achievements: QuerySet[Achievement]) -> QuerySet[Achievement]:
    """Adds `evidence_count` (papers that hold now) without joining, so that other sums stay right, and `recognised_usd`."""
    counted = (
        Document.objects.filter(achievement=OuterRef("pk"), replaced_at=None)
        .order_by()
        .values("achievement")
        .annotate(n=Count("pk"))
    )
    return achievements.annotate(
        evidence_count=Coalesce(Subquery(counted.values("n")), 0), recognised_usd=RECOGNISED_USD
    )


def listed_achievements(
    actor: Account, *, person: Person | None = None, team: Team | None = None
) -> QuerySet[Achievement]:
    """The achievements one sees, as the list draws them; with a person or a team only what is credited there.

    Adds `credited_percent`, `credited_cny` (元) and `credited_people`: the shares of the day on which it happened, so that the list of a
    figure sums to that figure.
    """
    listed = with_evidence_count(achievements_visible_to(actor)).select_related(
        "project", "project__team", "project__company", "person", "submitted_by", "decided_by"
    )
    if person is None and team is None:
        return listed
    percent = _share_of_the_day(person, team)
    credited = listed.annotate(credited_percent=percent).filter(credited_percent__gt=0)
    return credited.annotate(
        credited_cny=Round(
            F("recognised_cny") * F("credited_percent") / HUNDRED, precision=2, output_field=MONEY
        ),
        credited_people=Round(
            F("recognised_people") * F("credited_percent") / HUNDRED, precision=4, output_field=MONEY
        ),
    )


MONEY = DecimalField(max_digits=20, decimal_places=2)


def _share_of_the_day(person: Person | None, team: Team | None) -> Any:
    """Percent of an achievement that goes to the person, or to the people of the team and of its offices."""
    holds = Q(holds_from__lte=OuterRef("happened_on")) & (
        Q(holds_until=None) | Q(holds_until__gt=OuterRef("happened_on"))
    )
    shares = CreditShare.objects.filter(holds, project=OuterRef("project")).order_by()
    own = Achievement.objects.filter(pk=OuterRef("pk"), project=None).order_by()
    if person is not None:
        shares, own = shares.filter(person=person), own.filter(person=person)
    if team is not None:
        shares = shares.filter(person__in=_people_of(team, OuterRef(OuterRef("happened_on"))))
        own = own.filter(person__in=_people_of(team, OuterRef("happened_on")))
    by_share = shares.values("project").annotate(total=Sum("percent")).values("total")
    alone = own.values("pk").annotate(total=Value(HUNDRED, output_field=MONEY)).values("total")
    return Coalesce(
        Subquery(by_share, output_field=MONEY),
        Subquery(alone, output_field=MONEY),
        Value(0),
        output_field=MONEY,
    )


def _people_of(team: Team, day: Any) -> QuerySet[Appointment, Any]:
    held = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))
    return Appointment.objects.filter(held, Q(team=team) | Q(team__parent=team)).values("person")


@dataclass(frozen=True)
class Decision:
    """One entry of an achievement's history."""

    moment: Any
    who: str
    what: str
    reason: str
    detail: str
    tone: str


DECISION_TONES = {
    "achievement.recognise": "done",
    "achievement.return": "alarm",
    "achievement.reverse": "alarm",
    "achievement.report": "attention",
    "achievement.resubmit": "attention",
}


def decisions_of(achievement: Achievement) -> list[Decision]:
    """What was done with an achievement, newest first, from the audit trail (the caller has it from the visible set)."""
    entries = AuditEntry.objects.filter(
        target_type=Achievement._meta.label_lower, target_id=str(achievement.pk)
    )
    return [
        Decision(
            moment=entry.at,
            who=entry.actor_name,
            what=str(VERBS.get(entry.verb, entry.verb)),
            reason=entry.reason,
            detail=_in_words(entry.verb, entry.detail),
            tone=DECISION_TONES.get(entry.verb, "plain"),
        )
        for entry in entries.order_by("-id")
    ]


def _in_words(verb: str, detail: dict[str, Any]) -> str:
    """The figures of an entry in a few words."""
    parts = []
    if detail.get("recognised_cny"):
        sentence = _("扣回 %(amount)s 元") if verb == "achievement.reverse" else _("认定 %(amount)s 元")
        parts.append(sentence % {"amount": f"{Decimal(detail['recognised_cny']):,.2f}"})
    elif detail.get("recognised_people"):
        sentence = _("扣回 %(people)s 人") if verb == "achievement.reverse" else _("认定 %(people)s 人")
        parts.append(sentence % {"people": detail["recognised_people"]})
    elif detail.get("people"):
        parts.append(_("申报 %(people)s 人") % {"people": detail["people"]})
    elif detail.get("amount_cny"):
        parts.append(_("申报 %(amount)s 元") % {"amount": f"{Decimal(detail['amount_cny']):,.2f}"})
    if names := detail.get("evidence"):
        parts.append(_("佐证：%(names)s") % {"names": "、".join(names)})
    return " · ".join(parts)


def documents_of(achievement: Achievement) -> Sequence[Document]:
    """The evidence of an achievement, in the order it came."""
    return list(achievement.documents.select_related("uploaded_by").order_by("id"))
