"""What projects issue under a name of the body: countersigned records of joint reviews."""

from django.utils.translation import gettext as _

from projects.models import JointReview
from staff.models import BodyName


def reviews_issued(name: BodyName) -> list[tuple[str, int]]:
    """Rounds of joint review that were opened under the name."""
    return [(_("联审会签单"), JointReview.objects.filter(body_name=name).count())]
