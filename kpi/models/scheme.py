"""The year's scheme as versioned data."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import locked_when_closed
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class SchemeState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")


@pghistory.track()
class SchemeVersion(models.Model):
    """One version of a year's assessment scheme (考核细则); a published version is never edited.

    `version` counts the saved changes of a draft; `authors` are the accounts that changed it, none of whom publishes it.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("版次"))
    title = models.CharField(_("名称"), max_length=120)
    text = models.TextField(_("原文（YAML）"))
    state = models.CharField(_("状态"), max_length=10, choices=SchemeState, default=SchemeState.DRAFT)
    holds_from = models.DateField(_("施行日期"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("起草人")
    )
    drafted_at = models.DateTimeField(_("起草时间"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发布人"),
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    fingerprint = models.CharField(_("指纹"), max_length=64)
    version = models.PositiveIntegerField(_("版本"), default=1)
    authors = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("改过草稿的账号"))
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("最后修改人"),
    )
    edited_at = models.DateTimeField(_("最后修改时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("考核细则")
        verbose_name_plural = _("考核细则")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="scheme_version_number_once"),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(published_by__isnull=False) & ~models.Q(published_by=models.F("drafted_by")),
                name="second_person_publishes",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | ~models.Q(authors__contains=[models.F("published_by")]),
                name="no_author_publishes",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_immutable",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            ),
            *locked_when_closed(),
        ]

    def __str__(self) -> str:
        return f"{self.title} V{self.number}"


explain_constraint("second_person_publishes", _("起草人不能发布自己的细则；请由另一位有权限的同事发布。"))
explain_constraint("no_author_publishes", _("改过这份草稿的人不能发布它；请由没有改过的同事核对后发布。"))
