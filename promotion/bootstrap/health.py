"""`python -m promotion.bootstrap.health`: whether the web server beside us is well, for a container's health check.

It asks as the proxy in front would: over HTTPS, under the first host name that is allowed.
"""

import os
import sys
import urllib.request


def request_for(port: str, allowed_hosts: str) -> urllib.request.Request:
    host = allowed_hosts.split(",", maxsplit=1)[0].strip().lstrip(".*") or "localhost"
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    return urllib.request.Request(f"http://127.0.0.1:{port}/health/", headers=headers)


def main() -> int:
    request = request_for(os.environ.get("PORT", "8000"), os.environ.get("ALLOWED_HOSTS", ""))
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - the same
            return 0 if answer.status == 200 else 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
