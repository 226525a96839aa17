"""What each role sees and may do; open to everybody, since nobody should have to guess."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from staff.models import Role
from staff.queries.rights import rights_by_role


@require_GET
def roles(request: SignedInRequest) -> HttpResponse:
    """The rights as a table of roles, and in words what each role sees."""
    listed = [
        {"label": role.label, "sight": settings.SIGHTS.get(role.value, ""), "own": role == request.user.role}
        for role in Role
    ]
    context = {"roles": listed, "groups": rights_by_role()}
    return page(request, "staff/roles.html", context)
