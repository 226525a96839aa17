"""Applications: by anybody on the staff, within the window, checked item by item."""

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import papers_visible_to
from staff.access.competition import applications_visible_to
from staff.actions.application import (
    ClaimLine,
    complain,
    save_application,
    submit_application,
    withdraw_application,
)
from staff.actions.eligibility import check_claim, decide_eligibility, return_application, review_complaint
from staff.models import Account, Application, Competition, CompetitionPost, Identity, Role
from staff.queries.competition import competitions_due
from tests.factories.competition import (
    make_application,
    make_claim,
    make_competition,
    make_post,
    make_requirement,
)
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def competition(db: None) -> Competition:
    make_requirement()
    return make_competition()


@pytest.fixture
def post(competition: Competition) -> CompetitionPost:
    return make_post(competition, language="日语")


def written(actor: Account, competition: Competition, *posts: CompetitionPost, **fields: Any) -> Application:
    said = {text: ClaimLine("有证书") for text in ("沟通能力", "日语可用于工作")}
    return save_application(
        actor=actor, competition=competition, posts=posts, **{"statement": "我愿意", "claims": said, **fields}
    )


def test_an_application_is_written_handed_in_and_found_eligible(
    competition: Competition, post: CompetitionPost, officer: Account, hr: Account
) -> None:
    draft = written(officer, competition, post)
    assert [claim.text for claim in draft.claims.all()] == ["沟通能力", "日语可用于工作"]
    with pytest.raises(NotFound):
        decide_eligibility(actor=hr, application=draft, eligible=True)

    submitted = submit_application(actor=officer, application=draft)
    with pytest.raises(Refused, match="还有条件没有核验"):
        decide_eligibility(actor=hr, application=submitted, eligible=True)
    for claim in submitted.claims.all():
        check_claim(actor=hr, claim=claim, met=True)
    decided = decide_eligibility(actor=hr, application=submitted, eligible=True)

    assert (decided.state, decided.handled_by) == ("eligible", hr)


@pytest.mark.parametrize("identity", list(Identity))
def test_every_identity_and_age_of_service_may_apply(
    competition: Competition, post: CompetitionPost, officer: Account, identity: Identity
) -> None:
    assert officer.person is not None
    officer.person.identity, officer.person.joined_on = identity, timezone.localdate()
    officer.person.save()

    submitted = submit_application(actor=officer, application=written(officer, competition, post))

    assert submitted.state == "submitted"


