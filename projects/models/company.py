"""Investors: companies by their unified social credit code."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.geography import home_of
from projects.models.kept import COMPANY_RENAMED
from projects.models.naming import Named
from promotion.action import explain_constraint
from promotion.identifiers import public_id


@pghistory.track(exclude=["grams", "pinyin", "initials", "home", "other_names", "other_readings"])
class Company(Named):
    """An investor or enterprise (企业客商).

    One that was merged into another stays as a row with `merged_into`, so that its address still leads somewhere and
    the merge can be undone; everything that belonged to it hangs on the other. `other_names` and `other_readings` are
    derived from aliases and group (`projects.actions.company_name`), so that every search reads one row by an index.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    reading = models.CharField(_("读音"), max_length=200, blank=True)
    english_name = models.CharField(_("英文名称"), max_length=160, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    country = models.CharField(_("国家或地区"), max_length=40, default="中国")
    region = models.CharField(_("省市"), max_length=60, blank=True)
    home = models.CharField(_("投资方所在地"), max_length=40, blank=True, editable=False, db_index=True)
    address = models.CharField(_("注册地址"), max_length=200, blank=True)
    controller = models.CharField(_("实际控制人"), max_length=120, blank=True)
    website = models.URLField(_("网站"), blank=True)
    group = models.ForeignKey(
        "projects.CompanyGroup",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="companies",
        verbose_name=_("所属集团"),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("并入企业"),
    )
    other_names = models.TextField(_("其他名称"), blank=True, editable=False)
    other_readings = models.TextField(_("其他名称读音"), blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("企业")
        verbose_name_plural = _("企业")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~models.Q(credit_code="") & models.Q(merged_into__isnull=True),
                name="company_credit_code_once",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="company_not_merged_into_itself",
            ),
        ]
        indexes = [
            GinIndex(fields=["grams"], name="company_grams"),
            GinIndex(OpClass(Upper("english_name"), name="gin_trgm_ops"), name="company_english_trigram"),
            GinIndex(
                fields=["pinyin", "initials"],
                name="company_reading_trigram",
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
            ),
            GinIndex(
                fields=["other_readings"], name="company_other_reading_trigram", opclasses=["gin_trgm_ops"]
            ),
            models.Index(
                fields=["credit_code"], condition=~models.Q(credit_code=""), name="company_credit_code"
            ),
            models.Index(fields=["id"], condition=models.Q(merged_into__isnull=True), name="company_living"),
        ]
        triggers = [COMPANY_RENAMED]

    def search_text(self) -> str:
        return f"{self.name} {self.english_name} {self.credit_code} {self.other_names}"

    def names(self) -> list[str]:
        """Every name that the company goes by: its own, the English one, aliases and the name of its group."""
        return [name for name in (self.name, self.english_name, *self.other_names.split("\n")) if name]

    def fill_search_columns(self) -> None:
        """Also the province or country that the map counts the company under."""
        super().fill_search_columns()
        self.home = home_of(country=self.country, region=self.region, name=self.name)

    def save(self, *args: object, **kwargs: object) -> None:
        fields = kwargs.get("update_fields")
        if fields is not None and {"name", "country", "region"} & set(fields):  # type: ignore[call-overload]
            kwargs["update_fields"] = {*fields, "home"}  # type: ignore[misc]
        super().save(*args, **kwargs)


explain_constraint(
    "company_credit_code_once", _("这个统一社会信用代码已属于另一家企业；请从列表中选择那家企业。")
)
explain_constraint("company_not_merged_into_itself", _("企业不能并入自己；请选择两家不同的企业。"))
