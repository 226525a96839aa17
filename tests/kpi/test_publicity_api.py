"""The same publicity for other systems: every step, answers, objections with papers, and what changed."""

from typing import Any

import pytest

from kpi.models import Publicity, Standing
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.publicity import YEAR, assess, calculate, pass_window, publicise, sign_for, standing_of
from tests.projects.test_evidence_api import Caller

pytestmark = pytest.mark.django_db

BOTH = ["kpi:read", "kpi:write"]
BASE, OBJECTIONS = "/api/publicities/", "/api/score-objections/"


@pytest.fixture(autouse=True)
def assessed(officer: Account, outsider: Account, leader: Account, manager: Account) -> None:
    assess(officer, outsider, leader, manager=manager)


def test_a_result_goes_from_the_draft_to_the_final_list(
    hr: Account, manager: Account, officer: Account, outsider: Account
) -> None:
    at_hr, at_manager, at_officer = (Caller(one, BOTH) for one in (hr, manager, officer))
    assert at_officer.post(BASE, {"year": YEAR}).status_code == 403
    made = at_hr.post(BASE, {"year": YEAR, "days": 3})
    here = f"{BASE}{made.json()['public_id']}/"
    assert (made.status_code, made.json()["state"], at_officer.get(here).status_code) == (201, "draft", 404)
    assert at_hr.post(f"{here}announce/", {}).status_code == 422
    announced = at_manager.post(f"{here}announce/", {"seen": made.json()["version"]}).json()
    assert (announced["state"], announced["days"]) == ("open", 3)

    found = Publicity.objects.get()
    mine, foreign = standing_of(found, officer), standing_of(found, outsider)
    assert at_officer.post(f"{here}confirm/", {"standing": foreign.pk}).status_code == 404
    assert at_officer.post(f"{here}confirm/", {"standing": mine.pk}).json()["reply"] == "confirmed"
    given: dict[str, Any] = {
        "publicity": found.public_id, "standing": mine.pk, "indicator": "signing", "text": "少计", "asked": "补计",
    }  # fmt: skip
    raised = at_officer.post(OBJECTIONS, given)
    entry = f"{OBJECTIONS}{raised.json()['public_id']}/"
    assert (raised.status_code, raised.json()["title"]) == (201, "项目签约")
    assert Caller(outsider, BOTH).get(entry).status_code == 404
    assert at_officer.post(f"{entry}decide/", {"outcome": "upheld", "reason": "对"}).status_code == 403
    decided = at_manager.post(f"{entry}decide/", {"outcome": "upheld", "reason": "属实"})
    assert decided.json()["state"] == "upheld"
    fact = sign_for(officer, manager)
    remedy = {"kind": "achievement", "text": "补认定", "achievement": fact.public_id}
    assert at_manager.post(f"{entry}remedy/", remedy).json()["remedy_achievement"] == fact.public_id
    calculate()
    pass_window(found)
    final = at_manager.post(f"{here}finalise/", {})
    assert (final.status_code, final.json()["state"]) == (200, "final")

    changes = {row["name"]: row for row in at_officer.get(f"{here}changes/").json()}
    own = changes[officer.person.name]  # type: ignore[union-attr]
    assert (own["from_objection"], own["items"][0]["before"], own["items"][0]["after"]) == (
        True,
        "12.5000",
        "25.0000",
    )
    assert [row["state"] for row in at_officer.get(f"{BASE}?year={YEAR}").json()["results"]] == ["final"]


def test_papers_come_as_multipart_and_are_opened_by_both_sides(
    hr: Account, manager: Account, officer: Account, outsider: Account
) -> None:
    found = publicise(hr, manager)
    given = {
        "publicity": found.public_id, "standing": standing_of(found, officer).pk, "text": "少计", "asked": "补计",
        "papers": [make_pdf("合同.pdf")],
    }  # fmt: skip
    at_officer, at_manager, at_outsider = (Caller(one, BOTH) for one in (officer, manager, outsider))
    raised = at_officer.upload(OBJECTIONS, given)
    assert raised.status_code == 201, raised.json()
    (paper,) = raised.json()["papers"]
    url = f"{OBJECTIONS}{raised.json()['public_id']}/papers/{paper['public_id']}/"
    assert at_manager.get(url).status_code == 200
    assert at_outsider.get(url).status_code == 404
    withdrawn = at_officer.post(f"{OBJECTIONS}{raised.json()['public_id']}/withdraw/", {})
    assert withdrawn.json()["state"] == "withdrawn"


def test_answers_are_listed_for_those_who_watch(
    hr: Account, manager: Account, officer: Account, auditor: Account
) -> None:
    found = publicise(hr, manager)
    url = f"{BASE}{found.public_id}/replies/"
    at_officer, at_hr = Caller(officer, BOTH), Caller(hr, BOTH)
    assert at_officer.get(url).status_code == 403
    listed = Caller(auditor, BOTH).get(url).json()
    assert listed["count"] == Standing.objects.filter(run=found.run).count()
    assert {row["reply"] for row in listed["results"]} == {"silent"}
    assert at_officer.get(f"{BASE}{found.public_id}/changes/").status_code == 403
    assert at_hr.get(f"{BASE}{found.public_id}/changes/").json() == []
    gone = at_hr.post(f"{BASE}{found.public_id}/withdraw/", {"reason": "漏了一队"})
    assert gone.json()["state"] == "withdrawn"
