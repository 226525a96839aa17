"""The people to talk to at a company, and what each of them is in a project."""

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint


@pghistory.track()
class Contact(models.Model):
    """A person at a company (联系人). Retired ones stay, with the day from which nobody calls them any more."""

    company = models.ForeignKey(
        "projects.Company", models.PROTECT, related_name="contacts", verbose_name=_("企业")
    )
    name = models.CharField(_("姓名"), max_length=60)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("联系人")
        verbose_name_plural = _("联系人")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class ContactPart(models.TextChoices):
    """What a contact is in a project (联系人角色)."""

    DECIDES = "decides", _("决策人")
    LIAISON = "liaison", _("对接人")
    FINANCE = "finance", _("财务")
    LEGAL = "legal", _("法务")
    TECHNICAL = "technical", _("技术")
    INTERMEDIARY = "intermediary", _("中介")


@pghistory.track()
class ContactRole(models.Model):
    """A contact's part in a project (联系人角色), half-open dates [starts_on, ends_on)."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="roles", verbose_name=_("联系人"))
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="contact_roles", verbose_name=_("项目")
    )
    part = models.CharField(_("角色"), max_length=12, choices=ContactPart)
    starts_on = models.DateField(_("起"), default=timezone.localdate)
    ends_on = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("联系人角色")
        verbose_name_plural = _("联系人角色")
        ordering = ["project_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "project", "part"],
                condition=models.Q(ends_on__isnull=True),
                name="one_contact_role_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="contact_role_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.project_id} {self.part}"


explain_constraint("one_contact_role_of_a_kind", _("这位联系人在本项目已有这个角色。"))
explain_constraint("contact_role_ends_after_start", _("结束日期不能早于开始日期。"))
