"""How a verb of the staff file becomes a route of the REST API."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals


def route(
    taken: type | None,
    given: Any,
    summary: str,
    *,
    tag: str,
    detail: bool = True,
    status: int = 200,
    path: str = "",
) -> Callable[..., Any]:
    """One verb as a POST route that may carry an Idempotency-Key."""

    def decorate(method: Callable[..., Response]) -> Callable[..., Response]:
        described = extend_schema(
            summary=summary,
            tags=[tag],
            parameters=[IDEMPOTENCY_KEY],
            request=taken,
            responses={status: given, **refusals(400, 403, 404, 409, 422)},
        )
        kwargs = {"url_path": path} if path else {}
        return described(action(detail=detail, methods=["post"], **kwargs)(idempotent(method)))

    return decorate
