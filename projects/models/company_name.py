"""What else a company is called, and the group that it belongs to."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.naming import Named
from promotion.action import explain_constraint
from promotion.chinese import fold
from promotion.identifiers import public_id


@pghistory.track(exclude=["grams", "pinyin", "initials"])
class CompanyGroup(Named):
    """Companies under one roof (集团); a group may belong to a larger one."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    reading = models.CharField(_("读音"), max_length=200, blank=True)
    folded = models.CharField(_("比对名称"), max_length=160, unique=True, editable=False)
    country = models.CharField(_("国家或地区"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="subgroups",
        verbose_name=_("上级集团"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    derived_fields = ("pinyin", "initials", "grams", "folded")

    class Meta:
        verbose_name = _("集团")
        verbose_name_plural = _("集团")
        ordering = ["pinyin", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="company_group_not_its_own_parent",
            )
        ]
        indexes = [GinIndex(fields=["grams"], name="company_group_grams")]

    def fill_search_columns(self) -> None:
        super().fill_search_columns()
        self.folded = fold(self.name)


class AliasKind(models.TextChoices):
    """What kind of a name it is (别名类型)."""

    ALIAS = "alias", _("简称或别名")
    FORMER = "former", _("曾用名")
    ENGLISH = "english", _("英文名")
    BRAND = "brand", _("品牌")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["grams", "pinyin", "initials"],
)
class CompanyAlias(Named):
    """Another name of a company (别名): a short, former or English one, or a brand."""

    name = models.CharField(_("名称"), max_length=160)
    company = models.ForeignKey(
        "projects.Company", models.PROTECT, related_name="aliases", verbose_name=_("企业")
    )
    kind = models.CharField(_("类型"), max_length=8, choices=AliasKind, default=AliasKind.ALIAS)
    reading = models.CharField(_("读音"), max_length=200, blank=True)
    folded = models.CharField(_("比对名称"), max_length=160, db_index=True, editable=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now)

    derived_fields = ("pinyin", "initials", "grams", "folded")

    class Meta:
        verbose_name = _("别名")
        verbose_name_plural = _("别名")
        ordering = ["company_id", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "folded"], name="company_alias_once"),
        ]
        indexes = [GinIndex(fields=["grams"], name="company_alias_grams")]

    def fill_search_columns(self) -> None:
        super().fill_search_columns()
        self.folded = fold(self.name)


explain_constraint("company_alias_once", _("这家企业已有这个别名。"))
explain_constraint("company_group_not_its_own_parent", _("集团不能以自己为上级集团。"))
