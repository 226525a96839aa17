"""Awards: proposed by figures, decided by people with theirs, approved by a second person, seen by whom they are about."""

import html
import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpi.access.award import award_candidates_visible_to, award_decisions_visible_to
from kpi.actions import (
    accept_award_proposals,
    approve_awards,
    decide_award,
    drop_award_decision,
    export_certificates,
    revoke_award,
    submit_awards,
)
from kpi.exports import award_papers
from kpi.exports.books.awards import awards_layout
from kpi.models import AssessmentYear, AwardCandidate, AwardDecision, Run
from kpi.queries.award import board_of
from kpi.queries.award_followed import followed_of
from kpi.queries.course import course_of
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff.actions.departure import open_departure
from staff.actions.move import move_person
from staff.models import Account, Person, Role, Team
from tests.factories.awards import YEAR, make_candidate, make_year
from tests.factories.staff import make_account, make_person

pytestmark = pytest.mark.django_db

SignIn = Callable[[Account], Client]


@pytest.fixture
def run(officer: Account) -> Run:
    """The officer leads for gold, a colleague is tied with another behind."""
    made = make_year()
    assert officer.person
    make_candidate(made, "gold", officer.person, place=1, total="90")
    return made


def person_of(account: Account) -> Person:
    assert account.person is not None
    return account.person


def decide(hr: Account, subject: Any, award: str = "gold", **fields: Any) -> AwardDecision:
    values = {"outcome": "granted", **fields}
    return decide_award(actor=hr, year=YEAR, award=award, subject=subject, **values)


def approved(hr: Account, manager: Account, award: str = "gold") -> list[AwardDecision]:
    submit_awards(actor=hr, year=YEAR, award=award)
    return approve_awards(actor=manager, year=YEAR, award=award, approve=True)


def test_a_clear_proposal_is_accepted_approved_and_numbered(
    run: Run, hr: Account, manager: Account, officer: Account
) -> None:
    [made] = accept_award_proposals(actor=hr, year=YEAR, award="gold")
    assert (made.proposal, made.place, made.total, made.basis) == ("candidate", 1, Decimal(90), "第 1 名。")
    [held] = approved(hr, manager)

    assert (held.state, held.number, held.is_granted) == ("approved", f"招荣〔{YEAR}〕001号", True)
    assert Notice.objects.filter(recipient=officer, text__contains="金牌招商能手").exists()
    verbs = list(
        AuditEntry.objects.filter(verb__startswith="award.").values_list("verb", flat=True).order_by("pk")
    )
    assert verbs == ["award.accept", "award.submit", "award.approve"]


@pytest.mark.parametrize(
    ("marks", "outcome"),
    [
        ({}, "withheld"),
        ({"is_tied": True}, "granted"),
        ({"undecided": True}, "withheld"),
        ({"passed_over": True}, "granted"),
    ],
)
def test_what_departs_from_the_proposal_needs_a_reason(
    hr: Account, marks: dict[str, bool], outcome: str
) -> None:
    person = make_person()
    make_candidate(make_year(), "gold", person, **marks)
    with pytest.raises(Refused, match="写明理由"):
        decide(hr, person, outcome=outcome)

    held = decide(hr, person, outcome=outcome, reason="考核组研究决定")

    assert (held.departs, held.reason) == (True, "考核组研究决定")


@pytest.mark.parametrize(("marks", "outcome"), [({}, "granted"), ({"passed_over": True}, "withheld")])
def test_what_follows_the_proposal_needs_none(hr: Account, marks: dict[str, bool], outcome: str) -> None:
    person = make_person()
    make_candidate(make_year(), "gold", person, **marks)

    held = decide(hr, person, outcome=outcome)

    assert (held.departs, held.reason) == (False, "")


def test_ties_are_left_to_people(hr: Account) -> None:
    made = make_year()
    for _each in range(2):
        make_candidate(made, "gold", make_person(), is_tied=True)
    with pytest.raises(Refused, match="没有可以直接采纳"):
        accept_award_proposals(actor=hr, year=YEAR, award="gold")


def test_a_notice_to_a_person_says_what_follows(hr: Account) -> None:
    person = make_person()
    make_candidate(make_year(), "last", person, is_warning=True)
    with pytest.raises(Refused, match="逐人决定"):
        accept_award_proposals(actor=hr, year=YEAR, award="last")
    with pytest.raises(Refused, match="怎样处理"):
        decide(hr, person, "last")

    assert decide(hr, person, "last", consequence="move").consequence == "move"
    assert decide(hr, person, "last", outcome="withheld", consequence="end", reason="病休").consequence == ""


