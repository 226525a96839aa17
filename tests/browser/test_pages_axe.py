"""Every page, wide and narrow: nothing that a screen reader stumbles over, nothing that has to be pushed sideways."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kpi.actions import draft_scheme, rehearse_scheme
from kpi.models import Item, Run, SchemeVersion, Standing
from projects.actions import log_lead, raise_blocker, report_achievement, return_achievement, write_follow_up
from projects.actions.bulk import change_in_bulk
from projects.actions.company import change_company
from projects.actions.company_name import add_alias
from projects.actions.contact import add_contact, assign_contact_role
from projects.actions.drive import start_drive
from projects.actions.drive_lines import Target, report_on_line
from projects.actions.joint_review import open_joint_review
from projects.actions.opinion_link import issue_opinion_link
from projects.models import (
    Achievement,
    Blocker,
    CompanyGroup,
    Document,
    Drive,
    DuplicatePair,
    DuplicateScan,
    JointReview,
    Project,
)
from promotion.actions import save_view
from promotion.models import ImportBatch, Notice
from promotion.web.tables import Table, TableRow
from staff.actions import keep_roster_import
from staff.imports import HEADINGS, read_roster
from staff.models import Account, Team
from tests.factories.departments import make_contact, make_department
from tests.factories.projects import make_company
from tests.factories.sites import make_plant, make_plot, make_promise, make_reservation
from tests.factories.stories import (
    a_paper,
    days_ago,
    give_targets,
    publish_year,
    recalculate,
    recognised_signing,
    signed_project,
)

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


@pytest.fixture
def house(
    hr: Account,
    manager: Account,
    leader: Account,
    officer: Account,
    outsider: Account,
    first_team: Team,
    second_team: Team,
) -> dict[str, Account]:
    """A little of everything that the pages can show, long names included."""
    publish_year(hr, manager)
    give_targets(hr, (officer, 2), (leader, 1), (outsider, 1), (first_team, 3), (second_team, 1))
    signed = recognised_signing(
        officer, manager, "长三角智能网联汽车测试与示范运营总部基地一期", amount=350_000_000
    )
    recognised_signing(outsider, manager, "二号芯片", industry="integrated_circuits")
    recalculate()
    recognised_signing(officer, manager, "四号药厂", industry="biomedicine")
    recalculate()
    waiting = signed_project(officer, "三号叶片")
    returned = signed_project(leader, "五号园区")
    return_achievement(actor=manager, achievement=returned.achievements.get(), reason="缺附件二，请补。")
    assert signed.project
    work_on(officer, signed.project, waiting)
    row = {"工号": "ZS901", "姓名": "陆知远", "入职日期": "2025-06-01"}
    preview = read_roster(hr, Table(list(HEADINGS), [TableRow(2, row), TableRow(3, {**row, "姓名": ""})]))
    keep_roster_import(actor=hr, file_name="名册.xlsx", accepted=preview.accepted, rejected=preview.rejected)
    return {"hr": hr, "manager": manager, "leader": leader, "officer": officer, "outsider": outsider}


def work_on(officer: Account, signed: Project, waiting: Project) -> None:
    """Money in dollars, a follow-up with a file, and leads at hand."""
    report_achievement(
        actor=officer,
        kind="paid_in",
        project=signed,
        happened_on=days_ago(5),
        amount=Decimal(3_000_000),
        currency="USD",
        exchange_rate=Decimal("7.1203"),
        rate_on=days_ago(5),
        certificate="FX-0098",
        evidence=[a_paper("回单.pdf")],
    )
    write_follow_up(
        actor=officer,
        project=waiting,
        kind="visit",
        text="看了两处地块，对配套条件表示认可。",
        next_step="送环评清单",
        next_step_on=timezone.localdate() + timedelta(days=3),
        files=[a_paper("纪要.pdf")],
    )
    name_companies(officer, signed)
    department = make_department()
    raise_blocker(
        actor=officer,
        project=signed,
        department=department,
        contact=make_contact(department),
        title="110kV 外线接入方案未批",
        text="主变已订货，请明确批复时间。",
    )
    open_joint_review(
        actor=officer, project=signed, subject="供地、用能和环评路径一次会签", departments=[department]
    )
    for name in ("储能电站", "氢能重卡"):
        log_lead(
            actor=officer, name=name, company_name=f"演示{name}有限公司", channel="fund", next_step="首次联系"
        )


def name_companies(officer: Account, signed: Project) -> None:
    """A group, a former name, somebody who decides, and a company written twice."""
    change_company(actor=officer, company=signed.company, group="演示控股集团")
    add_alias(actor=officer, company=signed.company, name="演示曾用名称", kind="former")
    contact = add_contact(actor=officer, company=signed.company, name="王五", phone="13800000000")
    assign_contact_role(actor=officer, project=signed, contact=contact, part="decides")
    pair = [make_company(officer, name=f"演示重复企业{ending}") for ending in ("", "公司")]
    scan = DuplicateScan.objects.create(state="done", finished_at=timezone.now())
    DuplicatePair.objects.create(
        first=pair[0], second=pair[1], score=70, reasons=[{"sign": "core", "text": "演示重复企业"}], scan=scan
    )


def rehearsal_of(hr: Account) -> str:
    """The address of a rehearsal that is kept."""
    scheme = SchemeVersion.objects.get(state="published")
    rehearse_scheme(actor=hr, scheme=scheme, years=[scheme.year])
    return f"/score/rehearsal/?scheme={scheme.public_id}&years={scheme.year}"


def a_drive(manager: Account, project: Project) -> Drive:
    """A running drive over one project with a report."""
    today = timezone.localdate()
    drive = start_drive(
        actor=manager, name="重点项目百日攻坚", leader=project.owner, starts_on=today,
        ends_on=today + timedelta(90), projects=[project], target=Target(today + timedelta(60), text="厂房交付"),
    )  # fmt: skip
    report_on_line(actor=manager, line=drive.lines.get(), done="主体封顶", issue="外线未批", progress=40)
    return drive


def list_pages(manager: Account, officer: Account, signed: Project) -> dict[str, tuple[Account | None, str]]:
    """What became of a bulk change, a view that is changed, and who sees a project."""
    change = change_in_bulk(actor=officer, projects=[signed], what="park", values={"park": "main"})
    view = save_view(
        actor=manager, name="停滞的", url_name="projects:list", query="stalled=1", audience="everyone"
    )
    return {
        "bulk change": (officer, f"/projects/bulk/{change.public_id}/"),
        "changing a view": (manager, f"/views/{view.pk}/"),
        "who sees a project": (officer, f"/projects/{signed.public_id}/sight/"),
        "naming readers": (manager, f"/projects/{signed.public_id}/sight/"),
        "making a project secret": (manager, f"/projects/{signed.public_id}/secret/"),
    }


def scheme_pages(hr: Account) -> dict[str, tuple[Account | None, str]]:
    """A draft with what is around it: its text, the kinds of indicator, a form of one and the text of another."""
    published = SchemeVersion.objects.get()
    draft = draft_scheme(actor=hr, year=published.year, text=published.text)
    url = f"/score/schemes/{draft.public_id}"
    return {
        "scheme": (hr, f"/score/schemes/{published.public_id}/"),
        "draft of a scheme": (hr, f"{url}/"),
        "text of a draft": (hr, f"{url}/source/"),
        "basics of a draft": (hr, f"{url}/basics/"),
        "beginning a draft": (hr, "/score/schemes/new/"),
        "kinds of indicator": (hr, f"{url}/add/"),
        "new tiers": (hr, f"{url}/add/?kind=tiers"),
        "new pieces": (hr, f"{url}/add/?kind=mixed"),
        "indicator as text": (hr, f"{url}/add/?kind=source"),
        "indicator": (hr, f"{url}/indicators/signing/"),
    }


def pages(house: dict[str, Account]) -> dict[str, tuple[Account | None, str]]:
    """Who opens what, by the name of the page."""
    manager, officer, hr = house["manager"], house["officer"], house["hr"]
    signed = Project.objects.get(name__startswith="长三角")
    waiting = Achievement.objects.get(project__name="三号叶片")
    returned = Achievement.objects.get(state="returned")
    blocker = Blocker.objects.latest("pk")
    own = Standing.objects.filter(person=officer.person).latest("pk")
    item = Item.objects.filter(standing=own, indicator="signing").get()
    assert officer.person
    team = officer.person.appointments.get().team
    other = waiting.project.company  # type: ignore[union-attr]
    plot, plant = make_plot(manager), make_plant(manager)
    kept = make_reservation(signed, plot, officer)
    promise = make_promise(signed, officer)
    review = JointReview.objects.get()
    said = review.opinions.get()
    contact = said.department.contacts.get()
    _link, key = issue_opinion_link(actor=officer, review=review, department=said.department, contact=contact)
    drive = a_drive(manager, signed)
    return {
        "sign-in": (None, "/sign-in/"),
        "workbench": (officer, "/"),
        "workbench of a manager": (manager, "/"),
        "board": (officer, "/projects/"),
        "list": (manager, "/projects/list/"),
        "record": (officer, f"/projects/{signed.public_id}/"),
        "money of a record": (officer, f"/projects/{signed.public_id}/?tab=money"),
        "preview of a paper": (
            officer,
            f"/documents/{Document.objects.filter(achievement=waiting).get().public_id}/preview/",
        ),
        "fulfilment": (manager, "/supervision/fulfilment/"),
        "fulfilment by project": (manager, "/supervision/fulfilment/projects/"),
        "evidence checklist": (hr, "/supervision/evidence/"),
        "new requirement": (hr, "/supervision/evidence/new/"),
        "timeline": (officer, f"/projects/{waiting.project.public_id}/?tab=timeline"),  # type: ignore[union-attr]
        "team and shares": (manager, f"/projects/{signed.public_id}/?tab=team"),
        "history": (manager, f"/projects/{signed.public_id}/?tab=history"),
        "points of a project": (manager, f"/projects/{signed.public_id}/?tab=score"),
        "shares": (manager, f"/projects/{signed.public_id}/shares/"),
        "service plan": (officer, f"/projects/{signed.public_id}/?tab=service"),
        "service tasks": (officer, "/projects/tasks/"),
        "key projects": (manager, "/key-projects/"),
        "plan templates": (manager, "/service-templates/"),
        "plan template": (manager, "/service-templates/major/lead/"),
        "handovers": (manager, "/handovers/"),
        "handover wizard": (manager, f"/people/{officer.person.public_id}/hand-over/"),
        "move": (officer, f"/projects/{signed.public_id}/advance/"),
        "edit": (officer, f"/projects/{signed.public_id}/edit/"),
        "map of parks": (officer, "/projects/map/"),
        "map of homes": (officer, "/projects/map/homes/"),
        "plots": (manager, "/sites/"),
        "plants": (officer, "/sites/plants/"),
        "plot": (manager, f"/sites/plots/{plot.public_id}/"),
        "plant": (officer, f"/sites/plants/{plant.public_id}/"),
        "plot form": (manager, f"/sites/plots/{plot.public_id}/edit/"),
        "matching": (officer, f"/sites/match/?area=10&project={signed.public_id}"),
        "reservations": (manager, "/sites/reservations/"),
        "reservation": (manager, f"/sites/reservations/{kept.public_id}/"),
        "asking for a place": (officer, f"/projects/{signed.public_id}/reserve/"),
        "promises of a project": (officer, f"/projects/{signed.public_id}/?tab=promises"),
        "promises": (manager, "/promises/"),
        "rates of promises": (manager, "/promises/rates/"),
        "promise": (manager, f"/promises/{promise.public_id}/"),
        "promise form": (officer, f"/projects/{signed.public_id}/promises/new/"),
        "lead form": (manager, "/leads/new/"),
        "achievement form": (officer, f"/projects/{signed.public_id}/achievements/new/?kind=paid_in"),
        "achievement": (manager, f"/achievements/{waiting.public_id}/"),
        "returned achievement": (house["leader"], f"/achievements/{returned.public_id}/"),
        "recognition": (manager, f"/achievements/{waiting.public_id}/recognition/"),
        "recognition queue": (manager, "/recognitions/"),
        "ledger of achievements": (manager, "/achievements/"),
        "company list": (manager, "/companies/"),
        "drives": (manager, "/drives/"),
        "drive": (manager, f"/drives/{drive.public_id}/"),
        "new drive": (manager, "/drives/new/"),
        "change of a drive": (manager, f"/drives/{drive.public_id}/change/"),
        "projects of a drive": (manager, f"/drives/{drive.public_id}/projects/"),
        "report in a drive": (
            officer,
            f"/drives/{drive.public_id}/projects/{drive.lines.get().pk}/report/",
        ),
        "project into a drive": (manager, f"/projects/{waiting.project.public_id}/drive/"),  # type: ignore[union-attr]
        "blockers": (officer, "/blockers/"),
        "blockers by department": (manager, "/blockers/departments/"),
        "limits of blockers": (manager, "/blockers/limits/"),
        "blocker": (officer, f"/blockers/{blocker.public_id}/"),
        "specialists of a project": (officer, f"/projects/{signed.public_id}/?tab=specialists"),
        "new specialist": (officer, f"/projects/{signed.public_id}/specialists/new/"),
        "blockers of a project": (officer, f"/projects/{signed.public_id}/?tab=blockers"),
        "new blocker": (officer, f"/projects/{signed.public_id}/blockers/new/"),
        "link for a department": (officer, f"/blockers/{blocker.public_id}/link/"),
        "joint reviews": (manager, "/reviews/"),
        "joint review": (officer, f"/reviews/{review.public_id}/"),
        "joint reviews of a project": (officer, f"/projects/{signed.public_id}/?tab=reviews"),
        "new joint review": (officer, f"/projects/{waiting.project.public_id}/reviews/new/"),  # type: ignore[union-attr]
        "opinion in a review": (officer, f"/reviews/{review.public_id}/opinions/{said.pk}/"),
        "link for an opinion": (officer, f"/reviews/{review.public_id}/opinions/{said.pk}/link/"),
        "opinion by a link": (None, f"/answer/{key}/"),
        "deciding a review": (manager, f"/reviews/{review.public_id}/decide/"),
        "first receptions": (manager, "/receptions/"),
        "public pool": (officer, "/receptions/pool/"),
        "protection rules": (manager, "/receptions/rules/"),
        "arbitrations": (manager, "/arbitrations/"),
        "company": (officer, f"/companies/{signed.company.public_id}/"),
        "company edit": (officer, f"/companies/{signed.company.public_id}/edit/"),
        "company alias": (officer, f"/companies/{signed.company.public_id}/aliases/new/"),
        "company merge": (manager, f"/companies/{signed.company.public_id}/merge/?with={other.public_id}"),
        "company merge choice": (manager, f"/companies/{signed.company.public_id}/merge/?q=演示"),
        "contacts of a project": (officer, f"/projects/{signed.public_id}/contacts/"),
        "groups": (manager, "/groups/"),
        "group": (manager, f"/groups/{CompanyGroup.objects.get().public_id}/"),
        "duplicates": (manager, "/duplicates/"),
        "duplicate": (manager, f"/duplicates/{DuplicatePair.objects.latest('pk').public_id}/"),
        "channels": (manager, "/channels/"),
        "teams": (hr, "/teams/"),
        "team": (hr, f"/teams/{team.public_id}/"),
        "people": (hr, "/teams/people/"),
        "person": (hr, f"/teams/people/{officer.person.public_id}/"),
        "roster import": (hr, "/teams/roster/"),
        "roster preview": (hr, f"/teams/roster/{ImportBatch.objects.get().public_id}/"),
        "score": (officer, "/score/"),
        "what if": (officer, f"/score/what-if/?step=a.{waiting.public_id}"),
        "rehearsal": (hr, rehearsal_of(hr)),
        "last night's changes": (hr, "/score/changes/"),
        "ranks over the year": (officer, f"/score/standings/{own.pk}/history/"),
        "explanation": (officer, f"/score/items/{item.pk}/"),
        "ranking of teams": (officer, "/score/ranking/?group=teams"),
        "ranking of officers": (manager, "/score/ranking/?group=officers"),
        "dashboard": (manager, "/dashboard/?team=all"),
        "dashboard of a team": (manager, f"/dashboard/?team={team.public_id}"),
        "cockpit": (manager, "/dashboard/cockpit/"),
        "runs": (hr, "/runs/"),
        "run": (hr, f"/runs/{Run.objects.latest('pk').public_id}/"),
        "schemes": (hr, "/score/schemes/"),
        **scheme_pages(hr),
        "targets": (hr, "/score/targets/"),
        "audit": (manager, "/audit/"),
        "notices": (officer, "/notices/"),
        "profile": (officer, "/profile/"),
        "search": (manager, "/search/?q=电"),
        "working calendar": (hr, "/working-days/"),
        "clocks": (manager, "/supervision/clocks/"),
        "rules": (manager, "/supervision/rules/"),
        "gates": (manager, "/supervision/gates/"),
        "gate asked for": (manager, "/supervision/gates/requirement/new/"),
        "admissions": (manager, "/admissions/"),
        "diligences": (manager, "/diligences/"),
        "saved views": (manager, "/views/"),
        **list_pages(manager, officer, signed),
        "ageing rules": (manager, "/supervision/ageing/"),
        "clock rules": (manager, "/supervision/clocks/rules/"),
        "reminders": (officer, "/profile/reminders/"),
        "finishing a step": (officer, f"/projects/{waiting.project.public_id}/next-step/finish/"),  # type: ignore[union-attr]
        "not found": (officer, "/projects/nothing/"),
    }


MAIN = "sign-in,workbench,board,list,record,lead form,recognition,score,explanation,ranking of teams,dashboard,run,roster preview"


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "light"), ("desktop", "dark")])
def test_pages_are_accessible_and_fit(
    visit: Visit, axe: Callable[[Page], list[str]], house: dict[str, Account], size: str, theme: str
) -> None:
    assert Notice.objects.filter(recipient=house["officer"]).exists()
    faults: dict[str, Any] = {}
    opened: dict[Any, Page] = {}
    for name, (account, path) in pages(house).items():
        if theme == "dark" and name not in MAIN.split(","):
            continue
        if account not in opened:
            opened[account] = visit(account, path, size=size)
            opened[account].context.add_cookies(
                [{"name": "theme", "value": theme, "url": opened[account].url}]
            )
        page = opened[account]
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        expect(page.locator("h1, .dialog-title").first).to_be_visible()
        wait_for_parts(page)
        found = axe(page)
        if (wider := page.evaluate("document.documentElement.scrollWidth - window.innerWidth")) > 0:
            found.append(f"{wider} px too wide")
        if found:
            faults[name] = found
    assert faults == {}


def wait_for_parts(page: Page) -> None:
    """Until the slots are filled and the charts are drawn."""
    expect(page.locator(".htmx-request")).to_have_count(0)
    for chart in page.locator("[data-chart]").all():
        expect(chart.locator("canvas")).to_be_visible()
