"""How a write becomes a route of the REST API: told in the document, at its address, done once for one key."""

from collections.abc import Callable, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from promotion.api.idempotency import idempotent
from promotion.api.schema import IDEMPOTENCY_KEY, refusals

Method = Callable[..., Response]
# What a decision about a record may be answered, beside 401 and 403: misspelt, unseen, overtaken, against the rules.
REFUSED = (400, 404, 409, 422)


def writes(
    request: Any,
    response: Any,
    *,
    refused: Sequence[int] = REFUSED,
    status: int = 200,
    many: bool = False,
    detail: bool | None = None,
    url_path: str | None = None,
    methods: Sequence[Any] = ("post",),
    parameters: Sequence[Any] = (),
    **told: Any,
) -> Callable[[Method], Method]:
    """One write: `request` and `response` are the serializers of what comes and of what is answered under `status`.

    `refused` are the statuses of refusals beside 401 and 403. `many` answers a plain list. With `detail` the method becomes
    an address of its own under the viewset (of one record or of them all) that takes `methods`; without it the router or
    the class says where it is. What else is `told` goes to extend_schema: summary, tags.
    """
    described = extend_schema(
        parameters=[*parameters, IDEMPOTENCY_KEY],
        request=request,
        responses={status: response(many=True) if many else response, **refusals(*refused)},
        **told,
    )

    def decorate(method: Method) -> Method:
        written = idempotent(method)
        if detail is None:
            return described(written)
        pages: dict[str, Any] = {"pagination_class": None} if many else {}
        routed = action(detail=detail, methods=list(methods), url_path=url_path, **pages)(written)
        # The kwargs of an action would take the place of a schema that is set before.
        return described(routed)

    return decorate
