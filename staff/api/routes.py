"""How a verb of the staff file becomes a route of the REST API."""

from collections.abc import Callable
from typing import Any

from promotion.api.routes import writes


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
    return writes(
        taken, given, status=status, detail=detail, url_path=path or None, summary=summary, tags=[tag]
    )
