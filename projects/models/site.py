"""What the zone can offer an investor: plots of land and finished plants in its two parks."""

from decimal import Decimal

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.project import Park
from promotion.action import explain_constraint
from promotion.identifiers import public_id

# 1 亩 in m².
MU = Decimal("666.6667")


class SiteUse(models.TextChoices):
    """What may be built, or done, there (用途)."""

    INDUSTRIAL = "industrial", _("工业")
    RESEARCH = "research", _("研发")
    LOGISTICS = "logistics", _("仓储物流")
    BUSINESS = "business", _("商务办公")
    MIXED = "mixed", _("综合")


class SiteStatus(models.TextChoices):
    """Whether it can be offered at all; who holds it for how long is told by the reservations."""

    OPEN = "open", _("可供")
    PREPARING = "preparing", _("整理中")
    CLOSED = "closed", _("不供")


class Ownership(models.TextChoices):
    """Whose land it is (权属)."""

    STATE = "state", _("国有储备")
    COLLECTIVE = "collective", _("集体")
    GRANTED = "granted", _("已出让")


@pghistory.track()
class Plot(models.Model):
    """A piece of land (地块). Area in 亩, price in 元 per 亩; `corners` are metres from the park's south-west corner."""

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    park = models.CharField(_("园区"), max_length=10, choices=Park)
    number = models.CharField(_("地块编号"), max_length=20)
    location = models.CharField(_("位置"), max_length=120, blank=True)
    area = models.DecimalField(_("面积（亩）"), max_digits=10, decimal_places=2)
    use = models.CharField(_("用途"), max_length=12, choices=SiteUse, default=SiteUse.INDUSTRIAL)
    plot_ratio = models.DecimalField(_("容积率"), max_digits=4, decimal_places=2, null=True, blank=True)
    power = models.PositiveIntegerField(_("供电容量（kVA）"), default=0)
    has_water = models.BooleanField(_("通水"), default=True)
    has_gas = models.BooleanField(_("通气"), default=False)
    has_steam = models.BooleanField(_("通蒸汽"), default=False)
    ownership = models.CharField(_("权属"), max_length=12, choices=Ownership, default=Ownership.STATE)
    status = models.CharField(_("供应状态"), max_length=12, choices=SiteStatus, default=SiteStatus.OPEN)
    price = models.DecimalField(_("指导价（元/亩）"), max_digits=14, decimal_places=2, null=True, blank=True)
    corners = models.JSONField(_("图形"), default=list, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("地块")
        verbose_name_plural = _("地块")
        ordering = ["park", "number"]
        constraints = [
            models.UniqueConstraint(fields=["park", "number"], name="plot_number_once"),
            models.CheckConstraint(condition=models.Q(area__gt=0), name="plot_area_positive"),
        ]
        triggers = [
            # What is promised on a plot stays within it, also when the plot is measured again.
            pgtrigger.Trigger(
                name="keeps_what_is_promised",
                operation=pgtrigger.UpdateOf("area"),
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM projects_reservation
                        WHERE plot_id = NEW.id AND upper(extent) > NEW.area
                        AND state IN ('requested', 'reserved', 'locked', 'landed')
                    ) THEN
                        RAISE EXCEPTION 'plot % is smaller than what is promised on it', NEW.number
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'plot_holds_what_is_promised';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_park_display()} {self.number}"


@pghistory.track()
class Plant(models.Model):
    """A finished building, or a floor of one (厂房/载体). Area in m², rent in 元 per m² and month."""

    public_id = models.CharField(_("内部编号"), max_length=10, unique=True, default=public_id, editable=False)
    park = models.CharField(_("园区"), max_length=10, choices=Park)
    building = models.CharField(_("楼栋"), max_length=60)
    floor = models.CharField(_("楼层"), max_length=20, blank=True)
    plot = models.ForeignKey(
        Plot, models.PROTECT, null=True, blank=True, related_name="plants", verbose_name=_("所在地块")
    )
    area = models.DecimalField(_("面积（㎡）"), max_digits=12, decimal_places=2)
    use = models.CharField(_("用途"), max_length=12, choices=SiteUse, default=SiteUse.INDUSTRIAL)
    height = models.DecimalField(_("层高（米）"), max_digits=5, decimal_places=2, null=True, blank=True)
    floor_load = models.DecimalField(
        _("楼面荷载（吨/㎡）"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    power = models.PositiveIntegerField(_("供电容量（kVA）"), default=0)
    rent = models.DecimalField(
        _("租金指导价（元/㎡·月）"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    status = models.CharField(_("供应状态"), max_length=12, choices=SiteStatus, default=SiteStatus.OPEN)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    created_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("厂房载体")
        verbose_name_plural = _("厂房载体")
        ordering = ["park", "building", "floor"]
        constraints = [
            models.UniqueConstraint(fields=["park", "building", "floor"], name="plant_once"),
            models.CheckConstraint(condition=models.Q(area__gt=0), name="plant_area_positive"),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.get_park_display(), self.building, self.floor) if part)


explain_constraint("plot_number_once", _("这个园区已有同一编号的地块；请在列表里打开它修改，或换一个编号。"))
explain_constraint("plot_area_positive", _("面积必须大于 0；请填写以亩为单位的面积。"))
explain_constraint("plant_once", _("这个园区已有同一楼栋、楼层的厂房；请在列表里打开它修改。"))
explain_constraint("plant_area_positive", _("面积必须大于 0；请填写以平方米为单位的面积。"))
explain_constraint(
    "plot_holds_what_is_promised",
    _("面积不能小于已为项目预留的部分；请先释放或缩小预留，再改面积。"),
)
