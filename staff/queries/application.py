"""Applications as their writers and HR read them: what must be shown for the chosen posts, the desk, the person's own."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from promotion.errors import NotFound
from staff.access.competition import applications_visible_to, own_applications
from staff.models import (
    Account,
    Application,
    ApplicationChoice,
    ApplicationState,
    Competition,
    CompetitionPost,
    Grade,
    GradeRequirement,
    RequirementClaim,
)
from staff.queries.requirement import requirements_on

TONES = {
    ApplicationState.DRAFT: "plain",
    ApplicationState.SUBMITTED: "accent",
    ApplicationState.RETURNED: "attention",
    ApplicationState.ELIGIBLE: "done",
    ApplicationState.INELIGIBLE: "alarm",
    ApplicationState.WITHDRAWN: "plain",
}


def with_parts(applications: QuerySet[Application]) -> QuerySet[Any]:
    """Applications with person, choices and how many requirements were checked."""
    choices = ApplicationChoice.objects.select_related("post__team").order_by("rank")
    return (
        applications.select_related(
            "person", "competition", "handled_by", "reviewed_by", "entered_by", "entry_paper"
        )
        .prefetch_related(Prefetch("choices", choices))
        .annotate(
            asked=Count("claims"),
            met=Count("claims", filter=Q(claims__met=True)),
            unmet=Count("claims", filter=Q(claims__met=False)),
        )
    )


def visible_application(actor: Account, public_id: str) -> Any:
    """The application with its parts, or NotFound."""
    found = with_parts(applications_visible_to(actor)).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这份报名。"))
    return found


def desk(actor: Account, competition: Competition) -> QuerySet[Any]:
    """The applications of a round that were handed in."""
    rows = applications_visible_to(actor).filter(competition=competition)
    return with_parts(rows).exclude(state=ApplicationState.DRAFT)


def own_listed(actor: Account) -> QuerySet[Any]:
    """The person's applications, the latest round first."""
    return with_parts(own_applications(actor)).order_by("-competition__opens_at", "-pk")


def own_in(actor: Account, competition: Competition) -> Application | None:
    """The person's application in the round, if there is one."""
    return own_applications(actor).filter(competition=competition).first()


def claims_of(application: Application) -> list[RequirementClaim]:
    """The requirements in order, with what is shown for each."""
    return list(application.claims.select_related("checked_by").prefetch_related("papers"))


def asked_of(
    competition: Competition, posts: Sequence[CompetitionPost]
) -> list[tuple[GradeRequirement | None, str]]:
    """What the chosen posts ask for: the lists of their grades on the round's day, and their languages."""
    grades = {post.grade for post in posts}
    lines: list[tuple[GradeRequirement | None, str]] = [
        (line, line.text)
        for grade in Grade
        if grade in grades
        for line in requirements_on(grade, competition.requirements_on)
    ]
    languages = dict.fromkeys(post.language for post in posts if post.language)
    lines += [(None, _("%(language)s可用于工作") % {"language": each}) for each in languages]
    return list({text: (line, text) for line, text in lines}.values())
