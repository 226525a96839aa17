"""Leads: what one step writes, what it refuses, and two officers who claim one company at once."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from projects.actions import log_lead
from projects.credit_code import ALPHABET, check_character, checked, fault, normalised
from projects.models import Company, CreditShare, FirstReception, Project, StageChange
from projects.queries.lead import next_step_day, usual_channel
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account, Role
from tests.factories.projects import make_company, make_project
from tests.factories.staff import make_account, make_appointment, make_team

CODE = "91350100M000100Y43"


@pytest.mark.parametrize("code", [CODE, "91440300708461136T", "914403001922038216", "91330100799655058B"])
def test_credit_code_of_the_standard_and_of_known_companies_is_right(code: str) -> None:
    assert fault(code) == ""


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (CODE[:-1], "统一社会信用代码应为 18 位，您填了 17 位；请对照营业执照补全。"),
        (
            "9135010OM000100Y43",
            "统一社会信用代码第 8 位“O”不可用，可能是“0”；代码不含 I、O、S、V、Z。",
        ),
        (
            CODE[:-1] + "4",
            "统一社会信用代码校验不通过：按前 17 位计算，末位应为 3，您填的是 4；请逐位核对。",
        ),
    ],
)
def test_credit_code_fault_names_what_is_wrong(code: str, sentence: str) -> None:
    assert fault(code) == sentence
    with pytest.raises(Refused) as refused:
        checked(code)
    assert refused.value.fields == {"credit_code": sentence}


def test_credit_code_with_one_changed_character_is_never_right() -> None:
    wrong = [
        CODE[:place] + other + CODE[place + 1 :]
        for place in range(17)
        for other in ALPHABET
        if other != CODE[place]
    ]

    assert all(fault(code) for code in wrong)
    assert check_character(CODE[:-1]) == "3"


def test_credit_code_is_read_in_full_width_and_small_letters() -> None:
    assert normalised(" ９１350100m000100y43 ") == CODE
    assert checked("") == ""


def test_lead_writes_company_code_reception_shares_and_history(officer: Account) -> None:
    today = timezone.localdate()

    project = log_lead(
        actor=officer,
        name="动力电池项目",
        company_name="示例新能源有限公司",
        channel="fund",
        planned_investment=Decimal("350000000.00"),
        next_step="首次拜访",
        next_step_on=today,
        credit_code=CODE,
    )

    project.refresh_from_db()
    assert (project.code, project.stage, project.status) == (f"XM-{today.year}-0001", "lead", "active")
    assert (project.owner, project.team.code) == (officer.person, "GJ1")
    assert (project.company.name, project.company.credit_code) == ("示例新能源有限公司", CODE)
    shares = CreditShare.objects.filter(project=project).values_list(
        "role", "percent", "person", "holds_from"
    )
    assert set(shares) == {
        ("capture", Decimal(30), officer.person_id, today),
        ("introduction", Decimal(50), officer.person_id, today),
        ("landing", Decimal(20), officer.person_id, today),
    }
    reception = FirstReception.objects.get(company=project.company)
    assert (reception.person, reception.team, reception.released_at) == (officer.person, project.team, None)
    assert reception.protected_until == today + timedelta(days=180)
    change = StageChange.objects.get(project=project)
    assert (change.from_stage, change.to_stage, change.changed_by) == ("", "lead", officer)
    entry = AuditEntry.objects.get(verb="lead.log")
    assert (entry.actor, entry.target_id) == (officer, str(project.pk))


def test_lead_takes_a_known_company_by_code_or_by_folded_name(officer: Account) -> None:
    first = log_lead(actor=officer, name="一期", company_name="示例新能源", channel="fund", credit_code=CODE)

    by_name = log_lead(actor=officer, name="二期", company_name=" 示例 新能源 ", channel="fund")
    by_code = log_lead(
        actor=officer, name="三期", company_name="示例新能源公司", channel="fund", credit_code=CODE
    )

    assert {by_name.company, by_code.company} == {first.company}
    assert Company.objects.count() == FirstReception.objects.count() == 1
    assert [p.code[-4:] for p in (first, by_name, by_code)] == ["0001", "0002", "0003"]


def test_lead_fills_in_the_code_of_a_known_company_but_never_replaces_it(officer: Account) -> None:
    company = make_company(officer, name="示例新能源")
    log_lead(actor=officer, name="一期", company_name="示例新能源", channel="fund", credit_code=CODE)
    company.refresh_from_db()
    assert company.credit_code == CODE

    with pytest.raises(Refused) as refused:
        log_lead(
            actor=officer,
            name="二期",
            company_name="示例新能源",
            channel="fund",
            credit_code="91440300708461136T",
        )
    assert refused.value.fields == {
        "credit_code": "这家企业已登记另一个统一社会信用代码；请核对名称和代码，或在企业页面更正。"
    }


def test_code_of_another_company_is_refused_and_names_it_only_in_sight(
    officer: Account, outsider: Account
) -> None:
    make_company(outsider, name="示例芯片", credit_code=CODE)
    make_company(officer, name="示例汽车", credit_code="91440300708461136T")

    for code, known in ((CODE, "另一家企业"), ("91440300708461136T", "“示例汽车”")):
        with pytest.raises(Refused) as refused:
            log_lead(actor=officer, name="一期", company_name="示例新能源", channel="fund", credit_code=code)
        sentence = f"这个统一社会信用代码已登记为{known}；请核对企业名称和代码。"
        assert refused.value.fields == {"credit_code": sentence}
    assert Project.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"company_name": "甲"}, "company_name"),
        ({"channel": "telepathy"}, "channel"),
        ({"credit_code": "123"}, "credit_code"),
        ({"industry": "alchemy"}, "industry"),
        ({"planned_investment": Decimal(-1)}, "planned_investment"),
        ({"next_step_on": date(2020, 1, 1)}, "next_step_on"),
        ({"on": date(2999, 1, 1)}, "on"),
    ],
)
def test_lead_with_wrong_input_is_refused_at_its_field_and_writes_nothing(
    officer: Account, changed: dict, field: str
) -> None:
    wanted = {"name": "一期", "company_name": "示例新能源", "channel": "fund"}

    with pytest.raises(Refused) as refused:
        log_lead(actor=officer, **(wanted | changed))

    assert list(refused.value.fields) == [field]
    assert (Project.objects.count(), Company.objects.count()) == (0, 0)


def test_same_lead_twice_is_written_once(officer: Account) -> None:
    log_lead(actor=officer, name="电池 一期", company_name="示例新能源", channel="fund")

    with pytest.raises(Conflict):
        log_lead(actor=officer, name="电池一期", company_name="示例新能源", channel="fund")

    assert Project.objects.count() == 1


def test_lead_on_another_teams_company_is_refused_masked(officer: Account, outsider: Account) -> None:
    log_lead(actor=outsider, name="秘密项目", company_name="示例新能源", channel="fund")
    month = timezone.localdate().strftime("%Y-%m")

    with pytest.raises(Conflict) as conflict:
        log_lead(actor=officer, name="电池", company_name="示例新能源", channel="fund")

    masked = f"已存在，由 项目攻坚二队 自 {month} 起跟进"
    assert conflict.value.message == f"这家企业{masked}，您的线索没有保存。请与该队或分管领导联系。"
    assert conflict.value.fields == {"company_name": masked}
    assert Project.objects.count() == 1


def test_lead_of_the_same_team_keeps_the_first_reception(officer: Account, colleague: Account) -> None:
    log_lead(actor=officer, name="一期", company_name="示例新能源", channel="fund")

    second = log_lead(actor=colleague, name="二期", company_name="示例新能源", channel="fund")

    assert second.owner == colleague.person
    assert FirstReception.objects.get().person == officer.person


@pytest.mark.parametrize(("stage", "taken"), [("negotiation", True), ("signed", False)])
def test_lapsed_protection_frees_a_company_unless_its_team_has_signed(
    officer: Account, outsider: Account, stage: str, taken: bool
) -> None:
    long_ago = timezone.localdate() - timedelta(days=200)
    first = log_lead(actor=outsider, name="旧项目", company_name="示例新能源", channel="fund", on=long_ago)
    Project.objects.filter(pk=first.pk).update(stage=stage)

    if taken:
        log_lead(actor=officer, name="新项目", company_name="示例新能源", channel="fund")
    else:
        with pytest.raises(Conflict):
            log_lead(actor=officer, name="新项目", company_name="示例新能源", channel="fund")

    held = FirstReception.objects.get(released_at=None)
    assert held.person == (officer if taken else outsider).person


def test_manager_without_a_post_is_told_who_could_log_it(manager: Account, officer: Account) -> None:
    wanted = {"name": "一期", "company_name": "示例新能源", "channel": "fund"}

    with pytest.raises(Refused, match="没有任职，不知道线索归哪个团队"):
        log_lead(actor=manager, **wanted)
    project = log_lead(actor=manager, owner=officer.person, **wanted)

    assert (project.owner, project.team.code, project.created_by) == (officer.person, "GJ1", manager)


def test_only_the_leader_logs_for_a_member(
    officer: Account, colleague: Account, leader: Account, outsider: Account
) -> None:
    wanted = {"name": "一期", "company_name": "示例新能源", "channel": "fund"}

    with pytest.raises(NotAllowed):
        log_lead(actor=colleague, owner=officer.person, **wanted)
    with pytest.raises(NotAllowed):
        log_lead(actor=leader, owner=outsider.person, **wanted)
    assert log_lead(actor=leader, owner=officer.person, **wanted).owner == officer.person


@pytest.mark.parametrize("role", [Role.HR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_roles_that_work_on_no_projects_log_no_leads(first_team: object, role: Role) -> None:
    account = make_account(role, team=first_team)

    with pytest.raises(NotAllowed):
        log_lead(actor=account, name="一期", company_name="示例新能源", channel="fund")


def test_codes_go_on_after_9999(officer: Account) -> None:
    make_project(officer, code="XM-2025-9999")
    make_project(officer, code="XM-2025-10000")

    project = log_lead(
        actor=officer, name="一期", company_name="示例新能源", channel="fund", on=date(2025, 12, 31)
    )

    assert project.code == "XM-2025-10001"


def test_usual_channel_is_that_of_the_last_lead(officer: Account) -> None:
    assert usual_channel(officer) == "stationed"
    log_lead(actor=officer, name="一期", company_name="示例新能源", channel="chamber")
    assert usual_channel(officer) == "chamber"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 3, 2), date(2026, 3, 5)),
        (date(2026, 3, 5), date(2026, 3, 10)),
        (date(2026, 3, 7), date(2026, 3, 11)),
    ],
)
def test_next_step_is_three_working_days_on(today: date, expected: date) -> None:
    assert next_step_day(today) == expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ["", CODE])
def test_two_officers_who_claim_one_company_at_once_get_one_first_reception(code: str) -> None:
    accounts = [make_account(team=make_team()), make_account(team=make_team())]
    results = _at_once(
        lambda account: log_lead(
            actor=account, name="电池项目", company_name="示例新能源", channel="fund", credit_code=code
        ),
        accounts,
    )

    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Project"]
    winner = next(result for result in results if isinstance(result, Project))
    refusal = next(result for result in results if isinstance(result, Conflict))
    assert f"由 {winner.team.name} 自" in refusal.message
    assert (Project.objects.count(), Company.objects.count(), FirstReception.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_leads_of_many_officers_at_once_get_codes_without_gap_or_repeat() -> None:
    accounts = [make_account(team=make_team()) for _ in range(6)]
    results = _at_once(
        lambda account: log_lead(
            actor=account, name="电池项目", company_name=f"示例新能源{account.pk}", channel="fund"
        ),
        accounts,
    )

    year = timezone.localdate().year
    assert sorted(result.code for result in results) == [f"XM-{year}-{n:04}" for n in range(1, 7)]


def _at_once(act, accounts: list[Account]) -> list:
    """What each account's try gives, result or refusal, on a connection of its own, started together."""
    gate = threading.Barrier(len(accounts))
    results: list = []

    def run(account: Account) -> None:
        gate.wait()
        try:
            results.append(act(account))
        except Exception as error:  # noqa: BLE001 the test looks at it
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(account,)) for account in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_lead_of_a_liaison_office_counts_for_its_parent(officer: Account, first_team: object) -> None:
    office = make_team(parent=first_team, kind="liaison")
    there = make_account()
    make_appointment(there.person, office)
    log_lead(actor=officer, name="一期", company_name="示例新能源", channel="fund")

    second = log_lead(actor=there, name="二期", company_name="示例新能源", channel="fund")

    assert (second.team, FirstReception.objects.count()) == (office, 1)
