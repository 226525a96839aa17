"""Each action of staff: what it does, what it leaves in the trail, and whom or what it refuses."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff import actions
from staff.models import Account, ApiToken, Appointment, Grade, Role, Team, TeamKind, key_hash
from staff.queries import languages_text
from tests.factories.staff import make_appointment, make_person, make_team

START = date(2025, 6, 1)


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


# Posts.


def test_appoint_person_starts_a_post(hr: Account, first_team: Team) -> None:
    person = make_person()

    post = actions.appoint_person(
        actor=hr, person=person, team=first_team, grade="senior", starts_on=START, is_leader=True
    )

    assert (post.person, post.team, post.grade, post.is_leader, post.starts_on, post.ends_on) == (
        person,
        first_team,
        Grade.SENIOR,
        True,
        START,
        None,
    )
    assert verbs() == ["appointment.start"]


def test_appoint_person_with_a_running_post_names_it(
    hr: Account, first_team: Team, second_team: Team
) -> None:
    person = make_person()
    earlier = make_appointment(person, first_team)

    with pytest.raises(Conflict) as conflict:
        actions.appoint_person(actor=hr, person=person, team=second_team, grade="first", starts_on=START)

    earlier.refresh_from_db()
    assert (first_team.name in conflict.value.message, earlier.ends_on, verbs()) == (True, None, [])


def test_appoint_person_ends_the_running_post_the_day_before_when_asked(
    hr: Account, first_team: Team, second_team: Team
) -> None:
    person = make_person()
    earlier = make_appointment(person, first_team)

    actions.appoint_person(
        actor=hr, person=person, team=second_team, grade="first", starts_on=START, end_earlier=True
    )

    earlier.refresh_from_db()
    assert (earlier.ends_on, earlier.last_day) == (START, START - timedelta(days=1))


def test_appoint_person_over_a_later_post_is_a_conflict_of_the_database(
    hr: Account, first_team: Team, second_team: Team
) -> None:
    person = make_person()
    make_appointment(person, first_team, starts_on=date(2025, 9, 1))

    with pytest.raises(Conflict, match="已有任职"):
        actions.appoint_person(actor=hr, person=person, team=second_team, grade="first", starts_on=START)

    assert Appointment.objects.filter(person=person).count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"starts_on": date(2019, 12, 31)}, "入职日期"),
        ({"starts_on": START, "ends_on": START}, "晚于开始日期"),
        ({"starts_on": date(2024, 1, 1)}, "尚未成立"),
    ],
)
def test_appoint_person_refuses_days_that_cannot_be(hr: Account, fields: dict[str, date], words: str) -> None:
    team = make_team(founded_on=date(2025, 1, 1))

    with pytest.raises(Refused, match=words):
        actions.appoint_person(actor=hr, person=make_person(), team=team, grade="first", **fields)


def test_appoint_person_is_not_for_officers_or_leaders(
    officer: Account, leader: Account, first_team: Team
) -> None:
    for actor in (officer, leader):
        with pytest.raises(NotAllowed):
            actions.appoint_person(
                actor=actor, person=make_person(), team=first_team, grade="first", starts_on=START
            )


def test_end_appointment_ends_it_and_refuses_to_end_it_later_or_before_its_start(
    hr: Account, officer: Account
) -> None:
    post = officer.person.appointments.get()

    ended = actions.end_appointment(actor=hr, appointment=post, ends_on=START)

    assert (ended.ends_on, verbs()) == (START, ["appointment.end"])
    with pytest.raises(Refused, match="已于"):
        actions.end_appointment(actor=hr, appointment=post, ends_on=START + timedelta(days=1))
    with pytest.raises(Refused, match="不能早于"):
        actions.end_appointment(actor=hr, appointment=post, ends_on=post.starts_on)
    with pytest.raises(NotAllowed):
        actions.end_appointment(actor=officer, appointment=post, ends_on=date(2024, 1, 1))


# People and teams.


def test_add_person_makes_the_name_findable_and_refuses_a_taken_number(hr: Account) -> None:
    person = actions.add_person(actor=hr, staff_number="ZS900", name="陆知远", joined_on=START)

    assert (person.pinyin, person.initials, verbs()) == ("luzhiyuan", "lzy", ["person.add"])
    with pytest.raises(Conflict) as conflict:
        actions.add_person(actor=hr, staff_number="ZS900", name="别人", joined_on=START)
    assert conflict.value.fields == {"staff_number": "工号 ZS900 已属于陆知远。"}


def test_change_person_keeps_old_and_new_in_the_trail(hr: Account) -> None:
    person = make_person(name="周一", languages="")

    actions.change_person(actor=hr, person=person, name="周二", languages="日语")

    person.refresh_from_db()
    assert (person.name, person.initials, languages_text(person)) == ("周二", "ze", "日语")
    assert AuditEntry.objects.get().detail == {"name": ["周一", "周二"], "languages": ["", "日语"]}


def test_change_person_drawn_from_an_older_state_is_a_conflict(hr: Account) -> None:
    person = make_person(phone="111111")
    actions.change_person(actor=hr, person=person, phone="222222")

    with pytest.raises(Conflict, match="222222"):
        actions.change_person(actor=hr, person=person, seen={"phone": "111111"}, phone="333333")


def test_change_person_is_not_for_officers_and_not_for_other_fields(hr: Account, officer: Account) -> None:
    with pytest.raises(NotAllowed):
        actions.change_person(actor=officer, person=officer.person, phone="222222")
    with pytest.raises(Refused):
        actions.change_person(actor=hr, person=officer.person, staff_number="X")
    with pytest.raises(Refused, match="姓名"):
        actions.change_person(actor=hr, person=officer.person, name=" ")


def test_found_team_refuses_taken_codes_and_impossible_parents(hr: Account, officer: Account) -> None:
    fields = {"kind": TeamKind.TASK_FORCE, "founded_on": START}
    team = actions.found_team(actor=hr, code="GJ10", name="项目攻坚十队", fields=["新能源"], **fields)

    assert (team.fields, team.initials, verbs()) == (["新能源"], "xmgjsd", ["team.found"])
    with pytest.raises(Conflict, match="已存在"):
        actions.found_team(actor=hr, code="GJ10", name="另一队", **fields)
    with pytest.raises(Refused, match="项目部不设上级"):
        actions.found_team(
            actor=hr, code="XM9", name="项目九部", kind="department", founded_on=START, parent=team
        )
    with pytest.raises(NotAllowed):
        actions.found_team(actor=officer, code="GJ11", name="项目攻坚十一队", **fields)


# Accounts.


def test_create_account_gives_a_password_once_that_must_be_changed(administrator: Account) -> None:
    person = make_person(name="陆知远")

    account, password = actions.create_account(
        actor=administrator, username=" Lu.Zhiyuan ", role="officer", person=person
    )

    assert (account.username, account.display_name, account.role) == ("lu.zhiyuan", "陆知远", Role.OFFICER)
    assert (account.check_password(password), account.must_change_password, len(password)) == (True, True, 19)
    assert password not in str(AuditEntry.objects.values_list("detail", flat=True))


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"username": "x"}, Refused, "username"),
        ({"username": "名字"}, Refused, "username"),
        ({"display_name": ""}, Refused, "display_name"),
    ],
)
def test_create_account_refuses_what_cannot_be(
    administrator: Account, fields: dict[str, str], error: type[Refused], field: str
) -> None:
    typed = {"username": "somebody", "display_name": "某人", "role": "officer"} | fields

    with pytest.raises(error) as refused:
        actions.create_account(actor=administrator, **typed)

    assert list(refused.value.fields) == [field]


def test_create_account_refuses_a_taken_name_and_a_person_who_has_one(
    administrator: Account, officer: Account
) -> None:
    with pytest.raises(Conflict, match="已被使用"):
        actions.create_account(
            actor=administrator, username=officer.username, display_name="某人", role="officer"
        )
    with pytest.raises(Conflict, match="已有账号"):
        actions.create_account(actor=administrator, username="another", person=officer.person, role="officer")


def test_accounts_are_not_for_hr(hr: Account, officer: Account) -> None:
    with pytest.raises(NotAllowed):
        actions.create_account(actor=hr, username="somebody", display_name="某人", role="officer")
    # Who may not see the account is told that there is none.
    for refused in (
        lambda: actions.deactivate_account(actor=hr, account=officer, reason="离职"),
        lambda: actions.reset_password(actor=hr, account=officer),
        lambda: actions.change_account(actor=hr, account=officer, role="administrator"),
    ):
        with pytest.raises(NotFound):
            refused()


def test_auditor_sees_accounts_and_changes_none(auditor: Account, officer: Account) -> None:
    with pytest.raises(NotAllowed):
        actions.change_account(actor=auditor, account=officer, role="manager")


def test_change_account_gives_a_role_but_never_the_own(administrator: Account, officer: Account) -> None:
    changed = actions.change_account(actor=administrator, account=officer, role="manager")

    assert (changed.role, AuditEntry.objects.get().detail) == (Role.MANAGER, {"role": ["officer", "manager"]})
    with pytest.raises(Refused):
        actions.change_account(actor=administrator, account=administrator, role="officer")


def test_deactivate_account_needs_a_reason_and_is_undone_by_a_new_password(
    administrator: Account, officer: Account
) -> None:
    with pytest.raises(Refused, match="理由"):
        actions.deactivate_account(actor=administrator, account=officer, reason=" ")

    closed = actions.deactivate_account(actor=administrator, account=officer, reason="离职")
    assert (closed.is_active, AuditEntry.objects.get().reason) == (False, "离职")
    with pytest.raises(Refused, match="已经停用"):
        actions.deactivate_account(actor=administrator, account=officer, reason="离职")

    opened, password = actions.reset_password(actor=administrator, account=officer)
    assert (opened.is_active, opened.must_change_password, opened.check_password(password)) == (
        True,
        True,
        True,
    )


def test_deactivate_account_refuses_the_own(administrator: Account) -> None:
    with pytest.raises(Refused, match="自己"):
        actions.deactivate_account(actor=administrator, account=administrator, reason="离职")


def test_change_password_sets_it_and_says_what_is_wrong(officer: Account) -> None:
    for present, new, field in (
        ("wrong", "a-new-long-password", "present"),
        ("a-long-password", "a-long-password", "new"),
        ("a-long-password", "short", "new"),
        ("a-long-password", "20250601123", "new"),
    ):
        with pytest.raises(Refused) as refused:
            actions.change_password(actor=officer, present=present, new=new)
        assert list(refused.value.fields) == [field]

    changed = actions.change_password(actor=officer, present="a-long-password", new="a-new-long-password")

    assert (changed.check_password("a-new-long-password"), changed.must_change_password) == (True, False)


def test_change_language_takes_only_a_known_one(officer: Account) -> None:
    assert actions.change_language(actor=officer, language="en").language == "en"
    with pytest.raises(Refused):
        actions.change_language(actor=officer, language="fr")


# Keys.


def test_issue_token_keeps_only_the_hash_of_the_key(administrator: Account, officer: Account) -> None:
    token, key = actions.issue_token(
        actor=administrator, account=officer, name="数据平台", scopes=["staff:read", "kpi:read", "staff:read"]
    )

    assert (token.key_hash, token.prefix, token.scopes) == (
        key_hash(key),
        key[:8],
        ["kpi:read", "staff:read"],
    )
    assert key not in str(list(ApiToken.objects.values())) + str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"name": " "}, "name"), ({"scopes": []}, "scopes"), ({"scopes": ["all"]}, "scopes")],
)
def test_issue_token_refuses_nameless_and_unknown(
    administrator: Account, officer: Account, fields: dict[str, object], field: str
) -> None:
    typed = {"name": "数据平台", "scopes": ["staff:read"]} | fields

    with pytest.raises(Refused) as refused:
        actions.issue_token(actor=administrator, account=officer, **typed)

    assert list(refused.value.fields) == [field]


def test_issue_token_refuses_past_days_closed_accounts_and_other_actors(
    administrator: Account, officer: Account
) -> None:
    typed = {"name": "数据平台", "scopes": ["staff:read"]}
    with pytest.raises(Refused, match="到期"):
        actions.issue_token(actor=administrator, account=officer, expires_at=timezone.now(), **typed)
    with pytest.raises(NotAllowed):
        actions.issue_token(actor=officer, account=officer, **typed)
    actions.deactivate_account(actor=administrator, account=officer, reason="离职")
    officer.refresh_from_db()
    with pytest.raises(Refused, match="停用"):
        actions.issue_token(actor=administrator, account=officer, **typed)


def test_revoke_token_is_for_its_owner_and_administrators(
    administrator: Account, officer: Account, outsider: Account
) -> None:
    typed = {"actor": administrator, "account": officer, "name": "数据平台", "scopes": ["staff:read"]}
    first, _key = actions.issue_token(**typed)
    second, _key = actions.issue_token(**typed)

    with pytest.raises(NotFound):
        actions.revoke_token(actor=outsider, token=first)
    assert actions.revoke_token(actor=officer, token=first).revoked_at is not None
    assert actions.revoke_token(actor=administrator, token=second).revoked_at is not None
    with pytest.raises(Refused, match="已经停用"):
        actions.revoke_token(actor=officer, token=first)
