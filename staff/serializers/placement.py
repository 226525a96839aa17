"""Decisions, objections and their course as JSON."""

from typing import Any

from rest_framework import serializers

from promotion.api.strict import Strict
from staff.models import Application, CompetitionPost, Objection, Placement
from staff.serializers.competition import CompetitionPostSerializer, SeenSerializer
from staff.serializers.names import PersonNameSerializer


class PlacementSerializer(serializers.ModelSerializer[Placement]):
    """Who is to get which post (拟聘); `is_proposed` says that ranking and wishes proposed it."""

    application: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    person = PersonNameSerializer(source="application.person", read_only=True)
    post = CompetitionPostSerializer(read_only=True)

    class Meta:
        model = Placement
        fields = ["application", "person", "post", "seat", "is_proposed", "reason"]
        read_only_fields = fields


class ObjectionSerializer(serializers.ModelSerializer[Objection]):
    """An objection (公示异议) with its answer."""

    application: Any = serializers.SlugRelatedField(slug_field="public_id", read_only=True)

    class Meta:
        model = Objection
        fields = ["id", "application", "text", "raised_at", "answer", "answered_at"]
        read_only_fields = fields


class PlaceCandidateSerializer(Strict, serializers.Serializer[Any]):
    """Without a post the candidate is left out; `reason` when that is not what is proposed, or a tie is broken."""

    application = serializers.SlugRelatedField(slug_field="public_id", queryset=Application.objects.all())
    post = serializers.PrimaryKeyRelatedField(queryset=CompetitionPost.objects.all(), allow_null=True)
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class ApproveSerializer(SeenSerializer):
    approve = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class ReconsiderSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class RaiseObjectionSerializer(Strict, serializers.Serializer[Any]):
    text = serializers.CharField(max_length=500)
    application = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Application.objects.all(), required=False, default=None
    )


class AnswerObjectionSerializer(Strict, serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=500)
