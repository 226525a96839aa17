"""What a rule of the house shares: drafted by one person, released by another, and never changed after."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


class ReleaseState(models.TextChoices):
    """Whether a rule is being written or holds."""

    DRAFT = "draft", _("草稿")
    RELEASED = "released", _("已发布")


def second_person(name: str, first: str, second: str) -> models.CheckConstraint:
    """A constraint by which two columns that name accounts never name the same."""
    sentence = _("起草和发布、编制和确认须由两个人分别办理。")
    explain_constraint(name, sentence)
    same = models.Q(**{f"{second}__isnull": False, second: models.F(first)})
    return models.CheckConstraint(condition=~same, name=name)


def locked_once(name: str, condition: str) -> pgtrigger.Protect:
    """A trigger by which rows that meet the condition are neither changed nor deleted."""
    return pgtrigger.Protect(
        name=name, operation=pgtrigger.Update | pgtrigger.Delete, condition=pgtrigger.Condition(condition)
    )


def locked_with(name: str, parent: str, column: str, states: tuple[str, ...]) -> pgtrigger.Trigger:
    """A trigger by which rows are neither changed nor deleted once their parent (a table) is in one of the states."""
    listed = ", ".join(f"'{state}'" for state in states)
    asked = f"(SELECT state FROM {parent} WHERE id = OLD.{column}) IN ({listed})"  # noqa: S608 - names, no values
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=(
            f"IF {asked} THEN RAISE EXCEPTION '{name}: the row is locked'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        ),
    )


class Released(models.Model):
    """A dated rule (abstract). `assumptions` says in words what was assumed without a source."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    title = models.CharField(_("名称"), max_length=60)
    assumptions = models.TextField(_("说明和设定"), blank=True, max_length=500)
    state = models.CharField(_("状态"), max_length=8, choices=ReleaseState, default=ReleaseState.DRAFT)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("起草人")
    )
    drafted_at = models.DateTimeField(_("起草时间"), default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发布人"),
    )
    released_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == ReleaseState.DRAFT
