"""Rows of the register of first receptions, for whoever takes, ends or lengthens one: a lead, a claim, a decision, the night."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import (
    MILESTONE_KINDS,
    MONEY_KINDS,
    Achievement,
    Company,
    FirstReception,
    FollowUp,
    ProgressKind,
    ProtectionExtension,
    ReceptionEnd,
)
from projects.queries.company import masked_sentence
from projects.queries.conflict import blocking_reception, first_held_sentence
from projects.queries.protection import cool_down_until, counted_in_quota, protects, rule_on
from promotion.actions import notify
from promotion.errors import Conflict, Refused
from staff.access import in_force
from staff.models import Account, Appointment, Person, Team

# What is announced and what is produced after years is no progress with an investor that has to be protected.
PROGRESS_KINDS = (*MILESTONE_KINDS, *(kind for kind in MONEY_KINDS if kind not in ("announced", "tax")))


def wait_for(turn: str) -> None:
    """Let everything that takes the same turn happen one after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [turn])


def held_locked(company_id: int) -> FirstReception | None:
    """The reception that is open now, locked until the transaction ends."""
    rows = FirstReception.objects.select_for_update(of=("self",)).filter(company=company_id, released_at=None)
    return rows.select_related("team", "person").first()


def take_reception(
    company: Company, person: Person, team: Team, day: date, *, from_pool: bool = False
) -> FirstReception:
    """Make sure that the team holds the first reception of a locked company.

    Raises Conflict when another team's protects (masked), Refused in the cool-down of whoever lost it and over the quota.
    """
    held = held_locked(company.pk)
    if held is not None and protects(held, day):
        if not from_pool and related(team, held.team):
            return held
        raise _held_by(held, from_pool)
    if held is not None:
        end_reception(held, ReceptionEnd.LAPSED, _("保护期内没有核实的进展"))
    _check_cool_down(company, person, day)
    _check_quota(person, day)
    return write_reception(company, person, team, day, from_pool=from_pool)


def write_reception(
    company: Company, person: Person, team: Team, day: date, *, from_pool: bool = False
) -> FirstReception:
    """A new reception, protected for the initial period of that day's rule."""
    morning = timezone.make_aware(datetime.combine(day, time(9)))
    return FirstReception.objects.create(
        company=company,
        person=person,
        team=team,
        claimed_at=timezone.now() if day == timezone.localdate() else morning,
        claimed_from_pool=from_pool,
        protected_until=day + timedelta(days=rule_on(day).initial_days),
    )


def end_reception(held: FirstReception, ending: ReceptionEnd, reason: str = "") -> None:
    """The locked reception holds no longer."""
    held.released_at, held.ending, held.end_reason = timezone.now(), ending, reason.strip()[:300]
    held.save(update_fields=["released_at", "ending", "end_reason"])


def related(team: Team, other: Team) -> bool:
    """Whether the teams are one, or one is an office of the other."""
    return team.pk in (other.pk, other.parent_id) or team.parent_id == other.pk


def lengthen(
    held: FirstReception,
    verified_by: Account,
    day: date,
    *,
    achievement: Achievement | None = None,
    follow_up: FollowUp | None = None,
    reason: str = "",
) -> ProtectionExtension | None:
    """Protect the locked reception for a further period from the day of the verified progress; None when it is not longer.

    Without a signing no protection goes beyond the longest period of the rule.
    """
    rule = rule_on(day)
    longest = timezone.localdate(held.claimed_at) + timedelta(days=rule.maximum_days)
    until = min(day + timedelta(days=rule.extension_days), longest)
    if until <= held.protected_until:
        return None
    previous, held.protected_until = held.protected_until, until
    held.save(update_fields=["protected_until"])
    return ProtectionExtension.objects.create(
        reception=held,
        kind=_kind(achievement),
        achievement=achievement,
        follow_up=follow_up,
        previous_until=previous,
        until=until,
        reason=reason,
        verified_by=verified_by,
    )


