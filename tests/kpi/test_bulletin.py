"""Bulletins: every figure sums its list, one live a period, issued by a second person, kept as issued, open to the house."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpi.actions import bulletin as actions
from kpi.models import AssessmentYear, Bulletin, Item, Standing
from kpi.queries.bulletin.listing import periods_without
from kpi.queries.bulletin.report import Told, read_report
from kpi.queries.bulletin.words import now_words, opening_words, team_words
from kpi.queries.course import course_of
from projects.models import Achievement
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account, Team
from tests.factories.kpi import make_run, make_scheme
from tests.factories.projects import make_project, make_recognised
from tests.factories.staff import make_team
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
YEAR = 2025
MONTH = "M03"


@pytest.fixture
def facts(officer: Account, outsider: Account, manager: Account) -> None:
    """Signings, money, wins of two teams in this year and the one before; one secret; one only reported."""
    near, far = make_project(officer), make_project(outsider)
    secret = make_project(outsider, is_secret=True, code_name="代号甲")
    days = (date(2025, 3, 5), date(2025, 1, 9), date(2024, 2, 29), date(2025, 4, 1), date(2024, 4, 1))
    for place, day in enumerate(days, start=1):
        money = {"amount": Decimal(place * 10**8), "amount_cny": Decimal(place * 10**8)}
        for project in (near, far):
            kind = "signed" if place < 3 else "fixed_asset"
            if not project.achievements.filter(kind=kind).exists() or kind == "fixed_asset":
                make_recognised(project, officer, manager, kind=kind, happened_on=day, **money)
        make_recognised(
            None, officer, manager, kind="win", person=officer.person, level="city", happened_on=day
        )
    make_recognised(secret, outsider, manager, kind="signed", happened_on=date(2025, 3, 31))
    make_recognised(
        near,
        officer,
        manager,
        kind="paid_in",
        happened_on=date(2025, 3, 2),
        currency="USD",
        exchange_rate=Decimal("7.2"),
        rate_on=date(2025, 3, 2),
        amount=Decimal("1234567.89"),
        amount_cny=Decimal("8888888.88"),
    )
    Achievement.objects.filter(project=far, kind="signed").update(state="submitted")


def draft(actor: Account, period: str = MONTH) -> Bulletin:
    return actions.draft_bulletin(actor=actor, year=YEAR, period=period)


def listed(client: Client, url: str, code: str) -> Decimal:
    """What the list behind a figure totals, in the figure's unit."""
    figures = client.get(url).context["list"].figures
    name = {
        "signed_amount": "recognised_amount",
        "fixed_asset": "recognised_amount",
        "paid_in": "recognised_usd",
    }
    key = f"total_{name[code]}" if code in name else "total_rows"
    return Decimal(figures[key] or 0)


class TestFigures:
    def test_every_total_is_what_its_list_sums_to(
        self, facts: None, hr: Account, auditor: Account, client_as: SignIn
    ) -> None:
        client = client_as(auditor)
        for period in (MONTH, "Q1", "year"):
            report = read_report(draft(hr, period))
            for row in report.totals:
                for told in (row.period, row.year, row.before):
                    assert listed(client, told.url, row.code) == told.value, (period, row.code, told.url)
        assert report.total("signed").year.value == 2
        assert report.total("paid_in").year.value == Decimal("1234567.89")

    def test_a_team_s_signings_are_what_its_list_sums_to_with_its_offices(
        self, officer: Account, manager: Account, hr: Account, first_team: Team, client_as: SignIn
    ) -> None:
        office = make_team(code="LL1", name="驻上海联络处", kind="liaison", parent=first_team)
        for team in (first_team, office):
            project = make_project(officer, team=team)
            make_recognised(project, officer, manager, kind="signed", happened_on=date(2025, 3, 3))
        ranked(first_team)
        [row] = read_report(draft(hr)).teams
        client = client_as(manager)
        assert (row.signed.value, row.signed_amount.value) == (2, Decimal(200_000_000))
        assert listed(client, row.signed.url, "signed") == 2
        assert listed(client, row.signed_amount.url, "signed_amount") == row.signed_amount.value

    def test_what_stands_in_the_way_is_what_its_lists_hold(
        self, facts: None, hr: Account, auditor: Account, client_as: SignIn
    ) -> None:
        client = client_as(auditor)
        for row in read_report(draft(hr)).now:
            assert client.get(row.url).context["list"].total_count == row.value, row

    def test_ranks_move_against_the_last_run_before_the_period(self, hr: Account, first_team: Team) -> None:
        scheme = make_scheme(YEAR)
        before = make_run(scheme, as_of=date(2025, 2, 27))
        make_run(scheme, as_of=date(2025, 2, 20))
        Standing.objects.create(
            run=before, group="teams", team=first_team, subject_name="一队", total=1, rank=5, group_size=5
        )
        run = ranked(first_team, scheme=scheme, as_of=date(2025, 3, 30))
        make_run(scheme, as_of=date(2025, 4, 2))
        report = read_report(draft(hr))
        assert (report.run or {})["id"] == run.public_id
        assert [(row.rank, row.before, row.moved) for row in report.teams] == [(1, 5, 4)]
        assert [(cell.title, cell.progress) for cell in report.teams[0].targets] == [
            ("项目签约", Decimal("1.2"))
        ]

    def test_the_same_figures_give_the_same_sentences(
        self, facts: None, hr: Account, first_team: Team
    ) -> None:
        ranked(first_team)
        report = read_report(draft(hr))
        said = [*opening_words(report), *team_words(report), *now_words(report)]
        assert said == [*opening_words(report), *team_words(report), *now_words(report)]
        assert "3月认定签约项目 2 个、签约认定额 2.00 亿元" in said[0]


