"""Targets in the browser: the grid of a period and level, a subject's own page, spreading, copying, and the workbook."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kpi.actions import TargetRow, set_targets
from kpi.models import Target
from kpi.queries.target import target_lines
from promotion.models import ImportBatch
from staff.models import Account, Team
from tests.factories.kpi import SCHEME, make_scheme
from tests.factories.stories import recalculate, recognised_signing

pytestmark = pytest.mark.django_db

YEAR = 2025
SignIn = Callable[[Account], Client]


def grid(period: str = "", level: str = "", **more: object) -> str:
    query = {
        "year": YEAR,
        **({"period": period} if period else {}),
        **({"level": level} if level else {}),
        **more,
    }
    return f"{reverse('kpi:targets')}?" + "&".join(f"{name}={value}" for name, value in query.items())


def own(subject: Account | Team, code: str = "signings") -> str:
    """The page of one subject's target."""
    record, kind = (subject, "team") if isinstance(subject, Team) else (subject.person, "person")
    assert record
    return f"{reverse('kpi:targets-of', args=[kind, record.public_id])}?year={YEAR}&code={code}"


def typed(client: Client, url: str, **changes: str) -> dict[str, str]:
    """The form of a page as a browser would send it back, with some cells changed."""
    sent = {}
    for bound in client.get(url).context["form"]:
        sent[bound.html_name] = sent[bound.html_initial_name] = bound.value() or ""
    return {**sent, **{name.replace("__", "-"): value for name, value in changes.items()}}


def put(
    hr: Account, subject: Account | Team, in_year: int = YEAR, level: str = "base", **amounts: str
) -> None:
    """Set the signings of a subject by period."""
    whose: dict[str, Any] = {"team": subject} if isinstance(subject, Team) else {"person": subject.person}
    rows = [
        TargetRow("signings", Decimal(amount), period=period, level=level, **whose)
        for period, amount in amounts.items()
    ]
    set_targets(actor=hr, year=in_year, rows=rows)


def held(**which: object) -> dict[str, Decimal]:
    """The values by period, of the base level unless another is asked for."""
    found = Target.objects.filter(**{"level": "base", "year": YEAR, **which})
    return {period: amount.normalize() for period, amount in found.values_list("period", "amount")}


