from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("人员与机构")

    def ready(self) -> None:
        from staff import checks  # noqa: F401, PLC0415 registers itself; models are there only now
