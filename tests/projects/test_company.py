"""Companies: duplicates while typing, the pages, corrections by two people, contacts, and the yield of the channels."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from projects.access import companies_visible_to, count_companies_visible_to
from projects.actions import add_contact, change_company, log_lead
from projects.models import FirstReception
from projects.queries import channel_yields, find_duplicates
from projects.queries.company import companies_listed, core_of
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account
from tests.factories.projects import make_company, make_project, make_recognised, make_share

CODE = "91350100M000100Y43"
SignIn = Callable[[Account], Client]


def hold(company: object, account: Account, since: date) -> None:
    """Give the account's team the first reception of the company."""
    FirstReception.objects.create(
        company=company,
        person=account.person,
        team=account.person.appointments.get().team,
        claimed_at=timezone.make_aware(datetime.combine(since, time(9))),
        protected_until=date(2099, 1, 1),
    )


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("示例新能源科技有限公司", "示例新能源"),
        ("示例（中国）集团股份有限公司", "示例"),
        ("Example Power Co., Ltd.", "examplepower"),
        ("有限公司", ""),
        ("科技集团", ""),
    ],
)
def test_core_of_a_name_leaves_out_what_tells_no_companies_apart(name: str, core: str) -> None:
    assert core_of(name) == core


@pytest.mark.parametrize(
    "typed",
    [
        "新能源",
        "示例新能源科技有限公司",
        "示例新能源动力",
        "slxny",
        "shilixin",
        "事例新能源",
        "EXAMPLE power",
    ],
)
def test_duplicates_are_found_by_substring_reading_initials_and_english_name(
    officer: Account, typed: str
) -> None:
    company = make_company(officer, name="示例新能源", english_name="Example Power Co., Ltd.")
    make_company(officer, name="另一家公司")

    hits = find_duplicates(actor=officer, name=typed)

    assert [(hit.title, hit.url, hit.visible, hit.pick) for hit in hits] == [
        ("示例新能源", reverse("projects:company", args=[company.public_id]), True, company.public_id)
    ]


def test_duplicates_are_found_by_code_however_the_name_is_spelt(officer: Account) -> None:
    make_company(officer, name="示例新能源", credit_code=CODE)

    hits = find_duplicates(actor=officer, name="完全不同的名字", credit_code="９1350100m000100y43")

    assert [(hit.title, hit.credit_code) for hit in hits] == [("示例新能源", CODE)]


def test_another_teams_company_is_told_masked_and_only_when_close(
    officer: Account, outsider: Account
) -> None:
    secret = make_company(outsider, name="示例新能源有限公司", credit_code=CODE)
    hold(secret, outsider, date(2026, 3, 14))

    close = find_duplicates(actor=officer, name="示例新能源")
    same_code = find_duplicates(actor=officer, name="毫不相干", credit_code=CODE)
    spelt = find_duplicates(actor=officer, name="shilixinnengyuan")
    initialled = find_duplicates(actor=officer, name="slxny")
    too_few_letters = find_duplicates(actor=officer, name="slx")
    only_sounds_alike = find_duplicates(actor=officer, name="事例新能源")

    masked = "已存在，由 项目攻坚二队 自 2026-03 起跟进"
    for hits in (close, same_code, spelt, initialled):
        assert [(hit.title, hit.url, hit.visible, hit.pick, hit.credit_code) for hit in hits] == [
            (masked, "", False, "", "")
        ]
    assert (only_sounds_alike, too_few_letters) == ([], [])
    assert [hit.title for hit in find_duplicates(actor=outsider, name="事例新能源")] == ["示例新能源有限公司"]


def test_generic_words_reveal_nothing(officer: Account, outsider: Account) -> None:
    make_company(outsider, name="示例新能源科技有限公司")

    assert find_duplicates(actor=officer, name="科技有限公司") == []
    assert find_duplicates(actor=officer, name="示") == []


