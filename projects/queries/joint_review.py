"""Joint reviews as they are read: the list with its figures, one with what each department said, conditions to meet."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from projects.access.reviews import conditions_visible_to, joint_reviews_visible_to
from projects.models import AnswerLink, GateCondition, JointReview, ReviewOpinion, ReviewState
from projects.review_rules import Opinion
from promotion.errors import NotFound
from staff.models import Account

TONES = {
    ReviewState.OPEN: "accent",
    ReviewState.PASSED: "done",
    ReviewState.FAILED: "alarm",
    ReviewState.WITHDRAWN: "plain",
}
OPINION_TONES = {
    Opinion.WAITING: "plain",
    Opinion.AGREE: "done",
    Opinion.CONDITIONAL: "attention",
    Opinion.AGAINST: "alarm",
    Opinion.ABSTAIN: "plain",
}


def listed_reviews(actor: Account) -> QuerySet[JointReview]:
    """The visible rounds as the list draws them, with how many were asked, have answered and are against."""
    return (
        joint_reviews_visible_to(actor)
        .select_related("project__team", "project__owner", "opened_by", "decided_by", "document")
        .annotate(
            asked=Count("opinions"),
            given=Count("opinions", filter=~Q(opinions__opinion="")),
            against=Count("opinions", filter=Q(opinions__opinion=Opinion.AGAINST)),
        )
    )


def visible_review(actor: Account, public_id: str) -> JointReview:
    """One round with its project and figures. Raises NotFound when it is not the actor's to see."""
    found = listed_reviews(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("没有这次联审会签，或者您看不到它所在的项目。"))
    return found


def opinions_of(review: JointReview) -> list[ReviewOpinion]:
    """What each department said, with its conditions; three queries."""
    conditions = GateCondition.objects.select_related("owner", "evidence", "closed_by")
    rows = review.opinions.select_related("department", "contact", "recorded_by", "evidence")
    return list(rows.prefetch_related(Prefetch("conditions", conditions)))


def opinion_of(review: JointReview, pk: int) -> ReviewOpinion:
    """The opinion of one department in the round. Raises NotFound."""
    rows = review.opinions.select_related("department", "contact", "review__project__owner")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("这轮会签里没有这个部门。"))
    return found


def links_of(review: JointReview) -> list[AnswerLink]:
    """The one-time links that were sent for the round, the latest first."""
    rows = AnswerLink.objects.filter(opinion__review=review)
    return list(rows.select_related("contact__department", "issued_by", "opinion__review").order_by("-id"))


def link_of(review: JointReview, pk: int) -> AnswerLink:
    """One of them. Raises NotFound."""
    found = next((one for one in links_of(review) if one.pk == pk), None)
    if found is None:
        raise NotFound(_("没有这个链接。"))
    return found


def overdue(today: date) -> Q:
    """Rounds that still run after their day."""
    return Q(state=ReviewState.OPEN, due_on__lt=today)


def all_said() -> Q:
    """Running rounds in which every department has spoken: they wait for the decision."""
    silent = ReviewOpinion.objects.filter(review=OuterRef("pk"), opinion=Opinion.WAITING)
    return Q(state=ReviewState.OPEN) & ~Q(Exists(silent))


def review_figures(actor: Account, today: date) -> dict[str, int]:
    """How many visible rounds run, are late, wait for the decision, passed and failed; one query."""
    return joint_reviews_visible_to(actor).aggregate(
        running=Count("pk", filter=Q(state=ReviewState.OPEN)),
        late=Count("pk", filter=overdue(today)),
        ready=Count("pk", filter=all_said()),
        passed=Count("pk", filter=Q(state=ReviewState.PASSED)),
        failed=Count("pk", filter=Q(state=ReviewState.FAILED)),
    )


def binding_conditions(actor: Account) -> QuerySet[GateCondition]:
    """The visible conditions that hold: those of a round that failed or was withdrawn ask nothing of anybody."""
    ended = Q(opinion__review__state__in=(ReviewState.FAILED, ReviewState.WITHDRAWN))
    related = ("project", "owner", "opinion__review", "opinion__department", "evidence", "closed_by")
    return conditions_visible_to(actor).exclude(ended).select_related(*related)


def visible_condition(actor: Account, pk: int) -> GateCondition:
    """One condition. Raises NotFound when it is not the actor's to see."""
    found = binding_conditions(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这条附加条件，或者您看不到它。"))
    return found