def test_only_who_is_at_a_place_is_decided_about(run: Run, hr: Account) -> None:
    with pytest.raises(NotFound, match="不在这个奖项的名次上"):
        decide(hr, make_person())
    with pytest.raises(NotFound, match="没有这个奖项"):
        decide(hr, make_person(), "nothing")


def test_roles(run: Run, hr: Account, manager: Account, auditor: Account, officer: Account) -> None:
    for account in (manager, auditor, officer):
        with pytest.raises(NotAllowed):
            decide(account, person_of(officer))
    decide(hr, person_of(officer))
    submit_awards(actor=hr, year=YEAR, award="gold")
    for account in (hr, auditor, officer):
        with pytest.raises(NotAllowed):
            approve_awards(actor=account, year=YEAR, award="gold", approve=True)


def test_nobody_decides_an_award_he_stands_for(run: Run, first_team: Team, manager: Account) -> None:
    insider = make_account(Role.HR, team=first_team)
    standing = make_account(Role.MANAGER, team=first_team)
    make_candidate(run, "gold", person_of(insider), place=2)
    make_candidate(run, "gold", person_of(standing), place=3)
    make_candidate(run, "snail", first_team, is_warning=True)
    with pytest.raises(NotAllowed, match="您本人或您的团队"):
        accept_award_proposals(actor=insider, year=YEAR, award="gold")
    with pytest.raises(NotAllowed, match="您本人或您的团队"):
        decide(insider, first_team, "snail")
    outside = make_account(Role.HR)
    accept_award_proposals(actor=outside, year=YEAR, award="gold")
    submit_awards(actor=outside, year=YEAR, award="gold")
    with pytest.raises(NotAllowed, match="您本人或您的团队"):
        approve_awards(actor=standing, year=YEAR, award="gold", approve=True)

    made = approve_awards(actor=manager, year=YEAR, award="gold", approve=True)

    assert [one.serial for one in made] == [1, 2, 3]


def test_nothing_is_submitted_while_a_candidate_is_open(run: Run, hr: Account, officer: Account) -> None:
    late = make_person()
    make_candidate(run, "gold", late, place=2)
    make_candidate(run, "gold", make_person(), place=3, passed_over=True)
    decide(hr, person_of(officer))
    with pytest.raises(Refused, match=f"还有 1 名候选没有决定：{late.name}"):
        submit_awards(actor=hr, year=YEAR, award="gold")
    decide(hr, late, outcome="withheld", reason="受处分期间")

    assert len(submit_awards(actor=hr, year=YEAR, award="gold")) == 2


def test_a_manager_gives_it_back_with_a_reason(
    run: Run, hr: Account, manager: Account, officer: Account
) -> None:
    decide(hr, person_of(officer))
    submit_awards(actor=hr, year=YEAR, award="gold")
    with pytest.raises(Refused, match="不能改动"):
        decide(hr, person_of(officer), outcome="withheld", reason="再议")
    with pytest.raises(Refused, match="退回请写明理由"):
        approve_awards(actor=manager, year=YEAR, award="gold", approve=False)
    approve_awards(actor=manager, year=YEAR, award="gold", approve=False, reason="先核实到账")

    held = AwardDecision.objects.get()
    assert (held.state, held.returned_for) == ("draft", "先核实到账")
    assert Notice.objects.filter(recipient=hr, text__contains="先核实到账").exists()
    drop_award_decision(actor=hr, decision=held)
    assert not AwardDecision.objects.exists()


def test_a_run_that_says_otherwise_holds_the_decision(
    run: Run, hr: Account, manager: Account, officer: Account
) -> None:
    decide(hr, person_of(officer))
    again = make_year()
    other = make_candidate(again, "gold", person_of(officer), place=2, total="88.5")
    board = board_of(YEAR, again, "gold")
    assert board is not None
    assert board.rows[0].changes == ("名次由第 1 名变为第 2 名。", "总分由 90.00 变为 88.50。")
    with pytest.raises(Refused, match="重新核算过"):
        submit_awards(actor=hr, year=YEAR, award="gold")
    decide(hr, person_of(officer))
    [held] = approved(hr, manager)
    assert (held.run, held.place) == (again, 2)
    other.delete()
    board = board_of(YEAR, make_year(), "gold")
    assert board is not None
    assert "不在这个奖项的名次上" in board.rows[0].changes[0]


