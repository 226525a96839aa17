"""The frame as a Django app: what every page, reply and job shares."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromotionConfig(AppConfig):
    name = "promotion"
    verbose_name = _("平台")

    def ready(self) -> None:
        # Loading the Celery application here binds every shared task to it.
        import promotion.celery  # noqa: F401, PLC0415 only once the apps are there
