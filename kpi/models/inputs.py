"""Assessment inputs (考评录入): what people give a scheme beside facts, recorded by one and confirmed by another."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import locked_when_closed
from kpi.scoring.rounding import plain
from promotion.action import explain_constraint
from promotion.identifiers import public_id

#: How a ballot that was not handed in is typed, the same in every language.
NOT_HANDED_IN = "未交"
#: What an input says, beside where it stands.
CONTENT = ("option", "value", "author", "reason", "dated")


class InputKind(models.TextChoices):
    """What is given (录入类别)."""

    RATING = "rating", _("评议票")
    CHOICE = "choice", _("酌定分")
    CATEGORY = "category", _("考核类别")
    MEASURE = "measure", _("填报数")
    RATE = "rate", _("汇率")


class InputState(models.TextChoices):
    SUBMITTED = "submitted", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    RETURNED = "returned", _("被退回")
    WITHDRAWN = "withdrawn", _("已撤回")
    REVERSED = "reversed", _("已冲销")


@pghistory.track()
class InputPaper(models.Model):
    """A file that inputs rest on (录入依据), such as a scanned tally of ballots; one file may serve many inputs."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    title = models.CharField(_("文件名"), max_length=160)
    file = models.FileField(_("文件"), upload_to="inputs/%Y/%m/")
    content_type = models.CharField(_("类型"), max_length=80)
    size = models.PositiveIntegerField(_("大小（字节）"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = _("录入依据")
        verbose_name_plural = _("录入依据")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class AssessmentInput(models.Model):
    """One input of a year's assessment (考评录入). Only a confirmed one counts; a newer one takes its place.

    `code` names what the scheme asks for: a rating, points to choose, an indicator or gate, a currency; it is empty for
    categories. `part` is a panel of the rating or a measure of the indicator, `band` a band of the measure, `option` the
    category. `value` is the mark (empty: not handed in), the points, the figure, or 元 for one unit of the currency.
    `holds_from` is when a category or a rate begins to hold; `dated` is the day of the rating or decision.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("录入类别"), max_length=10, choices=InputKind)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, null=True, blank=True, related_name="inputs", verbose_name=_("人员")
    )
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="inputs", verbose_name=_("团队")
    )
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("项目")
    )
    code = models.CharField(_("录入项"), max_length=60, blank=True)
    part = models.CharField(_("细目"), max_length=60, blank=True)
    band = models.CharField(_("档"), max_length=60, blank=True)
    voter = models.CharField(_("评分人"), max_length=40, blank=True)
    option = models.CharField(_("类别代码"), max_length=60, blank=True)
    value = models.DecimalField(_("数值"), max_digits=24, decimal_places=8, null=True, blank=True)
    author = models.CharField(_("酌定人"), max_length=40, blank=True)
    reason = models.CharField(_("理由或说明"), max_length=300, blank=True)
    holds_from = models.DateField(_("起始日"), null=True, blank=True)
    dated = models.DateField(_("评定日期"), null=True, blank=True)
    paper = models.ForeignKey(
        InputPaper, models.PROTECT, null=True, blank=True, related_name="inputs", verbose_name=_("依据")
    )
    state = models.CharField(_("状态"), max_length=10, choices=InputState, default=InputState.SUBMITTED)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    recorded_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("确认人"),
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("终止人"),
    )
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    note = models.CharField(_("退回或冲销原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("考评录入")
        verbose_name_plural = _("考评录入")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="rate", person__isnull=True, team__isnull=True)
                | ~models.Q(kind="rate")
                & (
                    models.Q(person__isnull=False, team__isnull=True)
                    | models.Q(person__isnull=True, team__isnull=False)
                ),
                name="input_has_one_subject",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("confirmed", "reversed"))
                | models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("recorded_by")),
                name="second_person_confirms_input",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=("category", "rate")) | models.Q(holds_from__isnull=False),
                name="category_and_rate_are_dated",
            ),
            *(
                models.UniqueConstraint(
                    fields=[
                        "year",
                        "kind",
                        "person",
                        "team",
                        "code",
                        "part",
                        "band",
                        "project",
                        "voter",
                        "holds_from",
                    ],
                    condition=models.Q(state=state),
                    nulls_distinct=False,
                    name=f"one_{state}_input",
                )
                for state in ("submitted", "confirmed")
            ),
        ]
        indexes = [
            models.Index(fields=["year", "state", "kind", "code"], name="input_year_state"),
            models.Index(fields=["person", "year"], name="input_person"),
            models.Index(fields=["team", "year"], name="input_team"),
        ]
        triggers = locked_when_closed()

    def __str__(self) -> str:
        subject = self.person or self.team
        return f"{self.get_kind_display()} {subject or self.code}"

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two inputs answer the same question."""
        return (
            self.kind,
            self.person_id,
            self.team_id,
            self.code,
            self.part,
            self.band,
            self.project_id,
            self.voter,
            self.holds_from,
        )

    def same_as(self, other: object) -> bool:
        """Whether another input (or a row to record) says the same in the same place."""
        return all(getattr(self, name) == getattr(other, name) for name in CONTENT)

    @property
    def shown(self) -> str:
        """The value as it is typed: a number, 未交 for a ballot that was not handed in, the code of a category."""
        if self.kind == InputKind.CATEGORY:
            return self.option
        return NOT_HANDED_IN if self.value is None else plain(self.value)

    @property
    def said(self) -> str:
        """All that one reads in its place: the value, of a choice also who made it and why."""
        return (
            choice_said(self.shown, self.author, self.reason) if self.kind == InputKind.CHOICE else self.shown
        )


def choice_said(value: str, author: str, reason: str) -> str:
    """A choice as one reads it; empty where there is none."""
    return f"{value}（{author}：{reason}）" if value else ""


explain_constraint("input_has_one_subject", _("录入必须属于一个人或一个团队；汇率不属于任何人。"))
explain_constraint(
    "second_person_confirms_input", _("录入人不能确认自己的录入；请由另一位有权限的同事确认。")
)
explain_constraint("category_and_rate_are_dated", _("考核类别和汇率要写明从哪一天起。"))
explain_constraint("one_submitted_input", _("这一项刚刚由他人录入，待确认；请刷新页面后再改。"))
explain_constraint("one_confirmed_input", _("这一项刚刚由他人确认；请刷新页面。"))
