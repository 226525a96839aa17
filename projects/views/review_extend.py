"""The panel that gives a joint review more time, and then the words for the departments that have not answered."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from projects.access import shown_names
from projects.actions.moves import permit_change
from projects.actions.review_extension import extend_joint_review
from projects.forms.review import ExtendReviewForm
from projects.queries.joint_review import visible_review
from projects.queries.review_told import extension_words, told_contacts
from projects.views.review import address_of
from promotion.web.pages import attempt, page
from promotion.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def extend(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Another deadline with its reason; whoever was second keeps his words and reads the deadline that holds now."""
    found = visible_review(request.user, public_id)
    permit_change(request.user, found.project)
    form = ExtendReviewForm(request.POST or None, review=found)
    about = shown_names(request.user, [found.project])[found.project_id]
    context: dict[str, Any] = {"review": found, "about": about, "form": form, "back": address_of(found)}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(form, lambda: extend_joint_review(actor=request.user, review=found, **given))
        if made is not None:
            context |= {
                "extension": made,
                "silent": told_contacts(made.review),
                "message": extension_words(made.review, made),
            }
        else:
            form.show_again(visible_review(request.user, public_id).version)
    status = 422 if form.errors else 200
    return page(request, "projects/review_extend.html", context, fragment="panel", status=status)
