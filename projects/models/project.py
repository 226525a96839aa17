"""A lead becomes a project and stays the same record until production."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.kept import PROJECT_COMPANY_NAMES, REPEATED, STAYED
from projects.models.naming import Named
from projects.models.sight import PROJECT_SIGHT, PROJECT_VERIFIED
from projects.models.tally import PROJECT_TALLY
from projects.workflow import Stage, Status
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class Industry(models.TextChoices):
    """The zone's industries (产业)."""

    NEW_ENERGY = "new_energy", _("新能源")
    INTEGRATED_CIRCUITS = "integrated_circuits", _("集成电路")
    BIOMEDICINE = "biomedicine", _("生物医药")
    SMART_VEHICLES = "smart_vehicles", _("智能网联汽车")
    SMART_BUILDING = "smart_building", _("智慧建筑")
    EQUIPMENT = "equipment", _("高端装备")
    MATERIALS = "materials", _("新材料")
    SERVICES = "services", _("现代服务")
    OTHER = "other", _("其他")


class Channel(models.TextChoices):
    """Where a lead came from (来源渠道); exactly one a project."""

    STATIONED = "stationed", _("驻点")
    ENTRUSTED = "entrusted", _("委托")
    ADVISOR = "advisor", _("顾问")
    ONLINE = "online", _("网络")
    INVESTOR_REFERRAL = "investor_referral", _("以商")
    INDUSTRY_CHAIN = "industry_chain", _("产业链")
    FUND = "fund", _("基金")
    CHAMBER = "chamber", _("商会协会")
    EVENT = "event", _("活动")
    OTHER = "other", _("其他")


class CapitalSource(models.TextChoices):
    """Where the capital comes from (资金来源)."""

    DOMESTIC = "domestic", _("内资")
    FOREIGN = "foreign", _("外资")
    MIXED = "mixed", _("内外资合作")


class ProjectClass(models.TextChoices):
    """How large a project is taken to be (项目等级), by the dated threshold table of the year."""

    ORDINARY = "ordinary", _("一般")
    MAJOR = "major", _("重大")
    STRATEGIC = "strategic", _("重特大")


class Park(models.TextChoices):
    """The two parts of the zone (园区)."""

    MAIN = "main", _("高新区本部")
    QINGYANG = "qingyang", _("青阳园区")


