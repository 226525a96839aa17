"""Work lent during an absence, and taken back."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import NotAllowed, NotFound, Refused
from staff.access.delegation import (
    LENT_ROLES,
    can_delegate_for_others,
    can_end_delegation,
    delegations_visible_to,
)
from staff.models import Account, Delegation, Person

# An absence that is longer is no absence any more: the post itself is given to somebody (assumption).
LONGEST_DAYS = 180


@action("delegation.make", gettext_lazy("离岗委托"))
def delegate_work(
    *, actor: Account, principal: Person, delegate: Person, starts_on: date, ends_on: date, reason: str
) -> Delegation:
    """Lend a person's role and teams to a colleague from `starts_on` until before `ends_on`.

    Everybody lends the own work; HR and administrators enter it for others. Raises NotAllowed, Refused for accounts that
    cannot lend or stand in, for days in the past and for more than 180 days, Conflict where the days are lent already.
    """
    if principal.pk != actor.person_id and not can_delegate_for_others(actor):
        raise NotAllowed(_("只能委托自己的工作；替别人办理请找人事。"))
    if actor.standing_in is not None:
        raise NotAllowed(_("代办期间不能再委托；请先结束代办。"))
    if not reason.strip():
        raise Refused(_("请写明事由，例如“出差”。"), fields={"reason": _("请写明事由。")})
    _check_sides(principal, delegate)
    _check_days(starts_on, ends_on)
    made = Delegation.objects.create(
        principal=principal,
        delegate=delegate,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        made_by=actor,
    )
    detail = {"delegate": delegate.staff_number, "starts_on": str(starts_on), "ends_on": str(ends_on)}
    record(actor=actor, verb="delegation.make", target=principal, reason=made.reason, detail=detail)
    words = {"name": principal.name, "start": starts_on, "end": ends_on - timedelta(days=1)}
    text = _("%(name)s 委托您代办工作：%(start)s 至 %(end)s。在“我的资料”里开始代办。") % words
    _tell([delegate], text, but=actor)
    return made


@action("delegation.end", gettext_lazy("结束离岗委托"))
def end_delegation(*, actor: Account, delegation: Delegation) -> Delegation:
    """Take the work back from today on. Raises NotFound, NotAllowed, Refused when it is over."""
    found = delegations_visible_to(actor).select_for_update(of=("self",)).filter(pk=delegation.pk).first()
    if found is None:
        raise NotFound(_("没有这个委托。"))
    if not can_end_delegation(actor, found):
        raise NotAllowed(_("委托由委托人、代办人或人事结束。"))
    today = timezone.localdate()
    if found.ends_on <= today:
        raise Refused(_("这个委托已经结束。"))
    found.ends_on = max(found.starts_on, today)
    found.ended_by = actor
    found.save(update_fields=["ends_on", "ended_by"])
    detail = {"delegate": found.delegate.staff_number, "ends_on": str(found.ends_on)}
    record(actor=actor, verb="delegation.end", target=found.principal, detail=detail)
    text = _("%(name)s 的工作委托已结束。") % {"name": found.principal.name}
    _tell([found.principal, found.delegate], text, but=actor)
    return found


@action("delegation.stand-in", gettext_lazy("开始代办"))
def stand_in(*, actor: Account, delegation: Delegation) -> Delegation:
    """Begin to work in the absent one's place; kept in the audit trail. Raises NotFound, Refused outside its days."""
    found = delegations_visible_to(actor).filter(pk=delegation.pk, delegate=actor.person_id).first()
    if found is None:
        raise NotFound(_("没有委托给您的这项工作。"))
    if not found.holds_on(timezone.localdate()):
        raise Refused(_("委托还没有开始，或者已经结束。"))
    record(actor=actor, verb="delegation.stand-in", target=found.principal)
    return found


def end_lent_work(person: Person, ends_on: date, *, by: Account | None = None) -> int:
    """What a person lends and was lent ends on the day, as a part of the action that closes the log-in; gives how many ended."""
    lent = Delegation.objects.filter(Q(principal=person) | Q(delegate=person), ends_on__gt=ends_on)
    rows = list(lent.select_for_update(of=("self",)))
    for row in rows:
        row.ends_on, row.ended_by = max(row.starts_on, ends_on), by
        row.save(update_fields=["ends_on", "ended_by"])
    return len(rows)


def _check_sides(principal: Person, delegate: Person) -> None:
    if principal.pk == delegate.pk:
        raise Refused(_("不能委托给本人。"), fields={"delegate": _("请选择另一位同事。")})
    for side, person in (("principal", principal), ("delegate", delegate)):
        account = Account.objects.filter(person=person, is_active=True).first()
        if account is None:
            sentence = _("%(name)s 没有可用的账号。") % {"name": person.name}
            raise Refused(sentence, fields={side: sentence})
        if account.role not in LENT_ROLES:
            words = {"name": person.name, "role": account.get_role_display()}
            sentence = _("%(name)s 是%(role)s，这个角色的工作不能委托，也不能代办。") % words
            raise Refused(sentence, fields={side: sentence})


def _check_days(starts_on: date, ends_on: date) -> None:
    if starts_on < timezone.localdate():
        sentence = _("委托不能从过去的日子开始。")
        raise Refused(sentence, fields={"starts_on": sentence})
    if ends_on <= starts_on:
        sentence = _("最后一天不能早于开始日期。")
        raise Refused(sentence, fields={"last_day": sentence})
    if (ends_on - starts_on).days > LONGEST_DAYS:
        sentence = _("一次最多委托 %(most)s 天；更长的离岗请调整岗位或办理移交。") % {"most": LONGEST_DAYS}
        raise Refused(sentence, fields={"last_day": sentence})


def _tell(people: list[Person], text: str, *, but: Account) -> None:
    accounts = Account.objects.filter(person__in=people, is_active=True).exclude(pk=but.pk)
    notify(recipients=list(accounts), text=text, url="/profile/delegations/")
