"""Drafting and publishing a scheme, and setting targets in place and by workbook."""

import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kpi.models import SchemeVersion, Target
from kpi.queries.rule_words import Names, rule_words
from kpi.queries.scheme import read_scheme
from kpi.queries.target import target_lines
from kpi.queries.words import indicator_words
from kpi.scoring.rules import build
from promotion.models import ImportBatch
from staff.models import Account, Team
from tests.factories.kpi import SCHEME, make_scheme

pytestmark = pytest.mark.django_db

YEAR = 2025
TEXT = SCHEME.replace("2026", str(YEAR))
SignIn = Callable[[Account], Client]


def test_a_scheme_is_drafted_by_one_and_published_by_another(
    hr: Account, manager: Account, client_as: SignIn
) -> None:
    drafter, publisher = client_as(hr), client_as(manager)

    saved = drafter.post(reverse("kpi:scheme-new"), {"year": YEAR, "text": TEXT})
    version = SchemeVersion.objects.get()
    url = reverse("kpi:scheme-publish", args=[version.public_id])

    assert (saved.status_code, saved.headers["Location"]) == (
        302,
        reverse("kpi:scheme", args=[version.public_id]),
    )
    assert "发布人" not in drafter.get(saved.headers["Location"]).content.decode()
    assert drafter.post(url).status_code == 422
    assert publisher.post(url).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.published_by, version.drafted_by) == ("published", manager, hr)


def test_an_uploaded_scheme_takes_the_place_of_the_text(hr: Account, client_as: SignIn) -> None:
    file = SimpleUploadedFile("scheme.yaml", TEXT.encode())

    response = client_as(hr).post(
        reverse("kpi:scheme-new"), {"year": YEAR, "text": "scheme: other", "file": file}
    )

    assert response.status_code == 302
    assert SchemeVersion.objects.get().text == TEXT


@pytest.mark.parametrize("as_file", [False, True])
def test_a_faulty_scheme_comes_back_with_lines_and_nothing_lost(
    hr: Account, client_as: SignIn, *, as_file: bool
) -> None:
    broken = TEXT.replace("full_marks: 50", "full_mark: 50").replace(
        "kind: ratio_times_points", "kind: ratio_times_point"
    )
    sent = {"file": SimpleUploadedFile("s.yaml", broken.encode())} if as_file else {"text": broken}

    response = client_as(hr).post(reverse("kpi:scheme-new"), {"year": YEAR, **sent})
    page = response.content.decode()

    assert response.status_code == 422
    assert len(response.context["faults"]) >= 2
    assert all(fault.startswith("细则没有保存") or "行" in fault for fault in response.context["faults"])
    assert "full_mark: 50" in page
    assert not SchemeVersion.objects.exists()


def test_a_file_in_another_encoding_is_refused_with_what_to_do(hr: Account, client_as: SignIn) -> None:
    file = SimpleUploadedFile("scheme.yaml", TEXT.encode("gb18030"))

    response = client_as(hr).post(reverse("kpi:scheme-new"), {"year": YEAR, "file": file})

    assert response.status_code == 422
    assert "不是 UTF-8 编码" in response.content.decode()


def test_drafts_are_hidden_from_officers_and_drafting_is_not_theirs(
    hr: Account, officer: Account, client_as: SignIn
) -> None:
    client_as(hr).post(reverse("kpi:scheme-new"), {"year": YEAR, "text": TEXT})
    client = client_as(officer)

    assert client.get(reverse("kpi:scheme", args=[SchemeVersion.objects.get().public_id])).status_code == 404
    assert client.get(reverse("kpi:scheme-new")).status_code == 403
    assert client.post(reverse("kpi:scheme-new"), {"year": YEAR, "text": TEXT}).status_code == 403
    assert "测试细则" not in client.get(reverse("kpi:schemes")).content.decode()


def test_a_scheme_is_read_in_words_and_compared_with_the_version_before(
    officer: Account, client_as: SignIn
) -> None:
    make_scheme(YEAR, number=1)
    version = make_scheme(YEAR, SCHEME.replace("points: 50}", "points: 40}"), number=2)

    response = client_as(officer).get(reverse("kpi:scheme", args=[version.public_id]))
    page = response.content.decode()

    assert "签约项目 ÷ 目标“签约任务” × 40 分" in page
    assert "团队" in page
    assert "且项目签约中任一项未达到年度目标" in page
    changed = [
        (line.kind, line.text.strip()) for line in response.context["diff"] if line.kind in ("add", "drop")
    ]
    assert [kind for kind, _text in changed] == ["drop", "add"]


