"""Pages of joint reviews: opened, answered, decided; bad input keeps what was typed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from projects.actions.joint_review import decide_joint_review, open_joint_review
from projects.actions.review_opinion import give_opinion
from projects.models import JointReview
from staff.models import Account
from tests.factories.departments import make_department
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


def test_a_round_goes_from_the_record_to_its_paper(officer: Account, manager: Account) -> None:
    project, department, browser = make_project(officer, name="动力电池"), make_department(), Client()
    browser.force_login(officer)
    tab = f"/projects/{project.public_id}/?tab=reviews"
    assert "还没有联审会签" in browser.get(tab).content.decode()
    browser.post(
        f"/projects/{project.public_id}/reviews/new/",
        {"subject": "用地方案", "departments": [department.public_id]},
    )
    review = JointReview.objects.get()
    base = f"/reviews/{review.public_id}/"
    given = {"department": department.public_id, "opinion": "agree", "given_on": str(review.opened_on)}
    assert browser.post(f"{base}opinion/", given).status_code == 302
    assert browser.get(f"{base}decide/").status_code == 403
    browser.force_login(manager)
    browser.post(f"{base}decide/", {"outcome": "passed", "note": "同意", "seen": review.version})
    review.refresh_from_db()
    assert (review.state, review.document is not None) == ("passed", True)
    assert "会签单" in browser.get(base).content.decode()
    assert "用地方案" in browser.get(tab).content.decode()


def test_a_condition_without_anybody_to_see_to_it_is_refused_and_kept(officer: Account) -> None:
    project, department, browser = make_project(officer), make_department(), Client()
    review = open_joint_review(actor=officer, project=project, subject="用地", departments=[department])
    browser.force_login(officer)
    given = {"department": department.public_id, "opinion": "conditional", "text": "先补环评手续"}
    given |= {"given_on": str(review.opened_on), "conditions": "补环评"}
    answer = browser.post(f"/reviews/{review.public_id}/opinion/", given)
    assert (answer.status_code, "先补环评手续" in answer.content.decode()) == (422, True)
    assert review.opinions.get().opinion == ""


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


def test_the_list_costs_the_same_with_one_and_with_three(
    officer: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    department, browser, counted = make_department(), Client(), []
    browser.force_login(officer)
    browser.get("/reviews/")
    for number in (1, 2):
        for each in range(number):
            project = make_project(officer, name=f"项目{number}{each}")
            open_joint_review(actor=officer, project=project, subject="用地", departments=[department])
        with django_assert_num_queries(100, exact=False) as captured:
            assert browser.get("/reviews/").status_code == 200
        counted.append(len(captured))
    assert counted[0] == counted[1]
