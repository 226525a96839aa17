"""Pages that open with a key and without an account: how often one address may try."""

from django.core.cache import cache
from redis.exceptions import RedisError

# Guessing a key of 256 bits is hopeless; this keeps whoever tries from keeping the server busy.
TRIES = 60
PERIOD = 300


def too_many_tries(page: str, address: str) -> bool:
    """Whether this address opened the page too often in five minutes; a cache that is away stops nobody."""
    name = f"{page}:{address}"
    try:
        cache.add(name, 0, PERIOD)
        return cache.incr(name) > TRIES
    except (RedisError, ValueError):
        return False
