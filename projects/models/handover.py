"""Custody of projects moves from one specialist to another: asked for, accepted, approved (移交)."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint
from promotion.identifiers import public_id


class HandoverState(models.TextChoices):
    """How far a handover is (移交状态)."""

    PROPOSED = "proposed", _("待接收")
    ACCEPTED = "accepted", _("待批准")
    APPROVED = "approved", _("已移交")
    REJECTED = "rejected", _("已驳回")
    CANCELLED = "cancelled", _("已撤销")


OPEN_HANDOVER = (HandoverState.PROPOSED, HandoverState.ACCEPTED)


class BatchKind(models.TextChoices):
    """Why somebody hands over everything (交接事由)."""

    LEAVE = "leave", _("离职")
    MOVE = "move", _("调岗")


@pghistory.track()
class HandoverBatch(models.Model):
    """Everything that a person who leaves or moves had in custody, handed over in one transaction (整体交接)."""

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, related_name="handover_batches", verbose_name=_("交出人")
    )
    kind = models.CharField(_("事由"), max_length=8, choices=BatchKind, default=BatchKind.LEAVE)
    last_day = models.DateField(_("最后在岗日"))
    reason = models.CharField(_("说明"), max_length=200)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("办理人")
    )
    confirmed_at = models.DateTimeField(_("办理时间"), default=timezone.now)

    class Meta:
        verbose_name = _("整体交接")
        verbose_name_plural = _("整体交接")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.person} {self.last_day}"


@pghistory.track()
class Handover(models.Model):
    """A request to give a project another service specialist (移交申请); custody stays until it is approved.

    `contents` lists what goes along as it was when asked for: open tasks, next step, contacts.
    """

    public_id = models.CharField(_("编号"), max_length=10, unique=True, default=public_id, editable=False)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="handovers", verbose_name=_("项目")
    )
    batch = models.ForeignKey(
        HandoverBatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handovers",
        verbose_name=_("整体交接"),
    )
    giver = models.ForeignKey("staff.Person", models.PROTECT, related_name="+", verbose_name=_("交出人"))
    receiver = models.ForeignKey("staff.Person", models.PROTECT, related_name="+", verbose_name=_("接收人"))
    from_team = models.ForeignKey("staff.Team", models.PROTECT, related_name="+", verbose_name=_("交出团队"))
    to_team = models.ForeignKey("staff.Team", models.PROTECT, related_name="+", verbose_name=_("接收团队"))
    state = models.CharField(_("状态"), max_length=10, choices=HandoverState, default=HandoverState.PROPOSED)
    reason = models.CharField(_("理由"), max_length=200)
    note = models.TextField(_("交接说明"), blank=True)
    contents = models.JSONField(_("交接内容"), default=dict, blank=True)
    shares_follow = models.BooleanField(_("推进落地份额随移交"), default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("接收确认人"),
    )
    accepted_at = models.DateTimeField(_("接收时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("决定人"),
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decision_note = models.CharField(_("决定说明"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("移交申请")
        verbose_name_plural = _("移交申请")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(state__in=["proposed", "accepted"]),
                name="one_open_handover",
            ),
            models.CheckConstraint(
                condition=~models.Q(giver=models.F("receiver")), name="handover_between_two"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(batch__isnull=False)
                | (models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("proposed_by"))),
                name="handover_approved_by_second_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["receiver"],
                condition=models.Q(state__in=["proposed", "accepted"]),
                name="handover_open_receiver",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.giver_id}→{self.receiver_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_HANDOVER


class ItemKind(models.TextChoices):
    """What else goes along with a batch (交接事项种类)."""

    TASK = "task", _("服务任务")
    RECEPTION = "reception", _("首报首接")
    CONDITION = "condition", _("附加条件")
    PROMISE = "promise", _("承诺")
    DRIVE = "drive", _("督查牵头")
    CASE = "case", _("首报仲裁")
    STEP = "step", _("下一步")
    REQUEST = "request", _("待其接收的移交")


class HandoverItem(models.Model):
    """Something of a batch beside its projects, with who received it (交接事项)."""

    batch = models.ForeignKey(HandoverBatch, models.PROTECT, related_name="items", verbose_name=_("整体交接"))
    kind = models.CharField(_("种类"), max_length=10, choices=ItemKind)
    title = models.CharField(_("事项"), max_length=200)
    detail = models.CharField(_("说明"), max_length=200, blank=True)
    receiver = models.ForeignKey("staff.Person", models.PROTECT, related_name="+", verbose_name=_("接收人"))
    task = models.ForeignKey(
        "projects.ServiceTask",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("服务任务"),
    )
    reception = models.ForeignKey(
        "projects.FirstReception",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("首报首接"),
    )

    class Meta:
        verbose_name = _("交接事项")
        verbose_name_plural = _("交接事项")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


explain_constraint("one_open_handover", _("这个项目已有一份移交申请在办；请先办结或撤销它，再提出新的。"))
explain_constraint("handover_between_two", _("交出人和接收人不能是同一个人。"))
explain_constraint("handover_approved_by_second_person", _("移交要由提出人以外的人批准；请换一位批准人。"))
