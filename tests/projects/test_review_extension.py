"""More time for a joint review: links live on with it, departments are told, and links are seen to in the API."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from projects.actions import issue_link, raise_blocker
from projects.actions.department_mail import send_department_mails
from projects.actions.joint_review import decide_joint_review, open_joint_review, withdraw_joint_review
from projects.actions.opinion_link import issue_opinion_link
from projects.actions.review_extension import extend_joint_review
from projects.actions.review_opinion import give_opinion
from projects.models import AnswerLink, Department, DepartmentMail, JointReview, Project, ReviewExtension
from projects.queries.review_record import record_data
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.departments import make_contact, make_department
from tests.factories.projects import make_project
from tests.projects.test_evidence_api import SCOPES, Caller

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SOON, LATER = TODAY + timedelta(days=5), TODAY + timedelta(days=30)


@pytest.fixture
def power(db: None) -> Department:
    department = make_department()
    make_contact(department, email="jiang@power.example")
    return department


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, name="动力电池")


@pytest.fixture
def review(officer: Account, project: Project, power: Department) -> JointReview:
    planning = make_department("planning", "规划建设局")
    return open_joint_review(
        actor=officer, project=project, subject="供地和用能", departments=[power, planning], due_on=SOON
    )


def sent(actor: Account, review: JointReview, power: Department, days: int = 7) -> tuple[AnswerLink, str]:
    return issue_opinion_link(
        actor=actor, review=review, department=power, contact=power.contacts.get(), days=days
    )


def extended(actor: Account, review: JointReview, due_on: date = LATER, **fields: Any) -> ReviewExtension:
    given = {"due_on": due_on, "reason": "企业补充了用能测算", **fields}
    return extend_joint_review(actor=actor, review=review, **given)


def test_live_links_live_on_and_dead_ones_stay_dead(
    officer: Account, review: JointReview, power: Department
) -> None:
    void, _key = sent(officer, review, power)
    expired, _key = sent(officer, review, power)
    AnswerLink.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    before = list(AnswerLink.objects.order_by("pk").values("expires_at", "revoked_at"))
    assert void.pk < expired.pk

    extended(officer, review)
    assert list(AnswerLink.objects.order_by("pk").values("expires_at", "revoked_at")) == before

    live, key = sent(officer, review, power, days=1)
    extended(officer, review, LATER + timedelta(days=3))
    live.refresh_from_db()
    review.refresh_from_db()
    last = timezone.localtime(live.expires_at - timedelta(seconds=1)).date()
    assert (last, review.due_on) == (LATER + timedelta(days=3), LATER + timedelta(days=3))
    assert Client().get(f"/answer/{key}/").status_code == 200


def test_a_link_that_is_good_for_longer_is_not_shortened(
    officer: Account, review: JointReview, power: Department
) -> None:
    link, _key = sent(officer, review, power, days=30)

    extended(officer, review, SOON + timedelta(days=2))

    assert AnswerLink.objects.get().expires_at == link.expires_at


def test_silent_departments_are_told_by_mail_and_the_opener_by_notice(
    officer: Account, leader: Account, review: JointReview, power: Department, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    planning = review.opinions.get(department__code="planning").department
    make_contact(planning, "何建国", email="he@planning.example")
    give_opinion(actor=officer, review=review, department=planning, opinion="agree")

    extended(leader, review)
    waiting = DepartmentMail.objects.count()
    assert (send_department_mails(), send_department_mails()) == (1, 0)

    assert (waiting, [each.to for each in mail.outbox]) == (1, [["jiang@power.example"]])
    assert "供地和用能" in mail.outbox[0].body
    assert "企业补充了用能测算" in mail.outbox[0].body
    assert "动力电池" not in mail.outbox[0].body
    assert [each.text for each in officer.notices.all()] == [f"会签延期至 {LATER}：供地和用能"]
    entry = AuditEntry.objects.get(verb="review.extend")
    assert (entry.reason, entry.detail["due_on"], entry.detail["mails"]) == (
        "企业补充了用能测算",
        [str(SOON), str(LATER)],
        1,
    )


def test_a_mail_server_that_is_away_is_asked_again_and_given_up_in_the_end(
    officer: Account, review: JointReview, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_HOST = "mail.example"
    extended(officer, review)

    def away(*_args: Any, **_kwargs: Any) -> None:
        raise OSError

    monkeypatch.setattr("projects.actions.department_mail.send_mail", away)
    assert [send_department_mails() for _turn in range(6)] == [0] * 6

    found = DepartmentMail.objects.get()
    assert (found.state, found.tries, found.sent_at) == ("failed", 5, None)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"due_on": SOON}, "due_on"),
        ({"due_on": TODAY}, "due_on"),
        ({"due_on": TODAY + timedelta(days=200)}, "due_on"),
        ({"reason": "  "}, "reason"),
        ({"reason": "长" * 301}, "reason"),
    ],
)
def test_what_is_no_extension_is_refused(
    officer: Account, review: JointReview, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        extended(officer, review, **changed)

    review.refresh_from_db()
    assert (list(refusal.value.fields), review.due_on, review.extensions.count()) == ([field], SOON, 0)


def test_who_may_and_when(
    officer: Account, outsider: Account, auditor: Account, manager: Account, review: JointReview
) -> None:
    with pytest.raises(NotFound):
        extended(outsider, review)
    with pytest.raises(NotAllowed):
        extended(auditor, review)
    extended(manager, review, seen=1)
    with pytest.raises(Conflict, match=f"现在的期限是 {LATER}"):
        extended(officer, review, LATER + timedelta(days=1), seen=1)
    withdraw_joint_review(actor=officer, review=review, reason="方案有调整")
    with pytest.raises(Conflict, match="办结"):
        extended(officer, review, LATER + timedelta(days=1))


def test_the_paper_says_the_first_deadline_and_without_extension_what_it_always_said(
    officer: Account, manager: Account, review: JointReview
) -> None:
    assert record_data(review)["due_on"] == str(SOON)
    extended(officer, review)
    for row in review.opinions.all():
        give_opinion(actor=officer, review=review, department=row.department, opinion="agree")

    decided = decide_joint_review(actor=manager, review=review, outcome="passed", note="同意")

    assert record_data(decided)["due_on"] == f"{LATER}（原为 {SOON}，延期 1 次）"
    assert decided.document is not None


def test_the_panel_extends_keeps_what_was_typed_and_gives_the_words_for_departments(
    officer: Account, leader: Account, review: JointReview
) -> None:
    browser, address = Client(), f"/reviews/{review.public_id}/extend/"
    browser.force_login(officer)
    wrong = browser.post(address, {"due_on": str(SOON), "reason": "测算未到", "seen": "1"})
    extended(leader, review, SOON + timedelta(days=1))
    stale = browser.post(address, {"due_on": str(LATER), "reason": "测算未到", "seen": "1"})
    done = browser.post(address, {"due_on": str(LATER), "reason": "测算未到", "seen": "2"})
    shown = browser.get(f"/reviews/{review.public_id}/").content.decode()

    assert (wrong.status_code, stale.status_code, done.status_code) == (422, 422, 200)
    assert "测算未到" in wrong.content.decode()
    assert 'name="seen" value="2"' in stale.content.decode()
    words = done.content.decode()
    assert "供电公司（蒋立群）、规划建设局" in words
    assert f"延至 {LATER}，理由：测算未到。" in words
    assert f"延至 {LATER}" in shown


def test_links_are_listed_revoked_and_issued_anew_in_the_api(
    officer: Account, outsider: Account, review: JointReview, power: Department
) -> None:
    call = Caller(officer, SCOPES)
    base = f"/api/reviews/{review.public_id}/links/"
    body = {"department": "power", "contact": power.contacts.get().pk}

    first = call.post(base, body).json()
    revoked = call.post(f"{base}{first['id']}/revoke/", {})
    second = call.post(base, body)
    listed = call.get(base).json()
    foreign = Caller(outsider, SCOPES).post(f"{base}{first['id']}/revoke/", {})
    AnswerLink.objects.filter(pk=second.json()["id"]).update(used_at=timezone.now())
    late = call.post(f"{base}{second.json()['id']}/revoke/", {})

    assert (revoked.status_code, revoked.json()["revoked_at"] is not None) == (200, True)
    assert second.status_code == 201
    assert [(one["id"], one["revoked_at"] is None, one["address"]) for one in listed] == [
        (second.json()["id"], True, ""),
        (first["id"], False, ""),
    ]
    assert (foreign.status_code, late.status_code) == (404, 409)
    assert call.post(f"{base}99999/revoke/", {}).status_code == 404


def test_a_blockers_links_too(officer: Account, project: Project, power: Department) -> None:
    blocker = raise_blocker(actor=officer, project=project, department=power, title="外线未批")
    link, _key = issue_link(actor=officer, blocker=blocker, contact=power.contacts.get())
    call, base = Caller(officer, SCOPES), f"/api/blockers/{blocker.public_id}/links/"

    revoked = call.post(f"{base}{link.pk}/revoke/", {})

    assert (revoked.status_code, revoked.json()["revoked_at"] is not None) == (200, True)
    assert [one["id"] for one in call.get(base).json()] == [link.pk]


def test_a_round_is_extended_in_the_api(officer: Account, review: JointReview) -> None:
    call, address = Caller(officer, SCOPES), f"/api/reviews/{review.public_id}/extend/"
    body = {"due_on": str(LATER), "reason": "测算未到", "version": 1}

    made, stale = call.post(address, body), call.post(address, body)
    wrong = call.post(address, {"due_on": str(SOON), "reason": "测算未到"})

    assert (made.status_code, made.json()["due_on"]) == (200, str(LATER))
    assert [(one["before"], one["after"], one["reason"]) for one in made.json()["extensions"]] == [
        (str(SOON), str(LATER), "测算未到")
    ]
    assert (stale.status_code, wrong.status_code, list(wrong.json()["fields"])) == (409, 422, ["due_on"])
