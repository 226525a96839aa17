"""What the OpenAPI document says on every route: how to sign in, how writes are repeated, what a refusal looks like."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Up to 80 characters of your own. The same request with the same key is done once; the repeated reply "
    "carries `Idempotency-Replayed: true`. The key with another request answers 409.",
)


class RefusalSerializer(serializers.Serializer[Any]):
    """Why nothing was done: a code, a sentence for a person, and a sentence for each field concerned."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


def refusals(*statuses: int) -> dict[int, type[RefusalSerializer]]:
    """The replies of a route that did nothing, beside 401 and 403 which every route may give."""
    return dict.fromkeys((401, 403, *statuses), RefusalSerializer)


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Token KEY`; administrators hand out keys with scopes."""

    target_class = "staff.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token KEY`. A key can do no more than its scopes.",
        }
