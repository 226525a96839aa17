"""A joint review of the visited project with one condition."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from projects.actions.conditions import Condition
from projects.actions.joint_review import open_joint_review
from projects.actions.review_opinion import give_opinion
from projects.models import Project
from staff.models import Account
from tests.factories.departments import make_department


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    department = make_department("visited-review", "环保局（访问）")
    review = open_joint_review(actor=officer, project=project, subject="用地", departments=[department])
    condition = Condition("补环评", project.owner, timezone.localdate() + timedelta(days=9))
    opinion = give_opinion(
        actor=officer, review=review, department=department, opinion="conditional", text="可",
        conditions=[condition],
    )  # fmt: skip
    return {
        "projects:review": review,
        "projects:review-new": project,
        "projects:review-extend": review,
        "projects:review-move": SimpleNamespace(public_id=review.public_id, verb="withdraw"),
        "projects:review-opinion": SimpleNamespace(public_id=review.public_id, pk=opinion.pk),
        "projects:review-link": SimpleNamespace(public_id=review.public_id, pk=opinion.pk),
        "projects:review-link-revoke": SimpleNamespace(public_id=review.public_id, pk=1),
        "projects:condition-close": SimpleNamespace(pk=opinion.conditions.get().pk),
    }
