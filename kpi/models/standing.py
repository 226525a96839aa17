"""What a run found: standings, the items behind each total, and who stands for each award."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import locked_when_closed

YEAR_OF_RUN = "SELECT r.year FROM changed c JOIN kpi_run r ON r.id = c.run_id"
YEAR_OF_STANDING = """SELECT r.year FROM changed c JOIN kpi_standing s ON s.id = c.standing_id
                      JOIN kpi_run r ON r.id = s.run_id"""


class Standing(models.Model):
    """A subject's total and rank in a run (考核结果).

    `person` or `team` is the subject; `home_team` is where a person served on the day of the run. `target_missed` is
    empty where no award asks, or where the figures do not tell. Beside the score stand `merit`, the scheme's grade (等次);
    `eligible`, empty while a gate that bars is undecided; and `outcome`: `gates` with what each came to, `cards`, `barred`
    awards by title, `reasons` in sentences. It is empty under a scheme without gates and grades.
    """

    run = models.ForeignKey("kpi.Run", models.CASCADE, related_name="standings", verbose_name=_("批次"))
    group = models.CharField(_("组别"), max_length=24)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, null=True, related_name="standings", verbose_name=_("人员")
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, related_name="standings", verbose_name=_("团队")
    )
    home_team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, related_name="+", verbose_name=_("任职团队")
    )
    subject_name = models.CharField(_("对象"), max_length=60)
    grade = models.CharField(_("级别"), max_length=8, blank=True)
    total = models.DecimalField(_("总分"), max_digits=12, decimal_places=4)
    rank = models.PositiveIntegerField(_("名次"))
    group_size = models.PositiveIntegerField(_("组内数"))
    previous_rank = models.PositiveIntegerField(_("上次名次"), null=True)
    previous_total = models.DecimalField(_("上次总分"), max_digits=12, decimal_places=4, null=True)
    undecided_count = models.PositiveSmallIntegerField(_("待定项"), default=0)
    target_missed = models.BooleanField(_("未完成任务"), null=True)
    merit = models.CharField(_("等次"), max_length=40, blank=True)
    eligible = models.BooleanField(_("评奖资格"), null=True, default=True)
    outcome = models.JSONField(_("评定"), default=dict)

    class Meta:
        verbose_name = _("考核结果")
        verbose_name_plural = _("考核结果")
        ordering = ["group", "rank", "subject_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "group", "person", "team"], nulls_distinct=False, name="standing_once"
            )
        ]
        indexes = [models.Index(fields=["run", "group", "rank"], name="standing_run_rank")]
        triggers = locked_when_closed(YEAR_OF_RUN)

    def __str__(self) -> str:
        return f"{self.subject_name} {self.rank}"

    @property
    def cards(self) -> list[str]:
        """The cards (亮牌) that gates show."""
        return list(self.outcome.get("cards", []))

    @property
    def gates(self) -> list[dict[str, object]]:
        """Every gate that concerns the subject: code, title, holds (None: undecided), effect, reason."""
        return list(self.outcome.get("gates", []))

    @property
    def gain(self) -> Decimal | None:
        """Points gained since the run before, None where there was none."""
        return None if self.previous_total is None else self.total - self.previous_total

    @property
    def places_gained(self) -> int | None:
        """Places gained since the run before (a fall is negative)."""
        return None if self.previous_rank is None else self.previous_rank - self.rank


class Item(models.Model):
    """One indicator of a standing (得分明细), with the line that explains it."""

    class Status(models.TextChoices):
        SCORED = "scored", _("已计分")
        NOT_APPLICABLE = "not_applicable", _("不适用")
        UNDECIDED = "undecided", _("待定")

    standing = models.ForeignKey(Standing, models.CASCADE, related_name="items", verbose_name=_("考核结果"))
    position = models.PositiveSmallIntegerField(_("序号"))
    indicator = models.CharField(_("指标"), max_length=40)
    title = models.CharField(_("指标名称"), max_length=60)
    clause = models.CharField(_("条款"), max_length=60, blank=True)
    status = models.CharField(_("状态"), max_length=16, choices=Status)
    points = models.DecimalField(_("得分"), max_digits=12, decimal_places=4, null=True)
    full_marks = models.DecimalField(_("满分"), max_digits=8, decimal_places=2, null=True)
    actual = models.DecimalField(_("完成"), max_digits=20, decimal_places=4, null=True)
    target = models.DecimalField(_("目标"), max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(_("单位"), max_length=16, blank=True)
    progress = models.DecimalField(_("完成率"), max_digits=10, decimal_places=4, null=True)
    explanation = models.TextField(_("算式"), blank=True)
    measures = models.JSONField(_("计量"), default=dict)

    class Meta:
        verbose_name = _("得分明细")
        verbose_name_plural = _("得分明细")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["standing", "indicator"], name="item_once")]
        triggers = locked_when_closed(YEAR_OF_STANDING)

    def __str__(self) -> str:
        return f"{self.title} {self.points}"


class AwardCandidate(models.Model):
    """Who stands for an award today, with the reason in figures (评奖候选); people decide later.

    `passed_over`: the place fits, the condition does not (last, but the target is met); shown with its reason, no award.
    """

    run = models.ForeignKey(
        "kpi.Run", models.CASCADE, related_name="award_candidates", verbose_name=_("批次")
    )
    award = models.CharField(_("奖项代码"), max_length=40)
    title = models.CharField(_("奖项"), max_length=60)
    standing = models.ForeignKey(
        Standing, models.CASCADE, null=True, related_name="awards", verbose_name=_("考核结果")
    )
    is_warning = models.BooleanField(_("警示类"), default=False)
    is_tied = models.BooleanField(_("并列"), default=False)
    undecided = models.BooleanField(_("待定"), default=False)
    passed_over = models.BooleanField(_("不符合条件"), default=False)
    reason = models.TextField(_("依据"))
    position = models.PositiveSmallIntegerField(_("序号"), default=0)

    class Meta:
        verbose_name = _("评奖候选")
        verbose_name_plural = _("评奖候选")
        ordering = ["position", "id"]
        triggers = locked_when_closed(YEAR_OF_RUN)

    def __str__(self) -> str:
        return f"{self.title} {self.standing_id}"

    @property
    def proposal(self) -> str:
        """What the calculation says of it, in one word of `Proposal`."""
        return "undecided" if self.undecided else "passed_over" if self.passed_over else "candidate"
