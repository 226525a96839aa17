"""The working calendar in the REST API."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from promotion.actions import correct_calendar, withdraw_correction
from promotion.api.routes import writes
from promotion.api.schema import refusals
from promotion.api.strict import Strict
from promotion.errors import Refused
from promotion.models import CalendarCorrection
from promotion.working_days import DAY, is_announced, working_calendar

MOST_DAYS = timedelta(days=800)


class WorkingDaySerializer(serializers.Serializer[Any]):
    """A day: whether it is worked, whether its year's notice is known, and the basis of a correction."""

    day = serializers.DateField()
    is_working = serializers.BooleanField()
    is_announced = serializers.BooleanField()
    correction = serializers.CharField(allow_blank=True)


class CorrectionSerializer(Strict, serializers.Serializer[Any]):
    """Days of one notice: which are worked, which are not, and what it rests on."""

    worked = serializers.ListField(child=serializers.DateField(), required=False, default=list)
    free = serializers.ListField(child=serializers.DateField(), required=False, default=list)
    note = serializers.CharField(max_length=120)


class WorkingDays(APIView):
    """Working days (工作日), and corrections by HR."""

    read_scope = "projects:read"
    write_scope = "projects:write"

    @extend_schema(
        summary="Working days of a period",
        tags=["calendar"],
        parameters=[
            OpenApiParameter("from", date, description="First day; the first of this year when absent."),
            OpenApiParameter("to", date, description="Last day; the last of that year when absent."),
        ],
        responses={200: WorkingDaySerializer(many=True), **refusals(422)},
    )
    def get(self, request: Request) -> Response:
        """At most 800 days at once."""
        start = _asked(request, "from") or timezone.localdate().replace(month=1, day=1)
        end = _asked(request, "to") or date(start.year, 12, 31)
        if not timedelta(0) <= end - start <= MOST_DAYS:
            raise Refused(_("起止日期不对，或超过 800 天。"), fields={"to": _("请改小范围。")})
        notes = dict(CalendarCorrection.objects.filter(day__range=(start, end)).values_list("day", "note"))
        calendar = working_calendar()
        known = {year: is_announced(year) for year in range(start.year, end.year + 1)}
        days = [start + DAY * n for n in range((end - start).days + 1)]
        rows = [
            {
                "day": day,
                "is_working": calendar.is_working(day),
                "is_announced": known[day.year],
                "correction": notes.get(day, ""),
            }
            for day in days
        ]
        return Response(WorkingDaySerializer(rows, many=True).data)

    @writes(
        CorrectionSerializer,
        WorkingDaySerializer,
        refused=(400, 422),
        status=201,
        many=True,
        summary="Correct the working calendar",
        tags=["calendar"],
    )
    def post(self, request: Request) -> Response:
        """By HR and administrators; a day that was corrected before is replaced."""
        reader = CorrectionSerializer(data=request.data)
        reader.is_valid(raise_exception=True)
        given = reader.validated_data
        days = dict.fromkeys(given["worked"], True) | dict.fromkeys(given["free"], False)
        written = correct_calendar(actor=request.user, days=days, note=given["note"])
        rows = [
            {
                "day": one.day,
                "is_working": one.is_working,
                "is_announced": is_announced(one.day.year),
                "correction": one.note,
            }
            for one in written
        ]
        return Response(WorkingDaySerializer(rows, many=True).data, status=201)


class Correction(APIView):
    """One corrected day."""

    read_scope = "projects:read"
    write_scope = "projects:write"

    @writes(None, None, refused=(404,), status=204, summary="Withdraw a correction", tags=["calendar"])
    def delete(self, request: Request, day: str) -> Response:
        """The day counts again as the notice of its year says."""
        try:
            wanted = date.fromisoformat(day)
        except ValueError as error:
            raise Http404 from error
        withdraw_correction(actor=request.user, day=wanted)
        return Response(status=204)


def _asked(request: Request, name: str) -> date | None:
    text = request.query_params.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused(_("日期要写成 2026-03-01。"), fields={name: _("日期要写成 2026-03-01。")}) from error
