"""The register of first receptions: claimed, lengthened only by verified progress, warned of, lapsed, released, claimed again."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.actions import (
    claim_company,
    confirm_progress,
    lapse_receptions,
    log_lead,
    recognise_achievement,
    release_reception,
    set_protection_rule,
    warn_of_lapse,
    write_follow_up,
)
from projects.models import Company, FirstReception, FollowUp, Project, ProtectionExtension
from projects.queries.protection import pool, protection_of, register
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account
from tests.factories.projects import make_achievement, make_company, make_project

TODAY = timezone.localdate


def receive(account: Account, *, until: int = 100, since: int = 10, **fields: object) -> FirstReception:
    """A reception of the account's person and team that has `until` days left and was claimed `since` days ago."""
    assert account.person is not None
    return FirstReception.objects.create(
        **{
            "company": fields.pop("company", None) or make_company(account),
            "person": account.person,
            "team": account.person.appointments.get().team,
            "claimed_at": timezone.now() - timedelta(days=since),
            "protected_until": TODAY() + timedelta(days=until),
            **fields,
        }
    )


def followed_up(account: Account, held: FirstReception) -> FollowUp:
    project = make_project(account, company=held.company)
    return write_follow_up(actor=account, project=project, kind="visit", text="对方带队考察了地块")


def test_leader_confirms_a_follow_up_and_lengthens_the_protection(officer: Account, leader: Account) -> None:
    held = receive(officer, until=5)
    follow_up = followed_up(officer, held)
    for refused in (officer,):
        with pytest.raises(NotAllowed, match="不能自己确认"):
            confirm_progress(actor=refused, follow_up=follow_up, reason="已考察")
    with pytest.raises(Refused, match="凭什么"):
        confirm_progress(actor=leader, follow_up=follow_up, reason=" ")

    extension = confirm_progress(actor=leader, follow_up=follow_up, reason="已带队考察并约定复谈")

    held.refresh_from_db()
    until = TODAY() + timedelta(days=120)
    assert (held.protected_until, extension.previous_until, extension.until) == (
        until,
        TODAY() + timedelta(days=5),
        until,
    )
    assert (extension.kind, extension.verified_by, extension.reason) == (
        "follow_up",
        leader,
        "已带队考察并约定复谈",
    )
    with pytest.raises(Conflict, match="已经确认过"):
        confirm_progress(actor=leader, follow_up=follow_up, reason="再来一次")
    another = followed_up(officer, held)
    with pytest.raises(Refused, match="不会让它更长"):
        confirm_progress(actor=leader, follow_up=another, reason="同一天")


def test_no_progress_protects_beyond_the_longest_period_without_a_signing(
    officer: Account, leader: Account
) -> None:
    held = receive(officer, until=5, since=500)

    confirm_progress(actor=leader, follow_up=followed_up(officer, held), reason="已复谈")

    held.refresh_from_db()
    assert held.protected_until == TODAY() + timedelta(days=40)


def test_what_is_old_or_over_is_no_progress(officer: Account, leader: Account, outsider: Account) -> None:
    held = receive(officer, until=5, since=100)
    follow_up = followed_up(officer, held)
    FollowUp.objects.filter(pk=follow_up.pk).update(happened_at=timezone.now() - timedelta(days=31))
    follow_up.refresh_from_db()
    with pytest.raises(Refused, match="最近 30 天"):
        confirm_progress(actor=leader, follow_up=follow_up, reason="旧事")
    with pytest.raises(NotAllowed):
        confirm_progress(actor=outsider, follow_up=follow_up, reason="别队")
    late = receive(officer, until=-1)
    with pytest.raises(Refused, match="已经届满"):
        confirm_progress(actor=leader, follow_up=followed_up(officer, late), reason="晚了")


def test_recognised_milestone_lengthens_and_its_announcement_does_not(
    officer: Account, manager: Account
) -> None:
    held = receive(officer, until=5)
    project = make_project(officer, company=held.company)
    for kind in ("announced", "paid_in"):
        recognise_achievement(actor=manager, achievement=make_achievement(project, officer, kind=kind))

    held.refresh_from_db()
    assert [(each.kind, each.achievement.kind) for each in held.extensions.all() if each.achievement] == [
        ("money", "paid_in")
    ]
    assert held.protected_until == TODAY() + timedelta(days=120)


def test_recognition_for_another_teams_project_protects_nobody(
    officer: Account, outsider: Account, manager: Account
) -> None:
    held = receive(officer, until=5)
    project = make_project(outsider, company=held.company)

    recognise_achievement(actor=manager, achievement=make_achievement(project, outsider))

    held.refresh_from_db()
    assert (held.protected_until, ProtectionExtension.objects.count()) == (TODAY() + timedelta(days=5), 0)


@pytest.mark.django_db(transaction=True)
def test_warning_goes_to_officer_and_leader_once_for_each_period(officer: Account, leader: Account) -> None:
    held = receive(officer, until=3)
    receive(officer, until=90)

    assert (warn_of_lapse(actor=None), warn_of_lapse(actor=None)) == (1, 0)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {officer.pk, leader.pk}
    FirstReception.objects.filter(pk=held.pk).update(protected_until=TODAY() + timedelta(days=4))
    assert warn_of_lapse(actor=None) == 1


