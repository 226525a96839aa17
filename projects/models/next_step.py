"""The course of next steps: what was planned, done, and put off (下一步记录). The open one stands on the project."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NextStepAct(models.TextChoices):
    """What became of a next step (下一步记录)."""

    SET = "set", _("安排")
    DONE = "done", _("完成")
    POSTPONED = "postponed", _("延后")
    REPLACED = "replaced", _("改为")


class NextStepEntry(models.Model):
    """One act on a project's next step (下一步记录): the step as it was, and the new day when it was put off."""

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="next_steps", verbose_name=_("项目")
    )
    act = models.CharField(_("变动"), max_length=10, choices=NextStepAct)
    text = models.CharField(_("事项"), max_length=120)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    moved_to = models.DateField(_("延至"), null=True, blank=True)
    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="+", verbose_name=_("责任人"))
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("记录人")
    )
    written_at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("下一步记录")
        verbose_name_plural = _("下一步记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"], name="next_step_entry_project")]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.text}"
