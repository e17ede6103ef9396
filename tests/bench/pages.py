"""What is measured: pages with their login, and how to ask for them."""

import cProfile
import gzip
import pstats
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.demo import DEMO_DOMAIN
from accounts.models import User
from programs.models import Plan

FLOOR, FLOOR_POST = "bare page, login, 1 query", "bare POST, form, 5 queries"
ANEW = {"Authorization": "none"}  # whoever sends it gets no kept page
Request = tuple[str, str, str | None, dict[str, str]]
LINKED = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js))"')
IMPORTED = re.compile(r'(?:from|import)\s*"(\.{1,2}/[^"]+\.js)"')


@dataclass
class Page:
    name: str
    path: str | Callable[[], str]
    floor: str = FLOOR
    client: Client | None = None
    data: dict[str, str] | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    # One for all askings: each client has its own page cache.
    visitor: Client = field(default_factory=Client)

    @property
    def is_bare(self) -> bool:
        return self.name == self.floor

    def _path(self) -> str:
        return self.path() if callable(self.path) else self.path

    def request(self) -> Request:
        headers = {"Accept-Encoding": "gzip", **self.headers}
        if self.client is not None:
            cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if self.data is None:
            return "GET", self._path(), None, headers
        token = self.client.cookies["csrftoken"].value if self.client else ""
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode({**self.data, "csrfmiddlewaretoken": token})
        return "POST", self._path(), body, headers

    def _ask(self) -> bytes:
        client = self.client or self.visitor
        if self.data is not None:
            return bytes(client.post(self._path(), self.data).content)
        return bytes(client.get(self._path(), headers=self.headers).content)

    def queries(self) -> int:
        for _ in range(3):
            self._ask()  # a kept page is counted as kept
        with CaptureQueriesContext(connection) as queries:
            self._ask()
        return len(queries)

    def calls(self) -> int:
        """Of functions, in one asking of a warm page: the same however fast the machine is."""
        profile = cProfile.Profile()
        profile.runcall(self._ask)
        return int(cast(Any, pstats.Stats(profile)).total_calls)

    def linked(self) -> list[str]:
        """The style sheets and scripts that the page names."""
        names = LINKED.findall(self._ask().decode())
        assert names, f"{self.name} loads nothing"
        return names

    def compressed(self) -> int:
        return len(gzip.compress(self._ask(), 6))


def prepare() -> None:
    """The demo clinic, unless it is there, and what it stands on."""
    quiet = {"stdout": StringIO()}
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if not User.objects.filter(email=f"priya@{DEMO_DOMAIN}").exists():
        for command in ("load_library", "load_articles", "load_demo"):
            call_command(command, **quiet)
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.ALLOWED_HOSTS = ["*"]


def logged_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=f"{name}@{DEMO_DOMAIN}"))
    client.get("/account/home/")  # the session's first refresh
    client.get("/account/logout/")  # sets the CSRF cookie; logging out is a POST
    return client


def _plan_of(name: str) -> Plan:
    plan: Plan = Plan.objects.active().get(patient__user__email=f"{name}@{DEMO_DOMAIN}")
    return plan


def _session_of(name: str) -> Callable[[], str]:
    plan = _plan_of(name)
    return lambda: f"/portal/session/{plan.pk}/{uuid.uuid4()}/"


def all_pages() -> list[Page]:
    ana, priya = logged_in("ana"), logged_in("priya")
    # Sessions are sent for somebody who is on none of the other pages.
    peter = logged_in("peter")
    plan = _plan_of("peter")
    patient = f"/workspace/patients/{_plan_of('ana').patient_id}/"
    answers = {"pain_before": "3", "pain_after": "2", "effort": "4", "settled": "minute"}
    return [
        Page(FLOOR, "/bench/floor/", client=ana),
        Page(FLOOR_POST, "/bench/floor-post/", FLOOR_POST, client=ana, data=answers, status=204),
        Page("article, from the cache", "/articles/numb-feet/"),
        Page("article, kept, with a login", "/articles/numb-feet/?utm_source=x", client=ana),
        Page("article, made anew", "/articles/numb-feet/", headers=ANEW),
        Page("home, made anew", "/", headers=ANEW),
        Page("search", "/search/?q=nerve"),
        Page("portal: today", "/portal/", client=ana),
        Page("portal: plan", "/portal/plan/", client=ana),
        Page("portal: progress", "/portal/progress/", client=ana),
        Page("portal: a session", _session_of("grace"), client=logged_in("grace")),
        Page("workspace: caseload", "/workspace/", client=priya),
        Page("workspace: patient", patient, client=priya),
        Page("workspace: plan", f"{patient}plan/", client=priya),
        Page("workspace: inbox", "/workspace/inbox/", client=priya),
        Page(
            "portal: a session is sent",
            lambda: f"/portal/session/{plan.pk}/{uuid.uuid4()}/",
            FLOOR_POST,
            client=peter,
            data=answers,
            status=302,
        ),
    ]


def assets(pages: list[Page]) -> str:
    """Compressed size of what each kind of page loads once, with what its scripts import."""
    kinds = {"portal": "/portal/", "workspace": "/workspace/", "article": "/articles/numb-feet/"}
    by_path = {page.path: page for page in pages}
    sizes = []
    for kind, path in kinds.items():
        files = {file for name in by_path[path].linked() for file in _with_imports(_static(name))}
        total = sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)
        sizes.append(f"{kind} {total / 1000:.1f} KB in {len(files)}")
    return ", ".join(sizes)


def _static(name: str) -> Path:
    return Path(settings.STATIC_ROOT, name)


def _with_imports(file: Path) -> set[Path]:
    found, waiting = set(), [file]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [(one.parent / name).resolve() for name in IMPORTED.findall(one.read_text())]
    return found
