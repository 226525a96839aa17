"""Keeping the table by which key projects are recognised (重大项目认定标准): rows begin and end on a day and are never changed."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access.key_project import can_set_key_thresholds
from projects.actions.review_parts import fitting, words
from projects.key_threshold_defaults import DEFAULTS, NOTE
from projects.models import (
    KEY_CLASS_CHOICES,
    MILESTONE_CHOICES,
    CapitalSource,
    Industry,
    KeyMeasure,
    KeyProjectThreshold,
)
from projects.queries.gates import holding
from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.money import WAN
from staff.models import Account

CHOICES: dict[str, set[str]] = {
    "project_class": {value for value, _label in KEY_CLASS_CHOICES},
    "industry": {"", *Industry.values},
    "capital_source": {"", *CapitalSource.values},
    "milestone": {value for value, _label in MILESTONE_CHOICES},
    "measure": set(KeyMeasure.values),
}
EARLIEST = date(2000, 1, 1)
LONGEST_NOTE = 200


@action("key-threshold.settle", gettext_lazy("设定重大项目认定标准"))
def settle_key_threshold(
    *,
    actor: Account,
    project_class: str,
    milestone: str,
    measure: str,
    amount: Decimal,
    holds_from: date,
    industry: str = "",
    capital_source: str = "",
    note: str = "",
) -> KeyProjectThreshold:
    """From the day on, projects of the kind are of the class when they reach the amount (元, foreign capital USD).

    The row with the same conditions that holds on that day ends there. A past day may be given, as notices often hold from
    before they are written down; recognitions keep the row that they rest on. Raises Refused for an unknown choice or an
    amount that is none, Conflict when a later row has the same conditions.
    """
    _permit(actor)
    key = {
        "project_class": project_class,
        "industry": industry,
        "capital_source": capital_source,
        "milestone": milestone,
        "measure": measure,
    }
    _check(key, amount, holds_from)
    before = KeyProjectThreshold.objects.select_for_update().filter(
        holding(holds_from), holds_from__lt=holds_from, **key
    )
    before.update(holds_until=holds_from)
    row = KeyProjectThreshold.objects.create(
        **key,
        amount=amount,
        holds_from=holds_from,
        note=fitting(note, "note", longest=LONGEST_NOTE),
        set_by=actor,
    )
    record(actor=actor, verb="key-threshold.settle", target=row, reason=row.note, detail=_detail(row))
    return row


@action("key-threshold.end", gettext_lazy("停用重大项目认定标准"))
def end_key_threshold(
    *, actor: Account, threshold: KeyProjectThreshold, on: date, reason: str
) -> KeyProjectThreshold:
    """Let a row hold no more from the day on, with the reason. Raises NotFound when it has ended already."""
    _permit(actor)
    row = KeyProjectThreshold.objects.select_for_update().filter(pk=threshold.pk, holds_until=None).first()
    if row is None:
        raise NotFound(_("没有这条正在使用的标准，可能已经停用。"))
    reason = words(reason, "reason", _("请写明停用的理由。"))
    if on < row.holds_from:
        sentence = _("停用日期不能早于生效日 %(day)s。") % {"day": row.holds_from}
        raise Refused(sentence, fields={"on": sentence})
    row.holds_until = on
    row.save(update_fields=["holds_until"])
    detail = {**_detail(row), "until": str(on)}
    record(actor=actor, verb="key-threshold.end", target=row, reason=reason, detail=detail)
    return row


@action("key-threshold.adopt", gettext_lazy("采用建议的重大项目认定标准"))
def adopt_key_thresholds(*, actor: Account, holds_from: date | None = None) -> list[KeyProjectThreshold]:
    """Write the suggested rows, marked as assumptions, into an empty table. Raises Refused when there are rows already."""
    _permit(actor)
    if KeyProjectThreshold.objects.exists():
        raise Refused(_("已经有认定标准；请逐条设定或停用。"))
    day = holds_from or timezone.localdate()
    rows = [
        KeyProjectThreshold.objects.create(
            project_class=size,
            industry=industry,
            capital_source=source,
            milestone=milestone,
            measure=measure,
            amount=amount * WAN,
            holds_from=day,
            note=NOTE,
            is_assumption=True,
            set_by=actor,
        )
        for size, industry, source, milestone, measure, amount in DEFAULTS
    ]
    detail = {"rows": len(rows), "from": str(day)}
    record(actor=actor, verb="key-threshold.adopt", target=rows[0], reason=NOTE, detail=detail)
    return rows


def _permit(actor: Account) -> None:
    if not can_set_key_thresholds(actor):
        raise NotAllowed(_("重大项目认定标准由分管领导设定；请把建议告诉分管领导。"))


def _check(key: dict[str, str], amount: Decimal, holds_from: date) -> None:
    wrong = {name: _("请从列表中选择。") for name, value in key.items() if value not in CHOICES[name]}
    if amount is None or amount <= 0:
        wrong["amount"] = _("达到金额必须大于 0。")
    if holds_from < EARLIEST:
        wrong["holds_from"] = _("生效日太早，请核对年份。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _detail(row: KeyProjectThreshold) -> dict[str, Any]:
    return {
        "class": row.project_class,
        "industry": row.industry,
        "capital_source": row.capital_source,
        "milestone": row.milestone,
        "measure": row.measure,
        "amount": str(row.amount),
        "from": str(row.holds_from),
    }
