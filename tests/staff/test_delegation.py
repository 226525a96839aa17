"""Work lent during an absence: the other's role and teams, one's own name, and no second person less."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.access import projects_visible_to
from projects.models import Achievement, Recognition
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff import actions
from staff.access.concern import is_concerned
from staff.models import Account, Delegation, Role, Team
from tests.factories.projects import make_achievement, make_project
from tests.factories.staff import make_account, make_team

pytestmark = pytest.mark.django_db
DAY = timedelta(1)


def lent(principal: Account, delegate: Account, days: int = 3) -> Delegation:
    today = timezone.localdate()
    return actions.delegate_work(
        actor=principal,
        principal=principal.person,
        delegate=delegate.person,
        starts_on=today,
        ends_on=today + days * DAY,
        reason="出差",
    )


def standing_in(delegation: Delegation) -> Client:
    client = Client()
    client.force_login(delegation.delegate.account)
    assert client.post(f"/profile/delegations/{delegation.public_id}/stand-in/").status_code == 302
    return client


def test_who_stands_in_decides_with_the_others_role_under_the_own_name(
    officer: Account, outsider: Account, manager: Account
) -> None:
    achievement = make_achievement(make_project(officer), submitted_by=officer)
    delegation = lent(manager, outsider)
    address = f"/achievements/{achievement.public_id}/recognition/"
    plain = Client()
    plain.force_login(outsider)
    assert plain.post(address, {"version": 1}).status_code in (403, 404)

    client = standing_in(delegation)
    page = client.get("/")
    assert f"您正在代{manager.person}办理" in page.content.decode()
    reply = client.post(address, {"version": 1, "recognised_amount": "10000", "decision": "recognise"})
    achievement.refresh_from_db()
    assert (reply.status_code, achievement.state) == (302, Recognition.RECOGNISED)
    assert achievement.decided_by == outsider
    entry = AuditEntry.objects.filter(verb="achievement.recognise").get()
    assert (entry.actor, entry.actor_name) == (outsider, f"{outsider}（代{manager.person}）")
    assert entry.detail["in_place_of"] == manager.person.staff_number
    outsider.refresh_from_db()
    assert outsider.role == Role.OFFICER


def test_nobody_recognises_the_own_report_in_anothers_place(officer: Account, manager: Account) -> None:
    achievement = make_achievement(make_project(officer), submitted_by=officer)
    client = standing_in(lent(manager, officer))
    reply = client.post(f"/achievements/{achievement.public_id}/recognition/", {"version": 1})
    assert reply.status_code == 403
    assert Achievement.objects.get().state == Recognition.SUBMITTED


def test_the_teams_are_lent_for_the_days_and_no_longer(officer: Account, outsider: Account) -> None:
    project = make_project(officer)
    assert project not in projects_visible_to(outsider)
    delegation = lent(officer, outsider)
    assert project in projects_visible_to(Account.objects.get(pk=outsider.pk))
    actions.end_delegation(actor=outsider, delegation=delegation)
    assert project not in projects_visible_to(Account.objects.get(pk=outsider.pk))
    delegation.refresh_from_db()
    assert (delegation.ends_on, delegation.ended_by) == (timezone.localdate(), outsider)


def test_what_was_lent_is_gone_with_the_next_page_after_the_end(outsider: Account, manager: Account) -> None:
    delegation = lent(manager, outsider)
    client = standing_in(delegation)
    assert client.get("/kpi/rehearsals/").status_code == client.get("/kpi/rehearsals/").status_code
    assert "您正在代" in client.get("/profile/").content.decode()
    actions.end_delegation(actor=manager, delegation=delegation)
    assert "您正在代" not in client.get("/profile/").content.decode()
    assert client.session.get("standing_in") is None


def test_one_stops_standing_in_at_any_time(outsider: Account, manager: Account) -> None:
    client = standing_in(lent(manager, outsider))
    client.post("/profile/delegations/stop/")
    assert "您正在代" not in client.get("/profile/").content.decode()
    assert Delegation.objects.get().holds_on(timezone.localdate())


def test_a_lent_role_is_never_stored(outsider: Account, manager: Account) -> None:
    outsider.lend(lent(manager, outsider), Role.MANAGER)
    with pytest.raises(TypeError):
        outsider.save()
    outsider.save(update_fields=["language"])
    assert Account.objects.get(pk=outsider.pk).role == Role.OFFICER


def test_notices_reach_who_stands_in_once(officer: Account, outsider: Account) -> None:
    lent(officer, outsider)
    Notice.objects.all().delete()
    notify(recipients=[officer], text="材料被退回")
    notify(recipients=[officer, outsider], text="大家好")
    assert list(Notice.objects.order_by("id").values_list("recipient", "text")) == [
        (officer.pk, "材料被退回"),
        (outsider.pk, f"代{officer.person}：材料被退回"),
        (officer.pk, "大家好"),
        (outsider.pk, "大家好"),
    ]


def test_what_cannot_be_lent_is_refused_with_a_sentence(
    officer: Account, outsider: Account, manager: Account, hr: Account, auditor: Account
) -> None:
    today = timezone.localdate()
    given = {"principal": officer.person, "delegate": outsider.person, "reason": "病假"}
    days = {"starts_on": today, "ends_on": today + DAY}
    for error, actor, changed in (
        (NotAllowed, outsider, {}),
        (Refused, officer, {"reason": " "}),
        (Refused, officer, {"delegate": officer.person}),
        (Refused, officer, {"delegate": hr.person}),
        (Refused, officer, {"starts_on": today - DAY}),
        (Refused, officer, {"ends_on": today}),
        (Refused, officer, {"ends_on": today + 181 * DAY}),
        (Refused, auditor, {"principal": auditor.person}),
    ):
        with pytest.raises(error):
            actions.delegate_work(actor=actor, **{**given, **days, **changed})
    actions.delegate_work(actor=hr, **given, **days)
    with pytest.raises(Conflict) as taken:
        actions.delegate_work(actor=officer, **given | {"delegate": manager.person}, **days)
    assert "已经委托了别人" in taken.value.message


def test_only_the_two_sides_and_overseers_see_a_delegation(
    officer: Account, outsider: Account, auditor: Account
) -> None:
    stranger = make_account(team=make_team())
    delegation = lent(officer, outsider)
    with pytest.raises(NotFound):
        actions.end_delegation(actor=stranger, delegation=delegation)
    with pytest.raises(NotAllowed):
        actions.end_delegation(actor=auditor, delegation=delegation)
    with pytest.raises(NotFound):
        actions.stand_in(actor=officer, delegation=delegation)
    actions.end_delegation(actor=officer, delegation=delegation)
    with pytest.raises(Refused):
        actions.end_delegation(actor=officer, delegation=delegation)
    with pytest.raises(Refused):
        actions.stand_in(actor=outsider, delegation=delegation)


def test_the_pages_make_show_and_end_it(officer: Account, outsider: Account, hr: Account) -> None:
    client = Client()
    client.force_login(officer)
    assert "没有委托" in client.get("/profile/delegations/").content.decode()
    today = timezone.localdate()
    typed = {
        "delegate": outsider.person_id,
        "starts_on": today.isoformat(),
        "last_day": today.isoformat(),
        "reason": "年休假",
    }
    wrong = client.post("/profile/delegations/new/", typed | {"last_day": (today - DAY).isoformat()})
    assert (wrong.status_code, "年休假" in wrong.content.decode()) == (422, True)
    assert client.post("/profile/delegations/new/", typed).status_code == 302
    assert str(outsider.person) in client.get("/profile/delegations/").content.decode()
    made = Delegation.objects.get()
    assert made.ends_on == today + DAY
    assert client.post(f"/profile/delegations/{made.public_id}/end/").status_code == 302
    client.force_login(hr)
    for_other = client.post(f"/teams/people/{officer.person.public_id}/delegate/", typed)
    assert for_other.status_code == 302
    client.force_login(outsider)
    assert client.get(f"/teams/people/{officer.person.public_id}/delegate/").status_code == 403


def test_what_a_closed_log_in_lent_is_taken_back_at_once(
    officer: Account, outsider: Account, manager: Account, administrator: Account
) -> None:
    project = make_project(officer)
    client = standing_in(lent(manager, outsider))
    lent(officer, outsider)
    actions.deactivate_account(actor=administrator, account=manager, reason="调离")
    actions.deactivate_account(actor=administrator, account=officer, reason="调离")
    assert "您正在代" not in client.get("/profile/").content.decode()
    assert project not in projects_visible_to(Account.objects.get(pk=outsider.pk))
    assert [row.holds_on(timezone.localdate()) for row in Delegation.objects.all()] == [False, False]
    entry = AuditEntry.objects.filter(verb="account.deactivate").latest("id")
    assert entry.detail == {"delegations_ended": 1}


def test_who_stands_in_is_concerned_by_what_concerns_the_other(
    outsider: Account, manager: Account, officer: Account
) -> None:
    outsider.lend(lent(manager, outsider), Role.MANAGER)
    assert manager.person_id
    assert is_concerned(outsider, [manager.person_id])
    assert is_concerned(outsider, [outsider.person_id])
    assert not is_concerned(outsider, [officer.person_id, None])


def test_a_team_concerns_those_who_serve_in_it(officer: Account, outsider: Account, first_team: Team) -> None:
    assert is_concerned(officer, teams=[first_team.pk])
    assert not is_concerned(outsider, teams=[first_team.pk])
