"""A walk through a database with the demo clinic: `python -m tests.smoke`, with DATABASE_URL and
FOOTING_WHOLE=0, as the web's role.

Each login follows the links of its own pages, a patient sends a session, and what was not answered
is printed. Ends with 1 when there was any.
"""

import os
import re
import sys
import uuid
from collections import deque
from urllib.parse import urldefrag, urljoin

import django

DOORS = {"priya": "/workspace/", "ruth": "/workspace/", "ana": "/portal/", "luis": "/portal/"}
MOST_PAGES = 20  # a login; the first ones a person comes to
LINK = re.compile(r'<a\s[^>]*href="([^"]+)"')
TODAY = re.compile(r'"(/portal/session/[0-9a-f-]{36}/)')
ANSWERS = {"pain_before": "3", "pain_after": "2", "effort": "4", "settled": "minute"}


def main() -> int:
    django.setup()
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    faults, seen = [], 0
    for name, door in {"": "/", **DOORS}.items():
        client = Client(raise_request_exception=False)
        if name:
            _log_in(client, name)
        asked = _walk(client, door)
        seen += len(asked)
        faults += [f"{name or 'somebody'}: {status} {path}" for path, status in asked.items()
                   if status >= 400]  # fmt: skip
        if len(asked) < 5:
            faults.append(f"{name or 'somebody'} came to {len(asked)} pages only.")
    faults += _send_session()
    print(*faults, f"{seen} pages seen.", sep="\n")
    return 1 if faults else 0


def _log_in(client, name: str) -> None:
    from accounts.demo import DEMO_DOMAIN, DEMO_PASSWORD

    address = f"{name}@{DEMO_DOMAIN}"
    client.post("/account/login/", {"login": address, "password": DEMO_PASSWORD})
    if "_auth_user_id" not in client.session:
        raise SystemExit(f"{name} can't log in.")


def _walk(client, door: str) -> dict[str, int]:
    """Each page's status, breadth first."""
    asked: dict[str, int] = {}
    waiting = deque([door])
    while waiting and len(asked) < MOST_PAGES:
        path = waiting.popleft()
        if path in asked:
            continue
        answer = client.get(path)
        asked[path] = answer.status_code
        if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            found = LINK.findall(answer.content.decode())
            links = (urldefrag(urljoin(path, link.replace("&amp;", "&"))).url for link in found)
            waiting += [link for link in links if link.startswith(door)]
    return asked


def _send_session() -> list[str]:
    from django.test import Client

    client = Client(raise_request_exception=False)
    _log_in(client, "peter")
    found = TODAY.search(client.get("/portal/").content.decode())
    if not found:
        return ["Peter has nothing to do today."]
    session = uuid.uuid4()
    sent = client.post(f"{found[1]}{session}/", ANSWERS)
    done = client.get(f"/portal/session/{session}/done/")
    return [] if (sent.status_code, done.status_code) == (302, 200) else [
        f"A session was answered {sent.status_code}, its page {done.status_code}."
    ]  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main())
