"""What promises are held to when they are written down, and who is told about them."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.actions.reservation_words import deciders
from projects.models import (
    COMPANY_SUBJECTS,
    CONFIRMED_SUBJECTS,
    ZONE_SUBJECTS,
    Department,
    Direction,
    Promise,
    PromiseFulfilment,
    PromiseSubject,
    Unit,
)
from promotion.actions import notify
from staff.models import Account

SUBJECTS = {
    Direction.COMPANY: (*COMPANY_SUBJECTS, PromiseSubject.OTHER),
    Direction.ZONE: (*ZONE_SUBJECTS, PromiseSubject.OTHER),
}


def needs_confirmation(promise: Promise) -> bool:
    """The company's promises on which money and score hang are confirmed by a second person."""
    return promise.direction == Direction.COMPANY and promise.subject in CONFIRMED_SUBJECTS


def wrong_terms(
    direction: str,
    subject: str,
    text: str,
    figure: Decimal | None,
    unit: str,
    department: Department | None,
) -> dict[str, str]:
    """The sentence for each term of a new promise that is missing or cannot be."""
    wrong = {}
    if direction not in Direction.values:
        wrong["direction"] = _("请选择是企业承诺还是园区承诺。")
    elif subject not in SUBJECTS[Direction(direction)]:
        wrong["subject"] = _("这一方没有这种承诺事项；请从列表中选择。")
    if not text.strip():
        wrong["text"] = _("请写明承诺的内容。")
    elif len(text.strip()) > 300:
        wrong["text"] = _("承诺内容最多 300 个字。")
    if figure is not None and figure <= 0:
        wrong["figure"] = _("数额必须大于 0；没有数额时请留空。")
    if figure is not None and unit not in Unit.values:
        wrong["unit"] = _("填写了数额就要选择单位。")
    if department is not None and direction == Direction.COMPANY:
        wrong["department"] = _("责任部门只用于园区承诺。")
    return wrong


def detail_of(promise: Promise) -> dict[str, Any]:
    """What the audit trail keeps of a promise."""
    return {
        "project": promise.project.code,
        "direction": str(promise.direction),
        "subject": str(promise.subject),
        "due": str(promise.due_on),
        "figure": "" if promise.figure is None else f"{promise.figure:f}",
        "state": str(promise.state),
        "version": promise.version,
    }


def announce_fulfilment(reported: PromiseFulfilment) -> None:
    """Somebody has to confirm."""
    promise = reported.promise
    text = _("%(project)s 的%(promise)s报告已履行，等待确认") % {
        "project": promise.project,
        "promise": promise,
    }
    _tell(deciders(promise.project, reported.reported_by), text, promise)


def announce_decision(decided: PromiseFulfilment, outcome: str) -> None:
    """Whoever reported, and whoever answers for the promise, learn the outcome."""
    promise = decided.promise
    wanted = Q(pk=decided.reported_by_id) | Q(person=promise.person_id)
    text = _("%(project)s 的%(promise)s：%(outcome)s") % {
        "project": promise.project,
        "promise": promise,
        "outcome": outcome,
    }
    _tell(list(Account.objects.filter(wanted, is_active=True)), text, promise)


def _tell(recipients: list[Account], text: str, promise: Promise) -> None:
    url = reverse("projects:promise", args=[promise.public_id])
    transaction.on_commit(lambda: notify(recipients=recipients, text=text, url=url))
