"""The pages of staff: who may open which, what they show, and how many queries they cost."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from staff import actions
from staff.models import Account, ApiToken, Person, Team
from tests.factories.staff import make_appointment, make_person, make_team

SignIn = Callable[[Account], Client]
EVERYBODY = ["staff:teams", "staff:people", "profile", "password"]
ROSTER_KEEPERS = ["staff:person-new", "staff:roster-import", "staff:roster-template", "staff:roster-export"]
ADMINISTRATORS = ["staff:accounts", "staff:account-new", "staff:tokens"]


@pytest.mark.parametrize("name", EVERYBODY + ROSTER_KEEPERS + ADMINISTRATORS)
def test_page_opens_for_those_it_is_for_and_is_refused_to_others(
    name: str, officer: Account, hr: Account, auditor: Account, administrator: Account, client_as: SignIn
) -> None:
    answers = [
        client_as(each).get(reverse(name)).status_code for each in (officer, auditor, hr, administrator)
    ]

    expected = {
        name in EVERYBODY: [200, 200, 200, 200],
        name in ROSTER_KEEPERS: [403, 403, 200, 200],
        name in ADMINISTRATORS: [403, 403, 403, 200],
    }
    assert answers == expected[True]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["staff:teams", "staff:people"])
def test_list_costs_the_same_queries_for_any_number_of_rows(
    name: str, count: int, hr: Account, client_as: SignIn
) -> None:
    def queries(rows: int) -> int:
        for _row in range(rows):
            make_appointment(make_person(languages="英语"), make_team(), is_leader=True)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    client = client_as(hr)
    client.get(reverse(name))

    assert queries(count) == queries(5)


@pytest.mark.parametrize("count", [1, 3])
def test_team_page_costs_the_same_queries_for_any_number_of_members(
    count: int,
    hr: Account,
    first_team: Team,
    client_as: SignIn,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for _each in range(count):
        make_appointment(make_person(), first_team)
        make_team(parent=first_team)
    client = client_as(hr)

    with django_assert_max_num_queries(14):
        client.get(reverse("staff:team", args=[first_team.public_id]))


def test_team_page_of_a_past_day_shows_who_was_there(
    hr: Account, first_team: Team, client_as: SignIn
) -> None:
    make_appointment(make_person(name="从前在"), first_team, ends_on=date(2024, 1, 1))
    make_appointment(make_person(name="后来在"), first_team, starts_on=date(2024, 1, 1))

    page = (
        client_as(hr)
        .get(reverse("staff:team", args=[first_team.public_id]), {"on": "2023-06-01"})
        .content.decode()
    )

    assert ("从前在" in page, "后来在" in page, "2023-06-01 在岗 1 人" in page) == (True, False, True)


def test_impossible_day_is_said_and_today_shown(hr: Account, client_as: SignIn) -> None:
    response = client_as(hr).get(reverse("staff:teams"), {"on": "2025-02-30"})

    assert response.status_code == 200
    assert "下面是今天的情况" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "lzy"}, ["陆知远"]),
        ({"q": "知"}, ["陆知远"]),
        ({"team": "GJ1"}, ["陆知远"]),
        ({"grade": "first"}, ["陆知远"]),
        ({"language": "日语"}, ["陆知远"]),
        ({"identity": "civil_servant"}, ["陆知远"]),
        ({"posted": "no", "q": "ZS"}, ["周一"]),
        ({"posted": "yes", "q": "ZS"}, ["陆知远"]),
    ],
)
def test_people_list_is_narrowed(
    query: dict[str, str], names: list[str], administrator: Account, first_team: Team, client_as: SignIn
) -> None:
    person = make_person(name="陆知远", staff_number="ZS1", languages="英语、日语", identity="civil_servant")
    make_appointment(person, first_team)
    make_person(name="周一", staff_number="ZS2")

    page = client_as(administrator).get(reverse("staff:people"), query)

    assert [row.cells[0].text for row in page.context["list"].rows] == names


def test_person_page_shows_posts_and_only_hr_the_buttons(
    officer: Account, hr: Account, client_as: SignIn
) -> None:
    address = reverse("staff:person", args=[officer.person.public_id])

    pages = [client_as(each).get(address).content.decode() for each in (officer, hr)]

    assert ["项目攻坚一队" in page for page in pages] == [True, True]
    assert ["结束任职" in page for page in pages] == [False, True]


def test_appointing_on_the_page_keeps_what_was_typed_when_refused(
    hr: Account, officer: Account, second_team: Team, client_as: SignIn
) -> None:
    address = reverse("staff:person-appoint", args=[officer.person.public_id])
    typed = {"team": second_team.pk, "grade": "senior", "starts_on": "2025-06-01", "last_day": "2025-12-31"}
    client = client_as(hr)

    refused = client.post(address, typed)
    assert (refused.status_code, "原任职尚未结束" in refused.content.decode()) == (422, True)
    assert 'value="2025-06-01"' in refused.content.decode()

    assert client.post(address, typed | {"end_earlier": "on"}).status_code == 302
    posts = officer.person.appointments.order_by("starts_on")
    assert [(post.starts_on, post.ends_on) for post in posts] == [
        (date(2021, 1, 1), date(2025, 6, 1)),
        (date(2025, 6, 1), date(2026, 1, 1)),
    ]


def test_change_of_a_person_meanwhile_changed_is_refused_and_nothing_typed_is_lost(
    hr: Account, client_as: SignIn
) -> None:
    person = make_person(name="周一", phone="111111")
    address = reverse("staff:person-change", args=[person.public_id])
    typed = {"name": "周一", "identity": "contract", "joined_on": "2020-01-01", "phone": "333333"}
    drawn = {f"initial-{name}": value for name, value in (typed | {"phone": "111111"}).items()}
    actions.change_person(actor=hr, person=person, phone="222222")

    refused = client_as(hr).post(address, typed | drawn)

    assert (
        refused.status_code,
        "222222" in refused.content.decode(),
        "333333" in refused.content.decode(),
    ) == (
        422,
        True,
        True,
    )
    assert Person.objects.get(pk=person.pk).phone == "222222"


def test_form_in_the_dialog_is_only_the_panel(hr: Account, client_as: SignIn) -> None:
    page = client_as(hr).get(reverse("staff:person-new"), HTTP_HX_REQUEST="true").content.decode()

    assert ("dialog-panel" in page, "<html" in page) == (True, False)


def test_first_password_and_key_are_drawn_once(administrator: Account, client_as: SignIn) -> None:
    client = client_as(administrator)

    made = client.post(
        reverse("staff:account-new"),
        {"username": "platform", "display_name": "数据平台", "role": "api_client"},
    )
    account = Account.objects.get(username="platform")
    issued = client.post(
        reverse("staff:tokens"), {"account": account.pk, "name": "同步", "scopes": ["staff:read"]}
    )

    assert account.check_password(made.context["secret"])
    assert ApiToken.objects.get().prefix == issued.context["secret"][:8]
    for response in (made, issued):
        assert response.context["secret"] in response.content.decode()
        assert "no-store" in response["Cache-Control"]
    assert issued.context["secret"] not in client.get(reverse("staff:tokens")).content.decode()


def test_own_profile_shows_team_and_own_keys_and_stops_one(
    administrator: Account, officer: Account, client_as: SignIn
) -> None:
    token, _key = actions.issue_token(
        actor=administrator, account=officer, name="同步", scopes=["staff:read"]
    )
    client = client_as(officer)

    page = client.get(reverse("profile")).content.decode()
    stopped = client.post(reverse("profile-token-revoke", args=[token.pk]))

    assert ("项目攻坚一队" in page, "同步" in page, stopped.status_code) == (True, True, 302)
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_somebody_elses_key_does_not_exist(
    administrator: Account, officer: Account, outsider: Account, client_as: SignIn
) -> None:
    token, _key = actions.issue_token(
        actor=administrator, account=officer, name="同步", scopes=["staff:read"]
    )

    assert client_as(outsider).post(reverse("profile-token-revoke", args=[token.pk])).status_code == 404


def test_own_profile_leads_to_every_place_for_phones(officer: Account, client_as: SignIn) -> None:
    page = client_as(officer).get("/profile/").text
    places = page.split('class="places"')[1].split("</nav>")[0]
    assert [place for place in ("年度", "队伍", "企业客商", "驾驶舱", "督查") if place not in places] == []


def test_language_of_the_profile_is_kept_in_account_and_browser(officer: Account, client_as: SignIn) -> None:
    response = client_as(officer).post(reverse("profile-language"), {"language": "en"})

    officer.refresh_from_db()
    assert (officer.language, response.cookies["language"].value) == ("en", "en")


def test_changed_password_keeps_this_session(officer: Account, client_as: SignIn) -> None:
    client = client_as(officer)
    typed = {"present": "a-long-password", "new": "a-new-long-password", "again": "a-new-long-password"}

    assert client.post(reverse("password"), typed | {"again": "x"}).status_code == 422
    assert client.post(reverse("password"), typed).status_code == 302
    assert client.get(reverse("profile")).status_code == 200


def test_department_counts_the_people_of_the_teams_below(
    client_as: Callable[[Account], Client], first_team: Team, officer: Account, leader: Account
) -> None:
    department = make_team(kind="department", name="项目一部")
    first_team.parent = department
    first_team.save(update_fields=["parent"])

    page = client_as(officer).get(f"/teams/{department.public_id}/").content.decode()

    assert "在岗 2 人" in page
