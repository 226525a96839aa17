"""The parts of a draft around its indicators: each has a form that loses nothing, is tried on real facts and saved once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from kpi.actions import draft_scheme
from kpi.actions.run import execute_run, request_run
from kpi.forms import piece as forms
from kpi.forms.indicator import Setting
from kpi.forms.piece import PIECES
from kpi.models import SchemeVersion
from kpi.queries.scheme import library, library_text, read_document
from kpi.scoring.document import parse_scheme
from kpi.scoring.editing import CODED, PARTS, entries_of
from kpi.scoring.reading import read
from kpi.scoring.writing import rewritten
from promotion.models import AuditEntry
from staff.models import Account, ApiToken
from tests.factories.kpi import SCHEME, make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db

YEAR = 2025
TEXT = f"# 注释\n{SCHEME.replace('2026', str(YEAR))}"
SignIn = Callable[[Account], Client]
PLACES = [
    (name, part, code)
    for name in library()
    for part, piece in PIECES.items()
    for code in ([""] if piece.table else entries_of(read(library_text(name)).value, part))
]


def setting(text: str) -> Setting:
    return Setting(parse_scheme(text, draft=True), read(text).value)


@pytest.mark.parametrize(("name", "part", "code"), PLACES)
def test_every_part_of_every_library_scheme_is_changed_by_nothing_when_nothing_is_typed(
    name: str, part: str, code: str
) -> None:
    text, piece = library_text(name), PIECES[part]
    around = setting(text)
    proposal = forms.shown(around, piece, forms.entry_of(around, piece, code), code)
    if proposal.editor is None:
        assert part == "gates"
        return
    data = proposal.editor.as_data()
    data["kind"], data["began"] = "form", proposal.began

    sent = forms.sent(around, piece, data, code)

    assert sent.is_valid
    assert rewritten(text, sent.document) == text


@pytest.fixture
def draft(hr: Account, manager: Account, officer: Account, outsider: Account) -> SchemeVersion:
    """A calculated year, the officer ahead of the outsider by one signing of 2, and a draft of its scheme."""
    make_scheme(YEAR)
    for account in (officer, outsider):
        project = make_project(account)
        assert account.person
        make_share(project, account.person, 100, holds_from=date(YEAR, 1, 1))
        money = {"amount": Decimal(10**8), "amount_cny": Decimal(10**8)}
        make_recognised(project, account, manager, happened_on=date(YEAR, 3, 1), **money)
    incident = make_project(outsider)
    assert outsider.person
    make_share(incident, outsider.person, 100, holds_from=date(YEAR, 1, 1))
    make_recognised(
        incident,
        outsider,
        manager,
        kind="incident",
        incident_reason="falsified",
        happened_on=date(YEAR, 4, 1),
    )
    execute_run(run_id=request_run(actor=None, year=YEAR).pk)
    return draft_scheme(actor=hr, year=YEAR, text=TEXT)


def url_of(draft: SchemeVersion, part: str, code: str = "", do: str = "") -> str:
    if do == "preview":
        return f"{reverse('kpi:scheme-part-preview', args=[draft.public_id, part])}?code={code}"
    if not code:
        return reverse("kpi:scheme-part", args=[draft.public_id, part])
    name = f"kpi:scheme-part-{do or 'entry'}"
    return reverse(name, args=[draft.public_id, part, code])


def opened(client: Client, url: str) -> dict[str, Any]:
    """The form of a page as a browser would send it back."""
    reply = client.get(url)
    assert reply.status_code == 200
    proposal = reply.context["proposal"]
    data = {
        name: values if len(values) > 1 else values[0]
        for name, values in proposal.editor.as_data().lists()
        if values
    }
    return {**data, "kind": "form", "began": proposal.began, "seen": reply.context["seen"]}


ADDED: list[tuple[str, str, dict[str, Any], Any]] = [
    (
        "awards",
        "first",
        {"title": "金牌能手", "group": "officers", "count": "3"},
        {"code": "award", "title": "金牌能手", "group": "officers", "first": 3},
    ),
    (
        "awards",
        "missed",
        {"title": "后进奖", "group": "officers", "items": "signing", "timing": "annual"},
        {
            "code": "award",
            "title": "后进奖",
            "group": "officers",
            "last": 1,
            "warning": True,
            "if_target_missed": {"indicators": ["signing"], "when": "any", "timing": "annual"},
        },
    ),
    (
        "awards",
        "last",
        {
            "title": "末位",
            "group": "officers",
            "count": "2",
            "months": "6",
            "reasons": "maternity",
            "away_days": "60",
            "next_in_line": "on",
        },
        {
            "code": "award",
            "title": "末位",
            "group": "officers",
            "last": 2,
            "warning": True,
            "except": {"months_in_post": 6, "away": {"reasons": ["maternity"], "days": 60}},
            "next_in_line": True,
        },
    ),
    (
        "awards",
        "everybody",
        {
            "title": "优先选拔",
            "group": "officers",
            "identity": "enterprise",
            "projects": "strategic",
            "projects_count": "2",
            "projects_since": "2021",
        },
        {
            "code": "award",
            "title": "优先选拔",
            "group": "officers",
            "everybody": True,
            "if_all": [{"identity": ["enterprise"]}],
            "if_any": [{"introduced": {"classes": ["strategic"], "at_least": 2, "since": 2021}}],
        },
    ),
    (
        "gates",
        "veto",
        {"title": "弄虚作假"},
        {
            "code": "gate",
            "title": "弄虚作假",
            "measures": {
                "falsified": {
                    "title": "弄虚作假",
                    "facts": ["incident"],
                    "aggregate": "count",
                    "unit": "次",
                    "share": "none",
                    "where": [{"attribute": "reason", "operator": "eq", "value": "falsified"}],
                }
            },
            "if": {"of": "falsified", "operator": "gte", "than": 1},
            "bars": "all",
        },
    ),
    (
        "gates",
        "list",
        {"title": "红榜", "asks-0-of": "place:total", "asks-0-than": "2"}
        | {"asks-1-of": "rate:signing", "asks-1-operator": "gte", "asks-1-than": "100", "join": "all"},
        {
            "code": "gate",
            "title": "红榜",
            "measures": {
                "signed": {
                    "title": "签约项目",
                    "facts": ["signed"],
                    "aggregate": "count",
                    "unit": "个",
                    "share": "points",
                }
            },
            "if": {
                "all": [
                    {
                        "value": {"kind": "rank", "part": {"kind": "item", "item": "total"}},
                        "operator": "lte",
                        "than": 2,
                    },
                    {"of": "signed", "target": "signings", "operator": "gte", "than": "100%"},
                ]
            },
            "card": "红榜",
        },
    ),
    (
        "gates",
        "card",
        {"title": "投诉", "asks-0-of": "given", "asks-0-operator": "gt", "asks-0-than": "0"}
        | {"given_title": "营商环境投诉", "given_unit": "次"},
        {
            "code": "gate",
            "title": "投诉",
            "measures": {"reported": {"title": "营商环境投诉", "unit": "次"}},
            "if": {"of": "reported", "operator": "gt", "than": 0},
            "card": "黄牌",
        },
    ),
    ("targets", "", {"title": "产值", "unit": "亿元"}, {"title": "产值", "unit": "亿元"}),
    (
        "lists",
        "",
        {"title": "500强", "versions-0-name": "2025 版", "versions-0-since": "2025-08-01"}
        | {"versions-0-members": "甲集团\n乙集团\n"},
        {"title": "500强", "versions": {"2025 版": {"from": "2025-08-01", "members": ["甲集团", "乙集团"]}}},
    ),
]


@pytest.mark.parametrize(("part", "kind", "typed", "entry"), ADDED)
def test_an_entry_is_added_by_form_and_opens_in_it_again(
    hr: Account, draft: SchemeVersion, client_as: SignIn, part: str, kind: str, typed: Any, entry: Any
) -> None:
    client = client_as(hr)
    sent = {**opened(client, f"{url_of(draft, part)}?kind={kind}"), **typed}

    reply = client.post(url_of(draft, part), sent)

    assert reply.status_code == 302, reply.context["proposal"].editor.summary()
    draft.refresh_from_db()
    code, found = list(entries_of(read_document(draft), part).items())[-1]
    assert found == entry
    assert draft.text.startswith("# 注释\n")
    assert [line for line in TEXT.splitlines() if line not in draft.text.splitlines()] == []
    assert reply.headers["Location"].endswith(f"#{part}-{code}")
    assert AuditEntry.objects.get(verb="scheme.edit").reason.endswith(f"“{typed['title']}”")
    again = opened(client, url_of(draft, part, code))
    assert {name: again.get(name, "") for name in typed if name not in {"given_title", "given_unit"}} == {
        name: {"given": "own:reported"}.get(value, str(value).strip())
        for name, value in typed.items()
        if name not in {"given_title", "given_unit"}
    }


TABLES: list[tuple[str, dict[str, Any], Any]] = [
    (
        "grades",
        {"grades-0-title": "优秀", "grades-0-by": "from", "grades-0-number": "40"}
        | {"grades-1-title": "合格", "grades-1-by": "rest", "grades-1-number": ""},
        [{"title": "优秀", "from": 40}, {"title": "合格"}],
    ),
    (
        "sections",
        {
            "sections-0-title": "实绩",
            "sections-0-weight": "70",
            "sections-1-title": "过程",
            "sections-1-weight": "30",
        },
        {"section": {"title": "实绩", "weight": "70%"}, "section_2": {"title": "过程", "weight": "30%"}},
    ),
    (
        "categories",
        {"when_changed": "start", "kinds-0-title": "甲类", "kinds-1-title": "乙类"},
        {"when_changed": "start", "kinds": {"class": "甲类", "class_2": "乙类"}},
    ),
    (
        "exchange",
        {"how": "fixed", "rates-0-currency": "USD", "rates-0-rate": "7.1"},
        {"rate": "fixed", "fixed": {"USD": Decimal("7.1")}},
    ),
    (
        "assumptions",
        {"assumptions-0-text": "1 亿元起计分，文件未写明。", "assumptions-1-text": "：冒号 # 和井号"},
        ["1 亿元起计分，文件未写明。", "：冒号 # 和井号"],
    ),
]


@pytest.mark.parametrize(("part", "typed", "value"), TABLES)
def test_a_table_is_written_and_can_be_emptied(
    hr: Account, draft: SchemeVersion, client_as: SignIn, part: str, typed: Any, value: Any
) -> None:
    client = client_as(hr)

    reply = client.post(url_of(draft, part), {**opened(client, url_of(draft, part)), **typed})

    assert reply.status_code == 302, reply.context["proposal"].faults
    draft.refresh_from_db()
    assert read_document(draft)[part] == value
    left = {key: one for key, one in opened(client, url_of(draft, part)).items() if "-" not in key}
    assert client.post(url_of(draft, part), {**left, "how": ""}).status_code == 302
    draft.refresh_from_db()
    assert draft.text == TEXT


def tried(client: Client, draft: SchemeVersion, part: str, sent: dict[str, Any], code: str = "") -> Any:
    reply = client.post(url_of(draft, part, code, "preview"), sent, headers={"HX-Request": "true"})
    assert reply.status_code == 200
    return reply


def test_the_trial_says_who_fails_the_gate(
    hr: Account, outsider: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = {**opened(client, f"{url_of(draft, 'gates')}?kind=veto"), "who": "top:officers"}

    reply = tried(client, draft, "gates", sent)
    found = reply.context["preview"]

    assert [(row.name, row.state, row.why) for row in found.rows] == [
        (outsider.display_name, "成立", "取消全部评奖资格")
    ]
    assert found.counts == (("成立", 1, 0),)
    assert "触发“未命名”" in reply.content.decode()


def test_the_trial_says_which_grade_each_would_get(
    hr: Account, officer: Account, outsider: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    typed = {"grades-0-title": "优秀", "grades-0-by": "first", "grades-0-number": "1"}
    typed |= {"grades-1-title": "合格", "grades-1-by": "rest"}

    found = tried(
        client, draft, "grades", {**opened(client, url_of(draft, "grades")), **typed, "who": "top:officers"}
    ).context["preview"]

    grades = {row.name: row.state for row in found.rows}
    assert set(grades) == {officer.display_name, outsider.display_name}
    assert sum(now for _title, now, _was in found.counts) == sum(
        bool(one) and one != "未定" for one in grades.values()
    )


def test_the_trial_beside_the_basics_shows_rounding_and_time(
    hr: Account, officer: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = opened(client, url_of(draft, "basics"))
    assert (sent["elapsed_by"], sent["when"]) == ("days", "total")

    same = tried(client, draft, "basics", sent).context["preview"]
    assert [row.gain for row in same.rows] == [0] * len(same.rows)
    faulty = tried(client, draft, "basics", {**sent, "digits": "13"}).context
    assert "preview" not in faulty
    assert "digits" in faulty["marks"]
    reply = client.post(url_of(draft, "basics"), {**sent, "elapsed_by": "months", "digits": "0"})

    assert reply.status_code == 302
    draft.refresh_from_db()
    assert read_document(draft)["elapsed_by"] == "months"
    assert read_document(draft)["rounding"]["digits"] == 0
    page = client.get(reverse("kpi:scheme", args=[draft.public_id])).content.decode()
    assert "按过完的整月计" in page
    assert reply.headers["Location"].endswith("#basics")


def test_assumptions_say_that_they_change_no_score(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = opened(client, url_of(draft, "assumptions")) | {"assumptions-0-text": "按到账日计。"}

    found = tried(client, draft, "assumptions", sent).context["preview"]

    assert found.notes == ("设定只作说明，得分和名次不变。",)
    assert not any(row.gain or row.places_gained for row in found.rows)


def test_the_trial_says_who_would_be_proposed_for_the_award(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = opened(client, f"{url_of(draft, 'awards')}?kind=first")

    found = tried(client, draft, "awards", {**sent, "group": "officers"}).context["preview"]

    assert [row.place for row in found.rows] == [1] * len(found.rows)
    assert {row.state for row in found.rows} <= {"候选", "未定"}
    assert found.rows


def test_the_trial_says_how_groups_change_the_ranking(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = opened(client, url_of(draft, "groups", "officers"))

    untouched = tried(client, draft, "groups", sent, "officers").context["preview"]
    turned = tried(client, draft, "groups", {**sent, "rank_by": "incidents"}, "officers").context["preview"]

    assert (untouched.moved, untouched.size) == (0, 2)
    assert turned.rows[-1].total <= turned.rows[0].total


WRONG = [
    ("awards", "first", {"title": "奖", "group": "officers", "count": ""}, "count"),
    ("awards", "missed", {"title": "奖", "group": "officers"}, "items"),
    ("awards", "last", {"title": "奖", "group": "officers", "reasons": "sick"}, "away_days"),
    ("awards", "everybody", {"title": "奖", "group": "officers", "projects": "major"}, "projects_count"),
    ("gates", "veto", {"title": "门", "bars": ""}, "bars"),
    ("gates", "grade", {"title": "门", "move": "set", "move_steps": ""}, "move_grade"),
    (
        "gates",
        "card",
        {"title": "门", "asks-0-of": "points:total", "asks-0-only": "level=city"},
        "asks-0-only",
    ),
    ("targets", "", {"title": ""}, "title"),
]


@pytest.mark.parametrize(("part", "kind", "typed", "field"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    hr: Account, draft: SchemeVersion, client_as: SignIn, part: str, kind: str, typed: Any, field: str
) -> None:
    client = client_as(hr)

    reply = client.post(
        url_of(draft, part), {**opened(client, f"{url_of(draft, part)}?kind={kind}"), **typed}
    )

    assert reply.status_code == 422
    wrong = {bound.html_name for bound in reply.context["proposal"].editor.bound_fields() if bound.errors}
    assert field in wrong
    assert "没有保存" in reply.content.decode() or "field-error" in reply.content.decode()
    draft.refresh_from_db()
    assert draft.text == TEXT


def test_a_kind_in_two_groups_is_said_at_the_kinds(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    sent = {**opened(client, url_of(draft, "groups")), "title": "又一组", "subjects": "officer"}

    page = client.post(url_of(draft, "groups"), sent)

    assert page.status_code == 422
    assert "同一类对象只能在一个分组内排名" in page.content.decode()
    assert page.context["proposal"].marks() == {
        "subjects": "“officer”已属于分组“招商专员”，同一类对象只能在一个分组内排名。"
    }


def test_two_editors_at_once_get_a_sentence_and_keep_what_they_typed(
    hr: Account, manager: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    first, second = client_as(manager), client_as(hr)
    mine = {**opened(second, url_of(draft, "awards", "snail")), "title": "我的改名"}
    theirs = {**opened(first, url_of(draft, "awards", "excellence")), "title": "卓越"}
    assert first.post(url_of(draft, "awards", "excellence"), theirs).status_code == 302

    reply = second.post(url_of(draft, "awards", "snail"), mine)

    assert reply.status_code == 422
    assert manager.display_name in reply.content.decode()
    assert "我的改名" in reply.content.decode()
    assert (
        second.post(url_of(draft, "awards", "snail"), {**mine, "seen": reply.context["seen"]}).status_code
        == 302
    )


def test_form_and_text_are_two_views_of_the_same(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)
    url = url_of(draft, "awards", "snail")
    as_text = client.post(url, {**opened(client, url), "count": "4", "view": "text"}).context["proposal"]
    text = as_text.source.initial["text"]
    assert "last: 4" in text

    def back(text: str, view: str = "form") -> Any:
        sent = {"kind": "source", "began": as_text.began, "seen": 1, "text": text, "view": view}
        return client.post(url, sent).context["proposal"]

    assert back(text).editor.as_data()["count"] == "4"
    assert (
        client.post(
            url, {"kind": "source", "began": as_text.began, "seen": 1, "text": "title: ["}
        ).status_code
        == 422
    )


def test_what_the_form_cannot_hold_opens_as_text(hr: Account, client_as: SignIn) -> None:
    gate = (
        "gates:\n  - {code: deep, title: 组合, card: 黄牌, if: {not: {value: {kind: item, item: total}, "
        "operator: gte, than: 1}}}\n"
    )
    draft = draft_scheme(actor=hr, year=YEAR, text=f"{TEXT}{gate}")

    reply = client_as(hr).get(url_of(draft, "gates", "deep"))

    assert reply.context["proposal"].editor is None
    assert "code: deep" in reply.content.decode()


def test_entries_are_copied_moved_and_removed_and_what_is_in_use_stays(
    hr: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    client = client_as(hr)

    def post(part: str, code: str, do: str, **sent: str) -> Any:
        draft.refresh_from_db()
        return client.post(url_of(draft, part, code, do), {"seen": str(draft.version), **sent})

    assert post("awards", "excellence", "copy").status_code == 302
    assert post("awards", "snail", "move", to="up").status_code == 302
    draft.refresh_from_db()
    assert list(entries_of(read_document(draft), "awards")) == ["excellence", "snail", "excellence_2"]
    assert post("awards", "excellence_2", "remove").status_code == 302
    refused = post("groups", "teams", "remove")
    assert refused.status_code == 422
    assert "没有删除“攻坚团队”：别处还用着它" in refused.content.decode()
    assert post("groups", "teams", "copy").status_code == 422
    assert post("awards", "nothing", "remove").status_code == 404
    draft.refresh_from_db()
    assert draft.text == TEXT


def test_a_renamed_grade_is_followed_by_the_gates(hr: Account, client_as: SignIn) -> None:
    more = (
        "grades:\n  - {title: 优秀, from: 40}\n  - {title: 合格}\n"
        "gates:\n  - {code: low, title: 低分, grade: {at_most: 合格}, if: {value: {kind: item, item: total}, operator: lt, than: 9}}\n"
    )
    draft = draft_scheme(actor=hr, year=YEAR, text=f"{TEXT}{more}")
    client = client_as(hr)

    sent = {**opened(client, url_of(draft, "grades")), "grades-1-title": "称职"}

    assert client.post(url_of(draft, "grades"), sent).status_code == 302
    draft.refresh_from_db()
    assert read_document(draft)["gates"][0]["grade"] == {"at_most": "称职"}


def test_others_do_not_edit_or_try(
    officer: Account, auditor: Account, manager: Account, draft: SchemeVersion, client_as: SignIn
) -> None:
    for account, status in ((officer, 404), (auditor, 403)):
        client = client_as(account)
        assert client.get(url_of(draft, "awards")).status_code == status
        assert client.post(url_of(draft, "grades"), {}).status_code == status
        assert client.post(url_of(draft, "awards", "snail", "remove")).status_code == status
        assert client.post(url_of(draft, "awards", "", "preview")).status_code == status
    client = client_as(manager)
    assert client.get(url_of(draft, "awards", "snail")).status_code == 200
    assert client.get(url_of(draft, "nothing")).status_code == 404
    assert client.get(f"{url_of(draft, 'awards')}?kind=nothing").status_code == 404
    assert client.get(url_of(draft, "awards", "nothing")).status_code == 404


VETO = (
    "gates:\n  - {code: veto, title: 弄虚作假, bars: all, if: {of: falsified, operator: gte, than: 1}, "
    "measures: {falsified: {title: 弄虚作假, facts: [incident], aggregate: count, unit: 次, share: none}}}\n"
)
#: Points that wait for no target, so that grades and awards are decided.
COUNTED = TEXT.replace(
    "rule: {kind: ratio_times_points, of: signed, target: signings, points: 50}",
    "rule: {kind: count_times_points, terms: [{of: signed, each: 1}]}",
)
GRADES = "grades:\n  - {title: 优秀, first: 1}\n  - {title: 合格}\n"


def client_with(account: Account, *scopes: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(user=account, token=ApiToken(account=account, scopes=[*scopes]))
    return client


def tried_in_api(account: Account, draft: SchemeVersion, **asked: Any) -> Any:
    url = f"/api/schemes/{draft.public_id}/preview/"
    return client_with(account, "kpi:read", "kpi:write").post(url, asked, format="json")


def test_the_api_says_who_fails_a_gate_and_what_it_costs(
    hr: Account, outsider: Account, draft: SchemeVersion
) -> None:
    reply = tried_in_api(hr, draft, text=f"{TEXT}{VETO}", part="gates", code="veto", who="top:officers")

    assert reply.status_code == 200, reply.json()
    found = reply.json()
    (row,) = found["rows"]
    assert (row["name"], row["state"], row["reason"]) == (
        outsider.display_name,
        "成立",
        "取消全部评奖资格",
    )
    assert row["changes"] == [
        {"kind": "gate", "before": "", "after": "弄虚作假", "words": "触发“弄虚作假”"},
    ]
    assert (found["group"], found["year"], found["size"]) == ("officers", YEAR, 2)
    assert found["counts"] == [{"title": "成立", "after": 1, "before": 0}]
    assert (found["moved"], found["changed"]) == (0, 1)
    draft.refresh_from_db()
    assert (draft.text, draft.version) == (TEXT, 1)


def test_the_api_tries_grades_awards_and_groups(hr: Account, officer: Account, draft: SchemeVersion) -> None:
    grades = tried_in_api(hr, draft, text=f"{COUNTED}{GRADES}", part="grades", who="top:officers").json()
    turned = COUNTED.replace("subjects: [officer]}", "subjects: [officer], rank_by: signing}")
    groups = tried_in_api(hr, draft, text=turned, part="groups", code="officers").json()
    award = COUNTED.replace("title: 卓越奖, group: teams", "title: 卓越奖, group: officers")
    awards = tried_in_api(hr, draft, text=award, part="awards", code="excellence").json()

    best = grades["rows"][0]
    assert (best["name"], best["place"], best["state"]) == (officer.display_name, 1, "优秀")
    assert [(one["title"], one["after"], one["before"]) for one in grades["counts"]] == [
        ("优秀", 1, 0),
        ("合格", 1, 0),
    ]
    assert grades["rows"][0]["changes"][0]["words"] == "等次 无→优秀"
    assert (groups["group"], [row["state"] for row in groups["rows"]]) == ("officers", ["", ""])
    assert [(row["name"], row["state"]) for row in awards["rows"]] == [(officer.display_name, "候选")]
    assert [one["words"] for one in awards["rows"][0]["changes"]] == ["进入卓越奖候选"]


WRONGLY_ASKED = [
    ({}, 400, "indicator"),
    ({"indicator": "signing", "part": "grades"}, 400, "indicator"),
    ({"part": "gates"}, 400, "code"),
    ({"part": "grades", "code": "x"}, 400, "code"),
    ({"indicator": "signing", "code": "x"}, 400, "code"),
    ({"part": "indicators", "code": "signing"}, 400, "part"),
    *(({"part": part, "code": "nothing"}, 422, "code") for part in CODED),
]


@pytest.mark.parametrize(("asked", "status", "field"), WRONGLY_ASKED)
def test_what_is_asked_of_the_trial_wrongly_is_said_at_its_field(
    hr: Account, draft: SchemeVersion, asked: dict[str, str], status: int, field: str
) -> None:
    reply = tried_in_api(hr, draft, text=TEXT, **asked)

    assert (reply.status_code, list(reply.json()["fields"])) == (status, [field])


def test_the_api_tries_a_part_for_those_who_draft_only(
    hr: Account, officer: Account, auditor: Account, draft: SchemeVersion
) -> None:
    asked = {"text": TEXT, "part": "targets", "code": "signings"}
    for account, status in ((officer, 404), (auditor, 403), (hr, 200)):
        assert tried_in_api(account, draft, **asked).status_code == status
    reader = client_with(hr, "kpi:read")
    assert reader.post(f"/api/schemes/{draft.public_id}/preview/", asked, format="json").status_code == 403


def test_page_and_api_know_the_same_parts() -> None:
    assert set(PARTS) == set(PIECES)
    assert set(CODED) == {name for name, piece in PIECES.items() if not piece.table}
