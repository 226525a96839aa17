"""Papers and money of the demo: typed and replaced papers, one that is missing, yen, a partial recognition, an alarm of each kind."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from projects import actions
from projects.access import achievements_visible_to, projects_visible_to
from projects.demo.papers import paper
from projects.demo.world import World
from projects.models import Achievement, Project
from projects.workflow import Stage
from promotion.errors import Refused
from promotion.money import WAN, YI
from staff.models import Account

PLACE = "江阴高新区长山大道 18 号科创大厦 9 层"
CONTROLLER = "顾振海（演示）"


def tell(world: World) -> str:
    """Go through the doors that officers and managers use."""
    officer, manager, deputy = (world.accounts[key] for key in ("officer", "manager", "deputy"))
    foreign = _projects(manager, Stage.REGISTERED, foreign=True)
    told = 0
    if foreign:
        told += _receipts(foreign[0], world.today, deputy)
    own = projects_visible_to(officer).filter(owner=officer.person).exclude(status="lost")
    for project in own.filter(capital_source__in=("foreign", "mixed"), stage__in=BEYOND).order_by("pk")[:1]:
        told += _missing_report(project, officer, world.today)
    told += _announced(_projects(manager, Stage.STARTED)[:6], deputy)
    told += _editions(manager)
    told += _padding(world, manager)
    return f"{told} papers and alarms"


BEYOND = (Stage.REGISTERED, Stage.STARTED, Stage.COMPLETED, Stage.PRODUCED)


def _projects(actor: Account, stage: Stage, *, foreign: bool = False) -> list[Project]:
    found = projects_visible_to(actor).filter(stage=stage, status="active", is_demo=True)
    if foreign:
        found = found.filter(capital_source__in=("foreign", "mixed"))
    return list(found.select_related("owner__account", "company").order_by("pk")[:12])


def _file(title: str, number: int, on: date, part: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(title, paper("demo", number, on, part), "application/pdf")


def _receipts(project: Project, today: date, manager: Account) -> int:
    """Yen from Osaka, recognised in part because the report says less than the transfer."""
    day = max(today - timedelta(9), project.reported_on)
    made = actions.report_achievement(
        actor=project.owner.account,
        kind="paid_in",
        project=project,
        happened_on=day,
        amount=Decimal(86_000) * WAN,
        currency="JPY",
        exchange_rate=Decimal("0.0478"),
        usd_rate=Decimal("7.1185"),
        rate_on=day,
        certificate=f"FDI-{day:%Y%m}-JP01",
        source="大阪株式会社出资，验资报告",
        title="日元出资",
        evidence=[
            _file("验资报告.pdf", project.pk, day, 31),
            _file("业务登记凭证.pdf", project.pk, day, 32),
            _sheet(),
        ],
        evidence_types=["capital_proof", "exchange_registration", "bank_advice"],
    )
    actions.recognise_achievement(
        actor=manager,
        achievement=made,
        recognised_amount=Decimal(80_000) * WAN,
        note="验资报告只认 8 亿日元，其余为股东借款，不计到账",
    )
    return 1


def _sheet() -> SimpleUploadedFile:
    """A bank's list of transfers, for the preview of a workbook."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.title = "进账明细"
    sheet.append(["日期", "付款方", "币种", "金额", "用途"])
    for place in range(1, 13):
        sheet.append([f"2026-{place:02}-10", "大阪株式会社（演示）", "JPY", place * 7_000_000, "资本金"])
    book.save(stream)
    return SimpleUploadedFile("银行进账单.xlsx", stream.getvalue())


def _missing_report(project: Project, officer: Account, today: date) -> int:
    """Reported with the bank's advice only: the report of the auditor is still missing."""
    day = max(today - timedelta(4), project.reported_on)
    actions.report_achievement(
        actor=officer,
        kind="paid_in",
        project=project,
        happened_on=day,
        amount=Decimal(300) * WAN,
        currency="USD",
        exchange_rate=Decimal("7.1203"),
        rate_on=day,
        certificate=f"FDI-{day:%Y%m}-US07",
        source="银行入账通知",
        title="第 3 笔外资",
        evidence=[
            _file("业务登记凭证.pdf", project.pk, day, 33),
            _file("银行进账单.pdf", project.pk, day, 34),
        ],
        evidence_types=["exchange_registration", "bank_advice"],
    )
    return 1


