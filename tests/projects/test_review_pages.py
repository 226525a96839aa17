"""Pages of joint reviews: opened, answered, decided; bad input keeps what was typed."""

import pytest
from django.test import Client

from projects.actions.joint_review import open_joint_review
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
