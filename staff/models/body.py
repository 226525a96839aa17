"""The one body and its two names (两块牌子、一套班子)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BodyName(models.TextChoices):
    """Under which of its names the body issues a paper (落款)."""

    CENTRE = "centre", _("招商发展中心")
    BUREAU = "bureau", _("招商局")
