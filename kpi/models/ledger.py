"""The credit ledger: who gets how much of each recognised fact. Lines are posted once and never edited."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import inserted_when_open
from projects.models import CreditRole


class LedgerLine(models.Model):
    """One person's credit for one fact (业绩归属); a correction is a line of the opposite sign that names it.

    The attributes that schemes filter by are copied here on the day of posting, so that a later change of the project
    does not rewrite a past score. `share` is a signed fraction of 1; `amount` is the signed shared amount in 元,
    `amount_usd` in USD; `full_amount` and `full_amount_usd` are the whole recognised amount of the fact, by which size
    tiers are chosen, and empty where none was recognised; `full_people` is the whole number of recognised people of
    新增就业, empty for all else. All live lines of a fact carry the same attributes, those of its first posting.

    The table is partitioned by year and its keys begin accordingly (migration 0007): small years share one partition,
    a year that is posted in bulk gets its own (docs/decisions/0015-runs-in-proportion.md). Texts compare by their bytes, which
    sorts and groups several times as fast as by the rules of a language.
    """

    id = models.BigAutoField(primary_key=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    achievement = models.ForeignKey(
        "projects.Achievement", models.PROTECT, related_name="ledger_lines", verbose_name=_("业绩")
    )
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, related_name="ledger_lines", verbose_name=_("项目")
    )
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, db_index=False, related_name="ledger_lines", verbose_name=_("人员")
    )
    team = models.ForeignKey(
        "staff.Team",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="ledger_lines",
        verbose_name=_("当日任职团队"),
    )
    ranked_team = models.ForeignKey(
        "staff.Team",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("参评团队"),
    )
    kind = models.CharField(_("种类"), max_length=12, db_collation="C")
    role = models.CharField(_("角色"), max_length=12, blank=True, db_collation="C")
    happened_on = models.DateField(_("发生日期"))
    share = models.DecimalField(_("份额"), max_digits=7, decimal_places=6)
    amount = models.DecimalField(_("归属金额（元）"), max_digits=20, decimal_places=4, default=0)
    amount_usd = models.DecimalField(_("归属金额（美元）"), max_digits=20, decimal_places=4, default=0)
    full_amount = models.DecimalField(_("认定金额（元）"), max_digits=18, decimal_places=2, null=True)
    full_amount_usd = models.DecimalField(_("认定金额（美元）"), max_digits=18, decimal_places=2, null=True)
    full_people = models.IntegerField(_("认定人数"), null=True)
    industry = models.CharField(_("产业"), max_length=24, blank=True, db_collation="C")
    project_class = models.CharField(_("项目等级"), max_length=10, blank=True, db_collation="C")
    capital_source = models.CharField(_("资金来源"), max_length=10, blank=True, db_collation="C")
    channel = models.CharField(_("渠道"), max_length=20, blank=True, db_collation="C")
    park = models.CharField(_("园区"), max_length=10, blank=True, db_collation="C")
    level = models.CharField(_("级别"), max_length=12, blank=True, db_collation="C")
    reason = models.CharField(_("扣分事由"), max_length=24, blank=True, db_collation="C")
    posted_at = models.DateTimeField(_("入账时间"), auto_now_add=True)
    posted_run = models.ForeignKey(
        "kpi.Run",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="posted_lines",
        verbose_name=_("入账核算"),
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("冲销")
    )

    class Meta:
        verbose_name = _("业绩归属")
        verbose_name_plural = _("业绩归属")
        ordering = ["id"]
        indexes = [
            # For the lines of a team and of a person alike: teams are few, and the database skips from one to the next.
            models.Index(fields=["ranked_team", "person", "kind"], name="ledger_credited"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            inserted_when_open(),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.share}"

    @property
    def role_label(self) -> str:
        """The role in words; empty where the fact has none."""
        return str(dict(CreditRole.choices).get(self.role, ""))