RULES = [
    ({"kind": "fixed", "points": 3}, "3 分"),
    ({"kind": "rate_percent", "of": "a", "target": "t"}, "签约 ÷ 目标“任务”，以百分数通报"),
    (
        {"kind": "count_times_points", "base": 1, "terms": [{"of": "a", "each": 2, "at_most": 3}]},
        "基本分 1 分；签约每个 2 分（最多 3）",
    ),
    (
        {"kind": "points_minus_per_event", "points": 5, "terms": [{"of": "a", "each": 1}], "most": 2},
        "5 分；签约每个扣 1 分；最多扣 2 分",
    ),
    (
        {"kind": "highest", "parts": [{"kind": "fixed", "points": 1}, {"kind": "fixed", "points": 2}]},
        "取高者：1 分 / 2 分",
    ),
    ({"kind": "times", "part": {"kind": "fixed", "points": 1}, "factor": "50%"}, "（1 分）× 50%"),
    ({"kind": "limited", "part": {"kind": "fixed", "points": 9}, "cap": 5}, "9 分，此部分最多 5 分"),
    (
        {
            "kind": "over_fulfilment",
            "of": "a",
            "target": "t",
            "points": 10,
            "bonus": {"step": "1%", "points": 1, "steps": "whole", "cap": 3},
            "shortfall": "proportional",
        },
        "签约 ÷ 目标“任务”：完成得 10 分；每超 1% 加 1 分（不足一档不计），最多 3 分；未完成的按完成率得分",
    ),
    (
        {"kind": "bands", "of": "a", "target": "t", "bands": [{"title": "达标", "from": 1, "points": 5}]},
        "签约 ÷ 目标“任务”：达标得 5 分",
    ),
]


@pytest.mark.parametrize(("document", "words"), RULES)
def test_every_kind_of_rule_has_words(document: dict[str, object], words: str) -> None:
    scheme = read_scheme(
        make_scheme(YEAR, SCHEME.replace("title: 签约任务", "title: 任务").replace("signings", "t"))
    )
    measures = {"a": next(iter(scheme.indicators[0].measures.values()))}
    measures["a"] = type(measures["a"])(**{**_fields(measures["a"]), "title": "签约"})

    assert rule_words(build(document), Names(measures, scheme)) == words


def _fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}  # type: ignore[attr-defined]


def test_words_of_the_measures_say_what_counts() -> None:
    scheme = read_scheme(make_scheme(YEAR))

    words = indicator_words(scheme, scheme.indicators[0])

    assert (words.limits, words.applies) == ("封顶 50 分", "全部对象")
    assert words.measures == (("签约项目", "“签约”的次数（个）；按份额计"),)


def cells(client: Client, query: str = "&edit=1") -> dict[str, str]:
    """The edit form as a browser would send it back untouched."""
    form = client.get(f"{reverse('kpi:targets')}?year={YEAR}{query}").context["form"]
    sent = {}
    for bound in form:
        sent[bound.html_name] = sent[bound.html_initial_name] = bound.value() or ""
    return sent


