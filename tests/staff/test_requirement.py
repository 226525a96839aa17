"""What each grade asks for: begun, ended and put in order, and read on any day; a list is never rewritten."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry
from staff import actions
from staff.models import Account, GradeRequirement
from staff.queries import requirement_lists, requirements_on
from staff.requirement_defaults import REQUIREMENTS

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db


def texts(grade: str, day: date) -> list[str]:
    return [row.text for row in requirements_on(grade, day)]


def test_a_list_begins_with_the_reform_grows_and_ends_by_days(hr: Account) -> None:
    today = timezone.localdate()
    adopted = actions.adopt_requirements(actor=hr, grade="second", holds_from=date(2021, 1, 1))
    later = today + timedelta(30)

    actions.add_requirement(actor=hr, grade="second", text=" 英语熟练 ", holds_from=later, reason="2号文")
    actions.end_requirement(actor=hr, requirement=adopted[0], holds_until=later, reason="2号文")

    first, second = REQUIREMENTS[adopted[0].grade]  # type: ignore[index]
    assert [texts("second", day) for day in (date(2020, 12, 31), today, later)] == [
        [],
        [first, second],
        [second, "英语熟练"],
    ]
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "requirement.adopt",
        "requirement.add",
        "requirement.end",
    ]


def test_what_cannot_be_settled_says_why_and_writes_nothing(hr: Account, officer: Account) -> None:
    today = timezone.localdate()
    given = {"grade": "first", "text": "熟悉政策", "holds_from": today}
    for wrong, name in (
        ({"grade": "fourth"}, "grade"),
        ({"text": " "}, "text"),
        ({"text": "长" * 201}, "text"),
        ({"holds_from": today - timedelta(1)}, "holds_from"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.add_requirement(actor=hr, **given | wrong)  # type: ignore[arg-type]
        assert list(refusal.value.fields) == [name]
    with pytest.raises(NotAllowed):
        actions.add_requirement(actor=officer, **given)  # type: ignore[arg-type]
    assert GradeRequirement.objects.count() == 0


def test_the_same_requirement_is_asked_for_once_a_day(hr: Account) -> None:
    given = {"grade": "first", "text": "熟悉政策", "holds_from": timezone.localdate()}
    actions.add_requirement(actor=hr, **given)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="已有同样的条件"):
        actions.add_requirement(actor=hr, **given)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic():
        GradeRequirement.objects.create(**given, position=9)
    with pytest.raises(Conflict, match="已经有任职条件"):
        actions.adopt_requirements(actor=hr, grade="first", holds_from=date(2021, 1, 1))


def test_one_that_has_not_begun_is_withdrawn_and_one_that_ended_stays_ended(hr: Account) -> None:
    today = timezone.localdate()
    row = actions.add_requirement(actor=hr, grade="first", text="熟悉政策", holds_from=today + timedelta(9))
    with pytest.raises(Refused) as refusal:
        actions.end_requirement(actor=hr, requirement=row, holds_until=today, reason=" ")
    assert list(refusal.value.fields) == ["reason"]

    actions.end_requirement(actor=hr, requirement=row, holds_until=today, reason="写错了")

    assert requirement_lists(today)[1].is_empty
    with pytest.raises(Conflict, match="已自"):
        actions.end_requirement(actor=hr, requirement=row, holds_until=today, reason="再停一次")


def test_order_is_changed_whole_or_not_at_all(hr: Account) -> None:
    rows = actions.adopt_requirements(actor=hr, grade="senior", holds_from=date(2021, 1, 1))
    keys = [row.pk for row in rows]
    up = requirement_lists(timezone.localdate())[0].present[2].moved_up
    assert up == [keys[0], keys[2], keys[1], *keys[3:]]

    actions.order_requirements(actor=hr, grade="senior", order=up)

    assert [row.pk for row in requirements_on("senior", timezone.localdate())] == up
    actions.end_requirement(actor=hr, requirement=rows[4], holds_until=timezone.localdate(), reason="新方案")
    with pytest.raises(Conflict, match="有增减"):
        actions.order_requirements(actor=hr, grade="senior", order=keys)


def test_page_shows_the_day_and_its_buttons_to_hr_only(
    hr: Account, officer: Account, client_as: SignIn
) -> None:
    actions.adopt_requirements(actor=hr, grade="senior", holds_from=date(2021, 1, 1))
    address = reverse("staff:requirements")

    pages = [client_as(each).get(address).content.decode() for each in (hr, officer)]
    past = client_as(hr).get(address, {"on": "2020-01-01"}).content.decode()

    assert [("上移" in page, "尚未生效" in page) for page in (*pages, past)] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_forms_write_and_keep_what_was_typed(hr: Account, client_as: SignIn) -> None:
    client, today = client_as(hr), timezone.localdate()
    client.post(
        reverse("staff:requirement-adopt", args=["first"]), {"grade": "first", "holds_from": "2021-01-01"}
    )
    row = GradeRequirement.objects.get()
    given = {"grade": "first", "text": "会谈判", "holds_from": (today - timedelta(1)).isoformat()}
    refused = client.post(reverse("staff:requirement-add"), given)
    client.post(reverse("staff:requirement-add"), given | {"holds_from": today.isoformat()})
    keys = [each.pk for each in requirements_on("first", today)]
    client.post(reverse("staff:requirement-order", args=["first"]), {"order": keys[::-1]})
    bad = client.post(reverse("staff:requirement-order", args=["first"]), {"order": ["x"]})
    ended = client.post(
        reverse("staff:requirement-end", args=[row.pk]), {"last_day": today.isoformat(), "reason": "改"}
    )

    assert (refused.status_code, "会谈判" in refused.content.decode()) == (422, True)
    assert (bad.status_code, ended.status_code) == (422, 302)
    assert texts("first", today) == ["会谈判", row.text]
    assert texts("first", today + timedelta(1)) == ["会谈判"]


def test_other_systems_read_add_end_and_order(hr: Account, administrator: Account) -> None:
    _token, key = actions.issue_token(
        actor=administrator, account=hr, name="同步", scopes=["staff:read", "staff:write"]
    )
    client = Client(headers={"Authorization": f"Token {key}"})
    address, today = "/api/grade-requirements/", timezone.localdate().isoformat()
    kind = "application/json"

    client.post(f"{address}adopt/", {"grade": "second", "holds_from": "2021-01-01"}, kind)
    added = client.post(address, {"grade": "second", "text": "会日语", "holds_from": today}, kind)
    keys = [row["id"] for row in client.get(address, {"grade": "second", "on": today}).json()["results"]]
    ordered = client.post(f"{address}order/", {"grade": "second", "order": keys[::-1]}, kind)
    ended = client.post(f"{address}{keys[0]}/end/", {"holds_until": today, "reason": "新方案"}, kind)

    assert (added.status_code, ordered.status_code, ended.json()["holds_until"]) == (201, 200, today)
    assert [row["text"] for row in client.get(address, {"on": today}).json()["results"]] == [
        "会日语",
        REQUIREMENTS["second"][1],  # type: ignore[index]
    ]
    assert client.post(address, {"grade": "x", "text": "", "holds_from": today}, kind).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number(count: int, hr: Account, client_as: SignIn) -> None:
    client = client_as(hr)
    client.get(reverse("staff:requirements"))

    def queries(number: int) -> int:
        for _each in range(number):
            actions.add_requirement(
                actor=hr,
                grade="first",
                text=f"条件 {GradeRequirement.objects.count()}",
                holds_from=timezone.localdate(),
            )
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("staff:requirements"))
        return len(captured)

    assert queries(count) == queries(3)