def test_targets_are_set_in_place_and_the_missing_ones_are_marked(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    client, cell = client_as(hr), f"team-{first_team.pk}-signings"
    assert "未下达" in client.get(grid()).content.decode()

    saved = client.post(grid(), typed(client, grid(edit=1)) | {cell: "6.5"})
    later = grid("Q2", "stretch")
    quarter = client.post(later, typed(client, f"{later}&edit=1") | {cell: "2"})

    assert (saved.status_code, quarter.status_code) == (302, 302)
    assert list(Target.objects.values_list("team", "person", "period", "level", "amount")) == [
        (first_team.pk, None, "year", "base", Decimal("6.5")),
        (first_team.pk, None, "Q2", "stretch", Decimal(2)),
    ]
    page = client.get(grid()).content.decode()
    # The officer's own target is still lacking.
    assert "未下达" not in page
    assert "有 1 项没有下达" in page
    assert "2" in client.get(later).content.decode()


def test_an_emptied_cell_withdraws_the_target(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    put(hr, first_team, year="4", Q1="1")
    client = client_as(hr)

    response = client.post(
        grid("Q1"), typed(client, f"{grid('Q1')}&edit=1") | {f"team-{first_team.pk}-signings": ""}
    )

    assert response.status_code == 302
    assert held() == {"year": Decimal(4)}


def test_a_teams_page_has_the_team_and_its_people(
    hr: Account, officer: Account, outsider: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)

    page = client_as(hr).get(grid(team=first_team.public_id))

    assert [row["line"].name for row in page.context["rows"]] == [first_team.name, officer.display_name]


def test_everybody_sees_what_is_near(
    hr: Account,
    officer: Account,
    colleague: Account,
    leader: Account,
    outsider: Account,
    first_team: Team,
    client_as: SignIn,
) -> None:
    make_scheme(YEAR)
    put(hr, outsider, year="7")

    def names(account: Account) -> set[str]:
        return {row["line"].name for row in client_as(account).get(grid()).context["rows"]}

    assert names(officer) == {first_team.name, officer.display_name}
    assert names(leader) == {first_team.name, *(one.display_name for one in (officer, colleague, leader))}
    assert client_as(officer).get(own(outsider)).status_code == 404
    assert client_as(officer).get(own(colleague)).status_code == 404
    assert client_as(leader).get(own(colleague)).status_code == 200
    assert client_as(outsider).get(own(outsider)).status_code == 200
    assert outsider.display_name not in workbook_names(client_as(officer))


def workbook_names(client: Client) -> set[str]:
    table = client.get(f"{reverse('kpi:targets-workbook')}?year={YEAR}").content
    sheet = openpyxl.load_workbook(io.BytesIO(table)).worksheets[0]
    return {str(row[3]) for row in sheet.iter_rows(min_row=2, values_only=True)}


def test_officers_read_targets_and_may_not_set_them(
    officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    client = client_as(officer)

    assert "修改目标" not in client.get(grid(edit=1)).content.decode()
    assert client.post(grid(), {f"team-{first_team.pk}-signings": "6"}).status_code == 403
    assert "保存目标" not in client.get(own(officer)).content.decode()
    assert client.post(own(officer), {"year-base": "6"}).status_code == 403
    assert not Target.objects.exists()


@pytest.mark.parametrize(("text", "said"), [("-1", "大于或等于"), ("四", "数字")])
def test_a_wrong_target_is_refused_beside_its_cell(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn, text: str, said: str
) -> None:
    make_scheme(YEAR)
    put(hr, first_team, year="4")
    client, cell = client_as(hr), f"team-{first_team.pk}-signings"

    response = client.post(grid(), typed(client, grid(edit=1)) | {cell: text})

    assert response.status_code == 422
    assert said in "".join(response.context["form"].errors[cell])
    assert held() == {"year": Decimal(4)}


def test_a_target_changed_by_somebody_else_meanwhile_is_not_overwritten(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    put(hr, first_team, year="4")
    client = client_as(hr)
    sent = typed(client, grid(edit=1))
    put(hr, first_team, year="9")

    response = client.post(grid(), {**sent, f"team-{first_team.pk}-signings": "5"})

    assert response.status_code == 422
    assert "已被他人改为 9" in response.content.decode()
    assert held() == {"year": Decimal(9)}


def test_a_subjects_page_sets_every_period_at_both_levels_and_tells_how_it_came(
    hr: Account, officer: Account, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    client, url = client_as(hr), own(officer)

    client.post(url, typed(client, url, year__base="12", year__stretch="15", Q1__base="3"))
    client.post(url, typed(client, url, Q1__base="4", year__stretch=""))

    assert held() == {"year": Decimal(12), "Q1": Decimal(4)}
    assert held(level="stretch") == {}
    writings = client.get(url).context["history"]
    told = [
        [(one.period.value, one.level.value, one.before, one.amount) for one in writing.changes]
        for writing in writings
    ]
    assert [sorted(one, key=str) for one in told] == [
        [("Q1", "base", 3, 4), ("year", "stretch", 15, None)],
        [("Q1", "base", None, 3), ("year", "base", None, 12), ("year", "stretch", None, 15)],
    ]
    assert {writing.who for writing in writings} == {hr.display_name}


def test_a_stretch_below_the_base_comes_back_with_what_was_typed(
    hr: Account, officer: Account, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    client, url = client_as(hr), own(officer)

    response = client.post(url, typed(client, url, M03__base="2", M03__stretch="1"))

    assert response.status_code == 422
    assert "3 月加压目标 1 低于基本目标 2" in response.content.decode()
    assert not Target.objects.exists()


def test_parts_that_do_not_add_up_are_shown_and_not_refused(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    put(hr, first_team, year="10", Q1="2", Q2="3", Q3="3", Q4="3")
    client = client_as(hr)

    sentence = "季度目标合计 11，全年目标 10，两者不等。"
    assert sentence in client.get(own(first_team)).content.decode()
    assert client.get(grid()).context["differing"] == 1
    checked = client.get(f"{reverse('kpi:targets-check')}?year={YEAR}")
    assert [row["sentence"] for row in checked.context["differing"]] == [sentence]
    assert [(row["line"].name, row["words"]) for row in checked.context["missing"]] == [
        (officer.display_name, "签约任务")
    ]


def test_what_was_reached_stands_beside_each_target(
    hr: Account, officer: Account, manager: Account, client_as: SignIn
) -> None:
    year = timezone.localdate().year
    make_scheme(year)
    achievement = recognised_signing(officer, manager, "一")
    month = f"M{achievement.happened_on:%m}"
    put(hr, officer, year, year="4", **{month: "2"})
    recalculate(year=year)
    client = client_as(hr)

    def shown(period: str) -> tuple[Decimal | None, Decimal | None]:
        url = (
            f"{reverse('kpi:targets')}?year={year}&period={period}&team={achievement.project.team.public_id}"
        )
        rows = client.get(url).context["rows"]
        cell = next(row["cells"][0] for row in rows if row["line"].name == officer.display_name)
        return cell.reached, cell.ratio

    other = "M01" if month != "M01" else "M02"
    assert shown("year") == (1, Decimal("0.25"))
    assert shown(month) == (1, Decimal("0.5"))
    assert shown(other) in ((0, None), (None, None))
    page = client.get(own(officer).replace(str(YEAR), str(year)))
    assert {row["period"].value: row["reached"] for row in page.context["rows"]}[month] == 1


PLAN = {
    "spread-scope": "all", "spread-codes": ["signings"], "spread-levels": ["base"], "spread-grains": ["quarter", "month"],
    "spread-method": "even", "spread-digits": "2", "what": "spread",
}  # fmt: skip


def planned(client: Client, **changes: Any) -> ImportBatch:
    """Send a plan and give its preview."""
    response = client.post(f"{reverse('kpi:targets-plan')}?year={YEAR}", PLAN | changes)
    assert response.status_code == 302, response.context["spread"].errors
    return ImportBatch.objects.get(public_id=response.headers["Location"].rstrip("/").rsplit("/", 1)[1])


def applied(client: Client, batch: ImportBatch) -> int:
    return client.post(reverse("kpi:targets-apply", args=[batch.public_id])).status_code


def test_a_year_is_spread_over_quarters_and_months_exactly(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    put(hr, first_team, year="10")
    client = client_as(hr)

    batch = planned(client)
    assert held() == {"year": Decimal(10)}
    assert applied(client, batch) == 302

    found = held()
    assert [found[f"Q{n}"] for n in (1, 2, 3, 4)] == [Decimal("2.5")] * 4
    assert [found[f"M{n:02}"] for n in (1, 2, 3)] == [Decimal("0.84"), Decimal("0.83"), Decimal("0.83")]
    assert sum(found[f"M{n:02}"] for n in range(1, 13)) == 10
    # The officer has no year's target to spread.
    assert [entry["cells"]["名称"] for entry in batch.rejected] == [officer.display_name]
    again = planned(client)
    assert again.rejected[0]["reasons"] == ["已有分期目标，没有覆盖。"]
    assert again.accepted == []


def test_a_year_is_spread_by_given_weights_and_by_working_days(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    put(hr, first_team, year="100")
    client = client_as(hr)
    weighted: dict[str, Any] = {
        "spread-grains": ["quarter"],
        "spread-method": "weights",
        "spread-replaces": "on",
    }

    wrong = client.post(
        f"{reverse('kpi:targets-plan')}?year={YEAR}", PLAN | weighted | {"spread-weights": "1 2 3"}
    )
    assert wrong.status_code == 422
    assert "这里要 4 个比重，填了 3 个。" in wrong.content.decode()
    applied(client, planned(client, **weighted, **{"spread-weights": "20 25 25 30"}))
    assert [held()[f"Q{n}"] for n in (1, 2, 3, 4)] == [20, 25, 25, 30]
    days = {
        "spread-grains": ["quarter"],
        "spread-method": "working_days",
        "spread-replaces": "on",
        "spread-digits": "0",
    }
    applied(client, planned(client, **days))
    # 2025 has 59, 61, 67 and 61 working days in its quarters.
    assert [held()[f"Q{n}"] for n in (1, 2, 3, 4)] == [24, 25, 27, 24]


def test_last_years_targets_are_copied_a_tenth_higher_and_still_add_up(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR - 1, SCHEME)
    make_scheme(YEAR)
    put(hr, first_team, YEAR - 1, year="10", Q1="3.33", Q2="3.33", Q3="3.34", Q4="0")
    put(hr, first_team, YEAR - 1, "stretch", year="12")
    client = client_as(hr)
    copy = {
        "copy-year": YEAR - 1, "copy-scope": "teams", "copy-codes": ["signings"], "copy-levels": ["base", "stretch"],
        "copy-factor": "110", "copy-digits": "1", "copy-with_parts": "on", "what": "copy",
    }  # fmt: skip

    assert applied(client, planned(client, **copy)) == 302

    assert held() == {"year": 11, "Q1": Decimal("3.7"), "Q2": Decimal("3.6"), "Q3": Decimal("3.7"), "Q4": 0}
    assert held(level="stretch") == {"year": Decimal("13.2")}
    assert planned(client, **copy).rejected[0]["reasons"] == ["今年已有目标，没有覆盖。"]


HEAD = ["年度", "对象类型", "代码/工号", "名称", "目标", "单位", "档次", "全年", "第一季度", "1月"]


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
    number, name = officer.person.staff_number, first_team.name
    client = client_as(hr)

    batch = upload(
        client,
        workbook(
            [YEAR, "团队", "GJ1", name, "签约任务", "个", None, 12, 3, None],
            [YEAR, "团队", "GJ1", name, "签约任务", "个", "加压", 15, None, None],
            [YEAR, "个人", number, "", "签约任务", "个", "基本", "1.5", None, "0.5"],
            [YEAR, "个人", number, "别人", "签约任务", "个", "基本", 2, None, None],
            [2024, "团队", "GJ1", "", "签约任务", "个", "最高", None, None, "一"],
            [YEAR, "团队", "GJ9", "", "招商", "家", "", None, "-3", "三"],
            [YEAR, "团队", "GJ1", "", "签约任务", "个", "", None, None, None],
        ),
    )

    assert not Target.objects.exists()
    assert [(row["name"], row["period"], row["level"], row["new"]) for row in batch.accepted] == [
        (name, "year", "base", "12"),
        (name, "Q1", "base", "3"),
        (name, "year", "stretch", "15"),
        (officer.person.name, "year", "base", "1.5"),
        (officer.person.name, "M01", "base", "0.5"),
    ]
    assert [(row["line"], len(row["reasons"])) for row in batch.rejected] == [(5, 2), (6, 3), (7, 4)]
    said = "".join(batch.rejected[2]["reasons"])
    assert "I7 格（第一季度）“-3”不是有效的数" in said
    assert "J7 格（1月）“三”不是有效的数" in said
    preview = client.get(reverse("kpi:targets-preview", args=[batch.public_id])).content.decode()
    assert "写入 5 项" in preview
    assert "第一季度" in preview
    assert applied(client, batch) == 302
    assert list(Target.objects.order_by("amount").values_list("amount", "period", "level")) == [
        (Decimal("0.5"), "M01", "base"),
        (Decimal("1.5"), "year", "base"),
        (Decimal(3), "Q1", "base"),
        (Decimal(12), "year", "base"),
        (Decimal(15), "year", "stretch"),
    ]
    assert applied(client, batch) == 422
    back = client.get(reverse("kpi:targets-rejected", args=[batch.public_id]))
    sheet = openpyxl.load_workbook(io.BytesIO(back.content)).active
    assert sheet
    assert [cell.value for cell in sheet[1]][:9] == ["行号", "退回原因", *HEAD[:7]]


def test_a_preview_is_not_written_over_a_target_changed_since(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    client = client_as(hr)
    batch = upload(client, workbook([YEAR, "团队", "GJ1", "", "签约任务", "个", "", None, 12, None]))
    put(hr, first_team, Q1="4")

    assert applied(client, batch) == 409
    assert held() == {"Q1": Decimal(4)}
    assert client.post(reverse("kpi:targets-discard", args=[batch.public_id])).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.accepted) == ("discarded", [])


def test_a_table_in_the_older_form_is_refused_with_what_to_do(hr: Account, client_as: SignIn) -> None:
    make_scheme(YEAR)
    old = SimpleUploadedFile("旧.csv", "对象类型,代码/工号,目标,数值\n团队,GJ1,签约任务,3\n".encode())

    response = client_as(hr).post(f"{reverse('kpi:targets-import')}?year={YEAR}", {"file": old})

    assert response.status_code == 422
    assert "缺少列：全年。请用下载的目标表填写。" in response.content.decode()


@pytest.mark.parametrize("reader", ["officer", "leader", "auditor", "administrator"])
@pytest.mark.parametrize("name", ["kpi:targets-import", "kpi:targets-plan"])
def test_many_targets_at_once_are_for_hr_and_managers(
    reader: str, name: str, client_as: SignIn, request: pytest.FixtureRequest
) -> None:
    client = client_as(request.getfixturevalue(reader))

    assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse(name), {**PLAN, "file": workbook()}).status_code == 403
    assert not ImportBatch.objects.exists()


def test_the_downloaded_table_comes_back_unchanged(
    hr: Account, officer: Account, first_team: Team, client_as: SignIn
) -> None:
    make_scheme(YEAR)
    put(hr, first_team, year="4.25", Q3="1", M12="0.0001")
    put(hr, first_team, level="stretch", H1="5")
    client = client_as(hr)
    table = client.get(f"{reverse('kpi:targets-workbook')}?year={YEAR}").content

    batch = upload(client, SimpleUploadedFile("目标.xlsx", table))

    assert {(row["period"], row["level"], row["new"], row["same"]) for row in batch.accepted} == {
        ("year", "base", "4.25", True),
        ("Q3", "base", "1", True),
        ("M12", "base", "0.0001", True),
        ("H1", "stretch", "5", True),
    }
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


def test_the_pages_take_as_many_queries_for_three_as_for_one(
    hr: Account, officer: Account, client_as: SignIn, request: pytest.FixtureRequest
) -> None:
    make_scheme(YEAR)
    client = client_as(hr)
    urls = [grid(), grid("Q1"), f"{reverse('kpi:targets-check')}?year={YEAR}", own(officer)]
    for url in urls:
        client.get(url)

    def counts() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            found.append(len(queries))
        return found

    before = counts()
    for name in ("colleague", "outsider", "leader"):
        put(hr, request.getfixturevalue(name), year="3", Q1="1")
    assert counts() == before
