"""What people can do is as open as the people are."""

from django.db.models import QuerySet

from staff.models import Account, PersonField, PersonLanguage


def languages_visible_to(actor: Account) -> QuerySet[PersonLanguage]:
    """The house searches by languages; another system needs the staff scope."""
    return PersonLanguage.objects.all() if actor.is_active else PersonLanguage.objects.none()


def fields_visible_to(actor: Account) -> QuerySet[PersonField]:
    """The same for expertise."""
    return PersonField.objects.all() if actor.is_active else PersonField.objects.none()
