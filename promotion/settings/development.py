"""One machine, plain HTTP on loopback: what `make run` uses."""

from promotion.settings.base import *  # noqa: F403
from promotion.settings.base import env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-key-replaced-by-the-first-start-of-make-run")
