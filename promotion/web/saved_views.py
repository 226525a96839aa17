"""Saved views: lists with their filters under a name, for oneself or shared. A reader finds only rows of his own visible set."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion import access, actions
from promotion.web.pages import attempt, done, is_fragment, page


class ViewForm(forms.Form):
    """The name of a view, whom it is shared with, and whether its list opens with it."""

    name = forms.CharField(label=gettext_lazy("视图名称"), max_length=40)
    audience = forms.ChoiceField(label=gettext_lazy("共享给"), required=False)
    is_default = forms.BooleanField(label=gettext_lazy("打开这个列表时默认用它"), required=False)

    def __init__(self, data: Any = None, *, audiences: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if audiences:
            self.fields["audience"].choices = [("", _("只给自己")), *audiences]  # type: ignore[attr-defined]
        else:
            del self.fields["audience"]


@require_GET
def saved_views(request: HttpRequest) -> HttpResponse:
    """The account's own views, and those that others share with it."""
    views = list(access.saved_views_visible_to(request.user).select_related("owner"))
    given = dict(access.audiences_given_by(request.user))
    for view in views:
        view.page_label = settings.VIEW_PAGES.get(view.url_name, view.url_name)  # type: ignore[attr-defined]
        view.url = f"{reverse(view.url_name)}?{view.query}"  # type: ignore[attr-defined]
        view.audience_label = _audience_label(view.audience, given)  # type: ignore[attr-defined]
    own = [view for view in views if view.owner_id == request.user.pk]
    shared = [view for view in views if view.owner_id != request.user.pk]
    return page(request, "promotion/saved_views.html", {"own": own, "shared": shared})


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep a list; what is refused comes back as a form with everything that was typed."""
    form = ViewForm(request.POST, audiences=access.audiences_given_by(request.user))
    kept: dict[str, Any] = {
        "url_name": request.POST.get("url_name", ""),
        "query": request.POST.get("query", ""),
    }
    typed: dict[str, Any] = {
        "name": request.POST.get("name", ""),
        "audience": request.POST.get("audience", ""),
        "is_default": bool(request.POST.get("is_default")),
    }
    # A fragment is asked from a list that stays where it is: a refusal is a toast there.
    if is_fragment(request):
        view: Any = actions.save_view(actor=request.user, **kept, **typed)
    else:
        form.full_clean()
        form.errors.clear()
        view = attempt(form, lambda: actions.save_view(actor=request.user, **kept, **typed))
    if view is None:
        return page(request, "promotion/view_form.html", {"form": form, **kept}, status=422)
    text = _("已收藏“%(name)s”。") % {"name": view.name}
    return done(request, f"{reverse(view.url_name)}?{view.query}", text)


@require_http_methods(["GET", "POST"])
def view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one's own view, share it otherwise, make it the default of its list."""
    view = get_object_or_404(access.saved_views_kept_by(request.user), pk=pk)
    given = access.audiences_given_by(request.user)
    if view.audience and view.audience not in dict(given):
        given = [*given, (view.audience, _audience_label(view.audience, {}))]
    held = {"name": view.name, "audience": view.audience, "is_default": view.is_default}
    form = ViewForm(request.POST or None, audiences=given, initial=held)
    if request.method == "POST" and form.is_valid():
        values = {"audience": "", **form.cleaned_data}
        if attempt(form, lambda: actions.change_view(actor=request.user, pk=pk, **values)):
            return done(request, reverse("views"), _("已保存。"))
    context = {"form": form, "view": view}
    return page(
        request, "promotion/view_form.html", context, fragment="panel", status=422 if form.errors else 200
    )


@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    actions.delete_view(actor=request.user, pk=pk)
    return done(request, _back(request), _("已删除。"))


def _audience_label(audience: str, given: dict[str, str]) -> str:
    if not audience:
        return _("只给自己")
    return given.get(audience) or (_("全体") if audience == "everyone" else _("本队"))


def _back(request: HttpRequest) -> str:
    wanted = request.META.get("HTTP_REFERER", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else reverse("views")
