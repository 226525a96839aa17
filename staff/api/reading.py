"""What every route of staff reads of a request: who asks, and the checked input."""

from typing import Any, cast

from rest_framework.request import Request

from staff.models import Account


def account_of(request: Request) -> Account:
    """Who asks: HasScope lets nobody in without an account."""
    return cast("Account", request.user)


def checked(serializer: type, request: Request) -> dict[str, Any]:
    """The request's input in the serializer's shape; raises ValidationError naming each wrong field."""
    reader = serializer(data=request.data)
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)
