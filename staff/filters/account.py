"""How the list of accounts is narrowed."""

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from promotion.web.filters import ListFilter
from staff.models import Account, Role


class AccountFilter(ListFilter):
    """Accounts by name and role."""

    q = filters.CharFilter(label=_("登录名或姓名"), method="search")
    role = filters.ChoiceFilter(label=_("角色"), choices=Role, empty_label=_("全部"))
    is_active = filters.BooleanFilter(label=_("启用"))

    class Meta:
        model = Account
        fields: list[str] = []

    def search(self, accounts: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        found = accounts.filter(username__icontains=value.strip()) | accounts.filter(
            display_name__icontains=value.strip()
        )
        return found
