"""Score sheets of a session as a table: a row for each candidate and judge, a column for each criterion."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from promotion.web.tables import Table
from staff.imports.book import Book, Rows
from staff.imports.cells import Cells
from staff.models import (
    CompetitionCriterion,
    Interview,
    InterviewSession,
    Recusal,
    ScoreSheet,
    SessionJudge,
    SheetState,
)

WHO = ("工号", "姓名", "评委登录名", "评委")
REMARK = "评语"


def score_book(session: InterviewSession) -> Book:
    """Who judges whom, a column for each criterion of the round, and the remark."""
    names = [each.name for each in session.competition.criteria.order_by("position")]
    return Book(name="评分", headings=(*WHO, *names, REMARK), required=("工号", "评委登录名", *names))


def pairs_to_type(session: InterviewSession) -> list[list[str]]:
    """The rows of the template: candidates by order with the judges who owe them a sheet."""
    known = Known(session)
    return [
        [interview.person.staff_number, interview.person.name, login, str(judge.account)]
        for interview in sorted(known.interviews.values(), key=lambda each: each.position)
        for login, judge in known.judges.items()
        if not interview.was_absent and not known.why_not(interview, judge)
    ]


def read_scores(session: InterviewSession, table: Table) -> tuple[Rows, Rows]:
    """Sheets to write, and rows refused with their reasons. Raises Refused for a missing or unknown column."""
    score_book(session).check(table)
    return score_book(session).read(table, Known(session).plan)


class Known:
    """The session as far as rows name it; what earlier rows take counts too."""

    def __init__(self, session: InterviewSession) -> None:
        interviews = session.interviews.select_related("person")
        self.interviews: dict[str, Interview] = {each.person.staff_number: each for each in interviews}
        judges = session.judges.select_related("account", "panelist").order_by("pk")
        self.judges: dict[str, SessionJudge] = {each.account.username: each for each in judges}
        self.criteria: list[CompetitionCriterion] = list(session.competition.criteria.order_by("position"))
        sheets = ScoreSheet.objects.filter(interview__session=session).exclude(
            state=SheetState.OPEN, scores=None
        )
        self.begun = set(sheets.values_list("interview", "panelist"))
        recused = Recusal.objects.filter(panelist__in=[each.panelist_id for each in self.judges.values()])
        self.recused = set(recused.values_list("application", "panelist"))
        self.typed: set[tuple[int, int]] = set()

    def plan(self, cells: Cells) -> dict[str, Any]:
        """The row as it would be written; its reasons tell whether it may be."""
        interview, judge = self._interview(cells), self._judge(cells)
        if interview is not None and judge is not None:
            if interview.was_absent:
                cells.refuse(_("%(name)s 登记为缺席，不用评分。") % {"name": interview.person.name})
            elif reason := self.why_not(interview, judge):
                cells.refuse(reason)
            self.typed.add((interview.pk, judge.panelist_id))
        points = {each.pk: self._points(cells, each.name) for each in self.criteria}
        return {
            "line": cells.line,
            "interview": interview.pk if interview else None,
            "panelist": judge.panelist_id if judge else None,
            "staff_number": cells.values.get("工号", ""),
            "name": interview.person.name if interview else "",
            "judge": str(judge.account) if judge else "",
            "points": {str(pk): str(value) for pk, value in points.items()},
            "remark": cells.text(REMARK, 500),
        }

    def why_not(self, interview: Interview, judge: SessionJudge) -> str:
        """Why this judge's sheet for the candidate cannot be typed in; empty where it can."""
        words = {"judge": str(judge.account), "name": interview.person.name}
        if (interview.application_id, judge.panelist_id) in self.recused:
            return _("%(judge)s 对%(name)s回避，不能评分。") % words
        if (interview.pk, judge.panelist_id) in self.begun:
            return _("%(judge)s 对%(name)s已在线评分或登记未评分。") % words
        if (interview.pk, judge.panelist_id) in self.typed:
            return _("%(judge)s 对%(name)s的评分在文件里出现了不止一次。") % words
        return ""

    def _interview(self, cells: Cells) -> Interview | None:
        number = cells.required("工号", 20)
        found = self.interviews.get(number)
        if number and found is None:
            cells.refuse(_("工号 %(number)s 不在这一场面试。") % {"number": number})
        elif found is not None and cells.values.get("姓名") not in (None, "", found.person.name):
            words = {"number": number, "name": found.person.name}
            cells.refuse(_("工号 %(number)s 是%(name)s，与姓名不符。") % words)
        return found

    def _judge(self, cells: Cells) -> SessionJudge | None:
        login = cells.required("评委登录名", 40).lower()
        found = self.judges.get(login)
        if login and found is None:
            cells.refuse(_("登录名“%(login)s”不是这一场的评委。") % {"login": login})
        return found

    def _points(self, cells: Cells, name: str) -> Decimal | None:
        text = cells.required(name, 10)
        try:
            value = Decimal(text) if text else None
        except InvalidOperation:
            value = Decimal(-1)
        if value is None:
            return None
        if not value.is_finite() or not 0 <= value <= 100 or value != round(value, 2):
            words = {"heading": name, "value": text}
            cells.refuse(_("%(heading)s“%(value)s”不是 0 到 100 之间的得分，最多两位小数。") % words)
            return None
        return value
