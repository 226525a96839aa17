"""Merging companies: what moves, what must be decided, that undoing is the identity, and who is first of two at once."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.access import companies_visible_to
from projects.actions import add_contact, change_company, log_lead
from projects.actions.company_merge import merge_companies
from projects.actions.company_name import add_alias, remove_alias
from projects.actions.company_undo import undo_merge
from projects.models import Company, CompanyMerge, CreditShare, FirstReception, Project
from projects.queries.company import find_duplicates
from projects.queries.company_merge import preview_merge, relations
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.projects import make_company, make_project, make_share

FIRST_CODE = "91350100M000100Y43"
SignIn = Callable[[Account], Client]


def state_of(*companies: Company) -> dict[str, Any]:
    """Every row that hangs on the companies, and their own fields, without what counts changes."""
    uncounted = {"version", "changed_at"}
    rows = {
        relation.key: [
            {key: value for key, value in row.items() if key not in uncounted}
            for row in relation.all_rows()
            .filter(**{f"{relation.name}__in": companies})
            .order_by("pk")
            .values()
        ]
        for relation in relations()
    }
    own = [
        {key: value for key, value in row.items() if key not in uncounted}
        for row in Company.objects.filter(pk__in=[each.pk for each in companies]).order_by("pk").values()
    ]
    return {**rows, "own": own}


def hold(company: Company, account: Account, day: date) -> FirstReception:
    return FirstReception.objects.create(
        company=company,
        person=account.person,
        team=account.person.appointments.get().team,
        claimed_at=timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9)),
        protected_until=date(2099, 1, 1),
    )


@pytest.fixture
def pair(officer: Account, outsider: Account) -> tuple[Company, Company]:
    """One company written twice: with projects, contacts, an alias and a first reception on the second."""
    kept = make_company(officer, name="示例新能源有限公司", region="合肥")
    lost = make_company(
        outsider, name="示例新能源（安徽）有限公司", controller="王某", website="https://example.com"
    )
    make_share(make_project(officer, company=kept, name="电池"), officer.person)
    make_share(make_project(outsider, company=lost, name="储能"), outsider.person)
    add_contact(actor=outsider, company=lost, name="李四", phone="13800000000")
    add_alias(actor=outsider, company=lost, name="示例旧名", kind="former")
    hold(lost, outsider, date(2026, 3, 1))
    return kept, lost


def test_merge_moves_everything_keeps_names_and_leaves_credit_alone(
    pair: tuple[Company, Company], manager: Account, officer: Account, outsider: Account
) -> None:
    kept, lost = pair
    shares = list(CreditShare.objects.order_by("pk").values())

    merge = merge_companies(actor=manager, kept=kept, lost=lost, reason="同一家企业")

    kept.refresh_from_db()
    lost.refresh_from_db()
    assert lost.merged_into == kept
    assert sorted(kept.projects.values_list("name", flat=True)) == ["储能", "电池"]
    assert list(kept.contacts.values_list("name", flat=True)) == ["李四"]
    assert sorted(kept.aliases.values_list("name", "kind")) == [
        ("示例新能源（安徽）有限公司", "alias"),
        ("示例旧名", "former"),
    ]
    assert (kept.region, kept.controller, kept.website) == ("合肥", "王某", "https://example.com")
    assert kept.receptions.get(released_at=None).person == outsider.person
    assert list(CreditShare.objects.order_by("pk").values()) == shares
    assert {key: len(pks) for key, pks in merge.moved.items()} == {
        "projects.CompanyAlias.company": 1,
        "projects.Contact.company": 1,
        "projects.FirstReception.company": 1,
        "projects.Project.company": 1,
    }
    assert set(companies_visible_to(outsider)) == set(companies_visible_to(manager)) == {kept}
    assert [hit.title for hit in find_duplicates(actor=officer, name="示例旧名")] == ["示例新能源有限公司"]
    entries = AuditEntry.objects.filter(verb="company.merge").order_by("pk")
    assert [(entry.target_label, entry.reason) for entry in entries] == [
        ("示例新能源有限公司", "同一家企业"),
        ("示例新能源（安徽）有限公司", "同一家企业"),
    ]


def test_every_foreign_key_to_companies_is_found() -> None:
    assert {relation.key for relation in relations()} >= {
        "projects.Company.merged_into",
        "projects.CompanyAlias.company",
        "projects.Contact.company",
        "projects.FirstReception.company",
        "projects.Project.company",
    }


def test_two_codes_two_receptions_and_the_reason_must_be_decided(
    pair: tuple[Company, Company], manager: Account, officer: Account
) -> None:
    kept, lost = pair
    change_company(actor=manager, company=kept, credit_code=FIRST_CODE)
    Company.objects.filter(pk=lost.pk).update(credit_code="91350100M000100Y51")
    hold(kept, officer, date(2026, 2, 1))
    ask: dict[str, Any] = {"actor": manager, "kept": kept, "lost": lost}

    with pytest.raises(Refused) as undecided:
        merge_companies(**ask, reason=" ")
    with pytest.raises(Refused) as wrong_code:
        merge_companies(**ask, reason="x", reception="kept", choices={"credit_code": "lost"})
    merge_companies(**ask, reason="同一家", reception="lost", choices={"credit_code": "kept", "name": "lost"})

    assert sorted(undecided.value.fields) == ["credit_code", "reason", "reception"]
    assert "credit_code" in wrong_code.value.fields
    kept.refresh_from_db()
    assert (kept.name, kept.credit_code) == ("示例新能源（安徽）有限公司", FIRST_CODE)
    ended = FirstReception.objects.exclude(released_at=None).get()
    assert (ended.person, ended.end_reason) == (officer.person, "企业合并，由另一首报首接继续有效")


def test_rows_that_both_have_stay_where_they_are(pair: tuple[Company, Company], manager: Account) -> None:
    kept, lost = pair
    add_alias(actor=manager, company=kept, name="示例旧名")

    preview = preview_merge(kept, lost)
    merge_companies(actor=manager, kept=kept, lost=lost, reason="同一家")

    assert ("别名", 0, 1) in [(move.label, move.count, move.staying) for move in preview.moves]
    assert lost.aliases.get().name == "示例旧名"


def test_leaders_merge_only_what_they_see_whole(
    pair: tuple[Company, Company], leader: Account, officer: Account, outsider: Account
) -> None:
    kept, _lost = pair
    second = make_company(officer, name="示例新能源公司")
    make_project(officer, company=second)

    with pytest.raises(NotAllowed):
        merge_companies(actor=officer, kept=kept, lost=second, reason="同一家")
    merge_companies(actor=leader, kept=kept, lost=second, reason="同一家")
    hidden = make_company(outsider, name="别队的企业")
    make_project(officer, company=hidden)
    make_project(outsider, company=hidden)
    with pytest.raises(NotAllowed):
        merge_companies(actor=leader, kept=kept, lost=hidden, reason="同一家")
    with pytest.raises(NotFound):
        merge_companies(actor=leader, kept=kept, lost=make_company(outsider), reason="同一家")


def test_undo_is_refused_with_what_happened_since(
    pair: tuple[Company, Company], manager: Account, officer: Account
) -> None:
    kept, lost = pair
    merge = merge_companies(actor=manager, kept=kept, lost=lost, reason="同一家")

    def refusal() -> str:
        with pytest.raises(Refused) as refused:
            undo_merge(actor=manager, merge=merge, reason="看错了")
        return refused.value.message

    change_company(actor=manager, company=kept, controller="赵某")
    assert "“实际控制人”又被修改" in refusal()
    change_company(actor=manager, company=kept, controller="王某")
    alias = kept.aliases.get(kind="former")
    remove_alias(actor=manager, alias=alias, reason="错的")
    assert "“别名”中有 1 条" in refusal()
    CompanyMerge.objects.filter(pk=merge.pk).update(merged_at=timezone.now() - timedelta(days=31))
    assert "超过 30 天" in refusal()


def test_undo_waits_for_the_merge_on_top(
    pair: tuple[Company, Company], manager: Account, officer: Account
) -> None:
    kept, lost = pair
    third = make_company(officer, name="示例新能源总公司")
    before = state_of(kept, lost, third)
    lower = merge_companies(actor=manager, kept=kept, lost=lost, reason="同一家")
    upper = merge_companies(actor=manager, kept=third, lost=kept, reason="同一家")

    with pytest.raises((Refused, NotFound)):
        undo_merge(actor=manager, merge=lower, reason="看错了")
    undo_merge(actor=manager, merge=upper, reason="看错了")
    undo_merge(actor=manager, merge=CompanyMerge.objects.get(pk=lower.pk), reason="看错了")

    assert state_of(kept, lost, third) == before


def test_projects_since_the_merge_stay_with_the_kept_company(
    pair: tuple[Company, Company], manager: Account, outsider: Account
) -> None:
    kept, lost = pair
    merge = merge_companies(actor=manager, kept=kept, lost=lost, reason="同一家")
    log_lead(actor=outsider, name="新项目", company=lost, channel="fund")

    undo_merge(actor=manager, merge=merge, reason="看错了")

    assert list(Project.objects.order_by("name").values_list("name", "company")) == [
        ("储能", lost.pk),
        ("新项目", kept.pk),
        ("电池", kept.pk),
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sides=st.dictionaries(
        st.sampled_from(["name", "english_name", "country", "region", "address", "controller"]),
        st.sampled_from(["kept", "lost"]),
    ),
    reception=st.sampled_from(["kept", "lost"]),
    held=st.tuples(st.booleans(), st.booleans()),
    names=st.lists(st.sampled_from(["甲名", "乙名", "丙名", "示例一"]), max_size=3, unique=True),
    codes=st.sampled_from([("", ""), (FIRST_CODE, ""), ("", FIRST_CODE)]),
    projects=st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
@pytest.mark.django_db
def test_merge_and_undo_together_change_nothing(
    officer: Account,
    outsider: Account,
    manager: Account,
    sides: dict[str, str],
    reception: str,
    held: tuple[bool, bool],
    names: list[str],
    codes: tuple[str, str],
    projects: tuple[int, int],
) -> None:
    Company.objects.update(credit_code="")
    kept = make_company(officer, english_name="Example One", credit_code=codes[0], region="合肥")
    lost = make_company(outsider, english_name="Example Two", credit_code=codes[1], address="某路 1 号")
    for company, account, holds, count in (
        (kept, officer, held[0], projects[0]),
        (lost, outsider, held[1], projects[1]),
    ):
        for name in names:
            add_alias(actor=account, company=company, name=name)
        for _number in range(count):
            make_project(account, company=company)
        if holds:
            hold(company, account, date(2026, 1, 1))
        company.refresh_from_db()
    before = state_of(kept, lost)

    merge = merge_companies(
        actor=manager, kept=kept, lost=lost, reason="同一家", choices=sides, reception=reception
    )
    assert state_of(kept, lost) != before
    undo_merge(actor=manager, merge=merge, reason="看错了")

    assert state_of(kept, lost) == before


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each gave or raised, all begun together on connections of their own."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = act()
        except Exception as error:  # noqa: BLE001 the test asks which
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_merges_of_one_pair_at_once_leave_one(pair: tuple[Company, Company], manager: Account) -> None:
    first, second = pair

    results = at_once(
        lambda: merge_companies(actor=manager, kept=first, lost=second, reason="甲并乙"),
        lambda: merge_companies(actor=manager, kept=second, lost=first, reason="乙并甲"),
    )

    merges = [each for each in results if isinstance(each, CompanyMerge)]
    conflicts = [each for each in results if isinstance(each, Conflict)]
    assert (len(merges), len(conflicts)) == (1, 1), results
    assert "您的合并没有执行" in conflicts[0].message
    assert Company.objects.filter(merged_into=None).count() == 1
    assert set(Project.objects.values_list("company", flat=True)) == {merges[0].kept_id}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["company", "name"])
def test_lead_logged_while_its_company_is_merged_lands_on_the_kept_one(
    pair: tuple[Company, Company], manager: Account, outsider: Account, by: str
) -> None:
    kept, lost = pair
    given = {"company": lost} if by == "company" else {"company_name": lost.name}

    results = at_once(
        lambda: merge_companies(actor=manager, kept=kept, lost=lost, reason="同一家"),
        lambda: log_lead(actor=outsider, name="新线索", channel="fund", **given),
    )

    assert [type(each) for each in results] == [CompanyMerge, Project], results
    assert set(Project.objects.values_list("company", flat=True)) == {kept.pk}
    assert Company.objects.count() == 2
    assert FirstReception.objects.filter(released_at=None).count() == 1
