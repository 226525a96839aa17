"""What people can do: languages and expertise, dated, in one cell and one by one, in roster, pages and API."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry
from promotion.web.tables import Table, TableRow
from staff import actions
from staff.imports import HEADINGS, read_roster
from staff.language_words import read_languages, with_known_levels, written
from staff.models import Account, Person, PersonLanguage, StaffPaper, Team
from staff.queries import knowing, languages_text, speaking
from tests.factories.staff import make_appointment, make_person

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db


def test_a_cell_is_read_and_written_in_one_form() -> None:
    assert read_languages("英语，日语（翻译）; 韩语(熟练) 法语") == [
        ("英语", "unstated"),
        ("日语", "translator"),
        ("韩语", "fluent"),
        ("法语", "unstated"),
    ]
    assert written(read_languages("英语、法语（基础）、日语（翻译）")) == "日语（翻译）、法语（基础）、英语"
    assert with_known_levels("日语、英语", "日语（翻译）") == "日语（翻译）、英语"
    for wrong in ("日语（一级）", "日语、日语（翻译）", "语" * 31, "（翻译）"):
        with pytest.raises(ValueError):  # noqa: PT011 the part itself is the message
            read_languages(wrong)


def test_the_cell_of_the_page_keeps_what_is_unchanged_and_dates_the_rest(hr: Account) -> None:
    person = make_person(languages="英语、日语（翻译）")
    before = person.spoken.get(language="日语")
    today = timezone.localdate()

    actions.change_person(actor=hr, person=person, languages="日语（翻译），韩语（熟练）")

    assert languages_text(person) == "日语（翻译）、韩语（熟练）"
    assert languages_text(person, today - timedelta(1)) == "日语（翻译）、英语"
    assert person.spoken.get(language="日语", ends_on=None) == before
    assert AuditEntry.objects.get().detail == {
        "languages": ["日语（翻译）、英语", "日语（翻译）、韩语（熟练）"]
    }
    with pytest.raises(Refused) as refusal:
        actions.change_person(actor=hr, person=person, languages="日语（一级）")
    assert list(refusal.value.fields) == ["languages"]
    with pytest.raises(Conflict, match="外语已被他人改为"):
        actions.change_person(actor=hr, person=person, languages="英语", seen={"languages": "英语"})


def test_a_better_level_ends_the_one_before_on_its_day(hr: Account, officer: Account) -> None:
    person = make_person(languages="日语")
    day = date(2026, 3, 1)
    paper = SimpleUploadedFile("证书.txt", b"N1")

    added = actions.add_language(
        actor=hr, person=person, language="日语", level="fluent", starts_on=day, certificate="N1", paper=paper
    )

    assert [languages_text(person, each) for each in (day - timedelta(1), day)] == ["日语", "日语（熟练）"]
    assert added.paper == StaffPaper.objects.get()
    actions.end_language(actor=hr, language=added, ends_on=timezone.localdate(), reason="证书失效")
    assert languages_text(person) == ""
    with pytest.raises(Conflict):
        actions.end_language(actor=hr, language=added, ends_on=timezone.localdate(), reason="再停")
    with pytest.raises(NotAllowed):
        actions.add_language(actor=officer, person=person, language="英语", level="basic")


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"language": " "}, "language"),
        ({"level": "native"}, "level"),
        ({"starts_on": date(2999, 1, 1)}, "starts_on"),
        ({"starts_on": date(2019, 1, 1)}, "starts_on"),
    ],
)
def test_what_cannot_be_entered_says_where(wrong: dict[str, object], name: str, hr: Account) -> None:
    person = make_person(languages="日语")
    given = {"language": "日语", "level": "fluent", **wrong}
    with pytest.raises(Refused) as refusal:
        actions.add_language(actor=hr, person=person, **given)  # type: ignore[arg-type]
    assert (list(refusal.value.fields), person.spoken.count()) == ([name], 1)


def test_the_database_holds_one_entry_of_a_language_a_day() -> None:
    person = make_person(languages="日语")
    with pytest.raises(IntegrityError), transaction.atomic():
        person.spoken.create(language="日语", level="fluent", starts_on=date(2024, 1, 1))


def test_who_speaks_and_knows_is_found_at_least_at_the_level(hr: Account) -> None:
    best, well, some = (make_person(languages=text) for text in ("日语（翻译）", "日语（熟练）", "日语"))
    for person, level in ((best, "knows"), (well, "expert")):
        actions.add_field(actor=hr, person=person, field="集成电路", level=level)

    def found(rows: object) -> set[Person]:
        return set(Person.objects.filter(pk__in=rows))  # type: ignore[misc]

    assert [found(speaking("日语", level)) for level in ("", "fluent", "translator")] == [
        {best, well, some},
        {best, well},
        {best},
    ]
    assert [found(knowing("集成电路", level)) for level in ("", "expert")] == [{best, well}, {well}]


def test_roster_keeps_a_known_level_and_goes_round(hr: Account, first_team: Team, client_as: SignIn) -> None:
    person = make_person(staff_number="ZS1", name="陆知远", languages="日语（翻译）")
    make_appointment(person, first_team)

    def applied(text: str) -> str:
        cells = dict.fromkeys(HEADINGS, "") | {"工号": "ZS1", "姓名": "陆知远", "外语": text}
        preview = read_roster(hr, Table(list(HEADINGS), [TableRow(2, cells)]))
        if preview.rejected:
            return str(preview.rejected[0]["reasons"][0])
        batch = actions.keep_roster_import(
            actor=hr, file_name="名册.xlsx", accepted=preview.accepted, rejected=preview.rejected
        )
        if any(preview.accepted[0]["changes"].values()):
            page = client_as(hr).get(reverse("staff:roster-preview", args=[batch.public_id]))
            assert "外语" in page.content.decode()
            actions.apply_roster_import(actor=hr, batch=batch)
            return languages_text(person)
        return "same"

    assert applied("日语") == "same"
    assert applied("英语（熟练）、日语") == "日语（翻译）、英语（熟练）"
    assert applied(languages_text(person)) == "same"
    assert "没有读懂" in applied("日语（一级）")


def test_pages_enter_show_and_end(hr: Account, officer: Account, client_as: SignIn) -> None:
    person = make_person(languages="日语（翻译）")
    client, today = client_as(hr), timezone.localdate().isoformat()
    given = {"field": "集成电路", "level": "expert", "starts_on": today, "note": "晶圆厂六年"}

    client.post(reverse("staff:field-add", args=[person.public_id]), given)
    refused = client.post(reverse("staff:language-add", args=[person.public_id]), {"language": "英语"})
    pages = [
        client_as(each).get(reverse("staff:person", args=[person.public_id])).content.decode()
        for each in (hr, officer)
    ]
    ended = client.post(
        reverse("staff:language-end", args=[person.spoken.get().public_id]),
        {"ends_on": today, "reason": "离岗"},
    )

    assert (refused.status_code, ended.status_code) == (422, 302)
    assert [("晶圆厂六年" in page, "登记外语" in page) for page in pages] == [(True, True), (True, False)]
    assert PersonLanguage.objects.get().ends_on == timezone.localdate()


def test_other_systems_enter_read_narrow_and_end(hr: Account, administrator: Account) -> None:
    person = make_person(staff_number="A1")
    make_person(staff_number="A2", languages="英语")
    _token, key = actions.issue_token(
        actor=administrator, account=hr, name="同步", scopes=["staff:read", "staff:write"]
    )
    client, kind = Client(headers={"Authorization": f"Token {key}"}), "application/json"
    address = f"/api/people/{person.public_id}/"

    spoken = client.post(f"{address}languages/", {"language": "日语", "level": "fluent"}, kind)
    known = client.post(f"{address}fields/", {"field": "集成电路", "level": "expert"}, kind)
    body = client.get("/api/people/", {"language": "日语", "field": "集成电路"}).json()
    ended = client.post(
        f"{address}languages/{spoken.json()['public_id']}/end/",
        {"ends_on": timezone.localdate().isoformat(), "reason": "离岗"},
        kind,
    )

    assert (spoken.status_code, known.status_code, ended.status_code) == (201, 201, 200)
    assert [(row["staff_number"], row["languages"]) for row in body["results"]] == [("A1", "日语（熟练）")]
    assert client.get("/api/people/", {"language": "日语"}).json()["count"] == 0
