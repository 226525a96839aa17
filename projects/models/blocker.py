"""Blockers: what a project waits for at a department, under a clock with levels and an escalation ladder.

The clock counts working days. `yellow_on` and `due_on` are plain dates computed when the clock starts, so that levels of
many blockers are date comparisons: yellow from `yellow_on`, red after `due_on`.
"""

from datetime import date

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.project import ProjectClass
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class BlockerState(models.TextChoices):
    """How far a blocker has come (堵点状态)."""

    OPEN = "open", _("待答复")
    ANSWERED = "answered", _("待办结")
    SOLVED = "solved", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤销")


RUNNING = (BlockerState.OPEN, BlockerState.ANSWERED)


class Level(models.TextChoices):
    """How late a blocker is (黄牌红牌)."""

    GREEN = "green", _("正常")
    YELLOW = "yellow", _("黄牌")
    RED = "red", _("红牌")


class Audience(models.TextChoices):
    """Whom a rung of the ladder tells (升级对象)."""

    OWNER = "owner", _("服务专员")
    LEADER = "leader", _("本队队长")
    MANAGER = "manager", _("分管领导")


class BlockerRule(models.Model):
    """How long a department has (堵点时限), by project class, from a day on; the latest that holds counts.

    Without a class the rule is for every class that has none of its own. Working days.
    """

    project_class = models.CharField(_("项目等级"), max_length=10, choices=ProjectClass, blank=True)
    answer_days = models.PositiveSmallIntegerField(_("答复时限（工作日）"))
    solve_days = models.PositiveSmallIntegerField(_("办结时限（工作日）"))
    warning_days = models.PositiveSmallIntegerField(_("提前几个工作日亮黄牌"))
    holds_from = models.DateField(_("起"))
    note = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("堵点时限")
        verbose_name_plural = _("堵点时限")
        ordering = ["project_class", "-holds_from"]
        constraints = [
            models.UniqueConstraint(fields=["project_class", "holds_from"], name="blocker_rule_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(answer_days__gte=1, solve_days__gte=1), name="blocker_rule_days_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_project_class_display() or '—'} {self.holds_from}"


class EscalationRung(models.Model):
    """A rung of the escalation ladder (升级阶梯): who is told so many working days after the due day.

    0 is the first working day on which the blocker is red; a rung of yellow tells when the blocker turns yellow.
    """

    position = models.PositiveSmallIntegerField(_("级次"), unique=True)
    level = models.CharField(
        _("牌"), max_length=6, choices=[(Level.YELLOW, _("黄牌")), (Level.RED, _("红牌"))]
    )
    after_days = models.PositiveSmallIntegerField(_("亮牌后几个工作日"), default=0)
    audience = models.CharField(_("通知谁"), max_length=8, choices=Audience)

    class Meta:
        verbose_name = _("升级阶梯")
        verbose_name_plural = _("升级阶梯")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.get_audience_display()}"