def test_duplicate_search_costs_the_same_for_one_and_for_many(
    officer: Account, outsider: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_company(officer, name="示例新能源一号")
    with django_assert_num_queries(4):
        assert len(find_duplicates(actor=officer, name="示例新能源")) == 1
    for n in range(3):
        hold(make_company(outsider, name=f"示例新能源{n}"), outsider, date(2026, n + 1, 1))
    with django_assert_num_queries(4):
        assert len(find_duplicates(actor=officer, name="示例新能源")) == 4


def test_company_is_changed_once_and_the_second_editor_sees_who_was_first(
    officer: Account, colleague: Account
) -> None:
    company = make_company(officer, name="示例新能源")
    make_project(colleague, company=company)

    change_company(actor=officer, company=company, seen=1, credit_code=CODE.lower(), region="合肥")
    with pytest.raises(Conflict) as conflict:
        change_company(actor=colleague, company=company, seen=1, region="上海")

    company.refresh_from_db()
    assert (company.credit_code, company.region, company.version) == (CODE, "合肥", 2)
    assert officer.display_name in conflict.value.message
    assert [hit.title for hit in find_duplicates(actor=officer, credit_code=CODE)] == ["示例新能源"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"credit_code": CODE[:-1] + "0"}, "credit_code"),
        ({"name": "示例 芯片"}, "name"),
        ({"name": " "}, "name"),
    ],
)
def test_company_is_not_changed_to_something_wrong(officer: Account, fields: dict, field: str) -> None:
    company = make_company(officer, name="示例新能源")
    make_company(officer, name="示例芯片")

    with pytest.raises(Refused) as refused:
        change_company(actor=officer, company=company, seen=1, **fields)

    assert list(refused.value.fields) == [field]
    company.refresh_from_db()
    assert (company.name, company.credit_code, company.version) == ("示例新能源", "", 1)


def test_only_those_who_work_on_projects_change_a_company_they_see(
    officer: Account, outsider: Account, auditor: Account
) -> None:
    company = make_company(officer)

    with pytest.raises(NotFound):
        change_company(actor=outsider, company=company, seen=1, region="合肥")
    with pytest.raises(NotAllowed):
        change_company(actor=auditor, company=company, seen=1, region="合肥")
    with pytest.raises(NotFound):
        add_contact(actor=outsider, company=company, name="王五")


def test_contact_is_added_once(officer: Account) -> None:
    company = make_company(officer)

    add_contact(actor=officer, company=company, name="王五", title="投资总监", phone="13800000000")
    with pytest.raises(Refused):
        add_contact(actor=officer, company=company, name="王五", phone="13800000000")

    assert list(company.contacts.values_list("name", "title", "phone")) == [
        ("王五", "投资总监", "13800000000")
    ]


def test_company_list_counts_only_projects_in_sight(officer: Account, outsider: Account) -> None:
    company = make_company(officer, name="示例新能源")
    make_project(officer, company=company, planned_investment=Decimal(100))
    make_project(officer, company=company, planned_investment=None)
    make_project(outsider, company=company, planned_investment=Decimal(7))
    make_company(outsider, name="看不见的公司")

    rows = companies_listed(officer)

    assert [(row.name, row.project_count, row.planned) for row in rows] == [("示例新能源", 2, Decimal(100))]


