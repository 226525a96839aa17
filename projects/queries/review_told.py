"""Whom a joint review still waits for, and the words that tell them of another deadline."""

from django.utils.translation import gettext as _

from projects.models import AnswerLink, Department, DepartmentContact, JointReview, ReviewExtension
from projects.review_rules import Opinion
from promotion.web.formats import day


def told_contacts(review: JointReview) -> list[tuple[Department, DepartmentContact | None]]:
    """The silent departments, each with who was sent a link last, else its specialist in the project, else its first contact."""
    silent = list(
        review.opinions.filter(opinion=Opinion.WAITING)
        .select_related("department")
        .prefetch_related("department__contacts")
    )
    asked: dict[int, DepartmentContact] = {}
    links = AnswerLink.objects.filter(opinion__in=silent).select_related("contact").order_by("pk")
    asked |= {link.opinion_id: link.contact for link in links if link.opinion_id is not None}
    named = {
        each.department_id: each.contact
        for each in review.project.specialists.filter(ends_on=None).select_related("contact")
    }
    found = []
    for row in silent:
        known = [one for one in row.department.contacts.all() if one.is_active]
        first = known[0] if known else None
        chosen = asked.get(row.pk) or named.get(row.department_id) or first
        found.append((row.department, chosen if chosen and chosen.is_active else first))
    return found


def extension_words(review: JointReview, extension: ReviewExtension) -> str:
    """What a silent department is told; of the project no more than the matter that was sent along with its link."""
    return _(
        "“%(subject)s”的会签意见反馈期限由 %(before)s 延至 %(after)s，理由：%(reason)s。此前收到的、仍然有效的链接可以用到新期限。"
    ) % {
        "subject": review.subject,
        "before": day(extension.before),
        "after": day(extension.after),
        "reason": extension.reason.rstrip("。"),
    }
