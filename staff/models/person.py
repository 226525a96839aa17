"""The staff file: people, apart from their accounts and their posts."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.chinese import person_initials, person_pinyin
from promotion.identifiers import public_id


class Identity(models.TextChoices):
    """Archived identity (身份): recorded, never a filter for selection."""

    CIVIL_SERVANT = "civil_servant", _("公务员编制")
    PUBLIC_INSTITUTION = "public_institution", _("事业编制")
    ENTERPRISE = "enterprise", _("企业性质")
    CONTRACT = "contract", _("合同聘用")


@pghistory.track()
class Person(models.Model):
    """A member of the staff (人员)."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    staff_number = models.CharField(_("工号"), max_length=20, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    pinyin = models.CharField(_("拼音"), max_length=200, editable=False, db_index=True)
    initials = models.CharField(_("首字母"), max_length=80, editable=False)
    identity = models.CharField(_("身份"), max_length=20, choices=Identity, default=Identity.CONTRACT)
    home_unit = models.CharField(_("原单位"), max_length=80, blank=True)
    phone = models.CharField(_("手机"), max_length=20, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    joined_on = models.DateField(_("入职日期"))
    left_on = models.DateField(_("离职日期"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        ordering = ["pinyin", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True) | models.Q(left_on__gte=models.F("joined_on")),
                name="person_leaves_after_joining",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pinyin, self.initials = person_pinyin(self.name), person_initials(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


explain_constraint("person_leaves_after_joining", _("离职日期不能早于入职日期。"))
explain_constraint("staff_person_staff_number_key", _("这个工号刚被他人登记，没有写入。请刷新后核对。"))
