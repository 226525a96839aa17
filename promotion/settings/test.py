"""Fast and strict: cheap hasher, tasks in the same process, no compression of static files."""

import os

from promotion.settings.base import *  # noqa: F403

SECRET_KEY = "test-key-with-enough-characters-for-the-signing-of-tokens"
SEALED_KEYS = ["dGVzdC1rZXktb2YtdGhlLXNlYWxlZC1hcmNoaXZlcyE="]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
# A test that slips past the eager mode must not reach a real broker.
CELERY_BROKER_URL = "memory://"
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "previews")
}
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# A fresh clone has no collected files, and the client never asks for one.
WHITENOISE_AUTOREFRESH = True
