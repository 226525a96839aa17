"""Every route of the API that writes takes an Idempotency-Key: another system may send a request again without harm."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver
from drf_spectacular.generators import SchemaGenerator

from promotion.api.urls import urlpatterns

WRITING = ("post", "put", "patch", "delete")
# Routes that do not, and why.
LEFT_OUT = {
    "CompanyViewSet.check": "writes nothing: a question too long for an address",
    "BulkChangeViewSet.preview": "writes nothing: says what a change would do",
    "SchemeViewSet.preview": "writes nothing: tries a changed draft",
    "BlockerViewSet.links": "shows a secret address once; the kept answer would hold it",
    "ReviewViewSet.links": "shows a secret address once; the kept answer would hold it",
    "CalendarFeedView.post": "shows a secret address once; the kept answer would hold it",
}


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[Any]:
    """The views of the API behind their addresses."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield pattern.callback


def written() -> Iterator[tuple[str, Any]]:
    """Each writing method by its class and name."""
    for view in addresses(urlpatterns):
        actions = getattr(view, "actions", None) or {
            verb: verb for verb in WRITING if hasattr(view.cls, verb)
        }
        for verb, name in actions.items():
            if verb in WRITING:
                yield f"{view.cls.__name__}.{name}", getattr(view.cls, name)


def test_every_write_of_the_api_is_done_once_for_one_key() -> None:
    found = dict(written())
    unprotected = {name for name, method in found.items() if not getattr(method, "is_idempotent", False)}
    assert len(found) > 250
    assert unprotected == set(LEFT_OUT)


def test_the_document_names_the_key_on_every_route_that_takes_it() -> None:
    document: Any = SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)
    silent = {
        f"{verb} {path}"
        for path, verbs in document["paths"].items()
        for verb, told in verbs.items()
        if verb in WRITING and "Idempotency-Key" not in {one["name"] for one in told.get("parameters", ())}
    }
    assert len(silent) == len(LEFT_OUT), silent
