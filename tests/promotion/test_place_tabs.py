"""The pages of a place in one or two rows: groups, roles, and what stands alone."""

from django.conf import settings
from django.template import engines
from django.test import RequestFactory

from promotion.web.place_tabs import pages_beside, tabs_of
from staff.models import Account


def rows(place: str, role: str, active: str) -> tuple[list[tuple[str, object]], list[tuple[str, object]]]:
    """Both rows as (label, active) pairs."""
    first, second = tabs_of(place, role, active), pages_beside(place, role, active)
    return (
        [(str(tab["label"]), tab["active"]) for tab in first],
        [(str(page["label"]), page["active"]) for page in second],
    )


def test_pages_of_a_group_share_a_tab_and_follow_in_a_second_row() -> None:
    assert rows("teams", "hr", "contracts") == (
        [("组织", False), ("人员", False), ("竞聘", False), ("人事", "within"), ("培训", False)],
        [("聘用合同", True), ("离岗", False), ("离职", False), ("封存档案", False)],
    )


def test_a_page_in_no_group_is_a_tab_and_has_no_second_row() -> None:
    first, second = rows("teams", "hr", "competitions")

    assert (first[2], second) == (("竞聘", True), [])


def test_the_only_page_of_a_group_that_a_role_opens_stands_for_it() -> None:
    first, second = rows("teams", "leader", "absences")

    assert (first[3], second) == (("离岗", True), [])
    assert rows("supervision", "officer", "drives") == (
        [
            ("重大项目认定", False),
            ("攻坚督查", True),
            ("部门协同", False),
            ("准入与会签", False),
            ("规则", False),
        ],
        [],
    )


def test_a_role_of_few_pages_sees_only_these() -> None:
    assert rows("teams", "staff", "competitions") == ([("竞聘", True)], [])


def test_every_group_names_pages_of_its_place_and_no_page_twice() -> None:
    for place, groups in settings.PLACE_GROUPS.items():
        keys = [key for key, *_rest in settings.PLACE_PAGES[place]]
        grouped = [key for _label, members in groups for key in members]
        assert sorted(grouped) == sorted(set(grouped) & set(keys)), place


def test_the_open_page_and_the_tab_that_holds_it_are_told_to_readers() -> None:
    request = RequestFactory().get("/teams/people/")
    request.user = Account(role="hr")

    html = engines["django"].from_string('{% place_tabs "teams" "people" %}').render({}, request)

    assert '<a class="tab tab-active" href="/teams/people/" aria-current="true">人员</a>' in html
    assert '<nav class="segments" aria-label="人员">' in html
    assert '<a class="segment" href="/teams/people/" aria-current="page">名册</a>' in html
