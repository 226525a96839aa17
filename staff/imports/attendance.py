"""A filled-in sheet of attendance: all of it is understood, or none of it is taken."""

from django.utils.translation import gettext as _

from promotion.errors import Refused
from promotion.web.tables import Table
from staff.imports.cells import NO, YES
from staff.models import Account, Enrolment, EnrolmentState, TrainingSession

NUMBER, CAME = "工号", "到场"


def read_attendance(actor: Account, session: TrainingSession, table: Table) -> dict[int, bool]:
    """Who came, by the key of the person. Raises Refused, naming each line that was not understood; empty cells are left out."""
    if lacking := [name for name in (NUMBER, CAME) if name not in table.headings]:
        raise Refused(_("缺少列：%(names)s。请用导出的签到表填写。") % {"names": "、".join(lacking)})
    rows = Enrolment.objects.filter(session=session, state=EnrolmentState.ENROLLED)
    people = dict(rows.values_list("person__staff_number", "person"))
    came: dict[int, bool] = {}
    wrong: list[str] = []
    for row in table.rows:
        number, said = row.cells.get(NUMBER, ""), row.cells.get(CAME, "").lower()
        if number not in people:
            wrong.append(
                _("第 %(line)s 行：%(number)s 不在名单里") % {"line": row.line, "number": number or "—"}
            )
        elif said in YES or said in NO:
            came[people[number]] = said in YES
        elif said:
            wrong.append(_("第 %(line)s 行：到场填“是”或“否”") % {"line": row.line})
    if wrong:
        more = _("等 %(count)s 处") % {"count": len(wrong)} if len(wrong) > 5 else ""
        raise Refused(
            _("没有写入：%(what)s%(more)s。改好后再传一次。") % {"what": "；".join(wrong[:5]), "more": more}
        )
    return came
