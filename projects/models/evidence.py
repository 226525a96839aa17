"""Which papers prove what: the types of documents, and the dated checklist of a kind of achievement."""

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.achievement import AchievementKind
from projects.models.project import CapitalSource, ProjectClass
from promotion.action import explain_constraint
from promotion.identifiers import public_id
from promotion.spans import once_a_day


class DocumentType(models.TextChoices):
    """What a paper is (材料类型)."""

    CONTRACT = "contract", _("合同或协议")
    ANNOUNCEMENT = "announcement", _("公告或新闻稿")
    BUSINESS_LICENCE = "business_licence", _("营业执照")
    ARTICLES = "articles", _("公司章程")
    FOREIGN_FILING = "foreign_filing", _("外资批复或备案")
    CAPITAL_PROOF = "capital_proof", _("验资报告")
    BANK_ADVICE = "bank_advice", _("银行进账单")
    EXCHANGE_REGISTRATION = "exchange_registration", _("外汇业务登记凭证")
    LAND_TITLE = "land_title", _("用地或租赁文件")
    BUILDING_PERMIT = "building_permit", _("施工许可证")
    SITE_PHOTO = "site_photo", _("现场照片")
    COMPLETION_FILING = "completion_filing", _("竣工验收备案")
    PRODUCTION_PROOF = "production_proof", _("投产证明")
    INVESTMENT_STATEMENT = "investment_statement", _("固定资产投资凭证")
    OUTPUT_STATEMENT = "output_statement", _("产值证明")
    TAX_RECEIPT = "tax_receipt", _("纳税证明")
    SOCIAL_INSURANCE = "social_insurance", _("社保缴纳证明")
    EMPLOYMENT_FILING = "employment_filing", _("用工备案")
    AWARD_NOTICE = "award_notice", _("批准或公布文件")
    OTHER = "other", _("其他材料")


class Necessity(models.TextChoices):
    """How much a paper is asked for (要求)."""

    REQUIRED = "required", _("必备")
    RECOMMENDED = "recommended", _("建议")


@pghistory.track()
class EvidenceRequirement(models.Model):
    """A paper that an achievement of a kind is proved by (佐证要求), half-open dates [holds_from, holds_until).

    An empty class or source of capital means all. For one type of document the narrower line stands above the wider
    one, so that a class can be asked for more or for less. What holds is what held on the day of the fact.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    kind = models.CharField(_("业绩种类"), max_length=12, choices=AchievementKind)
    project_class = models.CharField(_("项目等级"), max_length=10, choices=ProjectClass, blank=True)
    capital_source = models.CharField(_("资金来源"), max_length=10, choices=CapitalSource, blank=True)
    document_type = models.CharField(_("材料类型"), max_length=24, choices=DocumentType)
    necessity = models.CharField(_("要求"), max_length=12, choices=Necessity, default=Necessity.REQUIRED)
    holds_from = models.DateField(_("起"), default=timezone.localdate)
    holds_until = models.DateField(_("止（不含）"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    note = models.CharField(_("依据"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("佐证要求")
        verbose_name_plural = _("佐证要求")
        ordering = ["kind", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holds_until__isnull=True)
                | models.Q(holds_until__gt=models.F("holds_from")),
                name="evidence_requirement_ends_after_start",
            ),
            once_a_day(
                "one_evidence_requirement_a_day",
                "kind",
                "project_class",
                "capital_source",
                "document_type",
                start="holds_from",
                end="holds_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_document_type_display()}"


explain_constraint("evidence_requirement_ends_after_start", _("停止日期必须晚于开始日期。"))
explain_constraint(
    "one_evidence_requirement_a_day",
    _("同一种类、等级、资金来源和材料类型在这段时间已有一条要求；请先让原有的停止，再写新的。"),
)