def progress_recognised(achievement: Achievement, decided_by: Account) -> ProtectionExtension | None:
    """A recognised milestone or receipt of the holder's team lengthens its protection; never by the holder's own hand."""
    project = achievement.project
    if project is None or achievement.kind not in PROGRESS_KINDS:
        return None
    today = timezone.localdate()
    held = held_locked(project.company_id)
    if held is None or not related(project.team, held.team) or decided_by.person_id == held.person_id:
        return None
    if not protects(held, today) or held.extensions.filter(achievement=achievement).exists():
        return None
    return lengthen(held, decided_by, today, achievement=achievement)


def tell_holder(held: FirstReception, text: str, *, besides: Sequence[Account] = ()) -> None:
    """A notice to the officer and the leaders of the team, after commit."""
    url = reverse("projects:company", args=[held.company.public_id])
    people = accounts_of(held.person_id, held.team)
    transaction.on_commit(lambda: notify(recipients=[*people, *besides], text=text, url=url))


def told(held: FirstReception) -> dict[str, str]:
    """The reception as the audit trail keeps it."""
    return {"person": held.person.name, "team": held.team.name, "until": held.protected_until.isoformat()}


def accounts_of(person_id: int, team: Team) -> list[Account]:
    """The log-ins of the person and of those who lead the team today."""
    led = Appointment.objects.filter(
        in_force(), is_leader=True, team__in=[team.pk, team.parent_id or team.pk]
    )
    wanted = {person_id, *led.values_list("person", flat=True)}
    return list(Account.objects.filter(person__in=wanted, is_active=True).order_by("pk"))


def refuse_taken(
    *,
    name: str,
    credit_code: str,
    team: Team,
    distinct_reason: str,
    field: str,
    besides: Company | None = None,
) -> dict[str, str]:
    """Whether the name is, without legal form, brackets and place, that of a company another team protects.

    Raises Conflict (masked) unless somebody says why it is another company; then the reason is given back for the trail
    and the holder's side is told.
    """
    held = blocking_reception(name=name, credit_code=credit_code, team=team, besides=besides)
    if held is None:
        return {}
    masked = first_held_sentence(held.team.name, timezone.localdate(held.claimed_at))
    reason = distinct_reason.strip()[:300]
    if not reason:
        ask = _("若确非同一家，请写明理由。")
        raise Conflict(
            _("这家企业%(masked)s，没有保存。请与该队或分管领导联系；若确非同一家，请写明理由后再提交。")
            % {"masked": masked},
            fields={field: masked, "distinct_reason": ask},
        )
    text = _("%(team)s 录入了与“%(company)s”同名的企业，称并非同一家：%(reason)s")
    tell_holder(held, text % {"team": team.name, "company": held.company.name, "reason": reason})
    return {"distinct_reason": reason, "close_to": held.public_id}


def _kind(achievement: Achievement | None) -> ProgressKind:
    if achievement is None:
        return ProgressKind.FOLLOW_UP
    return ProgressKind.MILESTONE if achievement.kind in MILESTONE_KINDS else ProgressKind.MONEY


def _held_by(held: FirstReception, from_pool: bool) -> Conflict:
    sentence = masked_sentence(held.team.name, timezone.localdate(held.claimed_at))
    if from_pool:
        return Conflict(_("这家企业%(masked)s，已不在公海，没有认领。") % {"masked": sentence})
    return Conflict(
        _("这家企业%(masked)s，您的线索没有保存。请与该队或分管领导联系。") % {"masked": sentence},
        fields={"company_name": sentence},
    )


def _check_cool_down(company: Company, person: Person, day: date) -> None:
    until = cool_down_until(company.pk, person.pk, day)
    if until is not None:
        sentence = _(
            "%(name)s 刚刚失去或释放了这家企业的首报首接，冷却期至 %(day)s；此前可由其他同事认领。"
        ) % {"name": person.name, "day": until.isoformat()}
        raise Refused(sentence, fields={"company_name": sentence})


def _check_quota(person: Person, day: date) -> None:
    """Claims of one person wait for each other, so that two at once do not both take the last place."""
    wait_for(f"reception-quota:{person.pk}")
    quota = rule_on(day).claim_quota
    if counted_in_quota(person.pk, day).count() >= quota:
        sentence = _(
            "%(name)s 在保护期内、尚未签约的企业已有 %(quota)s 家，达到上限；请先释放不再跟进的企业，再报新的。"
        ) % {"name": person.name, "quota": quota}
        raise Refused(sentence, fields={"company_name": sentence})
