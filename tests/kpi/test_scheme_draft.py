"""A draft is changed in place by those who may draft, each change noted; who changed it does not publish it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from kpi.actions import draft_scheme, edit_draft, publish_scheme
from kpi.models import SchemeVersion
from kpi.queries.scheme import library_text, read_document, read_scheme
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account, ApiToken
from tests.factories.kpi import SCHEME

pytestmark = pytest.mark.django_db

YEAR = 2025
TEXT = SCHEME.replace("2026", str(YEAR))
CHANGED = TEXT.replace("full_marks: 50", "full_marks: 40")
SignIn = Callable[[Account], Client]


@pytest.fixture
def draft(hr: Account) -> SchemeVersion:
    return draft_scheme(actor=hr, year=YEAR, text=TEXT)


def test_a_change_is_kept_counted_and_recorded_with_its_lines(hr: Account, draft: SchemeVersion) -> None:
    changed = edit_draft(actor=hr, scheme=draft, text=CHANGED, seen=1, what="降低满分")

    assert (changed.version, changed.edited_by, changed.authors) == (2, hr, [hr.pk])
    assert changed.fingerprint != draft.fingerprint
    entry = AuditEntry.objects.get(verb="scheme.edit")
    assert (entry.actor, entry.reason) == (hr, "降低满分")
    assert entry.detail["diff"] == ["-    full_marks: 50", "+    full_marks: 40"]


def test_the_same_text_changes_nothing(hr: Account, draft: SchemeVersion) -> None:
    assert edit_draft(actor=hr, scheme=draft, text=TEXT).version == 1
    assert not AuditEntry.objects.filter(verb="scheme.edit").exists()


def test_who_changed_a_draft_does_not_publish_it(
    hr: Account, manager: Account, deputy: Account, draft: SchemeVersion
) -> None:
    edit_draft(actor=manager, scheme=draft, text=CHANGED)

    with pytest.raises(Refused, match="您改过这份草稿"):
        publish_scheme(actor=manager, scheme=draft)
    with pytest.raises(IntegrityError, match="no_author_publishes"), transaction.atomic():
        SchemeVersion.objects.filter(pk=draft.pk).update(state="published", published_by=manager)
    assert publish_scheme(actor=deputy, scheme=draft).published_by == deputy


def test_two_editors_at_once_get_a_sentence(hr: Account, manager: Account, draft: SchemeVersion) -> None:
    edit_draft(actor=manager, scheme=draft, text=CHANGED, seen=1)

    with pytest.raises(Conflict, match=manager.display_name):
        edit_draft(actor=hr, scheme=draft, text=TEXT.replace("points: 50", "points: 45"), seen=1)
    draft.refresh_from_db()
    assert draft.text == CHANGED


def test_a_published_scheme_is_not_changed(hr: Account, manager: Account, draft: SchemeVersion) -> None:
    publish_scheme(actor=manager, scheme=draft)

    with pytest.raises(Refused, match="已经发布"):
        edit_draft(actor=hr, scheme=draft, text=CHANGED)


def test_others_neither_see_nor_change_a_draft(
    officer: Account, auditor: Account, draft: SchemeVersion
) -> None:
    with pytest.raises(NotFound):
        edit_draft(actor=officer, scheme=draft, text=CHANGED)
    with pytest.raises(NotAllowed):
        edit_draft(actor=auditor, scheme=draft, text=CHANGED)


def test_sums_that_do_not_add_up_yet_wait_until_publishing(hr: Account, manager: Account) -> None:
    text = library_text("high-tech-zone-2026.yaml").replace("2026", str(YEAR))
    draft = draft_scheme(actor=hr, year=YEAR, text=text)

    changed = edit_draft(actor=hr, scheme=draft, text=text.replace("full_marks: 25", "full_marks: 20"))

    assert any("满分合计 95，应为 100" in warning for warning in read_scheme(changed).warnings)
    with pytest.raises(Refused, match="满分合计 95，应为 100"):
        publish_scheme(actor=manager, scheme=changed)


def test_a_faulty_document_is_refused_with_line_and_path(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client, url = client_as(hr), reverse("kpi:scheme-source", args=[draft.public_id])

    response = client.post(url, {"text": TEXT.replace("full_marks: 50", "full_mark: 50"), "seen": 1})

    assert response.status_code == 422
    assert "第 14 行 indicators[0].full_mark：不认识“full_mark”" in response.content.decode()
    assert "full_mark: 50" in response.content.decode()
    draft.refresh_from_db()
    assert draft.text == TEXT


def test_the_source_page_saves_and_keeps_comments(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client, url = client_as(hr), reverse("kpi:scheme-source", args=[draft.public_id])
    text = f"# 注释\n{CHANGED}"

    sent = text.replace("\n", "\r\n")
    assert client.post(url, {"text": sent, "seen": 1}).status_code == 302
    draft.refresh_from_db()
    assert draft.text == text
    assert client.get(f"{url}?part=awards").context["line"] == text.splitlines().index("awards:") + 1


def test_a_text_that_somebody_else_changed_meanwhile_comes_back_with_the_difference(
    hr: Account, manager: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    edit_draft(actor=manager, scheme=draft, text=CHANGED, seen=1)
    client, url = client_as(hr), reverse("kpi:scheme-source", args=[draft.public_id])
    own = TEXT.replace("points: 50", "points: 45")

    reply = client.post(url, {"text": own, "seen": 1})

    assert reply.status_code == 422
    assert manager.display_name in reply.content.decode()
    changed = [line.text for line in reply.context["others"] if line.kind in ("add", "drop")]
    assert changed[:2] == ["-    full_marks: 40", "+    full_marks: 50"]
    assert client.post(url, {"text": own, "seen": reply.context["form"]["seen"].value()}).status_code == 302


def test_indicators_are_copied_moved_and_removed_from_the_page(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)

    def act(verb: str, code: str, **sent: Any) -> int:
        draft.refresh_from_db()
        url = reverse(f"kpi:scheme-{verb}", args=[draft.public_id, code])
        status: int = client.post(url, {"seen": draft.version, **sent}).status_code
        draft.refresh_from_db()
        return status

    def codes() -> list[str]:
        return [entry["code"] for entry in read_document(draft)["indicators"]]

    assert act("copy", "incidents") == 302
    assert codes() == ["signing", "incidents", "incidents_2"]
    assert act("move", "incidents_2", to="up") == 302
    assert codes() == ["signing", "incidents_2", "incidents"]
    assert act("remove", "incidents_2") == 302
    assert codes() == ["signing", "incidents"]
    # An award asks for this one.
    assert act("remove", "signing") == 422
    assert act("remove", "nothing") == 404
    assert [entry.reason for entry in AuditEntry.objects.filter(verb="scheme.edit").order_by("pk")] == [
        "复制指标“扣分事项”",
        "上移指标“扣分事项（副本）”",
        "删除指标“扣分事项（副本）”",
    ]


def test_an_old_page_does_not_move_what_somebody_else_moved(
    hr: Account, manager: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    url = reverse("kpi:scheme-move", args=[draft.public_id, "signing"])
    assert client_as(manager).post(url, {"seen": 1, "to": "down"}).status_code == 302

    assert client_as(hr).post(url, {"seen": 1, "to": "down"}).status_code == 409


def test_a_draft_begins_with_another_scheme_carried_over(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client, url = client_as(hr), reverse("kpi:scheme-start")

    assert client.post(url, {"year": 2027, "source": draft.public_id}).status_code == 302
    made = SchemeVersion.objects.get(year=2027)
    assert (read_scheme(made).year, read_document(made)["indicators"]) == (
        2027,
        read_document(draft)["indicators"],
    )
    assert client.post(url, {"year": 2027, "source": "absolute-points.yaml"}).status_code == 302
    assert client.post(url, {"year": 2027, "source": "../settings.py"}).status_code == 422


def test_basics_are_changed_without_touching_the_rest(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client, url = client_as(hr), reverse("kpi:scheme-part", args=[draft.public_id, "basics"])
    page = client.get(url).context
    same = page["proposal"].editor.as_data().dict() | {"kind": "form", "began": page["proposal"].began}
    same |= {"seen": page["seen"], "holds_from": f"{YEAR}-01-01"}

    assert client.post(url, same).status_code == 302
    draft.refresh_from_db()
    assert (draft.text, draft.version) == (TEXT, 1)
    assert client.post(url, {**same, "title": "改名", "total_marks": "50", "mode": "down"}).status_code == 302
    draft.refresh_from_db()
    expected = TEXT.replace("title: 测试细则", "title: 改名")
    year = f"year: {YEAR}\n"
    added = f"{year}rounding: {{digits: 2, mode: down, when: total}}\ntotal_marks: 50\n"
    assert draft.text == expected.replace(year, added)
    assert draft.title == "改名"
    assert client.post(url, {**same, "title": "又改"}).status_code == 422
    assert client.post(url, {**same, "holds_from": "2025-02-30"}).status_code == 422
    refused = client.post(
        url, {"kind": "source", "began": "{}", "seen": 2, "text": "title: 名\ngroups: {}\n"}
    )
    assert refused.status_code == 422
    assert "groups 请在草稿页它自己的地方改" in refused.content.decode()
    draft.refresh_from_db()
    assert "groups:\n" in draft.text


def test_the_page_shows_every_part_in_words(hr: Account, client_as: SignIn) -> None:
    text = library_text("red-black-lists.yaml")
    draft = draft_scheme(actor=hr, year=read_year(text), text=text)

    page = client_as(hr).get(reverse("kpi:scheme", args=[draft.public_id])).content.decode()

    assert "到位外资 ＝ 0：亮牌：黄牌；等次最高为合格" in page
    assert "总分不低于 90 分" in page
    assert "不参加任何评奖" in page


def read_year(text: str) -> int:
    return int(text.split("year:", 1)[1].split(maxsplit=1)[0])


def test_only_those_who_draft_find_the_tools(
    hr: Account, auditor: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    url = reverse("kpi:scheme", args=[draft.public_id])

    assert "上移" in client_as(hr).get(url).content.decode()
    assert "上移" not in client_as(auditor).get(url).content.decode()
    assert client_as(auditor).get(reverse("kpi:scheme-source", args=[draft.public_id])).status_code == 403


def client_with(account: Account) -> APIClient:
    client = APIClient()
    client.force_authenticate(user=account, token=ApiToken(account=account, scopes=["kpi:read", "kpi:write"]))
    return client


def test_a_draft_is_made_read_and_changed_in_the_api(hr: Account, officer: Account) -> None:
    client = client_with(hr)
    made = client.post("/api/schemes/", {"year": YEAR, "text": f"# 注释\n{TEXT}"}, format="json").json()
    url = f"/api/schemes/{made['public_id']}/"
    document = client.get(url).json()["document"]
    document["indicators"][0]["full_marks"] = 40.5

    changed = client.patch(url, {"document": document, "version": 1}, format="json")

    assert changed.status_code == 200, changed.json()
    assert (changed.json()["version"], changed.json()["text"]) == (
        2,
        f"# 注释\n{TEXT}".replace("full_marks: 50", "full_marks: 40.5"),
    )
    assert client.patch(url, {"document": document, "version": 1}, format="json").status_code == 409
    assert client.patch(url, {"text": "scheme: x", "version": 2}, format="json").status_code == 422
    assert client.patch(url, {"version": 2}, format="json").status_code == 422
    assert client_with(officer).get(url).status_code == 404
    assert client_with(officer).get("/api/schemes/").json()["count"] == 0