def ranked(team: Team, *, scheme: Any = None, as_of: date = date(2025, 3, 31)) -> Any:
    """A whole run in which the team is first and over its target."""
    run = make_run(scheme or make_scheme(YEAR), as_of=as_of)
    one = Standing.objects.create(
        run=run, group="teams", team=team, subject_name=team.name, total=80, rank=1, group_size=1
    )
    Item.objects.create(
        standing=one, position=1, indicator="signing", title="项目签约", status="scored", points=50,
        actual=12, target=10, unit="个", progress=Decimal("1.2"),
    )  # fmt: skip
    return run


class TestCourse:
    def test_draft_edit_issue_withdraw_and_write_again(
        self, facts: None, hr: Account, manager: Account, officer: Account
    ) -> None:
        made = draft(hr)
        made = actions.edit_bulletin(
            actor=hr,
            bulletin=made,
            lead=" 按语 ",
            outlook="",
            sent_to="",
            copied_to="",
            body_name="centre",
            seen=1,
        )
        assert (made.lead, made.body_name, made.version) == ("按语", "centre", 2)
        issued = actions.issue_bulletin(actor=manager, bulletin=made, seen=2)
        assert (issued.state, issued.number, issued.issued_by) == ("issued", 1, manager)
        assert Notice.objects.filter(recipient=officer).count() == 1
        gone = actions.withdraw_bulletin(actor=hr, bulletin=issued, reason="漏计一项")
        assert (gone.state, gone.reason, gone.number) == ("withdrawn", "漏计一项", 1)
        again = actions.issue_bulletin(actor=manager, bulletin=draft(hr))
        assert again.number == 2
        verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
        assert verbs == [
            f"bulletin.{verb}" for verb in ("draft", "edit", "issue", "withdraw", "draft", "issue")
        ]

    def test_what_was_issued_stays_when_facts_change_and_the_page_says_so(
        self, facts: None, hr: Account, manager: Account, client_as: SignIn
    ) -> None:
        issued = actions.issue_bulletin(actor=manager, bulletin=draft(hr))
        Achievement.objects.filter(kind="signed").update(state="submitted")
        page = client_as(manager).get(f"/year/bulletins/{issued.public_id}/")
        assert read_report(Bulletin.objects.get()).total("signed").period.value == 2
        assert page.context["changed"][0][1:] == ("2", "0")

    def test_refreshing_takes_the_figures_anew_and_keeps_the_words(self, facts: None, hr: Account) -> None:
        made = draft(hr)
        words = {"lead": "按语", "outlook": "下步", "sent_to": "", "copied_to": "", "body_name": "bureau"}
        actions.edit_bulletin(actor=hr, bulletin=made, **words)
        Achievement.objects.filter(kind="signed").update(state="submitted")
        found = actions.refresh_bulletin(actor=hr, bulletin=made)
        assert (found.lead, read_report(found).total("signed").period.value) == ("按语", 0)

    def test_refusals(self, hr: Account, manager: Account, officer: Account, auditor: Account) -> None:
        made = draft(hr)
        with pytest.raises(Refused, match="拟稿人不能签发自己的通报"):
            actions.issue_bulletin(actor=hr, bulletin=made)
        with pytest.raises(Conflict, match="已有通报"):
            draft(manager)
        with pytest.raises(Conflict, match="没有保存也没有丢失"):
            actions.issue_bulletin(actor=manager, bulletin=made, seen=9)
        with pytest.raises(NotFound):
            actions.issue_bulletin(actor=officer, bulletin=made)
        with pytest.raises(NotAllowed):
            actions.issue_bulletin(actor=auditor, bulletin=made)
        with pytest.raises(NotAllowed):
            draft(officer, "M04")
        with pytest.raises(Conflict, match="不能撤回"):
            actions.withdraw_bulletin(actor=manager, bulletin=made, reason="错")
        with pytest.raises(Refused, match="还没有开始"):
            actions.draft_bulletin(actor=hr, year=timezone.localdate().year + 1, period="M01")
        issued = actions.issue_bulletin(actor=manager, bulletin=made)
        with pytest.raises(Conflict, match="不再修改"):
            actions.refresh_bulletin(actor=hr, bulletin=issued)
        with pytest.raises(Refused, match="请写明撤回的理由"):
            actions.withdraw_bulletin(actor=hr, bulletin=issued, reason=" ")

    def test_a_draft_is_put_away(self, hr: Account) -> None:
        actions.discard_bulletin(actor=hr, bulletin=draft(hr))
        assert not Bulletin.objects.exists()
        assert draft(hr).number is None

    def test_the_month_that_is_over_is_offered_first(self, hr: Account) -> None:
        assert [code for code, _label in periods_without(YEAR, date(2025, 4, 10))][:4] == [
            "M03",
            "Q1",
            "M02",
            "M01",
        ]
        draft(hr)
        assert "M03" not in dict(periods_without(YEAR, date(2025, 4, 10)))


