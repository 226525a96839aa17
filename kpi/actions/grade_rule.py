"""Thresholds of grades: drafted by HR, released by a second person, never changed after."""

from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.grades import can_keep_grades, can_release_grades, grade_rules_visible_to
from kpi.actions.release import locked_draft, refuse, release, titled
from kpi.models import GradeMeasure, GradeRule
from promotion.action import action, record
from promotion.errors import NotAllowed
from staff.models import Account

ZERO, HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True)
class GradeTerms:
    """What a rule says: scores, or places in percent, and how far one may move in a year."""

    title: str
    holds_from: int
    measure: str
    senior_at: Decimal
    first_at: Decimal
    most_up: int = 1
    most_down: int = 1
    needs_gates: bool = True
    assumptions: str = ""


@action("grade-rule.draft", gettext_lazy("起草职级评定办法"))
def draft_grade_rule(*, actor: Account, terms: GradeTerms, rule: GradeRule | None = None) -> GradeRule:
    """Write a draft, or a waiting draft anew. Raises NotAllowed, Conflict for a released one, Refused naming each input."""
    if not can_keep_grades(actor):
        raise NotAllowed(_("职级评定办法由人事起草。"))
    found = locked_draft(grade_rules_visible_to(actor), rule) if rule else GradeRule(drafted_by=actor)
    values = asdict(terms) | {"title": _checked(terms), "drafted_by": actor}
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    record(actor=actor, verb="grade-rule.draft", target=found, detail=_said(found))
    return found


@action("grade-rule.drop", gettext_lazy("删除职级评定办法草稿"))
def drop_grade_rule(*, actor: Account, rule: GradeRule) -> None:
    """Throw a draft away."""
    if not can_keep_grades(actor):
        raise NotAllowed(_("职级评定办法由人事起草。"))
    found = locked_draft(grade_rules_visible_to(actor), rule)
    record(actor=actor, verb="grade-rule.drop", target=found, detail=_said(found))
    found.delete()


@action("grade-rule.release", gettext_lazy("发布职级评定办法"))
def release_grade_rule(*, actor: Account, rule: GradeRule) -> GradeRule:
    """Publish a draft that somebody else wrote. Raises NotAllowed, NotFound, Conflict, Refused for one's own."""
    if not can_release_grades(actor):
        raise NotAllowed(_("职级评定办法由分管领导或另一位人事发布。"))
    found = locked_draft(grade_rules_visible_to(actor), rule)
    release(actor, found)
    record(actor=actor, verb="grade-rule.release", target=found, detail=_said(found))
    return found


def _checked(terms: GradeTerms) -> str:
    """The title. Raises Refused naming each input that cannot be."""
    fields: dict[str, str] = {}
    title = titled(terms.title, fields)
    if terms.measure not in GradeMeasure.values:
        fields["measure"] = _("请选择评定依据。")
    by_place = terms.measure == GradeMeasure.PLACE
    for name in ("senior_at", "first_at"):
        if getattr(terms, name) < ZERO or (by_place and getattr(terms, name) > HUNDRED):
            fields[name] = _("请写 0 到 100 之间的数。") if by_place else _("不能是负数。")
    harder = terms.senior_at < terms.first_at if by_place else terms.senior_at > terms.first_at
    if not harder and "senior_at" not in fields:
        fields["senior_at"] = _("高级的要求必须高于一级：按分数应更高，按名次应更靠前。")
    for name in ("most_up", "most_down"):
        if not 0 <= getattr(terms, name) <= 2:
            fields[name] = _("请写 0 到 2。")
    refuse(fields)
    return title


def _said(rule: GradeRule) -> dict[str, object]:
    names = ("holds_from", "measure", "most_up", "most_down", "needs_gates")
    thresholds = {"senior": str(rule.senior_at), "first": str(rule.first_at)}
    return {name: getattr(rule, name) for name in names} | thresholds
