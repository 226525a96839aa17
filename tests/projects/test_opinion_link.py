"""One-time links in a joint review: one opinion of one round, once, no account."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from projects.actions.answer_link import answer_by_link, issue_link, revoke_link
from projects.actions.blocker import raise_blocker
from projects.actions.joint_review import decide_joint_review, open_joint_review, withdraw_joint_review
from projects.actions.opinion_link import give_opinion_by_link, issue_opinion_link
from projects.actions.review_opinion import give_opinion
from projects.actions.secrecy import make_secret
from projects.models import AnswerLink, JointReview
from promotion.errors import Conflict, Outcome, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account, key_hash
from tests.factories.departments import make_contact, make_department
from tests.factories.files import make_pdf
from tests.factories.projects import make_project
from tests.projects.test_evidence_api import SCOPES, Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(officer: Account) -> JointReview:
    power = make_department()
    make_contact(power)
    project = make_project(officer, name="动力电池")
    departments = [power, make_department("planning", "规划建设局")]
    return open_joint_review(actor=officer, project=project, subject="供地和用能", departments=departments)


def issued(actor: Account, review: JointReview, **fields: Any) -> tuple[AnswerLink, str]:
    department = review.opinions.get(department__code="power").department
    return issue_opinion_link(
        actor=actor, review=review, department=department, contact=department.contacts.get(), **fields
    )


def lines(*given: tuple[str, str]) -> dict[str, str]:
    posted = {"conditions-TOTAL_FORMS": str(len(given)), "conditions-INITIAL_FORMS": "0"}
    for number, (text, day) in enumerate(given):
        posted |= {f"conditions-{number}-text": text, f"conditions-{number}-due_on": day}
    return posted


def test_a_department_answers_once_and_the_officer_is_told(
    officer: Account, review: JointReview, django_capture_on_commit_callbacks: Callable
) -> None:
    link, key = issued(officer, review)
    stranger, day = Client(), str(timezone.localdate() + timedelta(days=20))
    given = {"opinion": "conditional", "text": "须扩容", **lines(("完成扩容", day), ("", ""))}

    opened = stranger.get(f"/answer/{key}/")
    with django_capture_on_commit_callbacks(execute=True):
        answered = stranger.post(f"/answer/{key}/", given | {"upload": make_pdf("意见.pdf")})
    again = stranger.post(f"/answer/{key}/", {"opinion": "agree", **lines()})

    row = review.opinions.get(department__code="power")
    assert [opened.status_code, answered.status_code, again.status_code] == [200, 200, 410]
    assert "供地和用能" in opened.content.decode()
    assert "动力电池" in opened.content.decode()
    assert (row.opinion, row.text, row.recorded_by, row.contact) == (
        "conditional",
        "须扩容",
        None,
        link.contact,
    )
    assert [(one.text, one.owner) for one in row.conditions.all()] == [("完成扩容", officer.person)]
    assert row.evidence is not None
    assert Notice.objects.get().recipient == officer
    verbs = AuditEntry.objects.filter(verb__startswith="link.").order_by("id")
    assert [(one.verb, one.actor, one.actor_name) for one in verbs] == [
        ("link.issue-opinion", officer, officer.display_name),
        ("link.open", None, "蒋立群（供电公司，一次性链接）"),
        ("link.opinion", None, "蒋立群（供电公司，一次性链接）"),
    ]
    assert key not in str(AuditEntry.objects.values_list("detail", flat=True))
    assert link.key_hash == key_hash(key)


def test_of_a_secret_project_the_department_reads_the_code_name_only(
    officer: Account, manager: Account, review: JointReview
) -> None:
    blocker = raise_blocker(
        actor=officer,
        project=review.project,
        department=review.opinions.get(department__code="power").department,
        title="外线未批",
    )
    _link, key = issued(officer, review)
    _link, other = issue_link(actor=officer, blocker=blocker, contact=_link.contact)
    make_secret(actor=manager, project=review.project, code_name="青松", reason="上市公司要求")

    for each in (key, other):
        words = Client().get(f"/answer/{each}/").content.decode()
        assert ("「青松」" in words, "动力电池" in words) == (True, False)
        assert review.project.company.name not in words


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({}, "意见"),
        ({"opinion": "against", "text": " "}, "请写明条件或理由"),
        ({"opinion": "conditional", "text": "须扩容"}, "至少写一条条件"),
        ({"opinion": "agree", **lines(("扩容", "2099-01-01"))}, "可以附条件"),
        ({"opinion": "conditional", "text": "须扩容", **lines(("扩容", ""))}, "请写明这条条件的期限"),
    ],
)
def test_an_incomplete_opinion_says_why_and_keeps_the_link_alive(
    officer: Account, review: JointReview, posted: dict[str, str], sentence: str
) -> None:
    link, key = issued(officer, review)

    reply = Client().post(f"/answer/{key}/", {**lines(), **posted})

    link.refresh_from_db()
    assert (reply.status_code, link.is_live()) == (422, True)
    assert sentence in reply.content.decode()
    assert posted.get("text", "").strip() in reply.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expires_at": timezone.now() - timedelta(1)}, "已过期"),
        ({"revoked_at": timezone.now()}, "已作废"),
        ({"used_at": timezone.now()}, "已经答复过"),
    ],
)
def test_dead_links_say_why_and_show_nothing(
    officer: Account, review: JointReview, change: dict[str, Any], sentence: str
) -> None:
    link, key = issued(officer, review)
    AnswerLink.objects.filter(pk=link.pk).update(**change)

    reply = Client().get(f"/answer/{key}/")

    assert (reply.status_code, sentence in reply.content.decode()) == (410, True)
    assert "供地和用能" not in reply.content.decode()


def test_links_are_refused_where_nothing_is_asked(officer: Account, review: JointReview) -> None:
    power = review.opinions.get(department__code="power").department
    stranger = make_contact(review.opinions.get(department__code="planning").department, "何建国")

    with pytest.raises(Refused, match="供电公司的一位在岗联系人"):
        issue_opinion_link(actor=officer, review=review, department=power, contact=stranger)
    with pytest.raises(Refused, match="有效期为 1 到 30 天"):
        issued(officer, review, days=31)
    give_opinion(actor=officer, review=review, department=power, opinion="agree")
    with pytest.raises(Refused, match="已经反馈"):
        issued(officer, review)


def test_a_link_dies_with_a_newer_one_with_the_answer_by_hand_and_with_the_round(
    officer: Account, manager: Account, review: JointReview
) -> None:
    first, _key = issued(officer, review)
    second, key = issued(officer, review)
    first.refresh_from_db()
    assert (first.is_live(), second.is_live()) == (False, True)
    for row in review.opinions.all():
        give_opinion(actor=officer, review=review, department=row.department, opinion="agree")
    second.refresh_from_db()
    assert second.revoked_at is not None
    assert Client().get(f"/answer/{key}/").status_code == 410
    with pytest.raises(Conflict, match="没有保存"):
        give_opinion_by_link(actor=None, link=second, opinion="against", text="不同意")
    decide_joint_review(actor=manager, review=review, outcome="passed", note="同意")

    later = open_joint_review(
        actor=officer, project=review.project, subject="二轮", departments=[first.contact.department]
    )
    third, _key = issued(officer, later)
    withdraw_joint_review(actor=officer, review=later, reason="方案有调整")
    third.refresh_from_db()
    assert third.revoked_at is not None


def test_the_page_issues_a_link_once_and_revokes_it(officer: Account, review: JointReview) -> None:
    row, browser = review.opinions.get(department__code="power"), Client()
    browser.force_login(officer)
    panel = f"/reviews/{review.public_id}/opinions/{row.pk}/link/"

    shown = browser.get(panel).content.decode()
    sent = browser.post(panel, {"contact": row.department.contacts.get().pk, "days": "7"}).content.decode()
    link = AnswerLink.objects.get()
    assert ("蒋立群" in shown, "/answer/" in shown, "/answer/" in sent) == (True, False, True)
    assert "未打开" in browser.get(f"/reviews/{review.public_id}/").content.decode()

    revoked = browser.post(f"/reviews/{review.public_id}/links/{link.pk}/revoke/")
    link.refresh_from_db()
    assert (revoked.status_code, link.is_live()) == (302, False)


def test_only_those_who_work_on_the_project_send_and_revoke(
    officer: Account, colleague: Account, outsider: Account, review: JointReview
) -> None:
    link, _key = issued(officer, review)
    for account, status in ((outsider, 404), (colleague, 403)):
        browser = Client()
        browser.force_login(account)
        assert browser.post(f"/reviews/{review.public_id}/links/{link.pk}/revoke/").status_code == status
        with pytest.raises(Outcome):
            issued(account, review)
        with pytest.raises(Outcome):
            revoke_link(actor=account, link=link)
    link.refresh_from_db()
    assert link.is_live()


def test_the_api_issues_a_link(officer: Account, review: JointReview) -> None:
    contact = review.opinions.get(department__code="power").department.contacts.get()
    call = Caller(officer, SCOPES)

    made = call.post(
        f"/api/reviews/{review.public_id}/links/", {"department": "power", "contact": contact.pk, "days": 3}
    )

    assert (made.status_code, "/answer/" in made.json()["address"]) == (201, True)
    assert AnswerLink.objects.get().contact == contact


def raced(*answers: Callable[[], Any]) -> list[str]:
    """What became of answers that start at the same moment on connections of their own."""
    outcomes: list[str] = []
    gate = threading.Barrier(len(answers))

    def run(answer: Callable[[], Any]) -> None:
        gate.wait()
        try:
            answer()
            outcomes.append("done")
        except Outcome as outcome:
            outcomes.append(type(outcome).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_give_one(officer: Account, review: JointReview) -> None:
    link, _key = issued(officer, review)

    outcomes = raced(
        lambda: give_opinion_by_link(actor=None, link=link, opinion="agree"),
        lambda: give_opinion_by_link(actor=None, link=link, opinion="against", text="容量不足"),
    )

    assert outcomes == ["Conflict", "done"]
    assert AuditEntry.objects.filter(verb="link.opinion").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_by_link_and_the_end_of_the_round_do_not_both_win(
    officer: Account, review: JointReview
) -> None:
    link, _key = issued(officer, review)

    outcomes = raced(
        lambda: give_opinion_by_link(actor=None, link=link, opinion="agree"),
        lambda: withdraw_joint_review(actor=officer, review=review, reason="方案有调整", seen=1),
    )

    assert outcomes == ["Conflict", "done"]
    review.refresh_from_db()
    said = review.opinions.get(department__code="power").opinion
    assert (review.state, said) in (("open", "agree"), ("withdrawn", ""))


def test_a_link_for_a_blocker_takes_no_opinion(officer: Account, review: JointReview) -> None:
    blocker = raise_blocker(
        actor=officer,
        project=review.project,
        department=review.opinions.get(department__code="power").department,
        title="外线未批",
    )
    link, _key = issue_link(actor=officer, blocker=blocker, contact=blocker.department.contacts.get())
    spoken, _key = issued(officer, review)
    with pytest.raises(JointReview.DoesNotExist):
        give_opinion_by_link(actor=None, link=link, opinion="agree")
    with pytest.raises(type(blocker).DoesNotExist):
        answer_by_link(actor=None, link=spoken, text="已批")
