"""Disputes over a first reception: opened, argued, decided with what follows; pages and API by role."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from projects.actions import (
    claim_company,
    decide_arbitration,
    open_arbitration,
    release_reception,
    state_case,
    withdraw_arbitration,
)
from projects.models import Arbitration, FirstReception
from projects.queries.protection import register
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from promotion.working_days import working_calendar
from staff.models import Account
from tests.factories.projects import make_project
from tests.projects.test_protection import receive

SignIn = Callable[[Account], Client]
GROUNDS = "我队三月展会上首次接触"


def heard(officer: Account, outsider: Account) -> Arbitration:
    """A case of the outsider against the officer in which both have spoken."""
    case = open_arbitration(actor=outsider, reception=receive(officer), grounds=GROUNDS)
    state_case(actor=outsider, arbitration=case, text="展会首谈")
    state_case(actor=officer, arbitration=case, text="驻点首谈")
    return case


def test_case_is_numbered_dated_in_working_days_and_opened_once(
    officer: Account, outsider: Account, colleague: Account, auditor: Account
) -> None:
    held = receive(officer)
    for refused in (auditor,):
        with pytest.raises(NotAllowed):
            open_arbitration(actor=refused, reception=held, grounds=GROUNDS)
    with pytest.raises(Refused, match="两个团队"):
        open_arbitration(actor=colleague, reception=held, grounds=GROUNDS)

    case = open_arbitration(actor=outsider, reception=held, grounds=GROUNDS)

    today = timezone.localdate()
    assert (case.label, case.statements_due) == (
        f"仲裁〔{today.year}〕第1号",
        working_calendar().after(today, 5),
    )
    assert register(officer, today).get(pk=held.pk).state == "disputed"
    with pytest.raises(Conflict, match="已有一件仲裁"):
        open_arbitration(actor=outsider, reception=held, grounds="再来一次")
    with pytest.raises(Refused, match="裁决之前不能释放"):
        release_reception(actor=officer, reception=held, reason="不跟了")


def test_each_side_has_one_statement_until_the_decision(
    officer: Account, leader: Account, outsider: Account, manager: Account
) -> None:
    case = open_arbitration(actor=outsider, reception=receive(officer), grounds=GROUNDS)
    mail = SimpleUploadedFile("往来.txt", "三月十八日".encode())
    state_case(actor=officer, arbitration=case, text="初稿", papers=[mail])
    state_case(actor=leader, arbitration=case, text="定稿")

    assert [(each.party, each.text, each.written_by) for each in case.statements.all()] == [
        ("respondent", "定稿", leader)
    ]
    assert [(each.party, each.title) for each in case.papers.all()] == [("respondent", "往来.txt")]
    with pytest.raises(NotAllowed, match="代另一方"):
        state_case(actor=officer, arbitration=case, text="替对方", party="claimant")
    with pytest.raises(NotAllowed):
        state_case(actor=manager, arbitration=case, text="旁人")
    with pytest.raises(Refused, match="双方也没有都提交"):
        decide_arbitration(actor=manager, arbitration=case, outcome="kept", decision="维持")


def test_transfer_carries_the_reception_over_and_leaves_projects_and_credit(
    officer: Account, outsider: Account, manager: Account
) -> None:
    case = heard(officer, outsider)
    project = make_project(officer, company=case.reception.company)

    decided = decide_arbitration(
        actor=manager, arbitration=case, outcome="transferred", decision="经查申请方在先。"
    )

    old, new = FirstReception.objects.filter(company=project.company).order_by("pk")
    project.refresh_from_db()
    assert (old.ending, new.person, new.released_at, decided.resulting) == (
        "decided",
        outsider.person,
        None,
        new,
    )
    assert project.owner == officer.person
    assert f"{project.name}（{project.code}）" in decided.consequence
    assert "办理移交" in decided.consequence
    with pytest.raises(Conflict, match="已裁决"):
        state_case(actor=officer, arbitration=case, text="不服")
    assert AuditEntry.objects.filter(verb="arbitration.decide", target_id=str(case.pk)).count() == 1


def test_shared_needs_a_part_and_keeps_the_holder(
    officer: Account, outsider: Account, manager: Account
) -> None:
    case = heard(officer, outsider)
    for percent in (None, Decimal(0), Decimal(100)):
        with pytest.raises(Refused, match="大于 0、小于 100"):
            decide_arbitration(
                actor=manager, arbitration=case, outcome="shared", decision="共享", claimant_percent=percent
            )

    decided = decide_arbitration(
        actor=manager, arbitration=case, outcome="shared", decision="共享", claimant_percent=Decimal(40)
    )

    assert (decided.claimant_percent, decided.resulting) == (Decimal(40), case.reception)
    assert "占 40%" in decided.consequence


def test_only_an_uninvolved_manager_decides(
    officer: Account, outsider: Account, manager: Account, deputy: Account, leader: Account
) -> None:
    case = open_arbitration(
        actor=manager, reception=receive(officer), grounds=GROUNDS, claimant=outsider.person
    )
    state_case(actor=outsider, arbitration=case, text="展会首谈")
    state_case(actor=officer, arbitration=case, text="驻点首谈")
    for refused in (manager, leader, officer, outsider):
        with pytest.raises(NotAllowed):
            decide_arbitration(actor=refused, arbitration=case, outcome="kept", decision="维持")

    assert (
        decide_arbitration(actor=deputy, arbitration=case, outcome="kept", decision="维持").state == "decided"
    )


def test_withdrawn_case_leaves_the_reception(officer: Account, outsider: Account) -> None:
    case = heard(officer, outsider)
    with pytest.raises(NotAllowed):
        withdraw_arbitration(actor=officer, arbitration=case, reason="不是我提的")

    withdrawn = withdraw_arbitration(actor=outsider, arbitration=case, reason="查明对方在先")

    assert (withdrawn.state, FirstReception.objects.get().released_at) == ("withdrawn", None)


def test_parties_see_their_cases_others_do_not(
    officer: Account, outsider: Account, colleague: Account, auditor: Account, client_as: SignIn
) -> None:
    case = heard(officer, outsider)
    url = reverse("projects:arbitration", args=[case.public_id])

    seen = {each: client_as(each).get(url).status_code for each in (officer, outsider, auditor, colleague)}

    assert list(seen.values()) == [200, 200, 200, 404]
    with pytest.raises(NotFound):
        state_case(actor=colleague, arbitration=case, text="旁人")
    page = client_as(outsider).get(url).content.decode()
    assert case.reception.company.name not in page


def test_pages_and_api_do_the_same(
    officer: Account, outsider: Account, manager: Account, client_as: SignIn
) -> None:
    held = receive(officer)
    browser = client_as(outsider)
    opened = browser.post(
        reverse("projects:reception-arbitrate", args=[held.public_id]), {"grounds": GROUNDS}
    )
    case = Arbitration.objects.get()
    assert opened["Location"] == reverse("projects:arbitration", args=[case.public_id])
    empty = browser.post(reverse("projects:arbitration-statement", args=[case.public_id]), {"text": ""})
    assert empty.status_code == 422
    base = f"/api/arbitrations/{case.public_id}"
    for who, text in ((outsider, "展会首谈"), (officer, "驻点首谈")):
        said = client_as(who).post(f"{base}/statement/", {"text": text}, content_type="application/json")
        assert said.status_code == 200
    decided = client_as(manager).post(
        f"{base}/decide/", {"outcome": "kept", "decision": "维持"}, content_type="application/json"
    )
    assert (decided.status_code, decided.json()["state"], len(decided.json()["statements"])) == (
        200,
        "decided",
        2,
    )
    again = client_as(manager).post(
        f"{base}/decide/", {"outcome": "kept", "decision": "再裁"}, content_type="application/json"
    )
    assert again.status_code == 409


def test_register_masks_companies_in_page_workbook_and_api(
    officer: Account, outsider: Account, manager: Account, client_as: SignIn
) -> None:
    held = receive(officer)
    name = held.company.name
    for path in (reverse("projects:receptions"), "/api/receptions/"):
        assert name not in client_as(outsider).get(path).content.decode()
        assert name in client_as(manager).get(path).content.decode()
    row = client_as(outsider).get("/api/receptions/").json()["results"][0]
    assert (row["company"], row["company_name"], row["state"], row["team"]) == ("", "", "protected", "GJ1")
    assert (
        client_as(outsider).get("/api/receptions/", {"company": held.company.public_id}).json()["results"]
        == []
    )
    assert client_as(officer).get(reverse("projects:receptions-workbook")).status_code == 200


@pytest.mark.parametrize("address", ["projects:receptions", "projects:pool", "projects:arbitrations"])
def test_lists_cost_the_same_with_one_and_with_three_rows(
    address: str,
    officer: Account,
    outsider: Account,
    manager: Account,
    client_as: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    def more() -> None:
        receive(officer, until=-1)
        open_arbitration(actor=outsider, reception=receive(officer), grounds=GROUNDS)

    browser = client_as(manager)
    more()
    browser.get(reverse(address))
    with django_assert_num_queries(1000, exact=False) as counted:
        browser.get(reverse(address))
    before = len(counted)
    more()
    more()
    with django_assert_num_queries(before):
        browser.get(reverse(address))


def test_claim_and_release_in_browser_and_api(officer: Account, outsider: Account, client_as: SignIn) -> None:
    held = receive(officer)
    released = client_as(officer).post(
        f"/api/receptions/{held.public_id}/release/", {"reason": "转投外地"}, content_type="application/json"
    )
    assert (released.status_code, released.json()["state"]) == (200, "released")
    page = client_as(outsider).get(reverse("projects:pool")).content.decode()
    assert held.company.name in page
    claimed = client_as(outsider).post(reverse("projects:reception-claim", args=[held.public_id]), {})
    assert claimed["Location"] == reverse("projects:company", args=[held.company.public_id])
    assert client_as(outsider).get(claimed["Location"]).status_code == 200
    with pytest.raises(Conflict):
        claim_company(actor=officer, reception=held)
