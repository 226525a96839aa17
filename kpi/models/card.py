"""Cards (亮牌): yellow and red, proposed by dated rules at the end of a period, shown or declined by people, lifted with a reason."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.target import TargetPeriod
from promotion.action import explain_constraint
from promotion.identifiers import public_id


class CardColour(models.TextChoices):
    YELLOW = "yellow", _("黄牌")
    RED = "red", _("红牌")


class CardKind(models.TextChoices):
    """What a card is for (亮牌事由)."""

    BEHIND = "behind", _("进度落后")
    LAST = "last", _("连续末位")
    IDLE = "idle", _("久无签约")
    INCIDENTS = "incidents", _("扣分事项")
    GATE = "gate", _("细则门槛")


#: What a rule of the house may ask for; gates are of the scheme.
CARD_RULE_CHOICES = [each for each in CardKind.choices if each[0] != "gate"]


class CardState(models.TextChoices):
    PROPOSED = "proposed", _("待亮牌")
    SHOWN = "shown", _("已亮牌")
    DECLINED = "declined", _("不亮牌")
    LIFTED = "lifted", _("已摘牌")


@pghistory.track()
class CardRule(models.Model):
    """From which limit on a card of a colour is proposed (亮牌规则), for a group of the scheme, from a day on.

    Of the rules of one kind, group and colour the latest that holds counts; without a limit there is none from that day on. `limit`:
    percentage points behind (进度落后), months in a row (连续末位), months (久无签约), a number (扣分事项).
    """

    kind = models.CharField(_("事由"), max_length=10, choices=CARD_RULE_CHOICES)
    group = models.CharField(_("组别"), max_length=24)
    colour = models.CharField(_("牌"), max_length=6, choices=CardColour)
    limit = models.DecimalField(_("界限"), max_digits=6, decimal_places=2, null=True, blank=True)
    holds_from = models.DateField(_("起"))
    note = models.CharField(_("依据"), max_length=200, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("制定人")
    )
    set_at = models.DateTimeField(_("制定时间"), default=timezone.now)

    class Meta:
        verbose_name = _("亮牌规则")
        verbose_name_plural = _("亮牌规则")
        ordering = ["group", "kind", "colour", "-holds_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "group", "colour", "holds_from"], name="card_rule_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(limit__isnull=True) | models.Q(limit__gt=0),
                name="card_rule_limit_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_colour_display()}"


@pghistory.track()
class Card(models.Model):
    """A card of a team or a person for a period (亮牌). `figures` are those that broke the rule, `reason` says them in a sentence.

    `gate` is the scheme's gate where that shows the card. What was declined or lifted says why in `note`.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    period = models.CharField(_("时段"), max_length=4, choices=TargetPeriod)
    group = models.CharField(_("组别"), max_length=24)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, null=True, blank=True, related_name="cards", verbose_name=_("人员")
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="cards", verbose_name=_("团队")
    )
    colour = models.CharField(_("牌"), max_length=6, choices=CardColour)
    kind = models.CharField(_("事由"), max_length=10, choices=CardKind)
    gate = models.CharField(_("门槛"), max_length=60, blank=True)
    standing = models.ForeignKey(
        "kpi.Standing", models.PROTECT, null=True, related_name="+", verbose_name=_("考核结果")
    )
    reason = models.CharField(_("依据"), max_length=300)
    figures = models.JSONField(_("数字"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=CardState, default=CardState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提请人")
    )
    proposed_at = models.DateTimeField(_("提请时间"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("决定人"),
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("摘牌人"),
    )
    lifted_at = models.DateTimeField(_("摘牌时间"), null=True, blank=True)
    note = models.CharField(_("不亮牌或摘牌的理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("亮牌")
        verbose_name_plural = _("亮牌")
        ordering = ["-year", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, team__isnull=True)
                | models.Q(person__isnull=True, team__isnull=False),
                name="card_has_one_subject",
            ),
            models.UniqueConstraint(
                fields=["year", "period", "person", "team", "kind", "gate"],
                condition=~models.Q(state="lifted"),
                nulls_distinct=False,
                name="one_card_for_one_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_by__isnull=True)
                | ~models.Q(state="proposed")
                & models.Q(decided_by__isnull=False)
                & ~models.Q(decided_by=models.F("proposed_by")),
                name="second_person_decides_card",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="lifted")
                | models.Q(lifted_by__isnull=False) & ~models.Q(lifted_by=models.F("decided_by")),
                name="another_person_lifts_card",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("proposed", "shown")) | ~models.Q(note=""),
                name="declined_or_lifted_card_says_why",
            ),
        ]
        indexes = [models.Index(fields=["year", "state"], name="card_year_state")]

    def __str__(self) -> str:
        return f"{self.person or self.team} {self.get_colour_display()}"


explain_constraint("card_rule_once_a_day", _("这条规则当天已经改过一次；请换一个起始日。"))
explain_constraint("card_rule_limit_positive", _("界限要大于零；不再亮牌请留空。"))
explain_constraint("one_card_for_one_reason", _("同一时段同一事由已经提请过；请刷新页面。"))
explain_constraint("second_person_decides_card", _("提请人不能自己决定亮牌；请由另一位同事决定。"))
explain_constraint("another_person_lifts_card", _("决定亮牌的人不能自己摘牌；请由另一位同事办理。"))
