"""The WSGI entry point that the web servers load."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "promotion.settings.development")

application = get_wsgi_application()
