"""The outline icons of the house."""

from functools import lru_cache

import tablericons
from django.utils.safestring import SafeString


@lru_cache(maxsize=512)
def drawn_icon(name: str, size: int = 18, label: str = "") -> SafeString:
    """The icon's SVG on one line; raises IconDoesNotExist for a name the set does not have."""
    named = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    svg = tablericons._render_icon(f"outline/{name}", size, stroke_width=1.75, focusable="false", **named)  # noqa: SLF001 the set has no other door
    line = "".join(part.strip() for part in svg.splitlines())
    return SafeString(line.replace("<svg ", '<svg class="icon" ', 1))
