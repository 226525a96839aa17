"""A competition for posts (竞聘): the round with its rules, the posts it fills, the criteria that interviews are scored by."""

from decimal import Decimal

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id
from staff.models.body import BodyName
from staff.models.post import Grade


class CompetitionState(models.TextChoices):
    """How far a round has come (竞聘状态)."""

    DRAFT = "draft", _("起草")
    ANNOUNCED = "announced", _("已公布")
    INTERVIEWING = "interviewing", _("面试答辩")
    SCORED = "scored", _("已计分")
    DECIDED = "decided", _("已决定")
    PUBLICITY = "publicity", _("公示")
    APPOINTED = "appointed", _("已聘任")
    CANCELLED = "cancelled", _("已取消")


@pghistory.track()
class Competition(models.Model):
    """A round of competition for posts (竞聘), open to the whole staff of the committee.

    Applications are taken from `opens_at` until before `closes_at`. `requirements_on` is the day whose lists of requirements
    hold. `trim` is how many of the highest and of the lowest judges are dropped. Whoever wrote a round does not announce it.
    """

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    number = models.CharField(_("竞聘编号"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    body_name = models.CharField(_("落款"), max_length=8, choices=BodyName, default=BodyName.CENTRE)
    notice = models.TextField(_("公告"), max_length=5000)
    notice_paper = models.ForeignKey(
        "staff.StaffPaper",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("公告附件"),
    )
    opens_at = models.DateTimeField(_("报名开始"))
    closes_at = models.DateTimeField(_("报名截止"))
    requirements_on = models.DateField(_("任职条件日期"))
    appoint_on = models.DateField(_("聘任日期"))
    term_months = models.PositiveSmallIntegerField(_("聘期（月）"), default=36)
    trim = models.PositiveSmallIntegerField(_("去掉最高最低分的人数"), default=1)
    least_judges = models.PositiveSmallIntegerField(_("最少评委"), default=5)
    pass_mark = models.DecimalField(_("合格线"), max_digits=5, decimal_places=2, default=Decimal(60))
    publicity_days = models.PositiveSmallIntegerField(_("公示工作日"), default=5)
    replaces_all = models.BooleanField(_("全员重新上岗"), default=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=CompetitionState, default=CompetitionState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("起草人")
    )
    created_at = models.DateTimeField(_("起草时间"), default=timezone.now)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("公布人")
    )
    announced_at = models.DateTimeField(_("公布时间"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    approved_at = models.DateTimeField(_("审批时间"), null=True)
    publicity_from = models.DateField(_("公示开始"), null=True)
    publicity_until = models.DateField(_("公示截止"), null=True)
    cancel_reason = models.CharField(_("取消理由"), max_length=300, blank=True)
    roles_settled = models.BooleanField(_("角色已调整"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("竞聘")
        verbose_name_plural = _("竞聘")
        ordering = ["-opens_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="competition_window"
            ),
            models.CheckConstraint(
                condition=models.Q(trim__lte=1, least_judges__gte=1 + 2 * models.F("trim")),
                name="competition_leaves_judges",
            ),
            models.CheckConstraint(
                condition=models.Q(pass_mark__gte=0, pass_mark__lte=100), name="competition_pass_mark"
            ),
            models.CheckConstraint(
                condition=models.Q(announced_by=None) | ~models.Q(announced_by=models.F("created_by")),
                name="competition_announced_by_second",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("decided_by")),
                name="competition_approved_by_second",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cancelled") | ~models.Q(cancel_reason=""),
                name="competition_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_applications(self) -> bool:
        """Whether the window is open now; the database's own clock decides when something is submitted."""
        now = timezone.now()
        return self.state == CompetitionState.ANNOUNCED and self.opens_at <= now < self.closes_at

    @property
    def window_closed(self) -> bool:
        """Whether the window of an announced round is over."""
        return self.state == CompetitionState.ANNOUNCED and timezone.now() >= self.closes_at


@pghistory.track()
class CompetitionPost(models.Model):
    """A post that a round fills (竞聘岗位): so many seats of a grade in a team, perhaps for a language."""

    competition = models.ForeignKey(Competition, models.CASCADE, related_name="posts", verbose_name=_("竞聘"))
    position = models.PositiveSmallIntegerField(_("排序"))
    team = models.ForeignKey("staff.Team", models.PROTECT, related_name="+", verbose_name=_("团队"))
    grade = models.CharField(_("级别"), max_length=8, choices=Grade)
    language = models.CharField(_("外语"), max_length=20, blank=True)
    seats = models.PositiveSmallIntegerField(_("名额"), default=1)
    leads = models.BooleanField(_("担任队长"), default=False)

    class Meta:
        verbose_name = _("竞聘岗位")
        verbose_name_plural = _("竞聘岗位")
        ordering = ["competition", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "team", "grade", "language", "leads"], name="competition_post_once"
            ),
            models.CheckConstraint(
                condition=models.Q(seats__gte=1) & (models.Q(leads=False) | models.Q(seats=1)),
                name="competition_post_seats",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(
            filter(
                None,
                [
                    self.team.name,
                    str(_("队长")) if self.leads else "",
                    str(self.get_grade_display()),
                    self.language,
                ],
            )
        )


@pghistory.track()
class CompetitionCriterion(models.Model):
    """What an interview is scored by (评分标准): a weight in percent, points from 0 to 100."""

    competition = models.ForeignKey(
        Competition, models.CASCADE, related_name="criteria", verbose_name=_("竞聘")
    )
    position = models.PositiveSmallIntegerField(_("排序"))
    name = models.CharField(_("名称"), max_length=40)
    words = models.CharField(_("评分要点"), max_length=300, blank=True)
    weight = models.DecimalField(_("权重（%）"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("评分标准")
        verbose_name_plural = _("评分标准")
        ordering = ["competition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "name"], name="competition_criterion_once"),
            models.CheckConstraint(
                condition=models.Q(weight__gt=0, weight__lte=100), name="competition_criterion_weight"
            ),
        ]

    def __str__(self) -> str:
        return self.name


explain_constraint("competition_window", _("报名截止要晚于报名开始。"))
explain_constraint("competition_leaves_judges", _("去掉最高分和最低分之后，至少要剩一位评委。"))
explain_constraint("competition_pass_mark", _("合格线在 0 到 100 之间。"))
explain_constraint("competition_announced_by_second", _("起草人不能公布自己起草的竞聘，请另一位公布。"))
explain_constraint("competition_approved_by_second", _("拟聘决定由提交人以外的一位审批。"))
explain_constraint("competition_post_once", _("同一团队、级别、外语的岗位只写一行，人数写在名额里。"))
explain_constraint("competition_post_seats", _("名额至少为 1；队长岗位只有 1 个名额。"))
explain_constraint("competition_criterion_once", _("评分标准的名称不能重复。"))
explain_constraint("competition_criterion_weight", _("权重要大于 0，不超过 100。"))
