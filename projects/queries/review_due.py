"""Joint reviews as things that are due: opinions to chase, rounds to decide, conditions to meet."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.access import shown_names
from projects.access.reviews import can_decide_gates
from projects.models import JointReview, ReviewState
from projects.queries.joint_review import all_said, binding_conditions
from projects.queries.own import own_projects
from staff.models import Account, Role
from staff.queries.due_item import DueItem


def opinions_due(actor: Account, until: date) -> list[DueItem]:
    """Rounds of one's own projects: whoever works on the project chases who is silent, managers decide what is complete."""
    decides = can_decide_gates(actor)
    if not decides and not actor.is_role(Role.OFFICER, Role.LEADER):
        return []
    rows = JointReview.objects.filter(
        Q(all_said()) if decides else ~Q(all_said()),
        project__in=own_projects(actor).values("pk"),
        state=ReviewState.OPEN,
        due_on__lte=until,
    ).select_related("project")
    return [
        _decision(row) if decides else _chase(row)
        for row in rows.prefetch_related("opinions__department").order_by("due_on", "pk")
    ]


def _chase(review: JointReview) -> DueItem:
    silent = [each.department.name for each in review.opinions.all() if not each.opinion]
    title = _("催办会签：%(subject)s") % {"subject": review.subject}
    return _item(review, title, [_("还缺 %(names)s") % {"names": "、".join(silent)}, review.project.name])


def _decision(review: JointReview) -> DueItem:
    title = _("签发会签：%(subject)s") % {"subject": review.subject}
    return _item(review, title, [_("意见已齐"), review.project.name])


def _item(review: JointReview, title: str, details: Iterable[str]) -> DueItem:
    return DueItem(
        on=review.due_on,
        kind="joint-review",
        key=review.public_id,
        title=title,
        detail=" · ".join(details),
        url=reverse("projects:review", args=[review.public_id]),
    )


def conditions_due(actor: Account, until: date) -> list[DueItem]:
    """The conditions that this person has to meet; of a project one may not see the code name is told."""
    if actor.person_id is None:
        return []
    rows = list(
        binding_conditions(actor)
        .filter(owner=actor.person_id, closed_on=None, due_on__lte=until)
        .order_by("due_on", "pk")
    )
    names = shown_names(actor, [row.project for row in rows])
    return [
        DueItem(
            on=row.due_on,
            kind="condition",
            key=str(row.pk),
            title=_("落实条件：%(text)s") % {"text": row.text},
            detail=" · ".join(
                [*([row.opinion.department.name] if row.opinion else []), names[row.project_id]]
            ),
            url=reverse("projects:condition-close", args=[row.pk]),
        )
        for row in rows
    ]