def test_company_list_page_filters_totals_and_costs_the_same(
    officer: Account, client_as: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, url = client_as(officer), reverse("projects:companies")
    make_project(
        officer, company=make_company(officer, name="示例新能源"), planned_investment=Decimal(350_000_000)
    )
    client.get(url)
    with django_assert_max_num_queries(14) as one:
        client.get(url)
    for name in ("示例芯片", "示例汽车", "示例药业"):
        make_company(officer, name=name, country="日本")
    with django_assert_max_num_queries(14) as three:
        whole = client.get(url).content.decode()
    found = client.get(url, {"q": "slxp"}).content.decode()
    abroad = client.get(url, {"country": "日本", "with_projects": "no"}).content.decode()

    assert len(one) == len(three)
    assert "共 4 条" in whole
    assert "3.50" in whole
    assert ("示例芯片" in found, "示例汽车" in found) == (True, False)
    assert "共 3 条" in abroad


def test_company_page_shows_projects_in_sight_reception_contacts_and_history(
    officer: Account, outsider: Account, client_as: SignIn
) -> None:
    project = log_lead(actor=officer, name="动力电池", company_name="示例新能源", channel="fund")
    hidden = make_project(outsider, company=project.company, name="别队的项目")
    add_contact(actor=officer, company=project.company, name="王五")
    change_company(actor=officer, company=project.company, seen=1, region="合肥")
    url = reverse("projects:company", args=[project.company.public_id])

    html = client_as(officer).get(url).content.decode()

    for text in ("动力电池", "项目攻坚一队", "王五", "省市：— → 合肥", officer.display_name):
        assert text in html
    assert hidden.name not in html


def test_company_page_out_of_sight_is_not_there(
    officer: Account, outsider: Account, client_as: SignIn
) -> None:
    company = make_company(officer)

    for name in ("projects:company", "projects:company-edit", "projects:contact-add"):
        url = reverse(name, args=[company.public_id])
        assert client_as(officer).get(url).status_code == 200
        assert client_as(outsider).get(url).status_code == 404


def test_company_edit_keeps_what_was_typed_when_it_is_refused(officer: Account, client_as: SignIn) -> None:
    company = make_company(officer, name="示例新能源")
    url = reverse("projects:company-edit", args=[company.public_id])
    typed = {"name": "示例新能源", "country": "中国", "region": "合肥", "credit_code": "123", "version": "1"}

    refused = client_as(officer).post(url, typed)
    saved = client_as(officer).post(url, typed | {"credit_code": CODE})

    assert refused.status_code == 422
    assert "应为 18 位，您填了 3 位" in refused.content.decode()
    assert 'value="合肥"' in refused.content.decode()
    assert (saved.status_code, saved.url) == (302, reverse("projects:company", args=[company.public_id]))


def test_company_edit_conflict_says_who_and_lets_the_next_try_pass(
    officer: Account, leader: Account, client_as: SignIn
) -> None:
    company = make_company(officer, name="示例新能源")
    make_project(officer, company=company)
    url = reverse("projects:company-edit", args=[company.public_id])
    change_company(actor=leader, company=company, seen=1, region="上海")
    typed = {"name": "示例新能源", "country": "中国", "region": "合肥", "version": "1"}

    conflict = client_as(officer).post(url, typed)

    html = conflict.content.decode()
    assert conflict.status_code == 422
    assert leader.display_name in html
    assert 'name="version" value="2"' in html
    assert client_as(officer).post(url, typed | {"version": "2"}).status_code == 302


def test_contact_is_added_from_the_page(officer: Account, client_as: SignIn) -> None:
    company = make_company(officer)
    url = reverse("projects:contact-add", args=[company.public_id])

    assert client_as(officer).post(url, {"name": ""}).status_code == 422
    assert client_as(officer).post(url, {"name": "王五", "email": "wang@example.com"}).status_code == 302
    assert company.contacts.get().email == "wang@example.com"


def test_quick_lead_is_prefilled_and_saves_with_amounts_as_people_type_them(
    officer: Account, client_as: SignIn
) -> None:
    client, url = client_as(officer), reverse("projects:lead-new")
    form = client.get(url).content.decode()
    typed = {
        "company_name": "示例新能源",
        "name": "动力电池",
        "channel": "fund",
        "planned_investment": "3.5亿",
        "next_step": "首次拜访",
        "next_step_on": "2099-01-05",
    }

    refused = client.post(url, typed | {"planned_investment": "很多", "credit_code": "123"})
    saved = client.post(url, typed)

    assert '<option value="stationed" selected' in form
    assert 'data-draft="lead"' in form
    assert refused.status_code == 422
    assert "看不懂金额“很多”" in refused.content.decode()
    project = officer.person.projects.get()
    assert (saved.status_code, saved.url) == (302, reverse("projects:detail", args=[project.public_id]))
    assert (project.planned_investment, project.channel, project.capital_source) == (
        Decimal("350000000.00"),
        "fund",
        "domestic",
    )
    assert '<option value="fund" selected' in client.get(url).content.decode()


def test_quick_lead_in_the_dialog_is_a_fragment_that_sends_on(officer: Account, client_as: SignIn) -> None:
    client, url = client_as(officer), reverse("projects:lead-new")
    typed = {"company_name": "示例新能源", "name": "动力电池", "channel": "fund"}

    form = client.get(url, headers={"hx-request": "true"}).content.decode()
    saved = client.post(url, typed, headers={"hx-request": "true"})

    assert "<html" not in form
    assert 'name="company_name"' in form
    assert saved.headers["HX-Redirect"] == reverse(
        "projects:detail", args=[officer.person.projects.get().public_id]
    )


def test_quick_lead_tells_of_another_teams_claim_beside_the_field(
    officer: Account, outsider: Account, client_as: SignIn
) -> None:
    log_lead(actor=outsider, name="秘密项目", company_name="示例新能源", channel="fund")
    typed = {"company_name": "示例新能源", "name": "动力电池", "channel": "fund"}

    reply = client_as(officer).post(reverse("projects:lead-new"), typed)

    html = reply.content.decode()
    assert reply.status_code == 422
    assert "已存在，由 项目攻坚二队 自" in html
    assert "秘密项目" not in html
    assert 'value="动力电池"' in html


def test_quick_lead_is_not_for_those_who_only_read(auditor: Account, client_as: SignIn) -> None:
    assert client_as(auditor).get(reverse("projects:lead-new")).status_code == 403


def test_manager_logs_a_lead_for_an_officer(manager: Account, officer: Account, client_as: SignIn) -> None:
    url = reverse("projects:lead-new")
    typed = {"company_name": "示例新能源", "name": "动力电池", "channel": "fund"}

    alone = client_as(manager).post(url, typed)
    named = client_as(manager).post(url, typed | {"owner": officer.person.pk})

    assert alone.status_code == 422
    assert "没有任职，不知道线索归哪个团队" in alone.content.decode()
    assert named.status_code == 302
    assert officer.person.projects.get().created_by == manager


def test_lead_check_warns_and_lets_a_known_company_be_chosen(officer: Account, client_as: SignIn) -> None:
    company = make_company(officer, name="示例新能源有限公司", credit_code=CODE)
    client, url, htmx = client_as(officer), reverse("projects:lead-check"), {"hx-request": "true"}

    warning = client.get(url, {"company_name": "示例新能源"}, headers=htmx).content.decode()
    nothing = client.get(url, {"company_name": "别的"}, headers=htmx).content.decode()
    picked = client.get(url, {"pick": company.public_id}, headers=htmx).content.decode()

    assert f"?pick={company.public_id}" in warning
    assert "示例新能源有限公司" in warning
    assert nothing.strip() == ""
    assert ('value="示例新能源有限公司"' in picked, f'value="{CODE}"' in picked) == (True, True)


def test_channels_count_projects_by_the_stage_they_reached(
    officer: Account, outsider: Account, manager: Account, client_as: SignIn
) -> None:
    signed = make_project(officer, channel="fund", stage="signed", planned_investment=Decimal(300))
    make_project(officer, channel="fund", stage="lead", planned_investment=Decimal(50))
    make_project(outsider, channel="fund", stage="produced", planned_investment=Decimal(7))
    money = {"kind": "paid_in", "currency": "USD", "exchange_rate": 7, "rate_on": date(2026, 3, 1)}
    make_recognised(signed, officer, manager, amount=Decimal(1000), amount_cny=Decimal(7000), **money)

    fund = next(row for row in channel_yields(officer) if row.channel == "fund")
    whole = next(row for row in channel_yields(manager) if row.channel == "fund")

    assert [count for _stage, _name, count in fund.reached] == [2, 1, 1, 0, 0]
    assert (fund.planned, fund.paid_in_usd) == (Decimal(350), Decimal(1000))
    assert [count for _stage, _name, count in whole.reached] == [3, 2, 2, 1, 1]
    assert len(channel_yields(officer)) == 10


def test_figures_of_the_channels_open_lists_that_count_the_same(officer: Account, client_as: SignIn) -> None:
    for stage, status in (("lead", "active"), ("signed", "active"), ("started", "lost")):
        make_project(officer, channel="fund", stage=stage, status=status)
    client = client_as(officer)

    html = client.get(reverse("projects:channels")).content.decode()

    links = re.findall(r'href="([^"]*channel=fund[^"]*)">(\d+)</a>', html)
    assert [count for _url, count in links] == ["3", "2", "2", "1", "1"]
    for url, count in links:
        assert f"共 {count} 条" in client.get(unescape(url)).content.decode()


def test_channels_cost_two_queries(
    officer: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for channel in ("fund", "event", "chamber"):
        make_share(make_project(officer, channel=channel), officer.person)
    with django_assert_num_queries(2):
        channel_yields(officer)


def test_company_list_orders_by_the_latest_visible_progress_and_counts_all_that_is_visible(
    officer: Account, outsider: Account, manager: Account, client_as: SignIn
) -> None:
    for name, days in (("甲公司", (9, 2)), ("乙公司", (5,)), ("丙公司", (5, 1, 1)), ("丁公司", ())):
        company = make_company(officer, name=name)
        for day in days:
            make_project(officer, company=company, progressed_on=date(2026, 5, day))
    make_project(outsider, company=make_company(outsider, name="戊公司"), progressed_on=date(2026, 5, 20))

    for actor, order in (
        (officer, ["甲公司", "丙公司", "乙公司", "丁公司"]),
        (manager, ["戊公司", "甲公司", "丙公司", "乙公司", "丁公司"]),
    ):
        whole = client_as(actor).get(reverse("projects:companies")).content.decode()
        places = [whole.index(f">{name}<") for name in order]
        assert (places, count_companies_visible_to(actor)) == (
            sorted(places),
            companies_visible_to(actor).count(),
        )