@pghistory.track()
class Blocker(models.Model):
    """What keeps a project from going on, and the department that has to remove it (堵点).

    `promised_on` is the day the department named for the solution. `round` counts restarts of the clock (answer, reopening,
    extension), so that each start climbs the ladder anew.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="blockers", verbose_name=_("项目")
    )
    department = models.ForeignKey(
        "projects.Department", models.PROTECT, related_name="blockers", verbose_name=_("牵头部门")
    )
    contact = models.ForeignKey(
        "projects.DepartmentContact",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="blockers",
        verbose_name=_("部门专员"),
    )
    title = models.CharField(_("堵点"), max_length=80)
    text = models.TextField(_("情况与诉求"), max_length=2000, blank=True)
    state = models.CharField(_("堵点状态"), max_length=10, choices=BlockerState, default=BlockerState.OPEN)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    raised_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    raised_on = models.DateField(_("提出日期"))
    yellow_on = models.DateField(_("黄牌日"))
    due_on = models.DateField(_("期限"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    promised_on = models.DateField(_("承诺办结"), null=True, blank=True)
    solution = models.TextField(_("办结情况"), max_length=2000, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    changed_at = models.DateTimeField(_("变更时间"), auto_now=True)

    class Meta:
        verbose_name = _("堵点")
        verbose_name_plural = _("堵点")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(yellow_on__lte=models.F("due_on")), name="blocker_yellow_before_red"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("open", "answered"), closed_on__isnull=True)
                | models.Q(state__in=("solved", "withdrawn"), closed_on__isnull=False),
                name="blocker_closed_with_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=models.Q(state__in=("open", "answered")),
                name="blocker_running",
            ),
            models.Index(fields=["project", "state"], name="blocker_project"),
            models.Index(fields=["department", "state"], name="blocker_department"),
            models.Index(fields=["changed_at", "id"], name="blocker_changed"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    def level(self, today: date) -> Level:
        """Green before `yellow_on`, red after `due_on`; a closed blocker is green."""
        if not self.is_running or today < self.yellow_on:
            return Level.GREEN
        return Level.RED if today > self.due_on else Level.YELLOW


class BlockerEntryKind(models.TextChoices):
    """What happened to a blocker (堵点记录)."""

    RAISED = "raised", _("提出")
    NOTE = "note", _("进展")
    ANSWERED = "answered", _("答复")
    EXTENDED = "extended", _("延期")
    REOPENED = "reopened", _("退回重办")
    ESCALATED = "escalated", _("升级")
    LINKED = "linked", _("发出答复链接")
    SOLVED = "solved", _("办结")
    WITHDRAWN = "withdrawn", _("撤销")


@pghistory.track()
class BlockerEntry(models.Model):
    """A line in the course of a blocker (堵点记录); `signed_by` names who speaks, also without an account."""

    blocker = models.ForeignKey(Blocker, models.PROTECT, related_name="entries", verbose_name=_("堵点"))
    kind = models.CharField(_("类别"), max_length=10, choices=BlockerEntryKind)
    text = models.TextField(_("内容"), max_length=2000, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("记录人")
    )
    signed_by = models.CharField(_("署名"), max_length=120)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    documents = models.ManyToManyField("projects.Document", related_name="+", verbose_name=_("附件"))

    class Meta:
        verbose_name = _("堵点记录")
        verbose_name_plural = _("堵点记录")
        ordering = ["id"]
        indexes = [models.Index(fields=["blocker", "id"], name="blocker_entry_blocker")]

    def __str__(self) -> str:
        return self.text[:40]


class BlockerEscalation(models.Model):
    """A rung that was climbed (堵点升级): once per blocker, round and rung."""

    blocker = models.ForeignKey(Blocker, models.PROTECT, related_name="escalations", verbose_name=_("堵点"))
    round = models.PositiveSmallIntegerField(_("轮次"))
    position = models.PositiveSmallIntegerField(_("级次"))
    level = models.CharField(_("牌"), max_length=6, choices=Level)
    audience = models.CharField(_("通知谁"), max_length=8, choices=Audience)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("堵点升级")
        verbose_name_plural = _("堵点升级")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["blocker", "round", "position"], name="one_escalation_per_rung_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} {self.level} {self.position}"


class LinkPurpose(models.TextChoices):
    """What a one-time link asks for (链接用途)."""

    BLOCKER = "blocker", _("答复堵点")
    OPINION = "opinion", _("反馈会签意见")


class AnswerLink(models.Model):
    """A one-time link by which a department answers without an account (一次性答复链接).

    For one question of one project; expires, is spent by the answer, and can be revoked. Only the key's hash is kept.
    """

    purpose = models.CharField(_("用途"), max_length=12, choices=LinkPurpose)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="answer_links", verbose_name=_("项目")
    )
    blocker = models.ForeignKey(
        Blocker, models.PROTECT, null=True, blank=True, related_name="links", verbose_name=_("堵点")
    )
    opinion = models.ForeignKey(
        "projects.ReviewOpinion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="links",
        verbose_name=_("会签意见"),
    )
    contact = models.ForeignKey(
        "projects.DepartmentContact", models.PROTECT, related_name="links", verbose_name=_("收件人")
    )
    key_hash = models.CharField(_("摘要"), max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("发出人")
    )
    issued_at = models.DateTimeField(_("发出时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("失效时间"))
    opened_at = models.DateTimeField(_("首次打开"), null=True, blank=True)
    used_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("一次性答复链接")
        verbose_name_plural = _("一次性答复链接")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="link_used_or_revoked",
            ),
            models.UniqueConstraint(
                fields=["blocker", "contact"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_live_link_per_contact",
            ),
            models.UniqueConstraint(
                fields=["opinion"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_live_link_per_opinion",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose="blocker", blocker__isnull=False, opinion__isnull=True)
                | models.Q(purpose="opinion", blocker__isnull=True, opinion__isnull=False),
                name="link_asks_one_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.contact_id}"

    def is_live(self) -> bool:
        """Whether it can still be answered by."""
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()


explain_constraint("blocker_rule_once_a_day", _("这一天起已有同一等级的时限；请改那一条，或换一个生效日。"))
explain_constraint("blocker_rule_days_positive", _("时限至少 1 个工作日。"))
explain_constraint("blocker_yellow_before_red", _("黄牌日不能晚于期限。"))
explain_constraint("blocker_closed_with_a_day", _("办结或撤销必须有日期。"))
explain_constraint("one_escalation_per_rung_and_round", _("这一级刚刚已经通知过。"))
explain_constraint("link_used_or_revoked", _("这个链接刚刚已被答复，不能再作废。"))
explain_constraint("one_live_link_per_contact", _("这位联系人已有一个有效的链接；请先作废原链接，再发新的。"))
explain_constraint("one_live_link_per_opinion", _("这个部门已有一个有效的链接；请先作废原链接，再发新的。"))
explain_constraint("link_asks_one_question", _("一个链接只问一件事。"))
