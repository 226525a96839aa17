"""Schemes: the versions of every year, one in words, drafting and publishing."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import access, actions
from kpi.forms import SchemeForm, StartForm
from kpi.forms.piece import PIECES
from kpi.models import SchemeState, SchemeVersion
from kpi.queries.award_words import award_words
from kpi.queries.rule_words import share_words
from kpi.queries.scheme import carried_over, library, library_text, read_document, read_scheme
from kpi.queries.scheme_diff import scheme_diff, version_before
from kpi.queries.scheme_words import (
    gate_words,
    grade_words,
    lists_in_words,
    sections_in_words,
    settings_in_words,
    target_words,
)
from kpi.queries.words import group_words, rounding_words
from kpi.scoring.reading import read
from kpi.scoring.scheme import Scheme
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
        **framed(request, version),
        **in_words(document, read_document(version)),
        "part_urls": part_urls(request, version),
        "before": before,
        "diff": scheme_diff(before.text, version.text) if before else [],
    }
    return page(request, "kpi/scheme.html", context)


def part_urls(request: SignedInRequest, version: SchemeVersion) -> dict[str, str]:
    """Where the parts around the indicators are changed. Empty for who may not."""
    may = access.can_draft_schemes(request.user) and not is_published(version)
    return {
        name: reverse("kpi:scheme-part", args=[version.public_id, name]) if may else "" for name in PIECES
    }


def framed(request: SignedInRequest, version: SchemeVersion) -> dict[str, Any]:
    """What the pages of one version share: its state, and what may be done with it."""
    can_draft = access.can_draft_schemes(request.user)
    return {
        "version": version,
        "marks": [(version.get_state_display(), "done" if is_published(version) else "attention")],
        "can_draft": can_draft,
        "can_edit": can_draft and not is_published(version),
        "can_publish": can_publish(request, version),
        "is_author": request.user.pk in version.authors,
    }


def in_words(document: Scheme, plain: dict[str, Any]) -> dict[str, Any]:
    """The whole scheme as a reader of it finds it."""
    return {
        "document": document,
        # Without the paths of the text: who reads this page reads words.
        "warnings": list(dict.fromkeys(one.partition("：")[2] for one in document.warnings)),
        "sections": sections_in_words(document),
        "gates": [gate_words(document, gate) for gate in document.gates],
        "grades": [(grade, grade_words(grade)) for grade in document.grades],
        "awards": [(award, award_words(document, award)) for award in document.awards],
        "section_lines": [(one.title, share_words(one.weight)) for one in document.sections.values()],
        "total_wanted": plain.get("total_marks"),
        "total_marks": sum(one.full_marks or 0 for one in document.indicators),
        "rounding": rounding_words(document.rounding),
        "settings": settings_in_words(document),
        "groups": [(group, group_words(document, group)) for group in document.groups.values()],
        "targets": [(target, target_words(document, target)) for target in document.targets.values()],
        "lists": lists_in_words(plain),
    }


def find_version(request: SignedInRequest, public_id: str) -> SchemeVersion:
    found = access.schemes_visible_to(request.user).select_related("drafted_by", "published_by")
    return get_object_or_404(found, public_id=public_id)


def is_published(version: SchemeVersion) -> bool:
    return version.state == SchemeState.PUBLISHED


def can_publish(request: SignedInRequest, version: SchemeVersion) -> bool:
    """Whether the page offers to publish: a draft, to somebody who neither drafted nor changed it."""
    own = version.drafted_by_id == request.user.pk or request.user.pk in version.authors
    return access.can_draft_schemes(request.user) and not own and not is_published(version)


@require_http_methods(["GET", "POST"])
def scheme_new(request: SignedInRequest) -> HttpResponse:
    """Begin with a scheme that is there, or paste or upload one; every fault comes back with its line, and the text as it was."""
    if not access.can_draft_schemes(request.user):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以起草考核细则。"))
    form = SchemeForm(
        request.POST or None, request.FILES or None, initial={"year": timezone.localdate().year}
    )
    if request.method == "POST" and form.is_valid():
        year, text = form.cleaned_data["year"], form.cleaned_data["text"]
        version = attempt(form, lambda: actions.draft_scheme(actor=request.user, year=year, text=text))
        if version is not None:
            url = reverse("kpi:scheme", args=[version.public_id])
            return done(request, url, _("已保存为草稿，请另一位同事核对后发布。"))
    start = StartForm(sources(request), initial={"year": timezone.localdate().year})
    context = {"form": form, "faults": fault_lines(form), "start": start}
    return page(request, "kpi/scheme_new.html", context, status=422 if form.errors else 200)


def fault_lines(form: BaseForm) -> list[str]:
    """What is wrong with a document, line by line."""
    return [line for error in form.errors.get("text", []) for line in str(error).splitlines()]


@require_POST
def scheme_start(request: SignedInRequest) -> HttpResponse:
    """A new draft with the document of another version or of the library, carried over to its year."""
    if not access.can_draft_schemes(request.user):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以起草考核细则。"))
    form = StartForm(sources(request), request.POST)
    if form.is_valid():
        year = form.cleaned_data["year"]
        text = carried_over(source_text(request, form.cleaned_data["source"]), year)
        version = attempt(form, lambda: actions.draft_scheme(actor=request.user, year=year, text=text))
        if version is not None:
            url = reverse("kpi:scheme", args=[version.public_id])
            return done(request, url, _("草稿已建好，逐项修改即可；改完请另一位同事核对后发布。"))
    context = {"form": SchemeForm(initial={"year": timezone.localdate().year}), "faults": [], "start": form}
    return page(request, "kpi/scheme_new.html", context, status=422)


def sources(request: SignedInRequest) -> list[tuple[str, Any]]:
    """What a draft may begin with: the versions one sees, newest first, and the library."""
    versions = access.schemes_visible_to(request.user).order_by("-year", "-number")
    own = [(version.public_id, f"{version.year} · {version}") for version in versions]
    named = [(name, read(library_text(name)).value["title"]) for name in library()]
    return [(_("本区的细则"), own), (_("细则样本"), named)] if own else [(_("细则样本"), named)]


def source_text(request: SignedInRequest, source: str) -> str:
    if source in library():
        return library_text(source)
    return find_version(request, source).text


@require_POST
def scheme_publish(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Make a draft the rule of its year."""
    version = find_version(request, public_id)
    actions.publish_scheme(actor=request.user, scheme=version)
    return done(request, reverse("kpi:scheme", args=[public_id]), _("细则已发布，下一次核算起施行。"))
