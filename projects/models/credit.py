"""Whose project it is: the shares of the credit."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from projects.models.sight import SIGHT_BY_PART
from promotion.action import explain_constraint

# Whether the ledger of a project is whole on every day since its first share: the roles' weights total 100, so do the
# shares within each role, and one weight holds for a role. Asked when the transaction commits, so that a settlement may
# close the old rows and open the new ones in any order.
SHARE_LEDGER_WHOLE = pgtrigger.Trigger(
    name="share_ledger_whole",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    timing=pgtrigger.Deferred,
    declare=[("owner", "bigint"), ("broken", "date")],
    func="""
        owner := coalesce(NEW.project_id, OLD.project_id);
        SELECT min(part.day) INTO broken FROM (
            SELECT held.day, sum(held.weight) AS weights, sum(held.percent) AS percents, bool_and(held.whole) AS whole
            FROM (
                SELECT edge.day, s.role, min(s.weight) AS weight, sum(s.percent) AS percent,
                       sum(s.share) = 100 AND min(s.weight) = max(s.weight) AS whole
                FROM (
                    SELECT holds_from AS day FROM projects_creditshare
                    WHERE project_id = owner AND holds_until IS DISTINCT FROM holds_from
                    UNION
                    SELECT holds_until FROM projects_creditshare
                    WHERE project_id = owner AND holds_until > holds_from
                ) edge
                LEFT JOIN projects_creditshare s ON s.project_id = owner AND s.holds_from <= edge.day
                     AND (s.holds_until IS NULL OR s.holds_until > edge.day)
                GROUP BY edge.day, s.role
            ) held
            GROUP BY held.day
        ) part
        WHERE part.weights IS DISTINCT FROM 100 OR part.percents IS DISTINCT FROM 100 OR part.whole IS NOT TRUE;
        IF broken IS NOT NULL THEN
            RAISE EXCEPTION 'the shares of project % are not 100 %% per role on %', owner, broken
                USING ERRCODE = 'check_violation', CONSTRAINT = 'share_ledger_whole';
        END IF;
        RETURN NULL;
    """,
)


class CreditRole(models.TextChoices):
    """What somebody did for a project (业绩角色)."""

    CAPTURE = "capture", _("捕捉")
    INTRODUCTION = "introduction", _("引进")
    LANDING = "landing", _("推进落地")
    SERVICE = "service", _("服务专员")


@pghistory.track()
class CreditShare(models.Model):
    """A person's part of a role in the credit of a project (业绩份额), half-open [holds_from, holds_until).

    A settlement gives each role its `weight` in the project (捕捉 30, 引进 50, 推进落地 20; together exactly 100 %) and each
    member a `share` of the role (exactly 100 % in each role). `percent` is their product, the part of the whole project
    by which facts of that day are credited. The database keeps both sums on every day (trigger share_ledger_whole).
    """

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="shares", verbose_name=_("项目")
    )
    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="shares", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=12, choices=CreditRole)
    settlement = models.PositiveSmallIntegerField(_("第几次核定"), default=1)
    weight = models.DecimalField(_("角色权重（%）"), max_digits=5, decimal_places=2)
    share = models.DecimalField(_("角色内份额（%）"), max_digits=12, decimal_places=9)
    percent = models.DecimalField(_("占项目（%）"), max_digits=7, decimal_places=4)
    holds_from = models.DateField(_("起"))
    holds_until = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("业绩份额")
        verbose_name_plural = _("业绩份额")
        ordering = ["project_id", "role", "-percent", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight__gt=0, weight__lte=100, share__gt=0, share__lte=100),
                name="share_between_0_and_100",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    percent=Round(
                        models.F("weight") * models.F("share") / models.Value(100),
                        precision=4,
                        output_field=models.DecimalField(max_digits=7, decimal_places=4),
                    )
                ),
                name="share_is_weight_by_part",
            ),
            models.CheckConstraint(
                condition=models.Q(holds_until__isnull=True)
                | models.Q(holds_until__gte=models.F("holds_from")),
                name="share_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["project", "person", "role"],
                condition=models.Q(holds_until__isnull=True),
                name="one_share_per_role",
            ),
            models.UniqueConstraint(
                fields=["project", "settlement", "role", "person"], name="one_share_per_settlement"
            ),
        ]
        indexes = [models.Index(fields=["project", "holds_from"], name="share_project_from")]
        triggers = [SHARE_LEDGER_WHOLE, SIGHT_BY_PART]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.percent}%"


explain_constraint("share_between_0_and_100", _("每个份额必须大于 0，且不超过 100。"))
explain_constraint("share_is_weight_by_part", _("占项目的份额必须等于角色权重乘以角色内份额。"))
explain_constraint("share_ends_after_start", _("份额的截止日期不能早于起始日期。"))
explain_constraint(
    "one_share_per_settlement",
    _("这个项目的份额刚刚被他人重新核定；您的修改没有保存，请核对最新份额后再试。"),
)
explain_constraint(
    "share_ledger_whole", _("份额没有保存：每一天各角色权重合计、每个角色内的份额合计都必须正好是 100%。")
)
explain_constraint("one_share_per_role", _("同一个人在同一角色里只能有一个份额。"))