def test_a_run_that_says_the_same_holds_nothing_up(
    run: Run, hr: Account, manager: Account, officer: Account
) -> None:
    decide(hr, person_of(officer))
    again = make_year()
    make_candidate(again, "gold", person_of(officer), place=1, total="90")

    [held] = approved(hr, manager)

    assert held.run == again


def test_what_is_revoked_keeps_its_number_and_is_decided_anew(
    run: Run, hr: Account, manager: Account, officer: Account
) -> None:
    decide(hr, person_of(officer))
    [held] = approved(hr, manager)
    with pytest.raises(Refused, match="撤销的原因"):
        revoke_award(actor=manager, decision=held, reason=" ")
    with pytest.raises(NotAllowed):
        revoke_award(actor=hr, decision=held, reason="弄虚作假")
    revoke_award(actor=manager, decision=held, reason="弄虚作假")
    with pytest.raises(Conflict, match="不能撤销"):
        revoke_award(actor=manager, decision=held, reason="弄虚作假")
    assert Notice.objects.filter(recipient=officer, text__contains="已撤销").exists()

    decide(hr, person_of(officer))
    [again] = approved(hr, manager)

    assert (again.number, AwardDecision.objects.count()) == (f"招荣〔{YEAR}〕002号", 2)


def test_a_closed_year_takes_nothing(run: Run, hr: Account, officer: Account) -> None:
    AssessmentYear.objects.update(closed_at=timezone.now())
    with pytest.raises(Refused, match="已关账"):
        decide(hr, person_of(officer))


def test_two_editors_are_told(run: Run, hr: Account, officer: Account) -> None:
    held = decide(hr, person_of(officer))
    decide(hr, person_of(officer), outcome="withheld", reason="再议", seen=held.version)
    with pytest.raises(Conflict):
        decide(hr, person_of(officer), seen=held.version)


def test_who_approves_knows_what_he_read(run: Run, hr: Account, manager: Account, officer: Account) -> None:
    decide(hr, person_of(officer))
    submit_awards(actor=hr, year=YEAR, award="gold")
    with pytest.raises(Conflict, match="已由他人处理"):
        approve_awards(actor=manager, year=YEAR, award="gold", approve=True, seen="0.0")
    board = board_of(YEAR, run, "gold")
    assert board is not None
    assert approve_awards(actor=manager, year=YEAR, award="gold", approve=True, seen=board.stamp)


@pytest.mark.parametrize(
    "wrong",
    [
        {"departs": True},
        {"consequence": "move", "outcome": "withheld"},
        {"state": "approved"},
        {"state": "revoked"},
        {"serial": 3},
        {"person": None},
    ],
)
def test_the_database_keeps_what_the_actions_promise(
    run: Run, hr: Account, officer: Account, wrong: dict[str, Any]
) -> None:
    held = decide(hr, person_of(officer))
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardDecision.objects.filter(pk=held.pk).update(**wrong)


def test_one_decision_a_subject(run: Run, hr: Account, officer: Account) -> None:
    held = decide(hr, person_of(officer))
    held.pk, held.public_id = None, "another1"
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save()


def everything(hr: Account, manager: Account, officer: Account, first_team: Team, outsider: Account) -> None:
    """Gold for the officer and withheld from the outsider; the first team a snail; the outsider among the last."""
    made = make_year()
    make_candidate(made, "gold", person_of(officer), place=1)
    make_candidate(made, "gold", person_of(outsider), place=2)
    make_candidate(made, "snail", first_team, place=5, is_warning=True)
    make_candidate(made, "last", person_of(outsider), is_warning=True)
    decide(hr, person_of(officer))
    decide(hr, person_of(outsider), outcome="withheld", reason="受处分期间")
    decide(hr, first_team, "snail")
    decide(hr, person_of(outsider), "last", consequence="move")
    for award in ("gold", "snail", "last"):
        approved(hr, manager, award)


