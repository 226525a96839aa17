"""Investors: companies by their unified social credit code, and the people to talk to there."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.geography import home_of
from projects.models.naming import Named
from promotion.action import explain_constraint
from promotion.identifiers import public_id


@pghistory.track(exclude=["grams", "pinyin", "initials", "home"])
class Company(Named):
    """An investor or enterprise (企业客商)."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    english_name = models.CharField(_("英文名称"), max_length=160, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    country = models.CharField(_("国家或地区"), max_length=40, default="中国")
    region = models.CharField(_("省市"), max_length=60, blank=True)
    home = models.CharField(_("投资方所在地"), max_length=40, blank=True, editable=False, db_index=True)
    website = models.URLField(_("网站"), blank=True)
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
                fields=["credit_code"], condition=~models.Q(credit_code=""), name="company_credit_code_once"
            )
        ]
        indexes = [
            GinIndex(fields=["grams"], name="company_grams"),
            GinIndex(OpClass(Upper("english_name"), name="gin_trgm_ops"), name="company_english_trigram"),
            GinIndex(
                fields=["pinyin", "initials"],
                name="company_reading_trigram",
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
            ),
        ]

    def search_text(self) -> str:
        return f"{self.name} {self.english_name} {self.credit_code}"

    def fill_search_columns(self) -> None:
        """Also the province or country that the map counts the company under."""
        super().fill_search_columns()
        self.home = home_of(country=self.country, region=self.region, name=self.name)

    def save(self, *args: object, **kwargs: object) -> None:
        fields = kwargs.get("update_fields")
        if fields is not None and {"name", "country", "region"} & set(fields):  # type: ignore[call-overload]
            kwargs["update_fields"] = {*fields, "home"}  # type: ignore[misc]
        super().save(*args, **kwargs)


@pghistory.track()
class Contact(models.Model):
    """A person at a company (联系人)."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="contacts", verbose_name=_("企业"))
    name = models.CharField(_("姓名"), max_length=60)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)

    class Meta:
        verbose_name = _("联系人")
        verbose_name_plural = _("联系人")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


explain_constraint(
    "company_credit_code_once", _("这个统一社会信用代码已属于另一家企业；请从列表中选择那家企业。")
)
