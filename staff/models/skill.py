"""What people can do: languages with level, fields of industry with expertise, each dated."""

from datetime import date, timedelta
from typing import Any

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id
from promotion.spans import once_a_day


class LanguageLevel(models.TextChoices):
    """How well a language is spoken (外语水平), from the least to the most."""

    UNSTATED = "unstated", _("未注明")
    BASIC = "basic", _("基础")
    WORKING = "working", _("可交流")
    FLUENT = "fluent", _("熟练")
    TRANSLATOR = "translator", _("翻译")


class Expertise(models.TextChoices):
    """How well a field of industry is known (专长程度), from the least to the most."""

    KNOWS = "knows", _("了解")
    FAMILIAR = "familiar", _("熟悉")
    EXPERT = "expert", _("精通")


def at_least(levels: type[models.TextChoices], level: str) -> list[str]:
    """The level and those above it."""
    return levels.values[levels.values.index(level) :]


def _in_order(name: str) -> Any:
    return models.CheckConstraint(
        condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")), name=name
    )


class Skill(models.Model):
    """What both have: whose, since when, until when (exclusive); one corrected on its own day holds on no day."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def last_day(self) -> date | None:
        """The last day on which it counts."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None


@pghistory.track()
class PersonLanguage(Skill):
    """A foreign language that a person speaks (外语)."""

    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="spoken", verbose_name=_("人员"))
    language = models.CharField(_("语种"), max_length=30)
    level = models.CharField(_("水平"), max_length=10, choices=LanguageLevel, default=LanguageLevel.UNSTATED)
    certificate = models.CharField(_("证书"), max_length=80, blank=True)
    paper = models.ForeignKey(
        "staff.StaffPaper",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("证书材料"),
    )

    class Meta:
        verbose_name = _("外语")
        verbose_name_plural = _("外语")
        ordering = ["language", "-starts_on", "id"]
        constraints = [
            once_a_day("language_once_a_day", "person", "language"),
            _in_order("language_ends_after_start"),
        ]
        indexes = [models.Index(fields=["language", "level"], name="language_level")]

    def __str__(self) -> str:
        return f"{self.person} {self.language}"


@pghistory.track()
class PersonField(Skill):
    """A field of industry that a person knows (产业专长)."""

    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="known_fields", verbose_name=_("人员")
    )
    field = models.CharField(_("产业领域"), max_length=30)
    level = models.CharField(_("程度"), max_length=10, choices=Expertise)
    note = models.CharField(_("说明"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("产业专长")
        verbose_name_plural = _("产业专长")
        ordering = ["field", "-starts_on", "id"]
        constraints = [once_a_day("field_once_a_day", "person", "field"), _in_order("field_ends_after_start")]
        indexes = [models.Index(fields=["field", "level"], name="field_level")]

    def __str__(self) -> str:
        return f"{self.person} {self.field}"


explain_constraint("language_once_a_day", _("这个人这些日子已登记这门外语，没有写入；请刷新后核对。"))
explain_constraint("field_once_a_day", _("这个人这些日子已登记这项专长，没有写入；请刷新后核对。"))
explain_constraint("language_ends_after_start", _("停止日期不能早于开始日期。"))
explain_constraint("field_ends_after_start", _("停止日期不能早于开始日期。"))