def test_who_sees_what(
    hr: Account,
    manager: Account,
    auditor: Account,
    officer: Account,
    colleague: Account,
    outsider: Account,
    first_team: Team,
) -> None:
    everything(hr, manager, officer, first_team, outsider)

    def seen(account: Account) -> set[tuple[str, str]]:
        rows = award_decisions_visible_to(account)
        return set(rows.values_list("award", "outcome"))

    gold, snail, last = ("gold", "granted"), ("snail", "granted"), ("last", "granted")
    for account in (hr, manager, auditor):
        assert seen(account) == {gold, ("gold", "withheld"), snail, last}
    assert seen(officer) == seen(colleague) == {gold, snail}
    assert seen(outsider) == {gold, last}
    proposals = set(award_candidates_visible_to(outsider).values_list("award", flat=True))
    assert proposals == {"gold", "last"}
    assert set(award_candidates_visible_to(colleague).values_list("award", flat=True)) == {"gold", "snail"}
    officer.is_active = False
    assert seen(officer) == set()


def test_pages_by_role(
    hr: Account,
    manager: Account,
    officer: Account,
    outsider: Account,
    first_team: Team,
    client_as: SignIn,
) -> None:
    everything(hr, manager, officer, first_team, outsider)
    address = f"/year/awards/?year={YEAR}"
    watched = client_as(manager).get(address).text
    assert "受处分期间" in watched
    assert "蜗牛奖" in watched
    read = client_as(outsider).get(address).text
    assert "金牌招商能手" in read
    assert "受处分期间" not in read
    assert "蜗牛奖" not in read
    snail, last = (AwardDecision.objects.get(award=award) for award in ("snail", "last"))
    assert client_as(outsider).get(f"/year/awards/decisions/{snail.public_id}/").status_code == 404
    assert client_as(officer).get(f"/year/awards/decisions/{snail.public_id}/").status_code == 200
    assert client_as(officer).get(f"/year/awards/decisions/{last.public_id}/").status_code == 404
    slot = client_as(officer).get(f"/year/awards/people/{person_of(outsider).public_id}/").text
    assert "末位" not in slot
    slot = client_as(outsider).get(f"/year/awards/people/{person_of(outsider).public_id}/").text
    assert "调整岗位" in slot
    assert "蜗牛奖" in client_as(officer).get(f"/year/awards/teams/{first_team.public_id}/").text


def test_the_whole_way_in_the_browser(
    run: Run, hr: Account, manager: Account, officer: Account, client_as: SignIn
) -> None:
    person = person_of(officer)
    base, desk = f"/year/awards/{YEAR}/gold", client_as(hr)
    decide_url = f"{base}/decide/person/{person.public_id}/"
    assert desk.get(decide_url).status_code == 200
    kept = desk.post(decide_url, {"outcome": "withheld", "reason": ""})
    assert (kept.status_code, "写明理由" in kept.text) == (422, True)
    assert desk.post(decide_url, {"outcome": "granted", "reason": "", "seen": ""}).status_code == 302
    assert desk.post(f"{base}/submit/").status_code == 302
    chief = client_as(manager)
    assert "审批" in chief.get(f"/year/awards/?year={YEAR}").text
    shown = chief.get(f"{base}/approve/")
    assert shown.status_code == 200
    assert chief.post(f"{base}/approve/", {"approve": "no"}).status_code == 422
    assert chief.post(f"{base}/approve/", {"approve": "yes"}).status_code == 302
    held = AwardDecision.objects.get()
    assert held.is_granted
    revoke_url = f"/year/awards/decisions/{held.public_id}/revoke/"
    assert chief.get(revoke_url).status_code == 200
    assert chief.post(revoke_url, {"reason": "弄虚作假", "seen": held.version}).status_code == 302


def test_pages_cost_the_same_with_one_and_with_three(
    run: Run, hr: Account, manager: Account, officer: Account, client_as: SignIn
) -> None:
    def cost(account: Account) -> int:
        client = client_as(account)
        client.get(f"/year/awards/?year={YEAR}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/year/awards/?year={YEAR}").status_code == 200
        return len(queries)

    accept_award_proposals(actor=hr, year=YEAR, award="gold")
    approved(hr, manager)
    before = [cost(account) for account in (hr, officer)]
    for place in (2, 3):
        make_candidate(run, "gold", make_person(), place=place)
    accept_award_proposals(actor=hr, year=YEAR, award="gold")
    approved(hr, manager)

    assert [cost(account) for account in (hr, officer)] == before


