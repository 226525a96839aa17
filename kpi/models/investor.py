"""Under which names the investor of a fact was known when a scheme first asked for them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class FactInvestor(models.Model):
    """The names of the investor behind a fact (投资方名称), kept from the first run that asked for them.

    The registered name first, then every other name, the code and the group. A later merge, alias or change of group rewrites
    no past score; only years whose scheme asks for the investor have rows.
    """

    achievement = models.OneToOneField(
        "projects.Achievement",
        models.CASCADE,
        primary_key=True,
        related_name="investor_names",
        verbose_name=_("业绩"),
    )
    names = ArrayField(models.CharField(max_length=200), verbose_name=_("名称"))
    kept_at = models.DateTimeField(_("记下时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("投资方名称")
        verbose_name_plural = _("投资方名称")

    def __str__(self) -> str:
        return self.names[0] if self.names else ""