def test_lapse_sends_to_the_pool_what_is_neither_signed_nor_protected(
    officer: Account, outsider: Account
) -> None:
    over, signed, running = receive(officer, until=-1), receive(officer, until=-1), receive(officer, until=0)
    make_project(officer, company=signed.company, stage="signed")

    assert (lapse_receptions(actor=None), lapse_receptions(actor=None)) == (1, 0)

    over.refresh_from_db()
    assert (over.ending, FirstReception.objects.filter(released_at=None).count()) == ("lapsed", 2)
    assert [row.company for row in pool(outsider, TODAY())] == [over.company]
    assert {row.pk: row.state for row in register(outsider, TODAY())} == {
        over.pk: "lapsed",
        signed.pk: "protected",
        running.pk: "lapsing",
    }


def test_claim_from_the_pool_respects_cool_down_and_makes_the_company_visible(
    officer: Account, outsider: Account
) -> None:
    held = receive(officer, until=-1)
    lapse_receptions(actor=None)
    with pytest.raises(Refused, match="冷却期"):
        claim_company(actor=officer, reception=held)
    with pytest.raises(Refused, match="冷却期"):
        log_lead(actor=officer, name="新项目", company=held.company, channel="stationed")

    claimed = claim_company(actor=outsider, reception=held)

    assert outsider.person is not None
    assert (claimed.person, claimed.claimed_from_pool) == (outsider.person, True)
    assert claimed.protected_until == TODAY() + timedelta(days=180)
    assert AuditEntry.objects.filter(verb="reception.claim", target_id=str(held.company_id)).count() == 1
    with pytest.raises(Conflict, match="项目攻坚二队"):
        claim_company(actor=officer, reception=held)
    state = protection_of(held.company)
    assert state is not None
    assert (state.state, [row.pk for row in state.earlier]) == ("protected", [held.pk])


def test_quota_counts_what_is_protected_and_not_signed(
    officer: Account, outsider: Account, manager: Account
) -> None:
    set_protection_rule(actor=manager, holds_from=TODAY(), claim_quota=1)
    first, second = receive(officer, until=-1), receive(officer, until=-1)
    lapse_receptions(actor=None)
    claim_company(actor=outsider, reception=first)
    with pytest.raises(Refused, match="达到上限"):
        claim_company(actor=outsider, reception=second)
    with pytest.raises(Refused, match="达到上限"):
        log_lead(actor=outsider, name="项目甲", company_name="全新企业有限公司", channel="stationed")

    make_project(outsider, company=first.company, stage="signed")

    assert claim_company(actor=outsider, reception=second).person == outsider.person


def test_release_needs_a_reason_and_the_holders_side(
    officer: Account, leader: Account, outsider: Account
) -> None:
    held = receive(officer)
    with pytest.raises(NotAllowed):
        release_reception(actor=outsider, reception=held, reason="不关我事")
    with pytest.raises(Refused, match="为什么释放"):
        release_reception(actor=officer, reception=held, reason="")

    released = release_reception(actor=officer, reception=held, reason="对方转投外地")

    assert (released.ending, released.end_reason) == ("released", "对方转投外地")
    with pytest.raises(Conflict):
        release_reception(actor=leader, reception=held, reason="再释放")
    signed = receive(officer)
    make_project(officer, company=signed.company, stage="registered")
    with pytest.raises(Refused, match="跟到底"):
        release_reception(actor=officer, reception=signed, reason="不想跟了")


def test_rules_are_dated_and_set_by_managers(officer: Account, manager: Account, deputy: Account) -> None:
    with pytest.raises(NotAllowed):
        set_protection_rule(actor=officer, holds_from=TODAY(), initial_days=30)
    with pytest.raises(Refused, match="过去"):
        set_protection_rule(actor=manager, holds_from=date(2020, 1, 1), initial_days=30)
    with pytest.raises(Refused, match="最长保护"):
        set_protection_rule(actor=manager, holds_from=TODAY(), initial_days=600)

    set_protection_rule(actor=manager, holds_from=TODAY(), initial_days=30, note="会议纪要〔2026〕5号")

    project = log_lead(actor=officer, name="项目乙", company_name="某某新材料公司", channel="stationed")
    held = FirstReception.objects.get(company=project.company)
    assert held.protected_until == TODAY() + timedelta(days=30)
    entry = AuditEntry.objects.get(verb="protection-rule.set")
    assert (entry.reason, entry.detail) == ("会议纪要〔2026〕5号", {"initial_days": [180, 30]})
    assert Company.objects.count() == Project.objects.count() == 1


def test_leader_confirms_by_the_id_that_the_api_gave(
    officer: Account, leader: Account, client_as: Callable[[Account], Client]
) -> None:
    held = receive(officer, until=5)
    project = make_project(officer, company=held.company)
    written = client_as(officer).post(
        f"/api/projects/{project.public_id}/follow-ups/",
        {"kind": "visit", "text": "带队考察"},
        content_type="application/json",
    )
    url = f"/api/follow-ups/{written.json()['id']}/confirm/"

    own = client_as(officer).post(url, {"reason": "已考察"}, content_type="application/json")
    confirmed = client_as(leader).post(url, {"reason": "已考察"}, content_type="application/json")

    assert (own.status_code, confirmed.status_code) == (403, 200)
    assert confirmed.json()["until"] == str(TODAY() + timedelta(days=120))
