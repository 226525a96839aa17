"""The editor's pages: an indicator is added and changed by form or as text, tried on real facts while one types, and saved once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from kpi.actions import draft_scheme
from kpi.actions.run import execute_run, request_run
from kpi.models import Item, SchemeVersion
from kpi.queries import draft_scores
from kpi.queries.scheme import read_document
from promotion.models import AuditEntry
from staff.models import Account, ApiToken
from tests.factories.kpi import SCHEME, make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db

YEAR = 2025
TEXT = SCHEME.replace("2026", str(YEAR))
SignIn = Callable[[Account], Client]
TIERS = {
    "kind": "tiers",
    "title": "大项目",
    "full_marks": "10",
    "cap": "points",
    "cap_number": "6",
    "floor": "0",
    "facts": "signed",
    "money_unit": "亿元",
    "unit": "个",
    "share": "points",
    "once": "highest",
    "bands-0-high": "1",
    "bands-0-points": "2",
    "bands-1-low": "1",
    "bands-1-points": "4",
    "gate": "need",
    "gate_of": "projects:started",
    "gate_operator": "gte",
    "gate_than": "1",
    "gate_points": "0",
}
NO_GATE = {"gate": ""}


def sign(account: Account, manager: Account, amount: int, *, started: bool = False) -> None:
    project = make_project(account)
    assert account.person
    make_share(project, account.person, 100, holds_from=date(YEAR, 1, 1))
    money = {"amount": Decimal(amount), "amount_cny": Decimal(amount)}
    make_recognised(project, account, manager, happened_on=date(YEAR, 3, 1), **money)
    if started:
        make_recognised(project, account, manager, kind="started", happened_on=date(YEAR, 5, 1))


@pytest.fixture
def draft(hr: Account, manager: Account, officer: Account, outsider: Account) -> SchemeVersion:
    """A year that was calculated: the officer signed and started 2 亿元, the outsider signed 0.5 亿元; and a draft of it."""
    make_scheme(YEAR)
    sign(officer, manager, 200_000_000, started=True)
    sign(outsider, manager, 50_000_000)
    execute_run(run_id=request_run(actor=None, year=YEAR).pk)
    return draft_scheme(actor=hr, year=YEAR, text=f"# 注释\n{TEXT}")


def add_url(draft: SchemeVersion) -> str:
    return reverse("kpi:scheme-indicator-new", args=[draft.public_id])


def item_url(draft: SchemeVersion, code: str) -> str:
    return reverse("kpi:scheme-indicator", args=[draft.public_id, code])


def preview_url(draft: SchemeVersion, code: str = "") -> str:
    return f"{reverse('kpi:scheme-preview', args=[draft.public_id])}?code={code}"


def untouched(client: Client, url: str) -> dict[str, Any]:
    """The form of a page as a browser would send it back."""
    context = client.get(url).context
    proposal = context["proposal"]
    data = proposal.editor.as_data()
    found = {name: values if len(values) > 1 else values[0] for name, values in data.lists() if values}
    return {**found, "kind": proposal.kind, "began": proposal.began, "seen": context["seen"]}


def began(client: Client, draft: SchemeVersion, kind: str = "tiers") -> dict[str, Any]:
    return {"began": client.get(f"{add_url(draft)}?kind={kind}").context["proposal"].began, "seen": 1}


def tried(client: Client, draft: SchemeVersion, sent: dict[str, Any], code: str = "") -> Any:
    return client.post(preview_url(draft, code), sent, headers={"HX-Request": "true"})


def test_a_tiered_indicator_with_a_cap_and_a_gate_is_added_by_form(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    assert "按档计分" in client.get(add_url(draft)).content.decode()

    saved = client.post(add_url(draft), {**TIERS, **began(client, draft)})

    draft.refresh_from_db()
    assert (saved.status_code, saved.headers["Location"]) == (
        302,
        reverse("kpi:scheme", args=[draft.public_id]) + "#tiers",
    )
    assert read_document(draft)["indicators"][2]["rule"]["kind"] == "when"
    assert draft.text.startswith("# 注释\n")
    assert [line for line in f"# 注释\n{TEXT}".splitlines() if line not in draft.text.splitlines()] == []
    entry = AuditEntry.objects.get(verb="scheme.edit")
    assert entry.reason == "增加指标“大项目”"
    assert "+  - code: tiers" in entry.detail["diff"]
    page = client.get(saved.headers["Location"]).content.decode()
    assert "满足开工项目 ≥ 1的：1 亿元以下 每个 2 分；1 亿元以上 每个 4 分；否则：0 分" in page


def test_the_trial_shows_points_totals_and_places_by_the_engine(
    hr: Account, officer: Account, outsider: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)

    found = tried(client, draft, {**TIERS, **began(client, draft), "who": "top:officers"}).context["preview"]

    assert [
        (row.name, row.item.points, row.total_before, row.total, row.place_before, row.place)
        for row in found.rows
    ] == [
        (officer.display_name, 4, 0, 4, 1, 1),
        (outsider.display_name, 0, 0, 0, 1, 2),
    ]
    assert found.rows[0].item.explanation == "1 亿元以上 1×4 = 4"
    assert found.rows[1].item.explanation == "未满足“开工项目不少于 1 个”得 0"
    assert (found.size, found.moved) == (2, 1)
    assert not SchemeVersion.objects.filter(text__contains="大项目").exists()


def test_the_trial_of_an_untouched_indicator_is_what_the_run_found(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = untouched(client, item_url(draft, "signing"))

    for group in ("officers", "teams"):
        found = tried(client, draft, {**sent, "who": f"top:{group}"}, "signing").context["preview"]
        items = Item.objects.filter(standing__run=found.run, standing__group=group, indicator="signing")
        shown = {row.name: (row.item.points, row.item.status, row.total, row.place) for row in found.rows}
        assert shown == {
            one.standing.subject_name: (one.points, one.status, one.standing.total, one.standing.rank)
            for one in items.select_related("standing")
        }
        assert found.moved == 0


def test_one_person_can_be_looked_at(
    hr: Account, outsider: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    assert outsider.person
    who = f"person:{outsider.person.staff_number}"

    found = tried(client, draft, {**TIERS, **began(client, draft), **NO_GATE, "who": who}).context["preview"]

    assert [(row.name, row.item.points, row.place) for row in found.rows] == [(outsider.display_name, 2, 2)]


def test_a_fault_keeps_the_last_trial_and_marks_its_line(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)

    reply = tried(client, draft, {**TIERS, **began(client, draft), "bands-1-low": "2"})

    assert reply.headers["HX-Retarget"] == "#preview-note"
    text = reply.content.decode()
    assert "“1 亿元以下”与“2 亿元以上”之间有空档（1 至 2），落在其中的不属于任何一档。" in text
    assert "indicators[2].measures.counted.bands[1]，原文第" in text
    assert "preview-table" not in text
    assert "bands-1-low" in reply.headers["HX-Trigger"]


def test_an_empty_form_is_no_mistake_yet(hr: Account, draft: SchemeVersion, client_as: SignIn) -> None:
    client = client_as(hr)

    reply = tried(client, draft, {"kind": "tiers", "cap": "full_marks", **began(client, draft)})

    assert "填好“满分”、“事实”" in reply.content.decode()
    assert reply.headers["HX-Trigger"] == '{"schemefaults": {"fields": {}}}'


def test_a_fault_is_refused_on_saving_with_nothing_lost(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)

    reply = client.post(add_url(draft), {**TIERS, **began(client, draft), "bands-1-low": "0.5"})
    page = reply.content.decode()

    assert reply.status_code == 422
    assert page.count("重叠，同一金额会落在两档") == 2
    assert 'value="大项目"' in page
    draft.refresh_from_db()
    assert draft.version == 1


def test_two_editors_at_once_get_a_sentence_and_keep_what_they_typed(
    hr: Account, manager: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    first, second = client_as(manager), client_as(hr)
    sent = {**untouched(second, item_url(draft, "signing")), "title": "我的改名"}
    other = {**untouched(first, item_url(draft, "incidents")), "title": "扣分"}
    assert first.post(item_url(draft, "incidents"), other).status_code == 302

    reply = second.post(item_url(draft, "signing"), sent)

    assert reply.status_code == 422
    assert manager.display_name in reply.content.decode()
    assert "我的改名" in reply.content.decode()
    assert second.post(item_url(draft, "signing"), {**sent, "seen": reply.context["seen"]}).status_code == 302


def test_comments_that_are_lost_are_said(hr: Account, client_as: SignIn, draft: SchemeVersion) -> None:
    commented = draft_scheme(actor=hr, year=YEAR, text=TEXT.replace("points: 50}", "points: 50}  # 会议定"))
    client = client_as(hr)
    sent = {**untouched(client, item_url(commented, "signing")), "points": "45"}

    reply = client.post(item_url(commented, "signing"), sent, follow=True)

    assert "原文里有 1 行注释没有保留" in reply.content.decode()


def test_an_indicator_is_changed_and_its_neighbours_are_not(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = {**untouched(client, item_url(draft, "signing")), "points": "45"}

    assert client.post(item_url(draft, "signing"), sent).status_code == 302

    draft.refresh_from_db()
    assert draft.text == f"# 注释\n{TEXT}".replace("points: 50}", "points: 45}")


def test_lines_of_a_table_come_and_go_without_script(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = {**TIERS, **began(client, draft)}

    more = client.post(add_url(draft), {**sent, "add": "bands"})
    fewer = client.post(add_url(draft), {**sent, "drop": "bands-0"})

    assert [len(reply.context["proposal"].editor.parts[2].rows[0].forms) for reply in (more, fewer)] == [3, 1]
    assert "autofocus" in more.content.decode()
    assert "rowschanged" in more.headers["HX-Trigger"]
    draft.refresh_from_db()
    assert draft.version == 1


def test_form_and_text_are_two_views_of_the_same(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = {**TIERS, **began(client, draft)}
    as_text = client.post(add_url(draft), {**sent, "view": "text"}).context["proposal"]
    text = as_text.source.initial["text"]

    def back(text: str) -> Any:
        return client.post(
            add_url(draft),
            {"kind": "source", "began": as_text.began, "seen": 1, "text": text, "view": "form"},
        ).context["proposal"]

    assert back(text).kind == "tiers"
    assert back(text).editor.as_data()["cap_number"] == "6"
    beyond = text + "bonus: {kind: fixed, points: 1}\n"
    assert back(beyond).entry["bonus"] == {"kind": "fixed", "points": 1}
    composed = beyond.replace("kind: tiers", "kind: sum")
    assert back(composed).kind == "source"
    assert "kind: sum" in back(composed).source.initial["text"]


def test_an_indicator_written_as_text_is_tried_and_saved(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    text = "title: 固定分\nmeasures: {}\nrule: {kind: sum, parts: [{kind: fixed, points: 3}]}\n"
    sent = {"kind": "source", "began": "a: 1", "seen": 1, "text": text}

    found = tried(client, draft, sent).context["preview"]
    wrong = tried(client, draft, {**sent, "text": "title: ["})

    assert {row.item.points for row in found.rows} == {3}
    assert "原文还读不通" in wrong.content.decode()
    assert client.post(add_url(draft), sent).status_code == 302
    draft.refresh_from_db()
    assert read_document(draft)["indicators"][-1]["code"] == "item"
    assert client.get(item_url(draft, "item")).context["proposal"].kind == "source"


def test_a_torn_form_is_refused_in_a_sentence(hr: Account, draft: SchemeVersion, client_as: SignIn) -> None:
    client = client_as(hr)

    for sent in ({"kind": "nothing"}, {"kind": "tiers", "began": "{"}, {"kind": "tiers", "began": "[1]"}):
        reply = client.post(add_url(draft), sent)
        assert (reply.status_code, "没有保存" in reply.content.decode()) == (422, True)
    assert client.get(f"{add_url(draft)}?kind=nothing").status_code == 404
    assert client.get(item_url(draft, "nothing")).status_code == 404
    assert tried(client, draft, TIERS, "nothing").status_code == 404


def test_others_do_not_edit_or_try(
    officer: Account, auditor: Account, manager: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    for account, status in ((officer, 404), (auditor, 403)):
        client = client_as(account)
        assert client.get(add_url(draft)).status_code == status
        assert client.post(item_url(draft, "signing"), TIERS).status_code == status
        assert tried(client, draft, TIERS).status_code == status
    assert client_as(manager).get(item_url(draft, "signing")).status_code == 200


def test_next_year_is_tried_on_the_last_calculated_one(
    hr: Account, officer: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    later = draft_scheme(actor=hr, year=YEAR + 1, text=TEXT.replace(str(YEAR), str(YEAR + 1)))
    client = client_as(hr)
    sent = {**TIERS, **began(client, later), **NO_GATE, "who": "top:officers"}

    reply = tried(client, later, sent)

    assert f"借用 {YEAR} 年的业绩和目标" in reply.content.decode()
    assert [row.item.points for row in reply.context["preview"].rows] == [4, 2]


def test_without_any_run_the_page_says_what_to_do(hr: Account, client_as: SignIn) -> None:
    draft = draft_scheme(actor=hr, year=YEAR, text=TEXT)
    client = client_as(hr)

    reply = tried(client, draft, {**TIERS, **began(client, draft)})

    assert "还没有核算过" in reply.content.decode()


def test_a_group_too_large_to_try_at_once_is_said(
    hr: Account, draft: SchemeVersion, client_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_scores, "MOST_SUBJECTS", 1)
    client = client_as(hr)

    reply = tried(client, draft, {**TIERS, **began(client, draft)})

    assert "不能即时试算" in reply.content.decode()


def test_a_second_trial_reads_the_ledger_no_more(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = {**TIERS, **began(client, draft)}
    tried(client, draft, sent)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        reply = tried(client, draft, {**sent, "bands-1-points": "5"})

    assert reply.context["preview"].rows
    assert [query["sql"] for query in queries if "kpi_ledgerline" in query["sql"]] == []
    assert len(queries) <= 20


def test_a_draft_is_tried_in_the_api(hr: Account, officer: Account, draft: SchemeVersion) -> None:
    def client_with(account: Account) -> APIClient:
        client = APIClient()
        client.force_authenticate(
            user=account, token=ApiToken(account=account, scopes=["kpi:read", "kpi:write"])
        )
        return client

    url = f"/api/schemes/{draft.public_id}/preview/"
    document = client_with(hr).get(f"/api/schemes/{draft.public_id}/").json()["document"]
    document["indicators"][1]["rule"]["points"] = 3
    asked = {"document": document, "indicator": "incidents", "who": "top:officers"}

    reply = client_with(hr).post(url, asked, format="json")

    assert reply.status_code == 200, reply.json()
    assert reply.json()["group"] == "officers"
    row = next(row for row in reply.json()["rows"] if row["name"] == officer.display_name)
    assert (row["points"], row["points_before"], row["total"], row["total_before"]) == (
        "3.0000",
        "0.0000",
        "3.0000",
        "0.0000",
    )
    assert row["changes"] == []
    warned = {**document, "awards": [{"code": "best", "title": "头名", "group": "officers", "first": 1}]}
    changed = client_with(hr).post(url, {**asked, "document": warned}, format="json").json()["rows"][0]
    assert [one["words"] for one in changed["changes"]] == ["进入头名候选"]
    assert client_with(hr).post(url, {**asked, "indicator": "nothing"}, format="json").status_code == 422
    document["indicators"][1]["rule"]["kind"] = "nothing"
    assert client_with(hr).post(url, asked, format="json").status_code == 422
    assert client_with(officer).post(url, asked, format="json").status_code == 404