def _announced(projects: list[Project], manager: Account) -> int:
    """What was published, with the day and where; the newest replaces what was said before."""
    for place, project in enumerate(projects):
        day = project.reported_on + timedelta(40)
        made = actions.report_achievement(
            actor=project.owner.account,
            kind="announced",
            project=project,
            happened_on=day,
            amount=project.planned_investment or YI,
            source=f"江阴日报 {day:%Y-%m-%d} 头版（演示）",
            evidence=[_file("签约报道.pdf", project.pk, day, 41)],
            evidence_types=["announcement"],
        )
        if place:
            actions.recognise_achievement(actor=manager, achievement=made)
    return len(projects)


def _editions(manager: Account) -> int:
    """A licence whose first scan lacked the seal, and a photo from the site."""
    waiting = _waiting(manager, "registered")
    for made in waiting[:1]:
        account = made.submitted_by
        old = made.documents.order_by("pk").first()
        if old is None:
            return 0
        actions.replace_document(
            actor=account,
            document=old,
            upload=_file("营业执照（盖章）.pdf", made.pk, made.happened_on, 51),
            reason="首次上传的扫描件缺公章",
        )
        actions.attach_document(actor=account, achievement=made, upload=_photo(), document_type="site_photo")
    return len(waiting[:1])


def _photo() -> SimpleUploadedFile:
    """A drawn picture in the place of a photo."""
    image = Image.new("RGB", (1280, 860), "#c9d8de")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 1280, 860), fill="#a8a393")
    for place in range(6):
        left = 120 + place * 180
        draw.rectangle(
            (left, 300 - place % 3 * 40, left + 140, 600), fill="#7f8f98", outline="#4c5a63", width=4
        )
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return SimpleUploadedFile("现场照片.jpg", stream.getvalue())


def _waiting(manager: Account, kind: str) -> list[Achievement]:
    found = achievements_visible_to(manager).filter(kind=kind, state="submitted", project__isnull=False)
    return list(found.select_related("project__company", "submitted_by").order_by("-happened_on", "pk")[:6])


def _padding(world: World, manager: Account) -> int:
    """What the alarms are for: one controller and one address twice, a slip of units, one paper twice, a year's end."""
    told = 0
    signings = _waiting(manager, "signed")
    if len(signings) >= 2:
        first, second = signings[0], signings[1]
        for made in (first, second):
            company = made.project.company  # type: ignore[union-attr]
            actions.change_company(
                actor=manager, company=company, seen=company.version, controller=CONTROLLER, address=PLACE
            )
            actions.attach_document(
                actor=made.submitted_by,
                achievement=made,
                upload=_file("投资意向书.pdf", 0, world.today, 61),
                document_type="contract",
            )
        told += 3
    ordinary = [one for one in _projects(manager, Stage.ADMISSION) if one.project_class == "ordinary"]
    told += any(_signed_too_small(project, world.today) for project in ordinary)
    for project in _projects(manager, Stage.PRODUCED)[:1]:
        for day in (27, 29, 30):
            when = date(world.today.year - 1, 12, day)
            if when >= project.reported_on:
                actions.report_achievement(
                    actor=project.owner.account,
                    kind="tax",
                    project=project,
                    happened_on=when,
                    amount=Decimal(day) * WAN,
                    evidence=[_file("完税证明.pdf", project.pk, when, 63)],
                )
        told += 1
    return told


def _signed_too_small(project: Project, today: date) -> bool:
    """A slip of units, 80 万 where 8 000 万 was meant; whether the gates of the project let it be signed."""
    try:
        actions.advance_project(
            actor=project.owner.account,
            project=project,
            to="signed",
            milestone={
                "happened_on": today,
                "amount": Decimal(80) * WAN,
                "evidence": [_file("投资协议.pdf", project.pk, today, 62)],
            },
        )
    except Refused:
        return False
    return True
