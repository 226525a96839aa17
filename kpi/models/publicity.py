"""Publicity (考核公示): a run made public for some working days, answered by everybody in it, and the final list drawn from it."""

from datetime import date

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.locks import locked_when_closed
from promotion.action import explain_constraint
from promotion.identifiers import public_id
from staff.models import BodyName

#: For how many working days a result is public unless somebody says otherwise (assumption; the practice case names none).
DAYS = 5
MOST_DAYS = 30
#: The day of the house by the clock of the database, whichever web host is asked.
TODAY = "(clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date"
WITHIN = f"state = 'open' AND opens_on <= {TODAY} AND closes_on >= {TODAY}"


class PublicityState(models.TextChoices):
    DRAFT = "draft", _("待发布")
    OPEN = "open", _("公示中")
    FINAL = "final", _("已定案")
    REPLACED = "replaced", _("已被取代")
    WITHDRAWN = "withdrawn", _("已撤回")


#: A year has one of these at a time.
LIVE = (PublicityState.DRAFT, PublicityState.OPEN)
#: A final list was drawn from it; that of a replaced one is kept, and a later one is decisive.
SETTLED = (PublicityState.FINAL, PublicityState.REPLACED)
YEAR_OF_PUBLICITY = "SELECT p.year FROM changed c JOIN kpi_publicity p ON p.id = c.publicity_id"


@pghistory.track()
class Publicity(models.Model):
    """One publicity of a year (考核公示).

    `run` is frozen once it is announced; `closes_on` is the last day on which one may answer. `is_interim` (阶段公示): the run
    does not reach the end of the year, so that nothing is decided on it. `final_run` is the run the final list (定案) shows.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("年度"))
    run = models.ForeignKey("kpi.Run", models.PROTECT, related_name="publicities", verbose_name=_("公示批次"))
    is_interim = models.BooleanField(_("阶段公示"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=PublicityState, default=PublicityState.DRAFT)
    days = models.PositiveSmallIntegerField(_("公示工作日"), default=DAYS)
    opens_on = models.DateField(_("公示开始"), null=True, blank=True)
    closes_on = models.DateField(_("公示截止"), null=True, blank=True)
    body_name = models.CharField(_("落款"), max_length=10, choices=BodyName, default=BodyName.CENTRE)
    contact = models.CharField(_("异议受理"), max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟定人")
    )
    drafted_at = models.DateTimeField(_("拟定时间"), default=timezone.now)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发布人"),
    )
    announced_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    final_run = models.ForeignKey(
        "kpi.Run", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("定案批次")
    )
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("定案人"),
    )
    finalised_at = models.DateTimeField(_("定案时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撤回人"),
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdraw_reason = models.CharField(_("撤回原因"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("考核公示")
        verbose_name_plural = _("考核公示")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"], condition=Q(state__in=("draft", "open")), name="one_live_publicity"
            ),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state="final", is_interim=False), name="one_final_publicity"
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=MOST_DAYS), name="publicity_days_in_range"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("open", "final", "replaced"))
                | Q(opens_on__isnull=False, closes_on__gte=F("opens_on"), announced_by__isnull=False),
                name="publicity_has_window",
            ),
            models.CheckConstraint(
                condition=Q(announced_by=None) | ~Q(announced_by=F("drafted_by")),
                name="publicity_announced_by_second",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("final", "replaced"))
                | Q(final_run__isnull=False, finalised_by__isnull=False, finalised_at__isnull=False),
                name="publicity_final_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(finalised_by=None) | ~Q(finalised_by=F("drafted_by")),
                name="publicity_finalised_by_second",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (Q(withdrawn_by__isnull=False) & ~Q(withdraw_reason="")),
                name="publicity_withdrawn_with_reason",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="run_is_frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__state__in=("open", "final", "replaced", "withdrawn")),
                func="""
                    IF NEW.run_id IS DISTINCT FROM OLD.run_id OR NEW.year IS DISTINCT FROM OLD.year THEN
                        RAISE EXCEPTION 'publicity % is frozen', OLD.id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'publicity_run_is_frozen';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="final_needs_answers",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__state="final"),
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM kpi_scoreobjection WHERE publicity_id = NEW.id AND state = 'open'
                    ) THEN
                        RAISE EXCEPTION 'publicity % has open objections', NEW.id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'final_without_open_objection';
                    END IF;
                    IF NEW.closes_on >= {TODAY} THEN
                        RAISE EXCEPTION 'publicity % still runs', NEW.id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'final_after_the_window';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 a constant of this module
            ),
            *locked_when_closed(),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_state_display()}"

    @property
    def shown_run_id(self) -> int:
        """The run whose list is the one to read: the final one, or the one made public."""
        return self.final_run_id or self.run_id

    @property
    def is_settled(self) -> bool:
        """Whether a final list was drawn from it, the decisive one or a former one."""
        return self.state in SETTLED

    def is_open_on(self, day: date) -> bool:
        """Whether one may answer on the day."""
        if self.state != PublicityState.OPEN or self.opens_on is None or self.closes_on is None:
            return False
        return self.opens_on <= day <= self.closes_on

    def is_over_on(self, day: date) -> bool:
        """Whether the time to answer is past, and the final list not yet drawn."""
        return self.state == PublicityState.OPEN and self.closes_on is not None and self.closes_on < day


@pghistory.track()
class Acknowledgement(models.Model):
    """That a person, or a leader for the team, confirmed the published result (公示确认). Who says nothing has no objection."""

    publicity = models.ForeignKey(
        Publicity, models.PROTECT, related_name="acknowledgements", verbose_name=_("考核公示")
    )
    standing = models.ForeignKey(
        "kpi.Standing", models.PROTECT, related_name="acknowledgements", verbose_name=_("考核结果")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("确认人")
    )
    confirmed_at = models.DateTimeField(_("确认时间"), default=timezone.now)

    class Meta:
        verbose_name = _("公示确认")
        verbose_name_plural = _("公示确认")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["publicity", "standing"], name="one_acknowledgement_a_standing")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_window",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                    PERFORM 1 FROM kpi_publicity WHERE id = NEW.publicity_id AND {WITHIN} FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'publicity % is not open', NEW.publicity_id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'acknowledged_within_window';
                    END IF;
                    RETURN NEW;
                """,
            ),
            *locked_when_closed(YEAR_OF_PUBLICITY),
        ]

    def __str__(self) -> str:
        return str(self.standing)


explain_constraint("one_live_publicity", _("这一年已有一次没有结束的公示；请先办完或撤回。"))
explain_constraint("one_final_publicity", _("这一年已经定案，不能再定一次。"))
explain_constraint("publicity_days_in_range", _("公示期请填 1 到 30 个工作日。"))
explain_constraint("publicity_announced_by_second", _("公示由拟定人以外的另一位发布。"))
explain_constraint("publicity_finalised_by_second", _("定案由拟定人以外的另一位办理。"))
explain_constraint("publicity_run_is_frozen", _("公示的批次已冻结，不能更换；请撤回后重新公示。"))
explain_constraint("final_without_open_objection", _("还有异议没有处理，不能定案。"))
explain_constraint("final_after_the_window", _("公示期还没有结束，不能定案。"))
explain_constraint("acknowledged_within_window", _("公示期已过或还没有开始，不能确认。"))
explain_constraint("one_acknowledgement_a_standing", _("这份结果已经确认过。"))
