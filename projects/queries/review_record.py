"""What the countersigned record of a joint review says (会签单), as plain data with a fingerprint."""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _

from projects.models import JointReview
from projects.review_rules import tally
from promotion.web.formats import day, moment, wan


def record_data(review: JointReview) -> dict[str, Any]:
    """Everything the paper shows, in words, in a fixed order."""
    project = review.project
    opinions = list(
        review.opinions.select_related("department", "contact").prefetch_related("conditions__owner")
    )
    count = tally([each.opinion for each in opinions])
    return {
        "body": str(review.get_body_name_display()),
        "number": review.number,
        "round": review.round,
        "subject": review.subject,
        "facts": [
            [_("项目名称"), project.name],
            [_("项目编号"), project.code],
            [_("投资企业"), project.company.name],
            [_("项目等级"), str(project.get_project_class_display())],
            [_("产业"), str(project.get_industry_display() or "—")],
            [_("计划总投资（万元）"), wan(project.planned_investment)],
            [_("责任团队"), project.team.name],
            [_("服务专员"), project.owner.name],
        ],
        "opened_on": day(review.opened_on),
        "due_on": _deadline(review),
        "rule": _("反馈率不低于 %(quorum)s%%，实际 %(given)s/%(total)s")
        % {"quorum": review.quorum, "given": count.given, "total": count.total},
        "opinions": [
            {
                "department": each.department.name,
                "opinion": str(each.get_opinion_display()),
                "text": each.text,
                "contact": each.contact.name if each.contact else "",
                "on": day(each.given_on) if each.given_on else "",
            }
            for each in opinions
        ],
        "conditions": [
            [each.department.name, condition.text, condition.owner.name, day(condition.due_on)]
            for each in opinions
            for condition in each.conditions.all()
        ],
        "outcome": str(review.get_state_display()),
        "note": review.decision_note,
        "override": review.override_reason,
        "decided_by": str(review.decided_by or ""),
        "decided_at": moment(review.decided_at),
    }


def _deadline(review: JointReview) -> str:
    """The day until which was asked; where it was lengthened, the first one as well."""
    extensions = list(review.extensions.all())
    if not extensions:
        return day(review.due_on)
    words = {"day": day(review.due_on), "first": day(extensions[0].before), "count": len(extensions)}
    return _("%(day)s（原为 %(first)s，延期 %(count)s 次）") % words


def fingerprint_of(data: dict[str, Any]) -> str:
    """SHA-256 over the data in a form that does not depend on order or spacing."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
