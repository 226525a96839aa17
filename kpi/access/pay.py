"""Pay: who keeps and confirms it, who sees totals, and whose single amounts are open to whom: the person's and HR's."""

from django.db.models import Q, QuerySet

from kpi.models import PayLine, PayOpening, PayRule, PayScale, PaySheet, PayState
from staff.models import Account, Role


def can_keep_pay(actor: Account) -> bool:
    """HR drafts scales and rules, makes sheets, corrects and pays; never by work that is lent for a time."""
    return actor.is_role(Role.HR) and actor.standing_in is None


def can_confirm_pay(actor: Account) -> bool:
    """Another person of HR, or a manager on totals alone, releases rules and confirms sheets."""
    return actor.is_role(Role.HR, Role.MANAGER) and actor.standing_in is None


def can_audit_pay(actor: Account) -> bool:
    """The auditor opens single amounts with a reason, which is kept."""
    return actor.is_role(Role.AUDITOR) and actor.standing_in is None


def sees_pay_totals(actor: Account) -> bool:
    """HR, managers and auditors see that sheets are there, their totals and digests."""
    return can_confirm_pay(actor) or can_audit_pay(actor)


def pay_scales_visible_to(actor: Account) -> QuerySet[PayScale]:
    """The whole scale is for those who answer for the bill; everybody reads the own grade on the own page."""
    return PayScale.objects.all() if sees_pay_totals(actor) else PayScale.objects.none()


def pay_rules_visible_to(actor: Account) -> QuerySet[PayRule]:
    """How a score becomes pay is published; drafts are for those who write and release them."""
    if not actor.is_active:
        return PayRule.objects.none()
    return PayRule.objects.all() if sees_pay_totals(actor) else PayRule.objects.filter(state="released")


def pay_sheets_visible_to(actor: Account) -> QuerySet[PaySheet]:
    """That a sheet is there, not what it says of anybody."""
    return PaySheet.objects.all() if sees_pay_totals(actor) else PaySheet.objects.none()


def pay_lines_visible_to(actor: Account) -> QuerySet[PayLine]:
    """Single amounts: HR's work, and the person's own once they are paid."""
    if can_keep_pay(actor):
        return PayLine.objects.all()
    return own_pay_lines(actor)


def own_pay_lines(actor: Account) -> QuerySet[PayLine]:
    """What the account's own person was paid; work that is lent shows nobody else's."""
    mine = Q(person__isnull=False, person=actor.person_id, sheet__state=PayState.PAID)
    return PayLine.objects.filter(mine)


def pay_openings_visible_to(actor: Account) -> QuerySet[PayOpening]:
    """Who opened which sheet: HR and the auditor."""
    sees = can_keep_pay(actor) or can_audit_pay(actor)
    return PayOpening.objects.all() if sees else PayOpening.objects.none()


def is_in(actor: Account, sheet: PaySheet) -> bool:
    """Whether the sheet pays the actor himself."""
    return sheet.lines.filter(person=actor.person_id, person__isnull=False).exists()
