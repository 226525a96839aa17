"""Who speaks the language, knows the industry and has room; one click from a foreign investor's project."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects.actions.load import drop_load_limit, settle_load_limit
from projects.models import LoadLimit, Project
from projects.queries.find_people import people_to_find
from promotion.errors import Conflict, NotAllowed, Refused
from staff.actions import add_field
from staff.models import Account, Person
from tests.factories.projects import make_project
from tests.factories.staff import make_appointment, make_person, make_team

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db


def able(hr: Account, languages: str, field: str, level: str = "familiar") -> Person:
    person = make_person(languages=languages)
    make_appointment(person, make_team(), grade="second")
    if field:
        add_field(actor=hr, person=person, field=field, level=level)
    return person


def names(client: Client, **query: str) -> set[str]:
    page = client.get(reverse("projects:find-people"), query)
    return {row.key for row in page.context["list"].rows}


def test_people_are_found_by_language_field_grade_team_and_room(
    officer: Account, manager: Account, hr: Account, client_as: SignIn
) -> None:
    both = able(hr, "日语（翻译）", "集成电路", "expert")
    speaker, knower = able(hr, "日语（基础）", "新能源"), able(hr, "英语", "集成电路")
    busy = able(hr, "日语（翻译）", "集成电路")
    for fields in ({"project_class": "major"}, {"project_class": "major"}, {"stage": "produced"}):
        Project.objects.filter(pk=make_project(officer, **fields).pk).update(owner=busy)
    settle_load_limit(
        actor=manager, grade="second", projects=3, key_projects=2, holds_from=timezone.localdate()
    )
    make_person(languages="日语（翻译）")
    client = client_as(officer)

    def found(**query: str) -> set[str]:
        keys = {str(each.pk): each for each in (both, speaker, knower, busy)}
        return {key for key in names(client, **query) if key in keys}

    def keys(*people: Person) -> set[str]:
        return {str(each.pk) for each in people}

    assert found(language="日语") == keys(both, speaker, busy)
    assert found(language="日语", language_level="fluent", field="集成电路") == keys(both, busy)
    assert found(field="集成电路", field_level="expert") == keys(both)
    assert found(language="日语", field="集成电路", room="any") == keys(both, busy)
    assert found(language="日语", field="集成电路", room="key") == keys(both)
    assert found(grade="senior") == set()
    row = people_to_find(officer).get(pk=busy.pk)
    assert (row.running, row.running_key, row.room, row.room_key) == (2, 2, 1, 0)


def test_a_foreign_project_leads_there_with_its_filters(officer: Account, client_as: SignIn) -> None:
    foreign = make_project(officer, capital_source="foreign", industry="integrated_circuits")
    foreign.company.country = "日本"
    foreign.company.save()
    home = make_project(officer)
    client = client_as(officer)

    pages = [
        client.get(reverse("projects:detail", args=[each.public_id])).content.decode()
        for each in (foreign, home)
    ]

    address = "/teams/find/people/?language=%E6%97%A5%E8%AF%AD&amp;field=%E9%9B%86%E6%88%90%E7%94%B5%E8%B7%AF&amp;room=any"
    assert [address in page for page in pages] == [True, False]


def test_limits_are_dated_and_only_for_those_who_may(officer: Account, manager: Account) -> None:
    today = timezone.localdate()
    given = {"grade": "first", "projects": 5, "key_projects": 2, "holds_from": today}
    for wrong, name in (
        ({"grade": "x"}, "grade"),
        ({"projects": 0}, "projects"),
        ({"key_projects": 6}, "key_projects"),
        ({"holds_from": today - timedelta(1)}, "holds_from"),
    ):
        with pytest.raises(Refused) as refusal:
            settle_load_limit(actor=manager, **given | wrong)  # type: ignore[arg-type]
        assert name in refusal.value.fields
    with pytest.raises(NotAllowed):
        settle_load_limit(actor=officer, **given)  # type: ignore[arg-type]
    limit = settle_load_limit(actor=manager, **given)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="已经有在管上限"):
        settle_load_limit(actor=manager, **given)  # type: ignore[arg-type]
    drop_load_limit(actor=manager, limit=limit)
    assert LoadLimit.objects.count() == 0


def test_page_and_api_say_the_same(hr: Account, manager: Account, client_as: SignIn) -> None:
    person = able(hr, "日语（翻译）", "集成电路")
    client = client_as(manager)

    body = client.get("/api/staff-search/", {"language": "日语", "room": "any"}).json()
    settled = client.post(
        "/api/load-limits/",
        {"grade": "second", "projects": 1, "key_projects": 0, "holds_from": timezone.localdate().isoformat()},
        "application/json",
    )
    page = client.get(reverse("projects:load-limits")).content.decode()

    assert [(row["public_id"], row["room"]) for row in body["results"]] == [(person.public_id, 6)]
    assert (settled.status_code, "缺省（假设）" in page) == (201, True)
    dropped = client.delete(f"/api/load-limits/{settled.json()['id']}/")
    assert (dropped.status_code, LoadLimit.objects.count()) == (204, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number(count: int, hr: Account, client_as: SignIn) -> None:
    client = client_as(hr)

    def queries(rows: int) -> int:
        for _each in range(rows):
            able(hr, "日语（翻译）", "集成电路")
        with CaptureQueriesContext(connection) as captured:
            client.get(
                reverse("projects:find-people"), {"language": "日语", "field": "集成电路", "room": "any"}
            )
        return len(captured)

    queries(1)
    assert queries(count) == queries(3)