class TestWhoReads:
    def test_drafts_are_for_writers_and_auditors_and_what_was_issued_for_the_house(
        self, hr: Account, manager: Account, officer: Account, auditor: Account, client_as: SignIn
    ) -> None:
        made = draft(hr)
        url = f"/year/bulletins/{made.public_id}/"
        answers = {one.role: client_as(one).get(url).status_code for one in (hr, manager, officer, auditor)}
        assert answers == {"hr": 200, "manager": 200, "officer": 404, "auditor": 200}
        actions.issue_bulletin(actor=manager, bulletin=made)
        assert client_as(officer).get(url).status_code == 200

    def test_pages_cost_the_same_with_one_and_with_three_rows(
        self, facts: None, hr: Account, officer: Account, manager: Account, client_as: SignIn
    ) -> None:
        client, counted = client_as(officer), []
        for period in ("M01", "M02", "M03"):
            made = actions.issue_bulletin(actor=manager, bulletin=draft(hr, period))
            if period != "M02":
                counted.append(
                    [
                        queries(client, "/year/bulletins/"),
                        queries(client, f"/year/bulletins/{made.public_id}/"),
                    ]
                )
        assert counted[0] == counted[1]

    def test_taking_costs_the_same_with_one_and_with_three_teams(
        self, hr: Account, first_team: Team, second_team: Team
    ) -> None:
        run = ranked(first_team)
        with CaptureQueriesContext(connection) as one:
            actions.discard_bulletin(actor=hr, bulletin=draft(hr))
        for place, team in enumerate((second_team, make_team()), start=2):
            Standing.objects.create(
                run=run, group="teams", team=team, subject_name=team.name, total=1, rank=place, group_size=3
            )
        with CaptureQueriesContext(connection) as three:
            actions.discard_bulletin(actor=hr, bulletin=draft(hr))
        assert len(one) == len(three)


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


