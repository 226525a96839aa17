"""Leaving and coming back: what ends on the day ends in one action; nothing of what was done changes."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import NotAllowed, NotFound, Refused
from staff.access import in_force
from staff.access.absence import can_see_off, departures_visible_to
from staff.actions.contract import locked_person
from staff.actions.contract_course import end_for
from staff.actions.delegation import end_lent_work
from staff.actions.departure_undo import kept, present, rows_leaving_touches
from staff.models import (
    Account,
    Appointment,
    ContractState,
    Departure,
    DepartureKind,
    DepartureState,
    Grade,
    Person,
    Role,
    Team,
)


@action("departure.open", gettext_lazy("办理离职"))
def open_departure(*, actor: Account, person: Person, kind: str, ends_on: date, reason: str) -> Departure:
    """Let a person leave: posts, contract and absence end on `ends_on`, the first day away; the account closes on that day.

    Drafts and posts that would begin later fall away. Projects stay in custody until they are handed over; stages, history
    and what was earned stay as they are. Raises Refused for a day or kind that cannot be, or when the person has left.
    """
    need_keeper(actor)
    person = locked_person(actor, person)
    _check(person, kind, ends_on, reason)
    departure = Departure.objects.create(
        person=person,
        kind=DepartureKind(kind),
        ends_on=ends_on,
        reason=reason.strip()[:200],
        opened_by=actor,
    )
    touched = rows_leaving_touches(person, ends_on)
    before = kept(touched)
    detail = _end_everything(person, ends_on, departure)
    departure.undo = {"before": before, "after": kept(present(touched))}
    departure.save(update_fields=["undo"])
    person.left_on = ends_on
    person.save(update_fields=["left_on"])
    if ends_on <= timezone.localdate():
        detail["account_closed"] = _close_account(departure)
    record(actor=actor, verb="departure.open", target=person, reason=departure.reason, detail=detail)
    _tell(actor, departure)
    return departure


@action("departure.finish", gettext_lazy("办结离职"))
def finish_departure(*, actor: Account, departure: Departure, held_reason: str = "") -> Departure:
    """Close the file once nothing is held, or with a reason why what is held may stay. Raises Refused otherwise."""
    found = locked_departure(actor, departure)
    if found.state != DepartureState.OPEN:
        raise Refused(_("这份离职办理%(state)s。") % {"state": found.get_state_display()})
    if found.ends_on > timezone.localdate():
        raise Refused(_("最后在岗日（%(day)s）还没有过，不能办结。") % {"day": found.last_day})
    held = import_string(settings.HELD_BY_PERSON)(found.person)
    if held and not held_reason.strip():
        sentence = _("名下还有 %(count)s 项没有交出；请先办理整体交接，或者写明为什么可以留着。") % {
            "count": held
        }
        raise Refused(sentence, fields={"held_reason": sentence})
    found.state, found.finished_by, found.finished_at = DepartureState.FINISHED, actor, timezone.now()
    found.held_reason = held_reason.strip()[:200] if held else ""
    found.save(update_fields=["state", "finished_by", "finished_at", "held_reason"])
    record(
        actor=actor,
        verb="departure.finish",
        target=found.person,
        reason=found.held_reason,
        detail={"held": held},
    )
    return found


@action("departure.close-accounts", gettext_lazy("停用离职账号"))
def close_departed_accounts(*, actor: Account | None, today: date) -> int:
    """Close the log-ins of those whose day has come; gives how many."""
    waiting = Departure.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        ends_on__lte=today, account_closed_at=None, state=DepartureState.OPEN, person__account__is_active=True
    )
    closed = 0
    with translation.override(settings.LANGUAGE_CODE):
        for departure in waiting.select_related("person").order_by("pk"):
            closed += _close_account(departure)
            record(
                actor=actor,
                verb="departure.close-accounts",
                target=departure.person,
                detail={"ends_on": str(departure.ends_on)},
            )
    return closed


@action("departure.return", gettext_lazy("返聘"))
def return_person(
    *, actor: Account, person: Person, team: Team, grade: str, starts_on: date, reason: str
) -> Appointment:
    """Take somebody back: the same person with all history, and a new post from a day on; a contract is drafted apart.

    The log-in stays closed until an administrator gives it a new password. Raises Refused for who has not left, or a day
    before the leaving.
    """
    need_keeper(actor)
    person = locked_person(actor, person)
    past = person.departures.exclude(state=DepartureState.REVOKED).select_for_update()
    last = past.order_by("-ends_on", "-pk").first()
    fields = {}
    if person.left_on is None:
        raise Refused(_("%(name)s没有离职，请直接任命。") % {"name": person.name})
    if starts_on < person.left_on:
        fields["starts_on"] = _("返聘不能早于离职日 %(day)s。") % {"day": person.left_on}
    if starts_on < team.founded_on or (team.closed_on is not None and starts_on >= team.closed_on):
        fields["team"] = _("%(team)s在 %(day)s 尚未成立或已经撤销。") % {"team": team.name, "day": starts_on}
    if not reason.strip():
        fields["reason"] = _("请写明理由。")
    if fields:
        raise Refused("".join(fields.values()), fields=fields)
    left_on, person.left_on = person.left_on, None
    person.save(update_fields=["left_on"])
    if last is not None:
        _mark_returned(actor, last, starts_on)
    post = Appointment.objects.create(person=person, team=team, grade=Grade(grade), starts_on=starts_on)
    detail = {"left_on": str(left_on), "team": team.code, "grade": post.grade, "starts_on": str(starts_on)}
    record(actor=actor, verb="departure.return", target=person, reason=reason.strip(), detail=detail)
    return post


def need_keeper(actor: Account) -> None:
    """Raises NotAllowed for whoever does not see people off."""
    if not can_see_off(actor):
        raise NotAllowed(_("离职和返聘由人事办理。"))


def locked_departure(actor: Account, departure: Departure) -> Departure:
    """The departure, locked, for whoever sees people off. Raises NotFound, NotAllowed."""
    visible = departures_visible_to(actor).select_related("person")
    found = visible.select_for_update(of=("self",)).filter(pk=departure.pk).first()
    if found is None:
        raise NotFound(_("没有这份离职办理。"))
    need_keeper(actor)
    return found


def _check(person: Person, kind: str, ends_on: date, reason: str) -> None:
    fields = {}
    if person.left_on is not None:
        raise Refused(_("%(name)s 已于 %(day)s 离职。") % {"name": person.name, "day": person.left_on})
    if kind not in DepartureKind.values:
        fields["kind"] = _("请选择离职类别。")
    if not reason.strip():
        fields["reason"] = _("请写明理由。")
    if ends_on <= person.joined_on:
        fields["last_day"] = _("最后在岗日不能早于入职日期 %(day)s。") % {"day": person.joined_on}
    elif abs((ends_on - timezone.localdate()).days) > 366:
        fields["last_day"] = _("最后在岗日应在一年之内，请检查。")
    if fields:
        raise Refused("".join(fields.values()), fields=fields)


def _end_everything(person: Person, ends_on: date, departure: Departure) -> dict[str, Any]:
    """End what runs on the day and drop what would begin later; gives what the trail says."""
    later = list(person.appointments.select_for_update().filter(starts_on__gte=ends_on))
    for post in later:
        post.delete()
    posts = list(
        person.appointments.select_for_update(of=("self",)).filter(in_force(ends_on)).select_related("team")
    )
    for post in posts:
        post.ends_on = ends_on
        post.save(update_fields=["ends_on"])
    contracts = []
    for contract in person.contracts.select_for_update():
        if contract.state == ContractState.DRAFT or contract.starts_on >= ends_on:
            contract.delete()
        elif contract.state == ContractState.SIGNED and (
            contract.ends_on is None or contract.ends_on > ends_on
        ):
            end_for(contract, ends_on, _("离职：%(kind)s") % {"kind": departure.get_kind_display()})
            contracts.append(contract.number)
    end_lent_work(person, ends_on)
    for absence in person.absences.select_for_update():
        if absence.starts_on >= ends_on:
            absence.delete()
        elif absence.ends_on is None or absence.ends_on > ends_on:
            absence.ends_on, absence.version = ends_on, absence.version + 1
            absence.save(update_fields=["ends_on", "version"])
    return {
        "ends_on": str(ends_on),
        "posts": [post.team.code for post in posts],
        "later_posts": len(later),
        "contracts": contracts,
    }


def _close_account(departure: Departure) -> int:
    """Close the log-in of who left, if there is one that is open; gives how many were closed."""
    departure.account_closed_at = timezone.now()
    departure.save(update_fields=["account_closed_at"])
    account = Account.objects.select_for_update().filter(person=departure.person, is_active=True).first()
    if account is None:
        return 0
    account.is_active = False
    account.save(update_fields=["is_active"])
    return 1


def _mark_returned(actor: Account, departure: Departure, starts_on: date) -> None:
    if departure.state == DepartureState.OPEN:
        departure.finished_by, departure.finished_at = actor, timezone.now()
    departure.state, departure.returned_on = DepartureState.RETURNED, starts_on
    departure.save(update_fields=["state", "returned_on", "finished_by", "finished_at"])


def _tell(actor: Account, departure: Departure) -> None:
    """The leaders of the team and the managers hear that somebody leaves, so that the handover begins."""
    teams = Appointment.objects.filter(person=departure.person, ends_on=departure.ends_on).values("team")
    led = Appointment.objects.filter(in_force(), team__in=teams, is_leader=True)
    told = Account.objects.filter(is_active=True, person__in=led.values("person"))
    told = (told | Account.objects.filter(is_active=True, role=Role.MANAGER)).exclude(pk=actor.pk)
    words = {"name": departure.person.name, "day": departure.last_day}
    text = _("%(name)s 将离职，最后在岗日 %(day)s；请安排交接。") % words
    url = reverse("staff:person", args=[departure.person.public_id])
    notify(recipients=list(told.exclude(person=departure.person).distinct()), text=text, url=url)
