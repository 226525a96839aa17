"""Service to the end: templates of tasks per class and stage, and the plan that a project has (服务方案)."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.project import ProjectClass
from projects.workflow import Stage
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class TaskOwner(models.TextChoices):
    """Who sees to a task (责任人)."""

    SPECIALIST = "specialist", _("服务专员")
    LEADER = "leader", _("队长")
    DEPARTMENT = "department", _("职能部门")


class TaskState(models.TextChoices):
    """How far a task is (任务状态)."""

    OPEN = "open", _("待办")
    DONE = "done", _("已完成")
    SKIPPED = "skipped", _("不再需要")


@pghistory.track()
class PlanTemplate(models.Model):
    """The tasks that a stage brings to projects of a class (服务方案模板), versioned, half-open dates."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    project_class = models.CharField(_("项目等级"), max_length=10, choices=ProjectClass)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage)
    number = models.PositiveSmallIntegerField(_("版次"), default=1)
    holds_from = models.DateField(_("起"))
    holds_until = models.DateField(_("止（不含）"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("制定人")
    )
    created_at = models.DateTimeField(_("制定时间"), default=timezone.now)

    class Meta:
        verbose_name = _("服务方案模板")
        verbose_name_plural = _("服务方案模板")
        ordering = ["project_class", "stage", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project_class", "stage"],
                condition=models.Q(holds_until__isnull=True),
                name="one_template_in_force",
            ),
            models.UniqueConstraint(fields=["project_class", "stage", "number"], name="template_number_once"),
            models.CheckConstraint(
                condition=models.Q(holds_until__isnull=True)
                | models.Q(holds_until__gte=models.F("holds_from")),
                name="template_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_project_class_display()} · {self.get_stage_display()} V{self.number}"


class PlanTemplateTask(models.Model):
    """One task of a template (模板任务); templates are never edited, a new version replaces them."""

    template = models.ForeignKey(
        PlanTemplate, models.CASCADE, related_name="tasks", verbose_name=_("服务方案模板")
    )
    position = models.PositiveSmallIntegerField(_("顺序"))
    title = models.CharField(_("任务"), max_length=80)
    owner = models.CharField(_("责任人"), max_length=10, choices=TaskOwner, default=TaskOwner.SPECIALIST)
    department = models.ForeignKey(
        "projects.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("职能部门"),
    )
    due_days = models.PositiveSmallIntegerField(_("进入阶段后几个工作日内"))
    needs_evidence = models.BooleanField(_("要凭证"), default=False)

    class Meta:
        verbose_name = _("模板任务")
        verbose_name_plural = _("模板任务")
        ordering = ["template_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "position"], name="template_position_once"),
            models.UniqueConstraint(fields=["template", "title"], name="template_title_once"),
            models.CheckConstraint(condition=models.Q(due_days__lte=999), name="template_due_days_sane"),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ServicePlan(models.Model):
    """The one service plan of a project (服务方案); `edition` (V3) counts how often its scope was extended."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.OneToOneField(
        "projects.Project", models.PROTECT, related_name="service_plan", verbose_name=_("项目")
    )
    edition = models.PositiveSmallIntegerField(_("版次"), default=1)
    started_on = models.DateField(_("建立日期"), default=timezone.localdate)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("服务方案")
        verbose_name_plural = _("服务方案")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"V{self.edition}"


@pghistory.track()
class ServiceTask(models.Model):
    """One task of a plan (服务任务). Without a `person` it is the specialist's or the leader's of the day, and so follows custody."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    plan = models.ForeignKey(ServicePlan, models.PROTECT, related_name="tasks", verbose_name=_("服务方案"))
    source = models.ForeignKey(
        PlanTemplateTask,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("来自模板"),
    )
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage)
    title = models.CharField(_("任务"), max_length=80)
    owner = models.CharField(_("责任人"), max_length=10, choices=TaskOwner, default=TaskOwner.SPECIALIST)
    department = models.ForeignKey(
        "projects.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="service_tasks",
        verbose_name=_("职能部门"),
    )
    person = models.ForeignKey(
        "staff.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="service_tasks",
        verbose_name=_("指定给"),
    )
    due_on = models.DateField(_("期限"))
    needs_evidence = models.BooleanField(_("要凭证"), default=False)
    position = models.PositiveIntegerField(_("顺序"))
    state = models.CharField(_("状态"), max_length=8, choices=TaskState, default=TaskState.OPEN)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("办结人"),
    )
    reason = models.CharField(_("不再需要的理由"), max_length=200, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    documents = models.ManyToManyField(
        "projects.Document", blank=True, related_name="service_tasks", verbose_name=_("凭证")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("添加人")
    )
    created_at = models.DateTimeField(_("添加时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("服务任务")
        verbose_name_plural = _("服务任务")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "stage", "title"], name="service_task_once"),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_on__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_on__isnull=False)),
                name="service_task_closed_has_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="skipped") | ~models.Q(reason=""),
                name="service_task_skip_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"], condition=models.Q(state="open"), name="service_task_open_due"
            ),
            models.Index(
                fields=["person"],
                condition=models.Q(state="open", person__isnull=False),
                name="service_task_open_person",
            ),
        ]

    def __str__(self) -> str:
        return self.title


explain_constraint("one_template_in_force", _("这个等级和阶段的模板刚刚被他人更新；请核对后再保存一次。"))
explain_constraint("template_number_once", _("这个等级和阶段的模板刚刚被他人更新；请核对后再保存一次。"))
explain_constraint("template_ends_after_start", _("模板的停用日期不能早于启用日期。"))
explain_constraint("template_position_once", _("模板里两条任务的顺序不能相同。"))
explain_constraint("template_title_once", _("同一模板里不能有两条同名任务。"))
explain_constraint("template_due_days_sane", _("期限最多 999 个工作日。"))
explain_constraint("service_task_once", _("本阶段的服务方案里已有同名任务，没有重复添加。"))
explain_constraint("service_task_closed_has_day", _("已办结的任务要有办结日期，待办的任务不能有。"))
explain_constraint("service_task_skip_has_reason", _("不再需要的任务要写明理由。"))
