"""Pages of joint reviews: opened, answered, decided; bad input keeps what was typed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from projects.actions.conditions import Condition
from projects.actions.joint_review import decide_joint_review, open_joint_review
from projects.actions.review_opinion import give_opinion
from projects.models import JointReview
from projects.queries.due import due_items
from promotion.working_days import working_calendar
from staff.models import Account
from tests.factories.departments import make_department
from tests.factories.files import make_pdf
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


def conditions(*lines: tuple[str, str, str]) -> dict[str, str]:
    """The posted lines of the opinion panel: text, owner, day."""
    posted = {"conditions-TOTAL_FORMS": str(len(lines)), "conditions-INITIAL_FORMS": "0"}
    for number, line in enumerate(lines):
        names = [f"conditions-{number}-{name}" for name in ("text", "owner", "due_on")]
        posted |= dict(zip(names, line, strict=True))
    return posted


def test_a_round_goes_from_the_record_to_its_paper(officer: Account, manager: Account) -> None:
    project, department, browser = make_project(officer, name="动力电池"), make_department(), Client()
    browser.force_login(officer)
    tab = f"/projects/{project.public_id}/?tab=reviews"
    assert "还没有联审会签" in browser.get(tab).content.decode()
    form = browser.get(f"/projects/{project.public_id}/reviews/new/").content.decode()
    due_on = working_calendar().after(timezone.localdate(), 10)
    assert ("10 个工作日" in form, f'value="{due_on}"' in form) == (True, True)
    chosen = due_on + timedelta(days=7)
    browser.post(
        f"/projects/{project.public_id}/reviews/new/",
        {
            "subject": "用地方案", "departments": [department.public_id], "due_on": str(chosen),
            "body_name": "bureau",
        },
    )  # fmt: skip
    review = JointReview.objects.get()
    assert (review.due_on, review.body_name) == (chosen, "bureau")
    base = f"/reviews/{review.public_id}/"
    given = {"opinion": "agree", "given_on": str(review.opened_on), "seen": "1", **conditions()}
    assert browser.post(f"{base}opinions/{review.opinions.get().pk}/", given).status_code == 302
    assert browser.get(f"{base}decide/").status_code == 403
    browser.force_login(manager)
    stale = {"outcome": "passed", "note": "同意", "seen": review.version, "body_name": "bureau"}
    unread = browser.post(f"{base}decide/", stale)
    review.refresh_from_db()
    assert ("又有部门反馈或改了意见" in unread.content.decode(), review.state) == (True, "open")
    browser.post(f"{base}decide/", stale | {"seen": review.version})
    review.refresh_from_db()
    assert (review.state, review.document is not None) == ("passed", True)
    assert "会签单" in browser.get(base).content.decode()
    assert "用地方案" in browser.get(tab).content.decode()


@pytest.fixture
def review(officer: Account) -> JointReview:
    project = make_project(officer, name="动力电池")
    return open_joint_review(actor=officer, project=project, subject="用地", departments=[make_department()])


def test_an_opinion_carries_several_conditions_and_empty_lines_are_left_out(
    officer: Account, review: JointReview
) -> None:
    assert officer.person is not None
    row, browser, owner = review.opinions.get(), Client(), officer.person.public_id
    browser.force_login(officer)
    day = str(timezone.localdate() + timedelta(days=9))
    given = {"opinion": "conditional", "text": "两项手续", "given_on": str(review.opened_on), "seen": "1"}
    given |= conditions(("补环评", owner, day), ("", owner, ""), ("取得总量指标", owner, day))

    answer = browser.post(f"/reviews/{review.public_id}/opinions/{row.pk}/", given)

    assert (answer.status_code, [one.text for one in row.conditions.all()]) == (
        302,
        ["补环评", "取得总量指标"],
    )
    again = browser.get(f"/reviews/{review.public_id}/opinions/{row.pk}/").content.decode()
    assert again.index("补环评") < again.index("取得总量指标")


def test_a_condition_without_anybody_to_see_to_it_is_refused_and_kept(
    officer: Account, review: JointReview
) -> None:
    row, browser = review.opinions.get(), Client()
    browser.force_login(officer)
    given = {"opinion": "conditional", "text": "先补环评手续", "given_on": str(review.opened_on)}
    given |= conditions(("补环评", "", ""))
    answer = browser.post(f"/reviews/{review.public_id}/opinions/{row.pk}/", given)
    words = answer.content.decode()
    assert (answer.status_code, "先补环评手续" in words, 'value="补环评"' in words) == (422, True, True)
    assert "请同时填写责任人和期限" in words
    assert review.opinions.get().opinion == ""


def test_two_people_who_write_one_opinion_do_not_overwrite_each_other(
    officer: Account, leader: Account, review: JointReview
) -> None:
    row, browser = review.opinions.get(), Client()
    browser.force_login(officer)
    give_opinion(actor=leader, review=review, department=row.department, opinion="agree")
    given = {"opinion": "against", "text": "容量不足", "given_on": str(review.opened_on), "seen": "1"}

    answer = browser.post(f"/reviews/{review.public_id}/opinions/{row.pk}/", given | conditions())

    words = answer.content.decode()
    assert f"{leader.display_name} 已登记供电公司的意见“同意”" in words
    assert ("容量不足" in words, review.opinions.get().opinion) == (True, "agree")
    assert 'name="seen" value="2"' in words
    browser.post(f"/reviews/{review.public_id}/opinions/{row.pk}/", given | conditions() | {"seen": "2"})
    assert review.opinions.get().opinion == "against"


def test_whoever_only_has_to_meet_a_condition_can_close_it(
    officer: Account, outsider: Account, review: JointReview
) -> None:
    assert outsider.person is not None
    line = Condition("补环评", outsider.person, timezone.localdate())
    row = give_opinion(
        actor=officer, review=review, department=review.opinions.get().department, opinion="conditional",
        text="补手续", conditions=[line],
    )  # fmt: skip
    condition, browser = row.conditions.get(), Client()
    browser.force_login(outsider)
    assert browser.get(f"/reviews/{review.public_id}/").status_code == 404
    address = f"/conditions/{condition.pk}/close/"
    assert "补环评（期限 " in browser.get(address).content.decode()
    empty = browser.post(address, {"note": "已补", "on": str(timezone.localdate())})
    closed = browser.post(
        address, {"note": "已补", "on": str(timezone.localdate()), "upload": make_pdf("批复.pdf")}
    )
    condition.refresh_from_db()
    assert (empty.status_code, closed.status_code, closed["Location"]) == (422, 302, "/")
    assert (condition.closing_note, condition.closed_by) == ("已补", outsider)


def listed(browser: Client, query: str = "") -> str:
    return strip_tags(browser.get(f"/reviews/?{query}").content.decode())


def test_the_list_shows_what_runs_and_narrows_it(
    officer: Account, outsider: Account, manager: Account
) -> None:
    planning, power = make_department("planning", "规划建设局"), make_department()
    day = timezone.localdate() - timedelta(days=40)
    late, ready, done_one = (
        open_joint_review(
            actor=officer, project=make_project(officer, name=f"{name}项目"), subject=name, departments=asked,
            opened_on=began,
        )
        for name, asked, began in (
            ("迟到的会签", [planning, power], day), ("意见齐的会签", [power], None), ("办完的会签", [planning], None),
        )
    )  # fmt: skip
    give_opinion(actor=officer, review=late, department=planning, opinion="agree")
    give_opinion(actor=officer, review=ready, department=power, opinion="agree")
    give_opinion(actor=officer, review=done_one, department=planning, opinion="agree")
    decide_joint_review(actor=manager, review=done_one, outcome="passed", note="同意")
    browser, stranger = Client(), Client()
    browser.force_login(officer)
    stranger.force_login(outsider)

    def subjects(query: str) -> list[str]:
        text = listed(browser, query)
        return [each.subject for each in (late, ready, done_one) if each.subject in text]

    assert subjects("") == ["迟到的会签", "意见齐的会签"]
    assert subjects("due=late") == ["迟到的会签"]
    assert subjects("due=ready") == ["意见齐的会签"]
    assert subjects("state=passed") == ["办完的会签"]
    assert subjects("state=all") == ["迟到的会签", "意见齐的会签", "办完的会签"]
    assert subjects(f"department={planning.public_id}") == ["迟到的会签"]
    assert subjects(f"department={planning.public_id}&waiting=1") == []
    assert subjects(f"department={power.public_id}&waiting=1") == ["迟到的会签"]
    assert subjects("waiting=0") == ["意见齐的会签"]
    assert "没有联审会签" in listed(stranger)
    assert "个工作日" in listed(browser, "due=late")


def test_the_list_costs_the_same_with_one_and_with_three(officer: Account) -> None:
    department, browser, counted = make_department(), Client(), []
    browser.force_login(officer)
    browser.get("/reviews/")
    for number in (1, 2):
        for each in range(number):
            project = make_project(officer, name=f"项目{number}{each}")
            open_joint_review(actor=officer, project=project, subject="用地", departments=[department])
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/reviews/").status_code == 200
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_silent_departments_conditions_and_decisions_are_due(
    officer: Account, leader: Account, manager: Account, outsider: Account, review: JointReview
) -> None:
    row = review.opinions.get()
    assert outsider.person is not None

    def due(actor: Account) -> list[tuple[str, str, str]]:
        until = timezone.localdate() + timedelta(days=60)
        found = [one for one in due_items(actor, until) if one.kind in ("joint-review", "condition")]
        return [(one.kind, one.title, one.detail) for one in found]

    chase = ("joint-review", "催办会签：用地", "还缺 供电公司 · 动力电池")
    assert (due(officer), due(leader), due(manager), due(outsider)) == ([chase], [chase], [], [])
    line = Condition("完成扩容", outsider.person, timezone.localdate())
    give_opinion(
        actor=officer, review=review, department=row.department, opinion="conditional", text="须扩容",
        conditions=[line],
    )  # fmt: skip
    assert due(officer) == []
    assert due(manager) == [("joint-review", "签发会签：用地", "意见已齐 · 动力电池")]
    assert due(outsider) == [("condition", "落实条件：完成扩容", "供电公司 · 动力电池")]
    decide_joint_review(actor=manager, review=review, outcome="failed", note="条件不具备")
    assert (due(manager), due(outsider)) == ([], [])