def test_the_step_of_the_year(run: Run, hr: Account, manager: Account, officer: Account) -> None:
    def step(account: Account) -> tuple[str, str]:
        found = next(one for one in course_of(account, YEAR) if one.code == "awards")
        return found.progress, found.detail

    assert step(hr) == ("ahead", "1 名候选待决定。")
    assert step(officer) == ("ahead", "还没有公布。")
    accept_award_proposals(actor=hr, year=YEAR, award="gold")
    assert step(hr) == ("open", "已批准 0 项，待审批 0 项，待决定 1 项。")
    approved(hr, manager)
    assert step(hr) == ("done", "已批准 1 项，待审批 0 项，待决定 0 项。")
    assert step(officer) == ("done", "已公布 1 项。")


def test_papers_are_taken_out_by_those_who_run_and_watch(
    run: Run, hr: Account, manager: Account, officer: Account
) -> None:
    with pytest.raises(NotFound, match="还没有证书"):
        export_certificates(actor=hr, year=YEAR)
    accept_award_proposals(actor=hr, year=YEAR, award="gold")
    [held] = approved(hr, manager)
    with pytest.raises(NotAllowed):
        export_certificates(actor=officer, year=YEAR)

    assert export_certificates(actor=hr, year=YEAR) == [held]

    entry = AuditEntry.objects.filter(verb="award.export").get()
    assert entry.detail == {"award": "", "papers": 1}


def test_candidates_that_nobody_wants_are_shown_to_whom_they_concern(
    hr: Account, officer: Account, outsider: Account, client_as: SignIn
) -> None:
    made = make_year()
    make_candidate(made, "last", person_of(officer), is_warning=True)
    for account, expected in ((hr, True), (officer, True), (outsider, False)):
        shown = client_as(account).get(f"/score/ranking/?year={YEAR}").text
        assert ("award-title" in shown) is expected, account.role
    assert AwardCandidate.objects.count() == 1


def test_other_systems_go_the_same_way(
    run: Run, hr: Account, manager: Account, officer: Account, outsider: Account, client_as: SignIn
) -> None:
    make_candidate(run, "last", person_of(officer), is_warning=True)
    desk, chief = client_as(hr), client_as(manager)
    [gold, _snail, last] = desk.get(f"/api/awards/proposals/?year={YEAR}").json()
    number = person_of(officer).staff_number
    assert [row["person"] for row in gold["rows"] + last["rows"]] == [number, number]
    assert client_as(officer).get(f"/api/awards/proposals/?year={YEAR}").status_code == 403
    asked = {"year": YEAR, "award": "gold", "person": number, "outcome": "withheld"}

    def send(client: Client, path: str, body: dict[str, Any]) -> Any:
        return client.post(f"/api/awards/{path}", body, content_type="application/json")

    assert send(desk, "", asked).status_code == 422
    assert send(desk, "", {**asked, "person": None}).status_code == 422
    made = send(desk, "", {**asked, "outcome": "granted"})
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    named = {"year": YEAR, "award": "gold"}
    assert send(desk, "submit/", named).status_code == 200
    approving = {**named, "approve": True}
    assert send(desk, "approve/", approving).status_code == 403
    assert send(chief, "approve/", {**approving, "seen": "0.0"}).status_code == 409
    [held] = send(chief, "approve/", approving).json()
    assert held["number"] == f"招荣〔{YEAR}〕001号"
    address = f"{held['public_id']}/"
    assert client_as(outsider).get(f"/api/awards/{address}").json()["name"] == person_of(officer).name
    paper = client_as(officer).get(f"/api/awards/{address}certificate/?body=bureau")
    assert paper.content.startswith(b"%PDF")
    assert send(chief, f"{address}revoke/", {"reason": "弄虚作假"}).json()["state"] == "revoked"
    assert client_as(officer).get(f"/api/awards/{address}").status_code == 404
    assert desk.get(f"/api/awards/{address}certificate/").status_code == 404
    again = send(desk, "accept/", named)
    assert len(again.json()) == 1
    assert desk.delete(f"/api/awards/{again.json()[0]['public_id']}/").status_code == 204
    assert desk.get(f"/api/awards/?year={YEAR}&award=gold").json()["count"] == 1


