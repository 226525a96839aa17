"""What keeps the register in step: the warning before a protection ends, the lapse after it, and the dated rules."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import protection as access
from projects.actions.reception_rows import end_reception, tell_holder, told
from projects.models import FirstReception, ProtectionRule, ReceptionEnd
from projects.queries.protection import disputed, rule_on, signed_with, warning_edge
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import NotAllowed, Refused
from staff.models import Account, Role

BATCH = 500
RULE_DAYS = (
    "initial_days",
    "extension_days",
    "maximum_days",
    "warning_days",
    "claim_quota",
    "cool_down_days",
    "statement_days",
)


@action("reception.lapse", gettext_lazy("到期入公海"))
def lapse_receptions(*, actor: Account | None = None, on: date | None = None) -> int:
    """Every night: receptions whose protection is over fall to the pool; gives how many. A second run finds none."""
    day = on or timezone.localdate()
    over = FirstReception.objects.select_for_update(of=("self",), skip_locked=True).filter(
        ~signed_with(), ~disputed(), released_at=None, protected_until__lt=day
    )
    rows = list(over.select_related("company", "person", "team").order_by("pk")[:BATCH])
    for held in rows:
        end_reception(held, ReceptionEnd.LAPSED, _("保护期内没有核实的进展"))
        record(actor=actor, verb="reception.lapse", target=held.company, detail=told(held))
        text = _("“%(company)s”的保护期已于 %(day)s 届满，企业进入公海，可由同事认领。")
        tell_holder(held, text % {"company": held.company, "day": held.protected_until.isoformat()})
    return len(rows)


@action("reception.warn", gettext_lazy("保护期预警"))
def warn_of_lapse(*, actor: Account | None = None, on: date | None = None) -> int:
    """Every morning: tell officer and leader of a protection that ends within the warning days; once for each period."""
    day = on or timezone.localdate()
    soon = FirstReception.objects.select_for_update(of=("self",), skip_locked=True).filter(
        ~signed_with(), ~disputed(), released_at=None, protected_until__range=(day, warning_edge(day))
    )
    unwarned = soon.exclude(warned_for__gte=F("protected_until")).select_related("company", "person", "team")
    rows = list(unwarned.order_by("pk")[:BATCH])
    for held in rows:
        held.warned_for = held.protected_until
        held.save(update_fields=["warned_for"])
        text = _("“%(company)s”的保护期至 %(day)s；请在此之前取得可核实的进展，否则进入公海。")
        tell_holder(held, text % {"company": held.company, "day": held.protected_until.isoformat()})
    if rows:
        record(actor=actor, verb="reception.warn", target=rows[0].company, detail={"warned": len(rows)})
    return len(rows)


@action("protection-rule.set", gettext_lazy("设定保护规则"))
def set_protection_rule(*, actor: Account, holds_from: date, note: str = "", **days: int) -> ProtectionRule:
    """Write the protection rule that holds from a day on; running protections keep their last day.

    `days` are any of RULE_DAYS, the others stay as they are on that day. Raises Refused for a day in the past.
    """
    if not access.can_set_protection(actor):
        raise NotAllowed(_("保护规则由分管领导或系统管理员设定。"))
    if holds_from < timezone.localdate():
        sentence = _("规则不能从过去的日子起算；请选今天或以后。")
        raise Refused(sentence, fields={"holds_from": sentence})
    before = rule_on(holds_from)
    unknown = sorted(set(days) - set(RULE_DAYS))
    if unknown:
        raise Refused(_("保护规则没有这些项目：%(names)s。") % {"names": "、".join(unknown)})
    values = {name: days.get(name, getattr(before, name)) for name in RULE_DAYS}
    wrong = _wrong_days(values)
    if wrong:
        raise Refused("".join(dict.fromkeys(wrong.values())), fields=wrong)
    rule = ProtectionRule.objects.select_for_update().filter(holds_from=holds_from).first()
    rule = rule or ProtectionRule(holds_from=holds_from)
    rule.note, rule.set_by, rule.set_at = note.strip()[:200], actor, timezone.now()
    for name, value in values.items():
        setattr(rule, name, value)
    rule.save()
    changed = {
        name: [getattr(before, name), value]
        for name, value in values.items()
        if getattr(before, name) != value
    }
    record(actor=actor, verb="protection-rule.set", target=rule, reason=note, detail=changed)
    _tell_managers(actor, rule)
    return rule


def _wrong_days(values: dict[str, int]) -> dict[str, str]:
    wrong = {
        name: _("天数和家数要在 1 到 3650 之间。")
        for name, value in values.items()
        if not (0 if name in ("warning_days", "cool_down_days") else 1) <= value <= 3650
    }
    if values["maximum_days"] < values["initial_days"]:
        wrong["maximum_days"] = _("最长保护不能短于初始保护。")
    return wrong


def _tell_managers(actor: Account, rule: ProtectionRule) -> None:
    """The second look: the other managers and the auditors learn of a changed rule."""
    others = Account.objects.filter(role__in=[Role.MANAGER, Role.AUDITOR], is_active=True).exclude(
        pk=actor.pk
    )
    text = _("%(who)s 设定了自 %(day)s 起的保护规则，请核对。") % {
        "who": actor.display_name,
        "day": rule.holds_from.isoformat(),
    }
    url = reverse("projects:protection-rules")
    transaction.on_commit(lambda: notify(recipients=list(others), text=text, url=url))
