"""Invitations: the owner of a log-in sets the first password; the link is good once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff import actions
from staff.models import Account, Invitation, Role
from tests.factories.staff import make_account, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "bamboo-and-rain-9"


@pytest.fixture
def invited(administrator: Account) -> Account:
    made, secret = actions.create_account(
        actor=administrator, username="zs900", role=Role.OFFICER, person=make_person(), by_invitation=True
    )
    assert secret == ""
    return made


def answer(key: str, **posted: str) -> tuple[int, str]:
    client = Client()
    reply = client.post(f"/invitation/{key}/", posted) if posted else client.get(f"/invitation/{key}/")
    return reply.status_code, reply.content.decode() if reply.status_code != 302 else reply.url


def test_an_invited_person_sets_the_password_and_is_in(administrator: Account, invited: Account) -> None:
    invitation, key = actions.invite_account(actor=administrator, account=invited)
    assert not invited.has_usable_password()
    status, text = answer(key)
    assert (status, "zs900" in text) == (200, True)
    assert answer(key, new="12345", again="12345")[0] == 422
    assert answer(key, new=PASSWORD, again=PASSWORD + "x")[0] == 422
    assert answer(key, new=PASSWORD, again=PASSWORD) == (302, "/profile/")
    invitation.refresh_from_db()
    invited.refresh_from_db()
    assert invitation.used_at is not None
    assert invited.check_password(PASSWORD)
    assert answer(key, new=PASSWORD, again=PASSWORD)[0] == 410
    verbs = AuditEntry.objects.filter(target_id=str(invited.pk), target_type="staff.account")
    assert list(verbs.order_by("id").values_list("verb", flat=True)) == [
        "account.create",
        "account.invite",
        "account.invitation-open",
        "account.accept",
        "account.sign-in",
    ]
    assert key not in str(list(AuditEntry.objects.values())) + str(list(Invitation.objects.values()))


@pytest.mark.parametrize("fate", ["revoked", "over", "replaced", "closed"])
def test_a_link_that_is_over_opens_nothing(administrator: Account, invited: Account, fate: str) -> None:
    invitation, key = actions.invite_account(actor=administrator, account=invited)
    if fate == "revoked":
        actions.revoke_invitation(actor=administrator, invitation=invitation)
    elif fate == "over":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif fate == "replaced":
        actions.invite_account(actor=administrator, account=invited)
    else:
        actions.deactivate_account(actor=administrator, account=invited, reason="未到岗")
    status, _text = answer(key, new=PASSWORD, again=PASSWORD)
    assert status == (422 if fate == "closed" else 410)
    invited.refresh_from_db()
    assert not invited.has_usable_password()


def test_a_wrong_key_is_not_found() -> None:
    status, text = answer("no-such-key")
    assert (status, "链接不完整或不存在" in text) == (404, True)


def test_only_administrators_invite_and_only_who_never_came_in(
    administrator: Account, hr: Account, auditor: Account, invited: Account
) -> None:
    for actor, outcome in ((hr, NotFound), (auditor, NotAllowed)):
        with pytest.raises(outcome):
            actions.invite_account(actor=actor, account=invited)
    with pytest.raises(Refused):
        actions.invite_account(actor=administrator, account=invited, days=31)
    Account.objects.filter(pk=invited.pk).update(last_login=timezone.now())
    with pytest.raises(Refused) as refusal:
        actions.invite_account(actor=administrator, account=invited)
    assert "已经登录过" in refusal.value.message


def test_everybody_who_waits_is_invited_at_once(administrator: Account, invited: Account) -> None:
    other = make_account(Role.LEADER)
    other.set_unusable_password()
    other.save()
    make_account(Role.OFFICER)  # has a password
    sent = actions.invite_accounts(actor=administrator)
    assert {one.account.pk for one, _key in sent} == {invited.pk, other.pk}
    assert len({key for _one, key in sent}) == 2
    with pytest.raises(Refused):
        actions.invite_accounts(actor=administrator)


def test_the_pages_draw_a_link_once(administrator: Account, invited: Account) -> None:
    client = Client()
    client.force_login(administrator)
    drawn = client.post("/accounts/invitations/").content.decode()
    assert drawn.count("/invitation/") == 1
    listed = client.get("/accounts/invitations/").content.decode()
    assert ("/invitation/" in listed, invited.display_name in listed) == (False, True)
    single = client.post(f"/accounts/{invited.pk}/invite/").content.decode()
    assert single.count("http://testserver/invitation/") == 1
    assert "/invitation/" not in client.get(f"/accounts/{invited.pk}/").content.decode()


def test_a_new_log_in_comes_with_a_link_or_with_a_password(administrator: Account) -> None:
    client = Client()
    client.force_login(administrator)
    typed = {"username": "zs901", "display_name": "新人", "role": "officer"}
    by_link = client.post("/accounts/new/", {**typed, "by_invitation": "on"}).content.decode()
    by_word = client.post("/accounts/new/", {**typed, "username": "zs902"}).content.decode()
    assert ("/invitation/" in by_link, "data-secret" in by_link) == (True, False)
    assert ("/invitation/" in by_word, "data-secret" in by_word) == (False, True)


def test_a_closed_log_in_is_opened_again_with_all_it_had(administrator: Account, officer: Account) -> None:
    actions.deactivate_account(actor=administrator, account=officer, reason="借调")
    with pytest.raises(Refused):
        actions.reopen_account(actor=administrator, account=officer, reason=" ")
    opened = actions.reopen_account(actor=administrator, account=officer, reason="返岗")
    assert (opened.is_active, opened.check_password("a-long-password")) == (True, True)
    with pytest.raises(Refused):
        actions.reopen_account(actor=administrator, account=officer, reason="返岗")


def test_of_two_who_use_a_link_one_gets_in(administrator: Account, invited: Account) -> None:
    invitation, _key = actions.invite_account(actor=administrator, account=invited)
    given = {"actor": None, "invitation": invitation, "address": ""}
    actions.accept_invitation(password=PASSWORD, **given)
    with pytest.raises(Conflict):
        actions.accept_invitation(password="another-word-77", **given)
    invited.refresh_from_db()
    assert invited.check_password(PASSWORD)