class TestPages:
    def test_one_click_drafts_and_another_person_issues(
        self, hr: Account, manager: Account, client_as: SignIn
    ) -> None:
        writer, issuer = client_as(hr), client_as(manager)
        opened = writer.post("/year/bulletins/start/", {"period": f"{YEAR}:{MONTH}"})
        url = opened["Location"]
        assert "等另一位同事签发" in writer.get(url).text
        saved = writer.post(
            f"{url}edit/",
            {
                "lead": "稳中有进",
                "outlook": "",
                "sent_to": "",
                "copied_to": "",
                "body_name": "bureau",
                "version": 1,
            },
        )
        assert (saved.status_code, saved["Location"]) == (302, url)
        issuer.post(f"{url}issue/", {"version": 2})
        page = issuer.get(url)
        assert "稳中有进" in page.text
        assert "第 1 期" in page.text

    def test_what_was_typed_stays_when_somebody_was_faster(self, hr: Account, client_as: SignIn) -> None:
        made = draft(hr)
        actions.refresh_bulletin(actor=hr, bulletin=made)
        typed = {
            "lead": "写了很久",
            "outlook": "",
            "sent_to": "",
            "copied_to": "",
            "body_name": "bureau",
            "version": 1,
        }
        answer = client_as(hr).post(f"/year/bulletins/{made.public_id}/edit/", typed)
        assert (answer.status_code, "写了很久" in answer.text) == (422, True)

    def test_a_period_that_is_taken_is_told_where_it_was_asked(self, hr: Account, client_as: SignIn) -> None:
        draft(hr)
        answer = client_as(hr).post("/year/bulletins/start/", {"period": f"{YEAR}:{MONTH}"})
        assert (answer.status_code, "已有通报" in answer.text) == (422, True)

    def test_nothing_is_said_in_a_year_without_bulletins(self, officer: Account, client_as: SignIn) -> None:
        assert "还没有通报" in client_as(officer).get("/year/bulletins/").text

    def test_the_step_of_the_year(self, hr: Account, manager: Account) -> None:
        def step() -> str:
            return str(next(one.progress for one in course_of(hr, YEAR) if one.code == "bulletins"))

        assert step() == "ahead"
        for month in range(1, 13):
            actions.issue_bulletin(actor=manager, bulletin=draft(hr, f"M{month:02}"))
            assert step() == ("done" if month == 12 else "open")


class TestApi:
    def test_the_whole_way(self, facts: None, hr: Account, manager: Account, client_as: SignIn) -> None:
        writer, issuer = client_as(hr), client_as(manager)
        made = writer.post(
            "/api/bulletins/", {"year": YEAR, "period": MONTH}, content_type="application/json"
        )
        assert (made.status_code, made.json()["state"]) == (201, "draft")
        own = f"/api/bulletins/{made.json()['id']}"
        assert made.json()["figures"]["totals"][0]["period"]["value"] == "2"
        edited = writer.post(
            f"{own}/edit/", {"lead": "按语", "body_name": "bureau"}, content_type="application/json"
        )
        assert edited.json()["lead"] == "按语"
        assert writer.post(f"{own}/refresh/", {}, content_type="application/json").status_code == 200
        assert writer.post(f"{own}/issue/", {}, content_type="application/json").status_code == 422
        assert issuer.post(f"{own}/issue/", {}, content_type="application/json").json()["number"] == 1
        taken = issuer.post(f"{own}/withdraw/", {"reason": "更正"}, content_type="application/json")
        assert taken.json()["state"] == "withdrawn"
        assert [row["number"] for row in issuer.get("/api/bulletins/?state=withdrawn").json()["results"]] == [
            1
        ]

    def test_drafts_are_not_for_everybody(self, hr: Account, officer: Account, client_as: SignIn) -> None:
        made = draft(hr)
        client = client_as(officer)
        assert client.get("/api/bulletins/").json()["results"] == []
        assert client.get(f"/api/bulletins/{made.public_id}/").status_code == 404


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_draft_one_period(self, hr: Account, manager: Account) -> None:
        said = at_once(lambda: draft(hr), lambda: draft(manager))
        assert sorted(said) == ["Conflict", "done"]
        assert Bulletin.objects.count() == 1

    def test_two_issue_two_bulletins_under_two_numbers(
        self, hr: Account, manager: Account, deputy: Account
    ) -> None:
        AssessmentYear.objects.create(year=YEAR)
        first, second = draft(hr, "M01"), draft(hr, "M02")
        said = at_once(
            lambda: actions.issue_bulletin(actor=manager, bulletin=first),
            lambda: actions.issue_bulletin(actor=deputy, bulletin=second),
        )
        assert said == ["done", "done"]
        assert sorted(Bulletin.objects.values_list("number", flat=True)) == [1, 2]

    def test_one_withdraws_twice(self, hr: Account, manager: Account) -> None:
        issued = actions.issue_bulletin(actor=manager, bulletin=draft(hr))
        said = at_once(
            *(
                lambda one=one: actions.withdraw_bulletin(actor=one, bulletin=issued, reason="错")
                for one in (hr, manager)
            )
        )
        assert sorted(said) == ["Conflict", "done"]


def test_a_told_figure_is_shown_in_its_unit(facts: None, hr: Account) -> None:
    told = read_report(draft(hr)).total("paid_in").period
    assert isinstance(told, Told)
    assert told.text == "123.46"
