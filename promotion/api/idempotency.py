"""A repeated write with the same key gets the first answer again and is not done twice: in the API, and from a browser whose
network went away in the middle."""

import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from promotion.errors import Conflict
from promotion.models import IdempotencyKey
from promotion.web.pages import done


def idempotent(method: Callable[..., Response]) -> Callable[..., Response]:
    """Wrap a viewset's write. Two requests with one key that arrive together are done one after the other.

    Raises Conflict when a key comes back with another request. Only answers below 400 are kept: a refused request may be
    corrected and sent again under the same key. An answer that shows a secret once must not come through here: it would be
    kept as it is. The method is marked `is_idempotent`.
    """

    @functools.wraps(method)
    def perform(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        account: Any = request.user
        key = request.headers.get("Idempotency-Key", "")[:80]
        if not key:
            return method(self, request, *args, **kwargs)
        digest = hashlib.sha256(f"{request.method} {request.path} {request.data!r}".encode()).hexdigest()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{account.pk}:{key}"]
                )
            kept = IdempotencyKey.objects.filter(account=account, key=key).first()
            if kept is not None:
                return _again(kept, digest)
            response = method(self, request, *args, **kwargs)
            if response.status_code < 400:
                body = request.accepted_renderer.render(response.data)  # empty for 204
                IdempotencyKey.objects.create(
                    account=account,
                    key=key,
                    request_digest=digest,
                    status=response.status_code,
                    body=json.loads(body) if body else {},
                )
            return response

    perform.is_idempotent = True  # type: ignore[attr-defined]
    return perform


Answer = Callable[..., HttpResponse]


def once(view: Answer) -> Answer:
    """Wrap a page's write: a form that comes again with its `idempotency_key` is led to where the first one went.

    Forms without a key (without script) are done as they come. Refused forms keep nothing, so that they may be mended.
    """

    @functools.wraps(view)
    def perform(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("idempotency_key", "")[:72]
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        digest = hashlib.sha256(request.path.encode()).hexdigest()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{request.user.pk}:page:{key}"]
                )
            kept = IdempotencyKey.objects.filter(account=request.user, key=f"page:{key}").first()
            if kept is not None:
                return done(request, kept.body["url"])
            response = view(request, *args, **kwargs)
            if response.status_code < 400:
                url = response.headers.get("Location") or response.headers.get("HX-Redirect")
                IdempotencyKey.objects.create(
                    account=request.user,
                    key=f"page:{key}",
                    request_digest=digest,
                    status=response.status_code,
                    body={"url": url or request.headers.get("HX-Current-URL") or "/"},
                )
            return response

    return perform


def _again(kept: IdempotencyKey, digest: str) -> Response:
    if kept.request_digest != digest:
        raise Conflict(_("这个 Idempotency-Key 已用于另一个请求；请换一个键。"))
    body = None if kept.status == 204 else kept.body
    return Response(body, status=kept.status, headers={"Idempotency-Replayed": "true"})
