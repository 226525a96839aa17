"""Refusals as JSON: the same sentence as on the page, with a code and the fields concerned."""

from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from promotion.errors import Conflict, NotAllowed, NotFound, Outcome

CODES = {NotAllowed: "not_allowed", NotFound: "not_found", Conflict: "conflict"}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """{code, message, fields} for whatever an action or a serializer refuses."""
    if isinstance(error, Outcome):
        body = {"code": CODES.get(type(error), "refused"), "message": error.message, "fields": error.fields}
        return Response(body, status=error.status)
    if isinstance(error, OperationalError | InterfaceError):
        connection.close()
        body = {
            "code": "unavailable",
            "message": _("数据库正在重启，操作没有写入。请几秒后重试。"),
            "fields": {},
        }
        return Response(body, status=503, headers={"Retry-After": "3"})
    response = default_handler(error, context)
    if response is not None:
        response.data = _shaped(response.data, response.status_code)
    return response


def _shaped(data: Any, status: int) -> dict[str, Any]:
    if isinstance(data, dict) and set(data) == {"detail"}:
        return {
            "code": getattr(data["detail"], "code", "error"),
            "message": str(data["detail"]),
            "fields": {},
        }
    fields = data if isinstance(data, dict) else {"non_field_errors": data}
    flat = {
        name: " ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in fields.items()
    }
    return {
        "code": "invalid" if status == 400 else "error",
        "message": _("有内容填写不对，请看各字段的说明。"),
        "fields": flat,
    }
