"""The roster as sheets: the template, what is exported, and what came back refused."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from promotion.web.workbooks import Sheet, SheetColumn
from staff.imports import HEADINGS, REQUIRED
from staff.models import Grade, Identity, Role

WIDTHS = {"邮箱": 24, "团队": 20, "身份": 14, "原单位": 18, "手机": 15, "级别": 15, "登录名": 14}
DATES = ("入职日期", "任职起", "任职止")


def roster_columns() -> list[SheetColumn]:
    """The columns of the import, in its order. Headings are the format and are not translated."""
    return [
        SheetColumn(name, "date" if name in DATES else "text", WIDTHS.get(name, 12 if name in DATES else 10))
        for name in HEADINGS
    ]


def roster_sheet(people: Iterable[Any]) -> Sheet:
    """One row a person with today's post; the last day of a post is the last one held."""
    return Sheet(
        name="名册",
        columns=roster_columns(),
        rows=[roster_row(person) for person in people],
        freeze_columns=2,
    )


def roster_row(person: Any) -> list[Any]:
    return [
        person.staff_number,
        person.name,
        str(Identity(person.identity).label),
        person.home_unit,
        person.phone,
        person.email,
        person.languages,
        person.joined_on,
        person.team_name,
        str(Grade(person.grade).label) if person.grade else None,
        person.leads if person.grade else None,
        person.post_since,
        person.post_until - timedelta(days=1) if person.post_until else None,
        person.login,
        str(Role(person.role).label) if person.role else None,
    ]


def rejected_sheet(rejected: Iterable[Mapping[str, Any]]) -> Sheet:
    """The refused rows as they were written, with the reasons in front: the import ignores those columns."""
    reasons = [SheetColumn(_("行号"), "integer", 7), SheetColumn(_("退回原因"), "text", 48)]
    columns = [SheetColumn(name, "text", WIDTHS.get(name, 12)) for name in HEADINGS]
    rows = [
        [entry["line"], "；".join(entry["reasons"]), *(entry["cells"].get(name, "") for name in HEADINGS)]
        for entry in rejected
    ]
    return Sheet(name=_("退回的行"), columns=[*reasons, *columns], rows=rows)


def template_sheets() -> list[Sheet]:
    """An empty roster, and what each column takes."""
    explained = {
        "工号": _("必填；已有的工号表示修改这个人"),
        "姓名": _("必填"),
        "身份": "、".join(str(label) for label in Identity.labels),
        "原单位": _("选填；进招商队伍以前所在的单位"),
        "手机": _("选填"),
        "邮箱": _("选填"),
        "外语": _("选填；多种用顿号隔开，可注明水平，如 日语（翻译）、英语"),
        "入职日期": _("新人员必填，如 2025-06-01"),
        "团队": _("团队全称或代码；与级别、任职起同时填写"),
        "级别": "、".join(str(label) for label in Grade.labels),
        "是否队长": _("是 或 否"),
        "任职起": _("任职的第一天"),
        "任职止": _("最后在任日；不填表示一直任职"),
        "登录名": _("选填；填写即开通账号，首个密码由系统管理员发放；没有岗位的机关人员也可以开通"),
        "角色": "、".join(str(role.label) for role in (Role.OFFICER, Role.LEADER, Role.MANAGER, Role.STAFF)),
    }
    rows = [[name, _("必填") if name in REQUIRED else "", explained[name]] for name in HEADINGS]
    columns = [
        SheetColumn(_("列"), width=14),
        SheetColumn(_("必填"), width=8),
        SheetColumn(_("怎么填"), width=64),
    ]
    return [
        Sheet(name="名册", columns=roster_columns(), rows=[]),
        Sheet(name=_("填写说明"), columns=columns, rows=rows),
    ]