@pghistory.track(exclude=["grams", "pinyin", "initials", "verified_on", *REPEATED])
class Project(Named):
    """An investment project from lead to production (项目). Amounts in 元; `version` counts saved changes."""

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    code = models.CharField(_("编号"), max_length=20, unique=True, editable=False)
    company = models.ForeignKey(
        "projects.Company", models.PROTECT, related_name="projects", verbose_name=_("企业")
    )
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage, default=Stage.LEAD)
    stage_since = models.DateField(_("进入本阶段"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.ACTIVE)
    status_reason = models.CharField(_("状态原因"), max_length=200, blank=True)
    channel = models.CharField(_("来源渠道"), max_length=20, choices=Channel)
    channel_note = models.CharField(_("渠道说明"), max_length=120, blank=True)
    industry = models.CharField(_("产业"), max_length=24, choices=Industry, blank=True)
    capital_source = models.CharField(
        _("资金来源"), max_length=10, choices=CapitalSource, default=CapitalSource.DOMESTIC
    )
    project_class = models.CharField(
        _("项目等级"), max_length=10, choices=ProjectClass, default=ProjectClass.ORDINARY
    )
    park = models.CharField(_("园区"), max_length=10, choices=Park, blank=True)
    planned_investment = models.DecimalField(
        _("计划总投资（元）"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    admission_note = models.CharField(_("准入意见"), max_length=300, blank=True)
    summary = models.TextField(_("项目简介"), blank=True)
    owner = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="projects", verbose_name=_("服务专员")
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, related_name="projects", verbose_name=_("责任团队")
    )
    next_step = models.CharField(_("下一步"), max_length=120, blank=True)
    next_step_on = models.DateField(_("下一步日期"), null=True, blank=True)
    next_step_at = models.TimeField(_("下一步时刻"), null=True, blank=True)
    next_step_person = models.ForeignKey(
        "staff.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="next_step_projects",
        verbose_name=_("下一步责任人"),
        help_text=_("留空为服务专员"),
    )
    next_step_postponed = models.PositiveSmallIntegerField(_("下一步延后次数"), default=0)
    reported_on = models.DateField(_("首报日期"))
    progressed_on = models.DateField(_("最近推进"))
    verified_on = models.DateField(_("最近核实进展"), null=True, blank=True, editable=False)
    is_secret = models.BooleanField(_("保密"), default=False)
    code_name = models.CharField(_("代号"), max_length=40, blank=True)
    secrecy_reason = models.CharField(_("保密理由"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    changed_at = models.DateTimeField(_("变更时间"), auto_now=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    # The names of the company, repeated by triggers for the search (models/kept.py).
    company_grams = ArrayField(models.CharField(max_length=4), default=list, editable=False)
    company_pinyin = models.CharField(max_length=200, default="", editable=False)
    company_initials = models.CharField(max_length=80, default="", editable=False)
    company_readings = models.TextField(default="", editable=False)

    class Meta:
        verbose_name = _("项目")
        verbose_name_plural = _("项目")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(planned_investment__isnull=True) | models.Q(planned_investment__gte=0),
                name="project_investment_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(is_secret=False) | ~models.Q(code_name=""),
                name="secret_project_has_code_name",
            ),
            models.UniqueConstraint(
                fields=["code_name"], condition=~models.Q(code_name=""), name="code_name_once"
            ),
        ]
        indexes = [
            GinIndex(fields=["grams"], name="project_grams"),
            # The order of cards in a column; a project whose amount is not known yet stands last.
            models.Index(
                "status",
                "stage",
                models.F("planned_investment").desc(nulls_last=True),
                models.F("id").desc(),
                name="project_board",
            ),
            # The order of the list.
            models.Index(
                "status",
                models.F("planned_investment").desc(nulls_last=True),
                models.F("id").desc(),
                name="project_by_investment",
            ),
            GinIndex(
                fields=["pinyin", "initials"],
                name="project_reading_trigram",
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
            ),
            GinIndex(fields=["company_grams"], name="project_company_grams"),
            GinIndex(
                fields=["company_pinyin", "company_initials", "company_readings"],
                name="project_company_trigram",
                opclasses=["gin_trgm_ops", "gin_trgm_ops", "gin_trgm_ops"],
            ),
            # The order of cards in a column, team by team; and what else is summed of a team's projects.
            models.Index(
                "team",
                "status",
                "stage",
                models.F("planned_investment").desc(nulls_last=True),
                models.F("id").desc(),
                include=["is_secret", "company"],
                name="project_team_board",
            ),
            models.Index(fields=["owner", "status", "next_step_on"], name="project_owner_due"),
            # What a leader's workbench reads of the team: steps up to a day, and projects without one.
            models.Index(fields=["team", "status", "next_step_on"], name="project_team_due"),
            models.Index(
                fields=["team", "progressed_on"],
                condition=models.Q(next_step="", status=Status.ACTIVE),
                name="project_team_missing",
            ),
            models.Index(fields=["changed_at", "id"], name="project_changed"),
            # What sums over a visible set read, so that the wide rows stay closed.
            models.Index(
                fields=["id"],
                include=[
                    "status",
                    "stage",
                    "planned_investment",
                    "team",
                    "is_secret",
                    "project_class",
                    "verified_on",
                ],
                name="project_figures",
            ),
            # What the marks of the board count.
            models.Index(
                fields=["status", "stage", "verified_on"],
                include=["id", "project_class", "is_secret"],
                name="project_standing",
            ),
            models.Index(
                fields=["team", "status", "stage", "verified_on"],
                include=["project_class", "is_secret"],
                name="project_team_standing",
            ),
            # What the dashboard counts by age.
            models.Index(
                fields=["team", "status", "stage", "progressed_on"],
                include=["next_step_on", "is_secret"],
                name="project_team_progress",
            ),
            # What companies are ordered by and summed from.
            models.Index(
                fields=["company", "id"],
                include=["progressed_on", "planned_investment"],
                name="project_of_company",
            ),
            models.Index(fields=["-progressed_on", "-company"], name="project_progress"),
            models.Index(fields=["id"], condition=models.Q(is_secret=True), name="project_secret"),
        ]
        triggers = [*PROJECT_SIGHT, *PROJECT_VERIFIED, *PROJECT_COMPANY_NAMES, *PROJECT_TALLY]

    def __str__(self) -> str:
        """Under its code name while secret: audit trail, notices and labels elsewhere print this."""
        return f"「{self.code_name}」" if self.is_secret else self.name

    def search_text(self) -> str:
        return f"{self.name} {self.code}"


class StageChange(models.Model):
    """One move of a project (阶段变更); history is data that funnels and cycle times are read from."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="stage_changes", verbose_name=_("项目"))
    from_stage = models.CharField(_("原阶段"), max_length=12, choices=Stage, blank=True)
    to_stage = models.CharField(_("新阶段"), max_length=12, choices=Stage)
    happened_on = models.DateField(_("日期"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    changed_at = models.DateTimeField(_("时间"), default=timezone.now)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    # Days in `from_stage` until this move, kept by a trigger (models/kept.py); none for the first move.
    stayed = models.IntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("阶段变更")
        verbose_name_plural = _("阶段变更")
        ordering = ["id"]
        triggers = [STAYED]
        indexes = [
            # What the medians of the dashboard read.
            models.Index(
                fields=["happened_on"],
                include=["from_stage", "stayed", "project"],
                name="stage_change_stayed",
            ),
            models.Index(fields=["project", "id"], name="stage_change_project"),
            models.Index(fields=["-changed_at", "-id"], name="stage_change_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.from_stage}→{self.to_stage}"


explain_constraint("project_investment_not_negative", _("投资额不能是负数。"))
explain_constraint("secret_project_has_code_name", _("保密项目要有代号。"))
explain_constraint("code_name_once", _("这个代号已经有项目在用，请另取一个。"))
