"""The masked conflict check over every name and form of a name, on every entry path."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from projects.actions import change_company, claim_company, log_lead
from projects.actions.company_name import add_alias
from projects.models import Company, Project
from projects.name_core import core_of, same_core
from projects.queries.conflict import find_conflicts, same_in_history
from promotion.errors import Conflict
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.projects import make_company
from tests.projects.test_protection import receive

SignIn = Callable[[Account], Client]


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("灵犀光电有限公司", "江苏灵犀光电股份有限公司", True),
        ("灵犀光电（中国）有限公司", "灵犀光电集团", True),
        ("靈犀光電股份有限公司", "灵犀光电", False),
        ("華創電氣有限公司", "华创电气", True),
        ("江苏华创科技有限公司", "浙江华创科技有限公司", False),
        ("ＬＸ光电", "lx光电公司", True),
    ],
)
def test_form_place_width_and_traditional_characters_tell_no_companies_apart(
    name: str, other: str, same: bool
) -> None:
    assert same_core(name, other) is same


def test_core_keeps_what_tells_apart() -> None:
    assert core_of("江苏灵犀光电股份有限公司") == "江苏灵犀光电"


def taken(outsider: Account) -> Company:
    """A company that the outsider's team was first to receive ninety days ago."""
    company = make_company(outsider, name="灵犀光电有限公司", english_name="Lynx Optoelectronics Co., Ltd.")
    receive(outsider, company=company, since=90)
    return company


def test_lead_under_another_form_of_the_name_is_refused_masked_until_it_is_said_to_be_another(
    officer: Account, outsider: Account
) -> None:
    company = taken(outsider)
    add_alias(actor=outsider, company=company, name="灵犀激光", kind="former")
    since = (timezone.localdate() - timedelta(days=90)).strftime("%Y-%m")
    for form in ("江苏灵犀光电股份有限公司", "灵犀激光（苏州）有限公司", "Lynx Optoelectronics"):
        with pytest.raises(Conflict) as refused:
            log_lead(actor=officer, name="光电项目", company_name=form, channel="stationed")
        assert f"由 项目攻坚二队 自 {since}" in refused.value.message
        assert company.name not in refused.value.message

    project = log_lead(
        actor=officer,
        name="光电项目",
        company_name="江苏灵犀光电股份有限公司",
        channel="stationed",
        distinct_reason="苏州法人不同，股东不同",
    )

    entry = AuditEntry.objects.get(verb="lead.log", target_id=str(project.pk))
    assert entry.detail["distinct_reason"] == "苏州法人不同，股东不同"


def test_own_team_and_lapsed_holders_do_not_block(officer: Account, colleague: Account) -> None:
    company = make_company(officer, name="灵犀光电有限公司")
    receive(officer, company=company)

    log_lead(actor=colleague, name="光电项目", company_name="江苏灵犀光电股份有限公司", channel="stationed")

    assert Project.objects.count() == 1


def test_rename_and_claim_ask_too(officer: Account, outsider: Account) -> None:
    taken(outsider)
    own = make_company(officer, name="完全不同有限公司")
    receive(officer, company=own)
    with pytest.raises(Conflict, match="首接"):
        change_company(actor=officer, company=own, name="江苏灵犀光电股份有限公司")
    double = make_company(outsider, name="江苏灵犀光电科技有限公司")
    pooled = receive(outsider, company=double, until=-1)
    with pytest.raises(Conflict, match="首接"):
        claim_company(actor=officer, reception=pooled)


def test_api_answers_masked_and_says_whether_a_lead_would_be_refused(
    officer: Account, outsider: Account, client_as: SignIn
) -> None:
    company = taken(outsider)
    url = reverse("api-companies-conflicts")

    mine = client_as(outsider).get(url, {"name": "江苏灵犀光电"}).json()
    theirs = client_as(officer).get(url, {"name": "江苏灵犀光电"})

    assert (mine["blocked"], [each["company"] for each in mine["conflicts"]]) == (False, [company.public_id])
    found = theirs.json()
    assert (found["blocked"], len(found["conflicts"])) == (True, 1)
    one = found["conflicts"][0]
    assert (one["company"], one["matched"], one["visible"], one["protected"]) == ("", "", False, True)
    assert company.name not in theirs.content.decode()
    assert client_as(officer).get(url).json() == {"blocked": False, "conflicts": []}


def test_api_lead_carries_the_reason(officer: Account, outsider: Account, client_as: SignIn) -> None:
    taken(outsider)
    lead = {"name": "光电项目", "company_name": "江苏灵犀光电股份有限公司", "channel": "stationed"}

    refused = client_as(officer).post("/api/leads/", lead, content_type="application/json")
    given = {**lead, "distinct_reason": "不同法人"}
    made = client_as(officer).post("/api/leads/", given, content_type="application/json")

    assert (refused.status_code, set(refused.json()["fields"])) == (409, {"company_name", "distinct_reason"})
    assert made.status_code == 201


def test_check_costs_the_same_for_one_and_for_many(
    officer: Account, outsider: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(3):
        receive(outsider, company=make_company(outsider, name=f"灵犀光电{n}号有限公司"))
        with django_assert_num_queries(4):
            assert len(find_conflicts(actor=officer, name="灵犀光电")) == n + 1


def test_import_reports_close_names(officer: Account) -> None:
    make_company(officer, name="灵犀光电有限公司")

    assert same_in_history(["江苏灵犀光电股份有限公司", "无关有限公司"]) == [
        ("江苏灵犀光电股份有限公司", "灵犀光电有限公司")
    ]
