"""Papers, checklists, alarms, money and rates in the API: the same actions, the same sentences."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from projects.actions import add_evidence_requirement, report_achievement
from projects.models import Achievement, Project
from staff.models import Account
from tests.factories.files import PDF, make_pdf
from tests.factories.projects import make_project, make_recognised
from tests.projects.test_api import Caller as BaseCaller

pytestmark = pytest.mark.django_db


class Caller(BaseCaller):
    """Another system, asked by whole addresses."""

    def get(self, path: str) -> Any:
        return self("get", path.removeprefix("/api/"))

    def post(self, path: str, data: Any) -> Any:
        return self("post", path.removeprefix("/api/"), data)

    def patch(self, path: str, data: Any) -> Any:
        return self("patch", path.removeprefix("/api/"), data)

    def upload(self, path: str, data: Any) -> Any:
        return Client(headers={"authorization": f"Token {self.key}"}).post(path, data)


SCOPES = ["projects:read", "projects:write", "kpi:read"]


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, stage="registered")


@pytest.fixture
def reported(officer: Account, manager: Account, project: Project) -> Achievement:
    add_evidence_requirement(
        actor=manager, kind="paid_in", document_type="capital_proof", holds_from=date(2026, 1, 1)
    )
    return report_achievement(
        actor=officer,
        kind="paid_in",
        project=project,
        happened_on=date(2026, 3, 1),
        amount=Decimal(1_000_000),
        certificate="FDI-1",
        evidence=[make_pdf("说明.pdf")],
    )


def test_paper_is_asked_for_added_replaced_and_then_recognised(
    officer: Account, manager: Account, reported: Achievement
) -> None:
    reporter, decider = Caller(officer, SCOPES), Caller(manager, SCOPES)
    base = f"/api/achievements/{reported.public_id}/"

    missing = decider.get(base + "evidence/").json()
    refused = decider.post(base + "recognise/", {})
    added = reporter.upload(
        base + "evidence/", {"file": make_pdf("扫描.pdf", PDF + b"% 1\n"), "document_type": "capital_proof"}
    )
    paper = added.json()
    replaced = reporter.upload(
        f"/api/documents/{paper['public_id']}/replace/",
        {"file": make_pdf("盖章.pdf", PDF + b"% 2\n"), "reason": "补盖公章"},
    )
    editions = reporter.get(f"/api/documents/{paper['public_id']}/editions/").json()
    done = decider.post(base + "recognise/", {"recognised_amount": "900000.00", "note": "核减"})

    assert (missing["required"], missing["missing"]) == (1, ["验资报告"])
    assert (refused.status_code, "缺验资报告" in refused.json()["message"]) == (422, True)
    assert (added.status_code, paper["document_type"], paper["edition"]) == (201, "capital_proof", 1)
    assert (replaced.status_code, replaced.json()["replaces"]) == (201, paper["public_id"])
    assert [one["edition"] for one in editions] == [2, 1]
    assert (done.status_code, done.json()["recognised_cny"], done.json()["amount_cny"]) == (
        200,
        "900000.00",
        "1000000.00",
    )


def test_exception_needs_its_reason_and_reversing_a_second_person(
    officer: Account, manager: Account, reported: Achievement
) -> None:
    reporter, decider = Caller(officer, SCOPES), Caller(manager, SCOPES)
    base = f"/api/achievements/{reported.public_id}/"

    done = decider.post(base + "recognise/", {"exception_reason": "报告下周补"})
    own = reporter.post(base + "reverse/", {"reason": "报错了"})
    reversed_one = decider.post(base + "reverse/", {"reason": "资金退回"})

    assert done.json()["exception_reason"] == "报告下周补"
    assert own.status_code == 403
    assert (reversed_one.status_code, reversed_one.json()["state"]) == (200, "reversed")


def test_returned_report_is_mended_and_withdrawn(
    officer: Account, manager: Account, reported: Achievement
) -> None:
    reporter, decider = Caller(officer, SCOPES), Caller(manager, SCOPES)
    base = f"/api/achievements/{reported.public_id}/"
    decider.post(base + "return/", {"reason": "缺报告"})

    mended = reporter.post(base + "resubmit/", {"amount": "800000.00", "source": "验资报告"})
    gone = reporter.post(base + "withdraw/", {"version": mended.json()["version"]})

    assert (mended.json()["state"], mended.json()["amount_cny"], mended.json()["source"]) == (
        "submitted",
        "800000.00",
        "验资报告",
    )
    assert gone.json()["state"] == "withdrawn"


def test_checklist_is_kept_by_managers_and_hr(officer: Account, hr: Account) -> None:
    body = {"kind": "signed", "document_type": "contract", "holds_from": "2026-01-01"}
    keeper, reader = Caller(hr, SCOPES), Caller(officer, SCOPES)

    denied = reader.post("/api/evidence-requirements/", body)
    made = keeper.post("/api/evidence-requirements/", body)
    url = f"/api/evidence-requirements/{made.json()['public_id']}/"
    changed = keeper.patch(url, {"from_day": "2026-07-01", "necessity": "recommended"})
    ended = keeper.post(
        f"/api/evidence-requirements/{changed.json()['public_id']}/end/",
        {"on": "2027-01-01", "reason": "不再要求"},
    )
    lines = reader.get("/api/evidence-requirements/").json()["results"]

    assert (denied.status_code, made.status_code) == (403, 201)
    assert (changed.json()["necessity"], ended.json()["holds_until"]) == ("recommended", "2027-01-01")
    assert [line["holds_until"] for line in lines] == ["2026-07-01", "2027-01-01"]


def test_alarms_are_for_those_who_decide(officer: Account, manager: Account, reported: Achievement) -> None:
    url = f"/api/achievements/{reported.public_id}/alarms/"

    assert Caller(officer, SCOPES).get(url).status_code == 403
    (alarm,) = Caller(manager, SCOPES).get(url).json()
    assert (alarm["code"], alarm["figures"]) == ("evidence", {"required": 1, "fulfilled": 0})


def test_money_rates_and_verdicts(officer: Account, manager: Account, project: Project) -> None:
    make_recognised(project, officer, manager)
    make_recognised(project, officer, manager, kind="paid_in", amount_cny=Decimal(5_000_000))
    caller = Caller(officer, SCOPES)

    tables = caller.get(f"/api/projects/{project.public_id}/money/").json()
    rates = caller.get("/api/fulfilment/?group=officer&from=2026-01-01").json()
    wrong = caller.get("/api/fulfilment/?from=gestern")
    verdicts = caller.get(f"/api/project-verdicts/{project.public_id}/").json()

    assert [(table["kind"], table["total"]) for table in tables] == [
        ("announced", "0.00"),
        ("signed", "100000000.00"),
        ("registered", "0.00"),
        ("paid_in", "5000000.00"),
        ("fixed_asset", "0.00"),
    ]
    assert rates["total"]["signed"] == 1
    shares = {rate["key"]: rate["ratio"] for rate in rates["total"]["rates"]}
    assert (shares["registration"], shares["paid_in"], shares["paid_in_contract"]) == (
        "0.0000",
        None,
        "0.0500",
    )
    assert wrong.status_code == 422
    assert [(one["kind"], one["counts"]) for one in verdicts] == [("signed", False), ("paid_in", False)]


def test_preview_is_drawn_for_those_who_see_the_paper(
    officer: Account, outsider: Account, reported: Achievement, client_as: Any
) -> None:
    paper = reported.documents.get()
    client: Client = client_as(officer)

    shown = client.get(f"/documents/{paper.public_id}/preview/")
    picture = client.get(f"/documents/{paper.public_id}/pages/1/")
    beyond = client.get(f"/documents/{paper.public_id}/pages/2/")

    assert f"/documents/{paper.public_id}/pages/1/" in shown.content.decode()
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert "default-src 'none'" in picture["Content-Security-Policy"]
    assert beyond.status_code == 404
    assert client_as(outsider).get(f"/documents/{paper.public_id}/preview/").status_code == 404
