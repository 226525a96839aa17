"""One-time links by which departments give their opinion of a joint review without an account."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.actions.answer_link import revoke_link
from projects.actions.moves import permit_change
from projects.actions.opinion_link import issue_opinion_link
from projects.forms.answer_link import LinkForm
from projects.models import AnswerLink, JointReview
from projects.queries.joint_review import link_of, opinion_of, visible_review
from projects.views.review import address_of
from promotion.web.formats import day
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def link(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Send a department its link; the address is shown once, with the words to send along."""
    found = visible_review(request.user, public_id)
    permit_change(request.user, found.project)
    row = opinion_of(found, pk)
    form = LinkForm(request.POST or None, department=row.department_id, contact=_proposed(row))
    context: dict[str, Any] = {
        "title": _("发会签链接"),
        "about": row.department.name,
        "explain": _(
            "部门打开链接就能反馈意见，不用账号；只看得到会签事项、项目名称（保密项目只有代号）和期限，反馈一次后失效。"
        ),
        "back": address_of(found),
        "form": form,
    }
    if request.method == "POST" and form.is_valid():
        given = {"review": found, "department": row.department, **form.cleaned_data}
        issued = attempt(form, lambda: issue_opinion_link(actor=request.user, **given))
        if issued is not None:
            sent, key = issued
            address = request.build_absolute_uri(reverse("answer", args=[key]))
            context |= {"link": sent, "message": _message(found, sent, address)}
    status = 422 if form.errors else 200
    return page(request, "projects/answer_link.html", context, fragment="panel", status=status)


def _proposed(row: Any) -> int | None:
    """The specialist whom the department named for the project, else its first contact."""
    named = row.department.specialists.filter(project=row.review.project_id, ends_on=None).first()
    return (
        named.contact_id
        if named
        else row.department.contacts.filter(is_active=True).values_list("pk", flat=True).first()
    )


def _message(found: JointReview, sent: AnswerLink, address: str) -> str:
    """What the officer pastes into a message to the department."""
    words = {
        "name": sent.contact.name,
        "subject": found.subject,
        "day": day(found.due_on),
        "address": address,
    }
    return (
        _(
            "%(name)s您好：请就“%(subject)s”在 %(day)s 前反馈会签意见。打开链接即可填写，无需登录，反馈一次后失效：%(address)s"
        )
        % words
    )


@require_POST
def revoke(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Make a link void."""
    found = visible_review(request.user, public_id)
    revoke_link(actor=request.user, link=link_of(found, pk))
    return done(request, address_of(found), _("链接已作废。"))
