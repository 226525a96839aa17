"""That a round of grades was taken as a workbook."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.grades import sees_grades
from kpi.models import GradeRound
from promotion.action import action, record
from promotion.errors import NotAllowed
from staff.models import Account


@action("grades.export", gettext_lazy("导出职级评定"))
def note_grade_export(*, actor: Account, found: GradeRound) -> None:
    """Keep in the trail that the round left the house. Raises NotAllowed for whoever does not see it whole."""
    if not sees_grades(actor):
        raise NotAllowed(_("职级评定的全部名单只有人事、分管领导、纪检审计和系统管理员可以导出。"))
    record(actor=actor, verb="grades.export", target=found, detail={"state": found.state})