def test_certificates_under_either_name(
    hr: Account, manager: Account, officer: Account, outsider: Account, first_team: Team, client_as: SignIn
) -> None:
    everything(hr, manager, officer, first_team, outsider)
    gold = AwardDecision.objects.get(award="gold", outcome="granted")
    papers = {body: award_papers([gold], body) for body in ("centre", "bureau")}
    assert papers["centre"] != papers["bureau"]
    assert papers["centre"] == award_papers([gold], "")
    client = client_as(hr)
    packed = client.get(f"/year/awards/{YEAR}/certificates/?form=zip&body=bureau")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.namelist() == [
            f"招荣〔{YEAR}〕001号-金牌招商能手-{person_of(officer).name}.pdf",
            f"招通〔{YEAR}〕001号-蜗牛奖-{first_team.name}.pdf",
            f"招通〔{YEAR}〕002号-末位-{person_of(outsider).name}.pdf",
        ]
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert client.get(f"/year/awards/{YEAR}/certificates/?award=gold").content == papers["centre"]
    own = f"/year/awards/decisions/{gold.public_id}/certificate.pdf"
    assert client_as(officer).get(own).status_code == 200
    withheld = AwardDecision.objects.get(award="gold", outcome="withheld")
    assert client.get(f"/year/awards/decisions/{withheld.public_id}/certificate.pdf").status_code == 404
    assert "没有证书" in client.get(f"/year/awards/decisions/{withheld.public_id}/certificate.pdf").text


def test_what_follows_is_done_by_a_move_or_a_leaving(
    hr: Account, manager: Account, officer: Account, outsider: Account, second_team: Team, client_as: SignIn
) -> None:
    made = make_year()
    for account, consequence in ((officer, "move"), (outsider, "end")):
        make_candidate(made, "last", person_of(account), is_warning=True)
        decide(hr, person_of(account), "last", consequence=consequence)
    first, last = approved(hr, manager, "last")
    first, last = (first, last) if first.person == officer.person else (last, first)
    assert [one.done for one in followed_of([first, last]).values()] == [False, False]
    shown = client_as(hr).get(f"/year/awards/decisions/{first.public_id}/").text
    link = re.search(r'href="(/teams/people/[^"]+/move/[^"]+)"', shown)
    assert link
    form = client_as(hr).get(html.unescape(link[1]))
    assert (form.status_code, first.number in form.text) == (200, True)
    assert "办理调动" not in client_as(manager).get(f"/year/awards/decisions/{first.public_id}/").text
    today = timezone.localdate()
    move_person(actor=hr, person=person_of(officer), team=second_team, starts_on=today, reason="末位调整")
    open_departure(actor=hr, person=person_of(outsider), kind="dismissed", ends_on=today, reason="末位解除")
    done = followed_of([first, last])
    assert [done[one.pk].done for one in (first, last)] == [True, True]
    assert second_team.name in done[first.pk].words


def test_the_page_of_a_person_tells_what_he_stands_for_this_year(
    officer: Account, outsider: Account, hr: Account, manager: Account, client_as: SignIn
) -> None:
    year = timezone.localdate().year
    made = make_year(year)
    make_candidate(made, "gold", person_of(officer))
    make_candidate(made, "last", person_of(officer), is_warning=True)
    address = f"/year/awards/people/{person_of(officer).public_id}/"
    assert "候选" in client_as(outsider).get(address).text
    assert "末位" not in client_as(outsider).get(address).text
    assert "末位" in client_as(officer).get(address).text
    decide_award(actor=hr, year=year, award="gold", subject=person_of(officer), outcome="granted")
    submit_awards(actor=hr, year=year, award="gold")
    approve_awards(actor=manager, year=year, award="gold", approve=True)
    shown = client_as(outsider).get(address).text
    assert "候选" not in shown
    assert f"招荣〔{year}〕001号" in shown


def test_the_table_of_a_year_tells_every_decision(
    hr: Account, manager: Account, officer: Account, outsider: Account, first_team: Team
) -> None:
    with pytest.raises(NotFound, match="还没有评奖决定"):
        awards_layout(hr, YEAR)
    everything(hr, manager, officer, first_team, outsider)
    layout = awards_layout(hr, YEAR)
    told = [[row[1], row[4], row[6]] for part in layout.parts for row in part.rows]

    assert told == [
        [person_of(officer).name, "授予", ""],
        [person_of(outsider).name, "不授予", ""],
        [person_of(outsider).name, "列入", "调整岗位"],
        [first_team.name, "列入", ""],
    ]
    assert layout.facts[1][1] == "4 项：已批准 4，授予和列入 3"
