"""A write of the API, made by `writes`: told with its key and refusals, done once for one key, routed where it says."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.viewsets import GenericViewSet

from promotion.api.routes import writes
from promotion.errors import Refused
from promotion.models import IdempotencyKey, SavedView
from staff.models import Account

pytestmark = pytest.mark.django_db


class WordSerializer(serializers.Serializer[Any]):
    """A word."""

    word = serializers.CharField()


class WordViewSet(GenericViewSet[SavedView]):
    """Words that are said, and forgotten."""

    queryset = SavedView.objects.none()
    serializer_class = WordSerializer
    filter_backends = ()
    read_scope = write_scope = None
    said: list[str] = []

    @writes(WordSerializer, WordSerializer, status=201, summary="Say a word")
    def create(self, request: Request) -> Response:
        """One at a time."""
        if not request.data["word"]:
            raise Refused("说一个字。")
        self.said.append(request.data["word"])
        return Response({"word": f"{len(self.said)} {request.data['word']}"}, status=201)

    @writes(None, None, refused=(404,), status=204, detail=True, url_path="forgotten")
    def forget(self, request: Request, pk: str) -> Response:
        self.said.append(f"-{pk}")
        return Response(status=204)

    @writes(None, WordSerializer, many=True, detail=False, methods=["put"])
    def again(self, request: Request) -> Response:
        return Response([{"word": word} for word in self.said])


ROUTER = SimpleRouter()
ROUTER.register("words", WordViewSet, basename="words")


@pytest.fixture(autouse=True)
def silence() -> None:
    WordViewSet.said = []


def send(account: Account, name: str, data: Any, key: str, **kwargs: str) -> Response:
    headers: Any = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    request = APIRequestFactory().post("/words/", data, format="json", **headers)
    force_authenticate(request, account)
    return WordViewSet.as_view({"post": name})(request, **kwargs)


def test_one_key_is_done_once_and_answered_twice(officer: Account) -> None:
    first, second, other = (send(officer, "create", {"word": "好"}, key) for key in ("a", "a", "b"))

    assert [one.data["word"] for one in (first, second, other)] == ["1 好", "1 好", "2 好"]
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert (WordViewSet.said, IdempotencyKey.objects.count()) == (["好", "好"], 2)


def test_an_answer_without_a_body_comes_again_without_one(officer: Account) -> None:
    first, second = (send(officer, "forget", None, "c", pk="7") for _turn in range(2))

    assert [(one.status_code, one.data) for one in (first, second)] == [(204, None)] * 2
    assert WordViewSet.said == ["-7"]


def test_a_refused_request_may_be_mended_and_a_key_belongs_to_one_request(officer: Account) -> None:
    words = [("", "d"), ("好", "d"), ("坏", "d")]

    statuses = [send(officer, "create", {"word": word}, key).status_code for word, key in words]

    assert (statuses, WordViewSet.said) == ([422, 201, 409], ["好"])


def test_without_a_key_each_request_is_done(officer: Account) -> None:
    for _turn in range(2):
        send(officer, "create", {"word": "好"}, "")

    assert (WordViewSet.said, IdempotencyKey.objects.count()) == (["好", "好"], 0)


def test_the_document_tells_key_answer_and_refusals() -> None:
    document: Any = SchemaGenerator(patterns=ROUTER.urls).get_schema(request=None, public=True)

    told = {
        f"{verb} {path}": (
            one.get("summary"),
            [each["name"] for each in one["parameters"] if each["in"] == "header"],
            sorted(one["responses"]),
        )
        for path, verbs in document["paths"].items()
        for verb, one in verbs.items()
    }
    usual = ["400", "401", "403", "404", "409", "422"]
    assert told == {
        "post /words/": ("Say a word", ["Idempotency-Key"], ["201", *usual]),
        "post /words/{id}/forgotten/": (None, ["Idempotency-Key"], ["204", "401", "403", "404"]),
        "put /words/again/": (None, ["Idempotency-Key"], ["200", *usual]),
    }
    listed = document["paths"]["/words/again/"]["put"]["responses"]["200"]["content"]
    assert listed["application/json"]["schema"]["type"] == "array"
