"""Schemes: the versions of every year, one in words, drafting and publishing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import access, actions
from kpi.forms import SchemeForm
from kpi.models import SchemeState, SchemeVersion
from kpi.queries.scheme import read_scheme
from kpi.queries.scheme_diff import scheme_diff, version_before
from kpi.queries.words import award_words, indicator_words, rounding_words, subject_words
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_GET
def schemes(request: SignedInRequest) -> HttpResponse:
    """All versions that one may read, newest year first."""
    versions = access.schemes_visible_to(request.user).select_related("drafted_by", "published_by")
    context = {
        "versions": versions.order_by("-year", "-number"),
        "can_draft": access.can_draft_schemes(request.user),
        "new_url": reverse("kpi:scheme-new"),
    }
    return page(request, "kpi/scheme_list.html", context)


@require_GET
def scheme(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One version in words, with what it changes against the one before, and its document."""
    version = find_version(request, public_id)
    before = version_before(request.user, version)
    document = read_scheme(version)
    context = {
        "version": version,
        "document": document,
        "marks": [(version.get_state_display(), "done" if is_published(version) else "attention")],
        "indicators": [indicator_words(document, one) for one in document.indicators],
        "awards": [(award, award_words(document, award)) for award in document.awards],
        "total_marks": sum(one.full_marks or 0 for one in document.indicators),
        "rounding": rounding_words(document.rounding),
        "groups": [(group.title, "、".join(subject_words(group))) for group in document.groups.values()],
        "before": before,
        "diff": scheme_diff(before.text, version.text) if before else [],
        "can_draft": access.can_draft_schemes(request.user),
        "can_publish": can_publish(request, version),
        "new_url": f"{reverse('kpi:scheme-new')}?from={version.public_id}",
    }
    return page(request, "kpi/scheme.html", context)


def find_version(request: SignedInRequest, public_id: str) -> SchemeVersion:
    found = access.schemes_visible_to(request.user).select_related("drafted_by", "published_by")
    return get_object_or_404(found, public_id=public_id)


def is_published(version: SchemeVersion) -> bool:
    return version.state == SchemeState.PUBLISHED


def can_publish(request: SignedInRequest, version: SchemeVersion) -> bool:
    """Whether the page offers to publish: a draft, to somebody other than its drafter."""
    allowed = access.can_draft_schemes(request.user) and version.drafted_by_id != request.user.pk
    return allowed and not is_published(version)


@require_http_methods(["GET", "POST"])
def scheme_new(request: SignedInRequest) -> HttpResponse:
    """Paste or upload a scheme; every fault comes back with its line, and the text as it was."""
    if not access.can_draft_schemes(request.user):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以起草考核细则。"))
    form = SchemeForm(request.POST or None, request.FILES or None, initial=first_text(request))
    if request.method == "POST" and form.is_valid():
        year, text = form.cleaned_data["year"], form.cleaned_data["text"]
        version = attempt(form, lambda: actions.draft_scheme(actor=request.user, year=year, text=text))
        if version is not None:
            url = reverse("kpi:scheme", args=[version.public_id])
            return done(request, url, _("已保存为草稿，请另一位同事核对后发布。"))
    faults = [line for error in form.errors.get("text", []) for line in str(error).splitlines()]
    context = {"form": form, "faults": faults}
    return page(request, "kpi/scheme_new.html", context, status=422 if form.errors else 200)


def first_text(request: SignedInRequest) -> dict[str, Any]:
    """A new version begins with the text of the version it follows, when the address names one."""
    followed = request.GET.get("from", "")
    version = access.schemes_visible_to(request.user).filter(public_id=followed).first() if followed else None
    if version is None:
        return {"year": timezone.localdate().year}
    return {"year": version.year, "text": version.text}


@require_POST
def scheme_publish(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Make a draft the rule of its year."""
    version = find_version(request, public_id)
    actions.publish_scheme(actor=request.user, scheme=version)
    return done(request, reverse("kpi:scheme", args=[public_id]), _("细则已发布，下一次核算起施行。"))