def test_eligibility_never_reads_identity_age_or_seniority() -> None:
    """Not a word of them in what decides who may apply and who is eligible."""
    root = Path(__file__).resolve().parents[2] / "staff"
    rooms = (
        "actions/application.py",
        "actions/eligibility.py",
        "access/competition.py",
        "queries/application.py",
    )
    read = {
        node.attr
        for room in rooms
        for node in ast.walk(ast.parse((root / room).read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }

    assert (
        read & {"identity", "get_identity_display", "birthday", "born_on", "joined_on", "home_unit"} == set()
    )


@pytest.mark.parametrize(("opens", "closes"), [(-2, -1), (1, 2)])
def test_outside_the_window_nothing_is_handed_in(
    competition: Competition, post: CompetitionPost, officer: Account, opens: int, closes: int
) -> None:
    draft = written(officer, competition, post)
    now = timezone.now()
    Competition.objects.update(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))

    with pytest.raises(Conflict, match="不在报名时间内"):
        submit_application(actor=officer, application=draft)

    assert Application.objects.get().state == "draft"


def test_what_is_missing_is_named(competition: Competition, post: CompetitionPost, officer: Account) -> None:
    bare = save_application(actor=officer, competition=competition, posts=[])
    with pytest.raises(Refused, match="至少选择一个岗位"):
        submit_application(actor=officer, application=bare)
    silent = save_application(actor=officer, competition=competition, posts=[post], statement="我愿意")
    with pytest.raises(Refused, match="沟通能力；日语可用于工作"):
        submit_application(actor=officer, application=silent)
    with pytest.raises(Refused, match="只能填一次"):
        save_application(actor=officer, competition=competition, posts=[post, post])
    with pytest.raises(Refused, match="不属于这次竞聘"):
        save_application(actor=officer, competition=competition, posts=[make_post(make_competition())])


def test_a_refusal_is_looked_at_again_by_a_second_person(
    competition: Competition, post: CompetitionPost, officer: Account, hr: Account
) -> None:
    submitted = submit_application(actor=officer, application=written(officer, competition, post))
    first, second = submitted.claims.all()
    check_claim(actor=hr, claim=first, met=True)
    with pytest.raises(Refused, match="写一句原因"):
        check_claim(actor=hr, claim=second, met=False)
    check_claim(actor=hr, claim=second, met=False, note="没有证书")
    with pytest.raises(Refused, match="不能审核为符合"):
        decide_eligibility(actor=hr, application=submitted, eligible=True)
    decide_eligibility(actor=hr, application=submitted, eligible=False, reason="外语条件不符")
    complain(actor=officer, application=submitted, text="证书已补寄")
    with pytest.raises(NotAllowed, match="另一位"):
        review_complaint(actor=hr, application=submitted, eligible=True, note="属实")

    reviewed = review_complaint(
        actor=make_account(Role.HR), application=submitted, eligible=True, note="证书属实"
    )

    assert (reviewed.state, reviewed.review_note) == ("eligible", "证书属实")
    with pytest.raises(Refused, match="只有审核为不符合"):
        complain(actor=officer, application=submitted, text="再来")


def test_what_was_returned_is_completed_and_checked_anew(
    competition: Competition, post: CompetitionPost, officer: Account, hr: Account
) -> None:
    submitted = submit_application(actor=officer, application=written(officer, competition, post))
    for claim in submitted.claims.all():
        check_claim(actor=hr, claim=claim, met=True)
    returned = return_application(actor=hr, application=submitted, reason="请附日语证书")
    paper = SimpleUploadedFile("证书.txt", "日语一级".encode())
    said = {"沟通能力": ClaimLine("有证书"), "日语可用于工作": ClaimLine("一级", [paper])}

    again = save_application(
        actor=officer,
        competition=competition,
        posts=[post],
        statement="我愿意",
        claims=said,
        seen=returned.version,
    )

    assert [claim.met for claim in again.claims.all()] == [True, None]
    assert submit_application(actor=officer, application=again).state == "submitted"


def test_papers_are_opened_by_those_who_see_the_application(
    competition: Competition, post: CompetitionPost, officer: Account, outsider: Account, manager: Account
) -> None:
    paper = SimpleUploadedFile("证书.txt", "日语一级".encode())
    draft = written(
        officer,
        competition,
        post,
        claims={"沟通能力": ClaimLine("有", [paper]), "日语可用于工作": ClaimLine("有")},
    )

    before = [papers_visible_to(each).count() for each in (officer, outsider, manager)]
    submit_application(actor=officer, application=draft)
    after = [papers_visible_to(each).count() for each in (officer, outsider, manager)]

    assert (before, after) == ([1, 0, 0], [1, 0, 1])


def test_a_withdrawn_application_may_come_again(
    competition: Competition, post: CompetitionPost, officer: Account
) -> None:
    submitted = submit_application(actor=officer, application=written(officer, competition, post))
    withdraw_application(actor=officer, application=submitted)

    again = submit_application(actor=officer, application=written(officer, competition, post))

    assert (again.pk, again.state) == (submitted.pk, "submitted")


def test_nobody_checks_the_own_application(
    competition: Competition, post: CompetitionPost, hr: Account
) -> None:
    claim = make_claim(make_application(competition, post, person=hr.person, state="submitted"))

    with pytest.raises(NotAllowed, match="另一位审核"):
        check_claim(actor=hr, claim=claim, met=True)


def test_the_page_keeps_a_draft_when_the_submission_is_refused(
    client_as: Callable[[Account], Client], competition: Competition, post: CompetitionPost, officer: Account
) -> None:
    browser, address = client_as(officer), f"/teams/competitions/{competition.public_id}/apply/"
    form = {
        "first": post.pk,
        "statement": "我愿意到驻点",
        "words_0": "五年外联",
        "words_1": "",
        "submit": "1",
    }

    refused = browser.post(address, form)

    assert (refused.status_code, "日语可用于工作" in refused.content.decode()) == (422, True)
    kept = Application.objects.get()
    assert (kept.state, kept.statement) == ("draft", "我愿意到驻点")
    sent = browser.post(
        address,
        form
        | {"words_1": "一级", "seen": kept.version, "papers_1": SimpleUploadedFile("证.txt", b"JLPT N1")},
        follow=True,
    )
    assert "报名已提交" in sent.content.decode()
    assert "证.txt" in sent.content.decode()


def test_the_desk_and_the_decision_in_the_browser(
    client_as: Callable[[Account], Client],
    competition: Competition,
    post: CompetitionPost,
    hr: Account,
    officer: Account,
) -> None:
    application = make_application(competition, post, state="submitted")
    claim = make_claim(application)
    browser = client_as(hr)
    listed = browser.get(f"/teams/competitions/{competition.public_id}/applications/").content.decode()
    assert application.person.name in listed
    assert (
        client_as(officer).get(f"/teams/competitions/{competition.public_id}/applications/").status_code
        == 403
    )

    browser.post(f"/teams/competitions/claims/{claim.pk}/", {"met": "yes"})
    decided = browser.post(
        f"/teams/applications/{application.public_id}/decide/", {"eligible": "yes"}, follow=True
    )

    assert "审核结果已保存" in decided.content.decode()
    assert Application.objects.get().state == "eligible"


def test_the_api_applies_checks_and_decides(
    client_as: Callable[[Account], Client],
    competition: Competition,
    post: CompetitionPost,
    hr: Account,
    officer: Account,
) -> None:
    mine, desk = client_as(officer), client_as(hr)
    kept = mine.post(
        f"/api/competitions/{competition.public_id}/application/",
        {
            "posts": [post.pk],
            "statement": "我愿意",
            "claims": [{"text": "沟通能力", "words": "五年"}, {"text": "日语可用于工作", "words": "一级"}],
        },
        "application/json",
    ).json()
    address = f"/api/applications/{kept['public_id']}"
    assert (
        mine.post(f"{address}/submit/", {"version": kept["version"]}, "application/json").json()["state"]
        == "submitted"
    )
    for claim in kept["claims"]:
        desk.post(f"{address}/claims/{claim['id']}/", {"met": True}, "application/json")
    decided = desk.post(f"{address}/decide/", {"eligible": True}, "application/json")
    assert (decided.status_code, decided.json()["state"]) == (200, "eligible")
    assert mine.post(f"{address}/decide/", {"eligible": True}, "application/json").status_code == 403


def test_applicants_see_their_own_and_hr_no_drafts(
    competition: Competition, post: CompetitionPost, officer: Account, outsider: Account, hr: Account
) -> None:
    own = make_application(competition, post, person=officer.person, state="draft")
    other = make_application(competition, post, state="submitted")

    seen = [set(applications_visible_to(each)) for each in (officer, outsider, hr)]

    assert seen == [{own}, set(), {other}]


def test_a_draft_is_due_before_the_window_closes(
    competition: Competition, post: CompetitionPost, officer: Account
) -> None:
    draft = written(officer, competition, post)
    until = timezone.localdate() + timedelta(days=2)
    before = [item.kind for item in competitions_due(officer, until)]

    submit_application(actor=officer, application=draft)

    assert (before, competitions_due(officer, until)) == (["application"], [])
