"""Saved views in the REST API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from promotion import access, actions
from promotion.api.routes import writes
from promotion.api.strict import Strict
from promotion.errors import NotFound
from promotion.models import SavedView


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A list with its filters (收藏视图): `page` is the list, `query` its conditions, `audience` empty for its owner alone."""

    page = serializers.CharField(source="url_name")
    owner = serializers.CharField(source="owner.display_name")

    class Meta:
        model = SavedView
        fields = ["id", "name", "page", "query", "audience", "is_default", "owner", "created_at"]
        read_only_fields = fields


class ChangeViewSerializer(Strict, serializers.Serializer[Any]):
    """What can be changed; `audience` is empty, `everyone` (managers) or `team:` with the team's id (leaders their own)."""

    name = serializers.CharField(max_length=40, required=False)
    audience = serializers.CharField(max_length=60, required=False, allow_blank=True)
    is_default = serializers.BooleanField(required=False)


class SaveViewSerializer(ChangeViewSerializer):
    """A view to keep."""

    name = serializers.CharField(max_length=40)
    page = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class SavedViews(APIView):
    """The views that the account keeps, and those that are shared with it."""

    read_scope = "projects:read"
    write_scope = "projects:write"

    @extend_schema(
        summary="Saved views", tags=["saved views"], responses={200: SavedViewSerializer(many=True)}
    )
    def get(self, request: Request) -> Response:
        """One's own and shared ones, by name; a shared view shows each reader only what that reader may see."""
        views = access.saved_views_visible_to(request.user).select_related("owner")
        return Response(SavedViewSerializer(views, many=True).data)

    @writes(
        SaveViewSerializer,
        SavedViewSerializer,
        refused=(400, 409, 422),
        status=201,
        summary="Keep a view",
        tags=["saved views"],
    )
    def post(self, request: Request) -> Response:
        """A name is used once by a person; a new default of a list takes the place of the old one."""
        reader = SaveViewSerializer(data=request.data)
        reader.is_valid(raise_exception=True)
        given = {"query": "", **reader.validated_data}
        given["url_name"] = given.pop("page")
        view = actions.save_view(actor=request.user, **given)
        return Response(SavedViewSerializer(view).data, status=201)


class SavedViewDetail(APIView):
    """One of the account's own views."""

    read_scope = "projects:read"
    write_scope = "projects:write"

    @writes(ChangeViewSerializer, SavedViewSerializer, summary="Change a view", tags=["saved views"])
    def patch(self, request: Request, pk: int) -> Response:
        """What is left out stays as it is."""
        held = access.saved_views_kept_by(request.user).filter(pk=pk).first()
        if held is None:
            raise NotFound(_("没有这个视图，可能已经删除。"))
        reader = ChangeViewSerializer(data=request.data)
        reader.is_valid(raise_exception=True)
        values = {name: getattr(held, name) for name in ("name", "audience", "is_default")}
        view = actions.change_view(actor=request.user, pk=pk, **values | reader.validated_data)
        return Response(SavedViewSerializer(view).data)

    @writes(None, None, refused=(404,), status=204, summary="Delete a view", tags=["saved views"])
    def delete(self, request: Request, pk: int) -> Response:
        """Those it was shared with lose it too."""
        actions.delete_view(actor=request.user, pk=pk)
        return Response(status=204)
