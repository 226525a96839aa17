"""One-time links: one question of one project, one answer, no account."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from projects import actions
from projects.models import AnswerLink, Blocker, BlockerState, Project
from promotion.errors import Conflict, Outcome, Refused
from promotion.models import AuditEntry, Notice
from promotion.working_days import working_calendar
from staff.models import Account, key_hash
from tests.factories.departments import make_contact, make_department
from tests.factories.files import make_pdf
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocker(officer: Account) -> Blocker:
    department = make_department()
    return actions.raise_blocker(
        actor=officer,
        project=make_project(officer, name="动力电池"),
        department=department,
        contact=make_contact(department),
        title="外线接入方案未批",
        text="请明确批复时间。",
    )


def test_a_link_is_answered_once_and_the_officer_is_told(
    officer: Account, blocker: Blocker, django_capture_on_commit_callbacks: Callable
) -> None:
    _link, key = actions.issue_link(actor=officer, blocker=blocker)
    stranger = Client()
    promised = working_calendar().after(timezone.localdate(), 2)

    opened = stranger.get(f"/answer/{key}/")
    with django_capture_on_commit_callbacks(execute=True):
        answered = stranger.post(
            f"/answer/{key}/",
            {"text": "下周二批复。", "promised_on": promised.isoformat(), "files": [make_pdf("纪要.pdf")]},
        )
    again = stranger.post(f"/answer/{key}/", {"text": "再说一遍"})

    blocker.refresh_from_db()
    assert [opened.status_code, answered.status_code, again.status_code] == [200, 200, 410]
    assert "外线接入方案未批" in opened.content.decode()
    assert (blocker.state, blocker.answer, blocker.due_on) == (
        BlockerState.ANSWERED,
        "下周二批复。",
        promised,
    )
    entry = blocker.entries.get(kind="answered")
    assert (entry.written_by, entry.signed_by) == (None, "蒋立群（供电公司，一次性链接）")
    assert [one.title for one in entry.documents.all()] == ["纪要.pdf"]
    assert Notice.objects.get().recipient == officer
    verbs = AuditEntry.objects.filter(verb__startswith="link.").order_by("id")
    assert [(one.verb, one.actor, one.actor_name) for one in verbs] == [
        ("link.issue", officer, officer.display_name),
        ("link.open", None, "蒋立群（供电公司，一次性链接）"),
        ("link.answer", None, "蒋立群（供电公司，一次性链接）"),
    ]


def test_the_key_is_kept_as_a_hash_only(officer: Account, blocker: Blocker) -> None:
    link, key = actions.issue_link(actor=officer, blocker=blocker)

    assert link.key_hash == key_hash(key)
    assert key not in str(AuditEntry.objects.values_list("detail", flat=True))


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"expires_at": timezone.now() - timedelta(1)}, 410, "已过期"),
        ({"revoked_at": timezone.now()}, 410, "已作废"),
        ({"used_at": timezone.now()}, 410, "已经答复过"),
        (None, 404, "不完整或不存在"),
    ],
)
def test_dead_links_say_why_and_show_nothing(
    officer: Account, blocker: Blocker, change: dict[str, Any] | None, status: int, sentence: str
) -> None:
    link, key = actions.issue_link(actor=officer, blocker=blocker)
    if change is not None:
        AnswerLink.objects.filter(pk=link.pk).update(**change)

    reply = Client().get(f"/answer/{key if change else 'wrong'}/")

    assert reply.status_code == status
    assert sentence in reply.content.decode()
    assert "外线接入方案未批" not in reply.content.decode()


def test_an_empty_answer_keeps_the_link_alive(officer: Account, blocker: Blocker) -> None:
    link, key = actions.issue_link(actor=officer, blocker=blocker)

    reply = Client().post(f"/answer/{key}/", {"text": "  ", "promised_on": "2020-01-01"})

    link.refresh_from_db()
    assert (reply.status_code, link.is_live()) == (422, True)


def test_a_new_link_to_the_same_contact_replaces_the_old_one(officer: Account, blocker: Blocker) -> None:
    first, _key = actions.issue_link(actor=officer, blocker=blocker)
    second, _key = actions.issue_link(actor=officer, blocker=blocker)

    first.refresh_from_db()
    assert (first.is_live(), second.is_live()) == (False, True)


def test_links_are_refused_for_others_contacts_and_closed_questions(
    officer: Account, blocker: Blocker
) -> None:
    stranger = make_contact(make_department("planning", "规划建设局"), "何建国")

    with pytest.raises(Refused, match="供电公司的一位在岗联系人"):
        actions.issue_link(actor=officer, blocker=blocker, contact=stranger)
    with pytest.raises(Refused, match="有效期为 1 到 30 天"):
        actions.issue_link(actor=officer, blocker=blocker, days=31)
    actions.withdraw_blocker(actor=officer, blocker=blocker, reason="误报")
    with pytest.raises(Refused, match="不用再发链接"):
        actions.issue_link(actor=officer, blocker=blocker)


def test_closing_a_question_voids_its_links(officer: Account, blocker: Blocker) -> None:
    link, key = actions.issue_link(actor=officer, blocker=blocker)

    actions.solve_blocker(actor=officer, blocker=blocker, solution="电话里解决了")

    link.refresh_from_db()
    assert link.revoked_at is not None
    assert Client().get(f"/answer/{key}/").status_code == 410


def test_a_link_that_was_used_is_not_revoked(officer: Account, blocker: Blocker) -> None:
    link, _key = actions.issue_link(actor=officer, blocker=blocker)
    actions.answer_by_link(actor=None, link=link, text="已批")

    with pytest.raises(Conflict, match="刚刚已被答复"):
        actions.revoke_link(actor=officer, link=link)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_give_one(officer: Account, blocker: Blocker) -> None:
    link, _key = actions.issue_link(actor=officer, blocker=blocker)
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def answer(text: str) -> None:
        gate.wait()
        try:
            actions.answer_by_link(actor=None, link=link, text=text)
            outcomes.append("answered")
        except Outcome as outcome:
            outcomes.append(type(outcome).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(text,)) for text in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["Conflict", "answered"]
    assert blocker.entries.filter(kind="answered").count() == 1


def test_after_a_handover_the_new_specialist_hears_the_answer_and_who_left_does_not(
    officer: Account, outsider: Account, blocker: Blocker, django_capture_on_commit_callbacks: Callable
) -> None:
    link, _key = actions.issue_link(actor=officer, blocker=blocker)
    Project.objects.filter(pk=blocker.project_id).update(owner=outsider.person, team=outsider_team(outsider))
    with django_capture_on_commit_callbacks(execute=True):
        actions.answer_by_link(actor=None, link=link, text="已批")
    assert list(Notice.objects.values_list("recipient", flat=True)) == [outsider.pk]


def outsider_team(account: Account) -> Any:
    assert account.person is not None
    return account.person.appointments.get().team
