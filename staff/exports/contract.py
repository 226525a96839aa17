"""Contracts as a workbook, and one contract as a paper to sign."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from promotion.papers import render_paper
from promotion.web.workbooks import Sheet, SheetColumn
from staff.models import Contract

# The headings are the workbook's format, the same in every language; the import reads the same ones.
HEADINGS = (
    "合同编号", "工号", "姓名", "合同类别", "落款", "级别", "团队", "合同起", "最后一日", "试用期最后一日", "转正日期", "签订日期", "状态", "终止理由",
)  # fmt: skip
DATES = ("合同起", "最后一日", "试用期最后一日", "转正日期", "签订日期")
WIDTHS = {"合同编号": 16, "合同类别": 16, "落款": 15, "级别": 15, "团队": 20, "终止理由": 24}


def contract_columns() -> list[SheetColumn]:
    """The columns of the import, in its order."""
    return [
        SheetColumn(name, "date" if name in DATES else "text", WIDTHS.get(name, 14 if name in DATES else 10))
        for name in HEADINGS
    ]


def contract_sheet(contracts: Iterable[Contract]) -> Sheet:
    """One row a contract; last days are the last ones that count."""
    rows = [contract_row(one) for one in contracts]
    return Sheet(name="聘用合同", columns=contract_columns(), rows=rows, freeze_columns=3)


def contract_row(one: Contract) -> list[Any]:
    return [
        one.number,
        one.person.staff_number,
        one.person.name,
        str(one.get_kind_display()),
        str(one.get_body_name_display()),
        str(one.get_grade_display()),
        one.team.name if one.team else None,
        one.starts_on,
        one.last_day,
        one.probation_last_day,
        one.probation_passed_on,
        one.signed_on,
        str(one.get_state_display()),
        one.end_reason,
    ]


def paper_name(contract: Contract) -> str:
    """The file's name."""
    return f"{_('聘用合同')}_{contract.person.name}_{contract.number}.pdf"


def contract_paper(contract: Contract) -> bytes:
    """The contract as A4 pages with places for signature and seal; an official paper is in Chinese."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_paper("contract", paper_data(contract))


def paper_data(contract: Contract) -> dict[str, Any]:
    """What the paper says, in words."""
    person = contract.person
    until = written(contract.last_day) if contract.last_day else ""
    return {
        "number": contract.number,
        "kind": str(contract.get_kind_display()),
        "body": str(contract.get_body_name_display()),
        "name": person.name,
        "staff_number": person.staff_number,
        "phone": person.phone,
        "grade": str(contract.get_grade_display()),
        "team": contract.team.name if contract.team else "",
        "starts_on": written(contract.starts_on),
        "until": until,
        "probation": written(contract.probation_last_day) if contract.probation_last_day else "",
        "renews": contract.renews.number if contract.renews else "",
    }


def written(day: date) -> str:
    """As official papers write a day."""
    return f"{day.year}年{day.month}月{day.day}日"