def test_targets_are_set_in_place_and_the_missing_ones_are_marked(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    client, url = client_as(hr), f"{reverse('kpi:targets')}?year={YEAR}"
    assert "未下达" in client.get(url).content.decode()

    response = client.post(url, {**cells(client), f"team-{first_team.pk}-signings": "6.5"})

    assert response.status_code == 302
    assert list(Target.objects.values_list("team", "person", "amount")) == [
        (first_team.pk, None, Decimal("6.5"))
    ]
    assert "未下达" not in client.get(url).content.decode()


def test_peoples_targets_are_listed_by_team(
    hr: Account, officer: Account, outsider: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)

    page = (
        client_as(hr)
        .get(f"{reverse('kpi:targets')}?year={YEAR}&team={first_team.public_id}")
        .content.decode()
    )

    assert officer.display_name in page
    assert outsider.display_name not in page


def test_officers_read_targets_and_may_not_set_them(
    officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    client, url = client_as(officer), f"{reverse('kpi:targets')}?year={YEAR}"

    assert "修改目标" not in client.get(f"{url}&edit=1").content.decode()
    assert client.post(url, {f"team-{first_team.pk}-signings": "6"}).status_code == 403
    assert not Target.objects.exists()


@pytest.mark.parametrize(("typed", "said"), [("-1", "大于或等于"), ("四", "数字")])
def test_a_wrong_target_is_refused_beside_its_cell(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn, typed: str, said: str
) -> None:
    make_scheme(YEAR)
    Target.objects.create(year=YEAR, indicator="signings", team=first_team, amount=4)
    client, url = client_as(hr), f"{reverse('kpi:targets')}?year={YEAR}"

    response = client.post(url, {**cells(client), f"team-{first_team.pk}-signings": typed})

    assert response.status_code == 422
    assert said in "".join(response.context["form"].errors[f"team-{first_team.pk}-signings"])
    assert Target.objects.get().amount == 4


def test_a_target_changed_by_somebody_else_meanwhile_is_not_overwritten(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    there = Target.objects.create(year=YEAR, indicator="signings", team=first_team, amount=4)
    client, url = client_as(hr), f"{reverse('kpi:targets')}?year={YEAR}"
    sent = cells(client)
    there.amount = Decimal(9)
    there.save()

    response = client.post(url, {**sent, f"team-{first_team.pk}-signings": "5"})

    assert response.status_code == 422
    assert "已被他人改为 9" in response.content.decode()
    assert Target.objects.get().amount == 9


HEAD = ["年度", "对象类型", "代码/工号", "名称", "目标", "单位", "数值", "加压"]


def workbook(*rows: list[object]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    assert book.active
    for row in (HEAD, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("目标.xlsx", stream.getvalue())


def upload(client: Client, file: SimpleUploadedFile) -> ImportBatch:
    response = client.post(f"{reverse('kpi:targets-import')}?year={YEAR}", {"file": file})
    assert response.status_code == 302
    return ImportBatch.objects.get(public_id=response.headers["Location"].rstrip("/").rsplit("/", 1)[1])


def test_a_workbook_is_previewed_then_written_and_refused_rows_come_back(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    assert officer.person
    number = officer.person.staff_number
    client = client_as(hr)

    batch = upload(
        client,
        workbook(
            [YEAR, "团队", "GJ1", first_team.name, "签约任务", "个", 12, 15],
            [YEAR, "个人", number, "", "签约任务", "个", "1.5", None],
            [YEAR, "个人", number, "别人", "签约任务", "个", 2, None],
            [2024, "团队", "GJ1", "", "签约任务", "个", 3, None],
            [YEAR, "团队", "GJ9", "", "招商", "家", "三", None],
            [YEAR, "团队", "GJ1", "", "签约任务", "个", None, None],
        ),
    )

    assert not Target.objects.exists()
    assert [(row["name"], row["new"], row["new_stretch"]) for row in batch.accepted] == [
        (first_team.name, "12", "15"),
        (officer.person.name, "1.5", ""),
    ]
    assert [(row["line"], len(row["reasons"])) for row in batch.rejected] == [(4, 2), (5, 2), (6, 3)]
    preview = client.get(reverse("kpi:targets-preview", args=[batch.public_id])).content.decode()
    assert "写入 2 行" in preview
    assert client.post(reverse("kpi:targets-apply", args=[batch.public_id])).status_code == 302
    assert list(Target.objects.order_by("amount").values_list("amount", "level")) == [
        (Decimal("1.5"), "base"),
        (Decimal(12), "base"),
        (Decimal(15), "stretch"),
    ]
    assert client.post(reverse("kpi:targets-apply", args=[batch.public_id])).status_code == 422
    back = client.get(reverse("kpi:targets-rejected", args=[batch.public_id]))
    sheet = openpyxl.load_workbook(io.BytesIO(back.content)).active
    assert sheet
    assert [cell.value for cell in sheet[1]] == ["行号", "退回原因", *HEAD]


def test_a_preview_is_not_written_over_a_target_changed_since(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    client = client_as(hr)
    batch = upload(client, workbook([YEAR, "团队", "GJ1", "", "签约任务", "个", 12, None]))
    Target.objects.create(year=YEAR, indicator="signings", team=first_team, amount=4)

    assert client.post(reverse("kpi:targets-apply", args=[batch.public_id])).status_code == 409
    assert Target.objects.get().amount == 4
    assert client.post(reverse("kpi:targets-discard", args=[batch.public_id])).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.accepted) == ("discarded", [])


@pytest.mark.parametrize("reader", ["officer", "leader", "auditor", "administrator"])
def test_importing_targets_is_for_hr_and_managers(
    reader: str, client_as: SignIn, request: pytest.FixtureRequest
) -> None:
    client = client_as(request.getfixturevalue(reader))

    assert client.get(reverse("kpi:targets-import")).status_code == 403
    assert client.post(reverse("kpi:targets-import"), {"file": workbook()}).status_code == 403
    assert not ImportBatch.objects.exists()


def test_the_downloaded_table_comes_back_unchanged(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    Target.objects.create(year=YEAR, indicator="signings", team=first_team, amount=Decimal("4.25"))
    client = client_as(hr)
    table = client.get(f"{reverse('kpi:targets-workbook')}?year={YEAR}").content

    batch = upload(client, SimpleUploadedFile("目标.xlsx", table))

    assert [(row["name"], row["new"], row["same"]) for row in batch.accepted] == [
        (first_team.name, "4.25", True)
    ]
    assert batch.rejected == []


def test_lines_of_the_year_are_teams_then_people(officer: Account, outsider: Account, hr: Account) -> None:
    make_scheme(YEAR)

    found = [(line.name, line.missing) for line in target_lines(hr, YEAR)]

    assert [name for name, _missing in found] == [
        "项目攻坚一队",
        "项目攻坚二队",
        officer.display_name,
        outsider.display_name,
    ]
    assert {missing for _name, missing in found} == {(("signings", "year", "base"),)}
