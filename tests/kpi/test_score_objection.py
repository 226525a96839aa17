"""Objections to a published result: by whom it is about, line by line with papers, decided by another, carried out and settled."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kpi.access.publicity import objection_papers_visible_to, objections_visible_to
from kpi.actions.publicity import confirm_result
from kpi.actions.publicity_final import finalise_publicity
from kpi.actions.score_objection import (
    decide_score_objection,
    raise_score_objection,
    settle_remedy,
    withdraw_score_objection,
)
from kpi.models import Publicity, ScoreObjection, Standing
from kpi.queries.publicity import Reply, tally_of
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.publicity import (
    assess,
    calculate,
    object_to,
    pass_window,
    publicise,
    sign_for,
    standing_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(officer: Account, outsider: Account, leader: Account, manager: Account, hr: Account) -> Publicity:
    assess(officer, outsider, leader, manager=manager)
    return publicise(hr, manager)


def test_an_objection_names_line_and_fact_and_keeps_its_papers(
    public: Publicity, officer: Account, manager: Account, hr: Account
) -> None:
    fact = sign_for(officer, manager)
    made = object_to(public, officer, achievement=fact, papers=[make_pdf("合同.pdf")])

    assert (made.title, made.achievement, made.state) == ("项目签约", fact, "open")
    assert [paper.title for paper in made.papers.all()] == ["合同.pdf"]
    assert tally_of(public)[Reply.OBJECTED] == 1
    told = Notice.objects.filter(text__contains="新的异议").values_list("recipient", flat=True)
    assert {manager.pk, hr.pk} <= set(told)
    assert officer.pk not in told
    with pytest.raises(Refused, match="没有处理的异议"):
        confirm_result(actor=officer, publicity=public, standing=standing_of(public, officer))
    with pytest.raises(Conflict, match="没有处理的异议"):
        object_to(public, officer, achievement=fact)


def test_only_whom_it_is_about_objects_and_a_leader_for_the_team(
    public: Publicity, officer: Account, outsider: Account, leader: Account, manager: Account
) -> None:
    mine = standing_of(public, officer)
    given = {"publicity": public, "text": "不对", "asked": "改"}
    for stranger in (outsider, leader, manager):
        with pytest.raises(NotFound):
            raise_score_objection(actor=stranger, standing=mine, **given)  # type: ignore[arg-type]
    team = Standing.objects.get(run=public.run, team=mine.home_team)
    with pytest.raises(NotFound):
        raise_score_objection(actor=officer, standing=team, **given)  # type: ignore[arg-type]
    assert raise_score_objection(actor=leader, standing=team, **given).title == ""  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"asked": ""}, "asked"),
        ({"indicator": "nothing"}, "indicator"),
        ({"text": "长" * 501}, "text"),
    ],
)
def test_what_is_missing_or_unknown_is_said_at_its_field(
    public: Publicity, officer: Account, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        object_to(public, officer, **wrong)
    assert field in refused.value.fields
    assert not ScoreObjection.objects.exists()


def test_a_fact_that_one_does_not_see_cannot_be_named(
    public: Publicity, officer: Account, outsider: Account, manager: Account
) -> None:
    foreign = sign_for(outsider, manager)
    with pytest.raises(Refused) as refused:
        object_to(public, officer, achievement=foreign)
    assert "achievement" in refused.value.fields


def test_somebody_else_decides_with_a_reason_and_the_objector_is_told(
    public: Publicity, officer: Account, manager: Account, auditor: Account
) -> None:
    made = object_to(public, officer)
    with pytest.raises(NotAllowed):
        decide_score_objection(actor=officer, objection=made, outcome="upheld", reason="我说的")
    with pytest.raises(NotAllowed):
        decide_score_objection(actor=auditor, objection=made, outcome="upheld", reason="对")
    with pytest.raises(Refused, match="写明理由"):
        decide_score_objection(actor=manager, objection=made, outcome="upheld", reason="")
    with pytest.raises(Refused) as refused:
        decide_score_objection(actor=manager, objection=made, outcome="open", reason="对")
    assert "outcome" in refused.value.fields

    found = decide_score_objection(
        actor=manager,
        objection=made,
        outcome="rejected",
        reason="合同日期在考核年度之外。",
        seen=made.version,
    )

    assert (found.state, found.decided_by) == ("rejected", manager)
    assert Notice.objects.filter(recipient=officer, text__contains="不予采纳").exists()
    with pytest.raises(Conflict):
        decide_score_objection(actor=manager, objection=made, outcome="upheld", reason="改主意")
    with pytest.raises(Conflict):
        withdraw_score_objection(actor=officer, objection=found)
    assert tally_of(public)[Reply.ANSWERED] == 1
    confirm_result(actor=officer, publicity=public, standing=standing_of(public, officer))
    assert tally_of(public)[Reply.CONFIRMED] == 1


def test_nobody_decides_about_himself_whatever_the_role(
    public: Publicity, officer: Account, manager: Account, hr: Account
) -> None:
    made = object_to(public, officer)
    hr.person = officer.person
    with pytest.raises(NotAllowed, match="由另一位"):
        decide_score_objection(actor=hr, objection=made, outcome="upheld", reason="是")
    with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
        ScoreObjection.objects.filter(pk=made.pk).update(
            state="upheld", decided_by=officer, decided_at=made.raised_at, decision="是"
        )


def test_a_granted_objection_is_carried_out_before_the_final_list(
    public: Publicity, officer: Account, manager: Account, hr: Account
) -> None:
    made = object_to(public, officer)
    pass_window(public)
    with pytest.raises(Refused, match="异议没有处理"):
        finalise_publicity(actor=manager, publicity=public)
    with pytest.raises(Refused, match="只有采纳"):
        settle_remedy(actor=manager, objection=made, kind="achievement", text="补认定")
    decide_score_objection(actor=manager, objection=made, outcome="upheld", reason="属实")
    with pytest.raises(Refused, match="还没有登记更正"):
        finalise_publicity(actor=manager, publicity=public)
    fact = sign_for(officer, manager)
    found = settle_remedy(
        actor=manager, objection=made, kind="achievement", text="补认定一条签约", achievement=fact
    )
    with pytest.raises(Refused, match="请先核算一次"):
        finalise_publicity(actor=manager, publicity=public)
    calculate()

    final = finalise_publicity(actor=manager, publicity=public)

    assert (found.remedy_achievement, final.state) == (fact, "final")
    with pytest.raises(Conflict, match="不能再登记更正"):
        settle_remedy(actor=manager, objection=found, kind="other", text="再改")
    assert AuditEntry.objects.filter(verb="score-objection.remedy").count() == 1


def test_one_takes_back_the_own_objection_and_nobody_elses(
    public: Publicity, officer: Account, manager: Account
) -> None:
    made = object_to(public, officer)
    with pytest.raises(NotAllowed):
        withdraw_score_objection(actor=manager, objection=made)
    assert withdraw_score_objection(actor=officer, objection=made).state == "withdrawn"
    assert object_to(public, officer).state == "open"


def test_objections_and_their_papers_are_seen_by_both_sides_only(
    public: Publicity,
    officer: Account,
    outsider: Account,
    leader: Account,
    auditor: Account,
    manager: Account,
) -> None:
    made = object_to(public, officer, papers=[make_pdf("合同.pdf")])
    for account, seen in ((officer, 1), (manager, 1), (auditor, 1), (outsider, 0), (leader, 0)):
        assert objections_visible_to(account).count() == seen
        assert objection_papers_visible_to(account).count() == seen
    assert made.papers.get().size > 0


def test_the_pages_lead_from_the_objection_to_what_was_done(
    public: Publicity,
    officer: Account,
    outsider: Account,
    manager: Account,
    client_as: Callable[[Account], Client],
) -> None:
    at_officer, at_manager = client_as(officer), client_as(manager)
    mine = standing_of(public, officer)
    form = f"/year/publicity/{public.public_id}/standings/{mine.pk}/object/"
    assert client_as(outsider).get(form).status_code == 404
    assert at_officer.get(f"{form}?indicator=signing").status_code == 200
    wrong = at_officer.post(form, {"text": "少计一条签约", "asked": ""})
    assert (wrong.status_code, "少计一条签约" in wrong.text) == (422, True)
    sent = at_officer.post(
        form,
        {"indicator": "signing", "text": "少计一条签约", "asked": "补计", "papers": make_pdf("合同.pdf")},
    )
    made = ScoreObjection.objects.get()
    here = f"/year/objections/{made.public_id}/"
    assert (sent.status_code, sent["Location"]) == (302, here)
    shown = at_manager.get(here).text
    assert "少计一条签约" in shown
    assert "这一分从哪里来" in shown
    assert client_as(outsider).get(here).status_code == 404
    paper = made.papers.get()
    assert at_manager.get(f"/year/objection-papers/{paper.public_id}/").status_code == 200
    assert client_as(outsider).get(f"/year/objection-papers/{paper.public_id}/").status_code == 404
    assert at_officer.get(f"{here}decide/").status_code == 403
    assert at_manager.post(f"{here}decide/", {"outcome": "upheld", "reason": ""}).status_code == 422
    given = {"outcome": "upheld", "reason": "属实", "seen": made.version}
    assert at_manager.post(f"{here}decide/", given).status_code == 302
    assert "还没有登记更正" in at_officer.get(here).text
    done = at_manager.post(f"{here}remedy/", {"kind": "other", "text": "已补计"})
    assert done.status_code == 302
    assert "已补计" in at_officer.get(here).text
