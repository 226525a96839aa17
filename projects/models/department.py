"""The departments that a project needs on its way, and who answers for each (职能部门, 部门项目专员)."""

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


@pghistory.track()
class Department(models.Model):
    """An office of the zone or the city that a project has to do with (职能部门), such as planning or power supply."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60, unique=True)
    duties = models.CharField(_("职责"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_open = models.BooleanField(_("在用"), default=True)
    names_specialist = models.BooleanField(_("开工阶段须指派专员"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("职能部门")
        verbose_name_plural = _("职能部门")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class DepartmentContact(models.Model):
    """A person of a department who can be named specialist (部门联系人); has no account and answers by one-time links."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="contacts", verbose_name=_("职能部门")
    )
    name = models.CharField(_("姓名"), max_length=40)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("在岗"), default=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("部门联系人")
        verbose_name_plural = _("部门联系人")
        ordering = ["department_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "name", "phone"], name="department_contact_once")
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ProjectSpecialist(models.Model):
    """Who answers for a department in a project (部门项目专员), half-open dates [starts_on, ends_on)."""

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="specialists", verbose_name=_("项目")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="specialists", verbose_name=_("职能部门")
    )
    contact = models.ForeignKey(
        DepartmentContact, models.PROTECT, related_name="specialist_of", verbose_name=_("专员")
    )
    starts_on = models.DateField(_("起"), default=timezone.localdate)
    ends_on = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("部门项目专员")
        verbose_name_plural = _("部门项目专员")
        ordering = ["department__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "department"],
                condition=models.Q(ends_on__isnull=True),
                name="one_specialist_per_department",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.department_id} {self.contact_id}"


class DepartmentMail(models.Model):
    """An e-mail to a contact of a department (部门邮件), who has no account to be notified by; sent by a worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("未发出")

    contact = models.ForeignKey(
        DepartmentContact, models.PROTECT, related_name="mails", verbose_name=_("收件人")
    )
    subject = models.CharField(_("主题"), max_length=120)
    text = models.TextField(_("内容"))
    written_at = models.DateTimeField(_("时间"), default=timezone.now)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("部门邮件")
        verbose_name_plural = _("部门邮件")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="department_mail_waiting")
        ]

    def __str__(self) -> str:
        return self.subject


explain_constraint("department_contact_once", _("这个部门已有同名同电话的联系人。"))
explain_constraint(
    "one_specialist_per_department", _("这个部门在本项目已有专员；请先结束原专员，再指定新的。")
)
