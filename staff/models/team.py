"""Teams: departments, and the task forces, stationed teams and liaison offices below them."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.chinese import initials, pinyin
from promotion.identifiers import public_id


class TeamKind(models.TextChoices):
    """What a team is (团队类别)."""

    DEPARTMENT = "department", _("项目部")
    TASK_FORCE = "task_force", _("项目攻坚队")
    STATIONED = "stationed", _("驻点招商攻坚队")
    LIAISON = "liaison", _("驻点联络处")
    UNIT = "unit", _("参评单位")


@pghistory.track()
class Team(models.Model):
    """A team (团队). Task forces and stationed teams are what the year ranks; a liaison office counts for its parent.

    A unit (参评单位) is no part of the house: a town, a bureau or a firm that a scheme assesses by the word in `assessed_as`.
    It holds no posts and no projects, so it stands in no list of teams.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60, unique=True)
    pinyin = models.CharField(_("拼音"), max_length=200, editable=False)
    initials = models.CharField(_("首字母"), max_length=80, editable=False)
    kind = models.CharField(_("类别"), max_length=12, choices=TeamKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    fields = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("产业领域"))
    region = models.CharField(_("区域"), max_length=60, blank=True)
    founded_on = models.DateField(_("成立日期"))
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    assessed_as = models.CharField(
        _("参评类别"),
        max_length=40,
        blank=True,
        help_text=_("细则对这类对象的叫法，如 town；只有参评单位填写"),
    )
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("团队")
        verbose_name_plural = _("团队")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="unit")
                & ~models.Q(assessed_as__in=("", "officer", "task_force", "stationed"))
                | ~models.Q(kind="unit") & models.Q(assessed_as=""),
                name="unit_says_as_what",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="closes_empty",
                operation=pgtrigger.UpdateOf("closed_on"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__closed_on__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM staff_appointment
                        WHERE team_id = NEW.id AND (ends_on IS NULL OR ends_on > NEW.closed_on)
                    ) THEN
                        RAISE EXCEPTION 'team % has people on %', NEW.id, NEW.closed_on
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'team_closes_empty';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pinyin, self.initials = pinyin(self.name), initials(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


explain_constraint("team_closes_empty", _("撤销日期以后还有人在这个团队任职；请先调整，再撤销。"))
explain_constraint("unit_says_as_what", _("参评单位要写明细则对它的叫法，且不能用本单位人员和团队的类别。"))
