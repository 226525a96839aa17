"""A dispute as the API answers it after a write."""

from rest_framework.response import Response

from projects.models import Arbitration
from projects.queries.arbitration import visible_arbitration
from projects.serializers.protection import ArbitrationSerializer
from staff.models import Account


def arbitration_reply(actor: Account, case: Arbitration, *, status: int = 200) -> Response:
    """The case as it stands now, read anew."""
    return Response(ArbitrationSerializer(visible_arbitration(actor, case.public_id)).data, status=status)
