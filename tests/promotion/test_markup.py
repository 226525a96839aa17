"""What pages draw in quick ways is what Django's own ways give."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from projects.filters.project import ProjectFilter
from projects.models import Industry, Project
from promotion.web.filters import drawn_filter
from promotion.web.markup import address, escaped, label_of, markup, remembered
from promotion.web.tags import field
from staff.models import Account, Team
from tests.factories.projects import make_project

SORTED_LISTS = (
    "projects:list",
    "projects:companies",
    "projects:achievements",
    "projects:recognitions",
    "projects:sites",
    "projects:tasks",
    "projects:receptions",
    "projects:drives",
    "projects:promises",
    "staff:people",
)


def test_markup_escapes_as_format_html_does() -> None:
    values = ("<b>&'\"", mark_safe("<i>甲</i>"), 3)

    assert markup("<p>{}{}{}</p>", *values) == format_html("<p>{}{}{}</p>", *values)
    assert escaped("<") == "&lt;"


def test_choice_is_called_as_django_calls_it_in_each_language() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for value in (*Industry.values, "", "none of them"):
                assert label_of(Industry, value) == Project(industry=value).get_industry_display()


def test_address_is_the_one_that_reverse_gives() -> None:
    assert address("projects:detail", "a1b2") == reverse("projects:detail", args=["a1b2"])
    assert address("projects:advance", "a1b2") == reverse("projects:advance", args=["a1b2"])


def test_what_is_remembered_is_drawn_once_for_a_key() -> None:
    drawn: list[str] = []

    def draw(text: str) -> str:
        drawn.append(text)
        return text

    assert [remembered(("test", key), lambda key=key: draw(key)) for key in "aab"] == ["a", "a", "b"]
    assert drawn == ["a", "b"]


@pytest.mark.django_db
def test_remembered_filters_offer_what_there_is_now_and_keep_what_is_chosen(
    manager: Account, officer: Account
) -> None:
    def drawn(query: str, language: str = "zh-hans") -> list[str]:
        request = RequestFactory().get(f"/?{query}")
        request.user = manager
        form = ProjectFilter(request.GET, queryset=Project.objects.all(), request=request).form
        with translation.override(language):
            quick = [drawn_filter(bound, field) for bound in form]
            assert quick == [field(bound) for bound in form]
        return quick

    before = drawn("")
    Team.objects.update(name="改名的队")
    after = drawn("")

    assert "改名的队" in "".join(after)
    assert "改名的队" not in "".join(before)
    assert drawn("stage=lead&owner=") != after
    assert drawn("q=<b>&min_amount=x") != after
    assert drawn("", "en") != after


@pytest.mark.django_db
@pytest.mark.parametrize("url_name", SORTED_LISTS)
def test_every_heading_of_a_list_sorts_it_both_ways(
    url_name: str, officer: Account, manager: Account, client_as: Callable[[Account], Client]
) -> None:
    make_project(officer)
    client, url = client_as(manager), reverse(url_name)
    first = client.get(url, {"view": "all"})
    headings = [heading.key for heading in first.context["list"].headings if heading.sortable]

    for key in headings:
        for sort in (key, f"-{key}"):
            assert client.get(url, {"sort": sort}).status_code == 200, sort


@pytest.mark.django_db
def test_longest_in_a_stage_stands_first_when_days_fall(
    officer: Account, manager: Account, client_as: Callable[[Account], Client]
) -> None:
    for name, since in (("新来", "2026-05-01"), ("久站", "2026-01-01")):
        make_project(officer, name=name, stage_since=since)
    client = client_as(manager)

    def names(sort: str) -> list[str]:
        page = client.get(reverse("projects:list"), {"sort": sort})
        return [project.name for project in page.context["list"].page.object_list]

    assert (names("-days"), names("days")) == (["久站", "新来"], ["新来", "久站"])


@pytest.mark.django_db
def test_frame_is_remembered_for_a_role_and_a_place_and_still_belongs_to_the_reader(
    officer: Account, manager: Account, hr: Account, client_as: Callable[[Account], Client]
) -> None:
    def lit(account: Account, url_name: str) -> tuple[str, bool, bool]:
        page = client_as(account).get(reverse(url_name), {"view": "all"}).content.decode()
        active = page.split('rail-active" href="')[1].split('"')[0]
        return active, account.display_name in page, 'class="bottombar-lead"' in page

    for _again in range(2):
        assert lit(officer, "projects:companies") == (reverse("projects:companies"), True, True)
        assert lit(hr, "projects:companies") == (reverse("projects:companies"), True, False)
        assert lit(officer, "projects:list") == (reverse("projects:board"), True, True)
        assert lit(manager, "projects:list") == (reverse("projects:board"), True, True)
