"""People and teams for other systems: by scope, filtered, without telephone numbers, in a constant number of queries."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from staff import actions
from staff.models import Account, Team
from tests.factories.staff import make_account, make_appointment, make_person, make_team


@pytest.fixture
def client_with(administrator: Account) -> Callable[..., Client]:
    def with_scopes(*scopes: str) -> Client:
        account = make_account("api_client")
        _token, key = actions.issue_token(actor=administrator, account=account, name="同步", scopes=scopes)
        return Client(headers={"Authorization": f"Token {key}"})

    return with_scopes


def test_people_come_with_their_appointments_and_without_telephone(
    client_with: Callable[..., Client], first_team: Team
) -> None:
    person = make_person(staff_number="A001", name="陆知远", languages="日语", phone="13800000000")
    make_appointment(person, first_team, grade="senior", is_leader=True)

    body = client_with("staff:read").get("/api/people/", {"staff_number": "A001"}).json()

    assert body["results"] == [
        {
            "public_id": person.public_id,
            "staff_number": "A001",
            "name": "陆知远",
            "pinyin": "luzhiyuan",
            "identity": "contract",
            "home_unit": "",
            "languages": "日语",
            "spoken": [
                {
                    "public_id": person.spoken.get().public_id,
                    "language": "日语",
                    "level": "unstated",
                    "certificate": "",
                    "starts_on": "2020-01-01",
                    "ends_on": None,
                }
            ],
            "known_fields": [],
            "joined_on": "2020-01-01",
            "left_on": None,
            "appointments": [
                {
                    "team": {"public_id": first_team.public_id, "code": "GJ1", "name": "项目攻坚一队"},
                    "grade": "senior",
                    "is_leader": True,
                    "kind": "regular",
                    "starts_on": "2021-01-01",
                    "ends_on": None,
                }
            ],
        }
    ]


def test_teams_come_with_the_members_of_today(client_with: Callable[..., Client], first_team: Team) -> None:
    present = make_person(staff_number="A001")
    make_appointment(present, first_team)
    make_appointment(make_person(), first_team, ends_on=date(2024, 1, 1))

    body = client_with("staff:read").get(f"/api/teams/{first_team.public_id}/").json()

    assert (body["code"], [member["person"]["staff_number"] for member in body["members"]]) == (
        "GJ1",
        ["A001"],
    )


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"team": "GJ1"}, ["A001"]),
        ({"grade": "senior"}, ["A001"]),
        ({"q": "lzy"}, ["A001"]),
        ({"home_unit": "财政"}, ["A001"]),
        ({"home_unit": "税务"}, []),
        ({"team": "GJ2"}, []),
    ],
)
def test_people_are_narrowed(
    query: dict[str, str],
    numbers: list[str],
    client_with: Callable[..., Client],
    first_team: Team,
    second_team: Team,
) -> None:
    person = make_person(staff_number="A001", name="陆知远", home_unit="财政局")
    make_appointment(person, first_team, grade="senior", starts_on=date(2024, 1, 1))
    make_appointment(person, second_team, ends_on=date(2024, 1, 1))

    body = client_with("staff:read").get("/api/people/", query).json()

    assert [each["staff_number"] for each in body["results"]] == numbers


def test_unknown_choice_is_refused_with_the_field(client_with: Callable[..., Client]) -> None:
    response = client_with("staff:read").get("/api/teams/", {"kind": "club"})

    assert (response.status_code, list(response.json()["fields"])) == (400, ["kind"])


def test_other_scopes_other_methods_and_strangers_are_refused(client_with: Callable[..., Client]) -> None:
    assert client_with("projects:read").get("/api/people/").status_code == 403
    assert client_with("staff:read").post("/api/people/", {}).status_code == 403
    assert Client().get("/api/people/").status_code == 401


def test_revoked_key_answers_401(administrator: Account) -> None:
    token, key = actions.issue_token(
        actor=administrator, account=administrator, name="同步", scopes=["staff:read"]
    )
    client = Client(headers={"Authorization": f"Token {key}"})
    assert client.get("/api/people/").status_code == 200

    actions.revoke_token(actor=administrator, token=token)

    assert client.get("/api/people/").status_code == 401


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("address", ["/api/people/", "/api/teams/"])
def test_list_costs_a_constant_number_of_queries(
    address: str,
    count: int,
    officer: Account,
    client_as: Callable[[Account], Client],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for _each in range(count):
        make_appointment(make_person(), make_team())
    client = client_as(officer)

    with django_assert_max_num_queries(7):
        client.get(address)
