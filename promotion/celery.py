"""The Celery application. The truth of a job is a row in PostgreSQL; the broker only wakes workers."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "promotion.settings.development")

app = Celery("promotion")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
