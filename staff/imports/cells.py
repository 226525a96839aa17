"""One row of the roster, read cell by cell; whatever is wrong with it is collected as sentences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from promotion.chinese import fold
from staff.language_words import with_known_levels
from staff.models import Grade, Identity, Role

# The headings are the workbook's format, the same in every language.
HEADINGS = (
    "工号", "姓名", "身份", "原单位", "手机", "邮箱", "外语", "入职日期", "团队", "级别", "是否队长", "任职起", "任职止", "登录名", "角色",
)  # fmt: skip
REQUIRED = ("工号", "姓名")
YES = ("是", "y", "yes", "1", "true", "√", "队长")
NO = ("否", "n", "no", "0", "false", "×")
DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?|(\d{4})(\d{2})(\d{2})"
)
PHONE = re.compile(r"\+?\d[\d -]{5,18}")
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
# Words of the house for a value, besides its code and its label.
SYNONYMS: dict[str, str] = {
    "高级": Grade.SENIOR,
    "一级": Grade.FIRST,
    "二级": Grade.SECOND,
    "公务员": Identity.CIVIL_SERVANT,
    "事业": Identity.PUBLIC_INSTITUTION,
    "企业": Identity.ENTERPRISE,
    "合同": Identity.CONTRACT,
    "专员": Role.OFFICER,
    "机关": Role.STAFF,
}


@dataclass
class Cells:
    """The cells of one row with the reasons against it."""

    line: int
    values: Mapping[str, str]
    reasons: list[str] = field(default_factory=list)

    def refuse(self, sentence: str) -> None:
        self.reasons.append(sentence)

    def text(self, heading: str, limit: int) -> str:
        """The cell without outer white space; longer than the limit is a reason, never cut."""
        value = self.values.get(heading, "")
        if len(value) > limit:
            self.refuse(_("%(heading)s超过 %(limit)s 个字。") % {"heading": heading, "limit": limit})
        return value

    def languages(self, known: str) -> str:
        """The cell as it is kept; a language without a level keeps the one that is known."""
        text = self.text("外语", 200)
        try:
            return with_known_levels(text, known)
        except ValueError as error:
            self.refuse(
                _("外语“%(part)s”没有读懂；写成“日语（翻译）、英语”，水平用基础、可交流、熟练、翻译。")
                % {"part": error}
            )
            return ""

    def required(self, heading: str, limit: int) -> str:
        value = self.text(heading, limit)
        if not value:
            self.refuse(_("%(heading)s是空的。") % {"heading": heading})
        return value

    def day(self, heading: str) -> date | None:
        """2025-06-01, 2025/6/1, 2025.6.1, 2025年6月1日 or 20250601; a day that the calendar lacks is a reason."""
        value = self.values.get(heading, "")
        if not value:
            return None
        match = DAY.fullmatch(fold(value) if "年" in value else value)
        try:
            day = date(*(int(part) for part in match.groups() if part)) if match else None
        except ValueError:
            day = None
        if day is None or not 1950 <= day.year <= 2100:
            words = {"heading": heading, "value": value}
            self.refuse(_("%(heading)s“%(value)s”不是有效日期；请写成 2025-06-01。") % words)
            return None
        return day

    def choice(self, heading: str, choices: Any) -> str:
        """The code of a choice named by its label, its code or a word of the house; empty stays empty."""
        value = self.values.get(heading, "")
        if not value:
            return ""
        known = {fold(str(label)): code for code, label in choices.choices}
        known |= {fold(code): code for code in choices.values}
        known |= {word: code for word, code in SYNONYMS.items() if code in choices.values}
        found = known.get(fold(value), "")
        if not found:
            options = "、".join(str(label) for label in choices.labels)
            words = {"heading": heading, "value": value, "options": options}
            self.refuse(_("没有名为“%(value)s”的%(heading)s；可填：%(options)s。") % words)
        return str(found)

    def flag(self, heading: str) -> bool | None:
        """是 or 否; empty is None."""
        value = fold(self.values.get(heading, ""))
        if not value:
            return None
        if value not in YES + NO:
            self.refuse(
                _("%(heading)s请填“是”或“否”，不是“%(value)s”。") % {"heading": heading, "value": value}
            )
        return value in YES

    def phone(self) -> str:
        value = self.text("手机", 20)
        if value and not PHONE.fullmatch(value):
            self.refuse(_("手机“%(value)s”不是电话号码。") % {"value": value})
        return value

    def email(self) -> str:
        value = self.text("邮箱", 254)
        try:
            if value:
                validate_email(value)
        except ValidationError:
            self.refuse(_("邮箱“%(value)s”不是电子邮箱地址。") % {"value": value})
        return value

    def login(self) -> str:
        value = self.values.get("登录名", "").lower()
        if value and not LOGIN.fullmatch(value):
            self.refuse(
                _("登录名“%(value)s”不合规：3 至 40 个小写字母、数字、点、横线或下划线。") % {"value": value}
            )
        return value
