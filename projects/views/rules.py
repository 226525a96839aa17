"""All rules that are data, on one page: what each decides and who changed it last."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.queries.rules import latest_of_verbs
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_safe
def rules(request: SignedInRequest) -> HttpResponse:
    """The rule pages that the account may open, each with its last change."""
    role = request.user.role
    mine = [each for each in settings.RULE_PAGES if not each[4] or role in each[4]]
    changed = latest_of_verbs(verb for each in mine for verb in each[3])
    rows = [
        {
            "label": label,
            "decides": decides,
            "url": reverse(url_name),
            "change": max(
                (changed[verb] for verb in verbs if verb in changed), key=lambda e: e.pk, default=None
            ),
        }
        for label, decides, url_name, verbs, _roles in mine
    ]
    return page(request, "projects/rules.html", {"rows": rows})
