"""What every route of `kpi` reads of a request: which year, and whom the rows are about."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from promotion.errors import Refused
from staff.access import assessed_teams_visible_to, people_visible_to
from staff.models import Account, Person, Team

YEAR = OpenApiParameter("year", int, description="The year of assessment; this year when absent.")
RUN = OpenApiParameter("run", str, description="Id of a whole run; the current one of the year when absent.")


def year_of(request: Request) -> int:
    """The year asked for. Raises Refused for anything but four digits."""
    text = request.query_params.get("year", "")
    if not text:
        return timezone.localdate().year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Refused(
            _("看不懂年度“%(text)s”，请写四位数字。") % {"text": text[:20]},
            fields={"year": _("请写四位数字。")},
        )
    return int(text)


class Subjects:
    """The people and teams that rows name by staff number and code, asked for all of them at once."""

    def __init__(self, actor: Account, rows: Iterable[Mapping[str, Any]]) -> None:
        named = list(rows)
        numbers = {row["person"] for row in named if row.get("person")}
        codes = {row["team"] for row in named if row.get("team")}
        people = people_visible_to(actor).filter(staff_number__in=numbers)
        teams = assessed_teams_visible_to(actor).filter(code__in=codes)
        self.people: dict[str, Person] = {one.staff_number: one for one in people}
        self.teams: dict[str, Team] = {one.code: one for one in teams}

    def of(self, row: Mapping[str, Any], place: str) -> tuple[Person | None, Team | None]:
        """Whom a row is about. Raises Refused naming the row for a number or code that nobody has."""
        number, code = row.get("person") or "", row.get("team") or ""
        if number and number not in self.people:
            _refuse(f"{place}.person", _("没有工号为 %(number)s 的人员。") % {"number": number})
        if code and code not in self.teams:
            _refuse(f"{place}.team", _("没有代码为 %(code)s 的团队或单位。") % {"code": code})
        return self.people.get(number), self.teams.get(code)


def _refuse(field: str, sentence: str) -> None:
    raise Refused(sentence, fields={field: sentence})
