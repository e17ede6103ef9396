"""The steps of `make bench-growth` (`growth`): prepare, grow, measure."""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from json import dumps
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first
from django.test import Client  # noqa: E402

from accounts import wall  # noqa: E402
from accounts.demo import DEMO_DOMAIN  # noqa: E402
from accounts.models import Clinic, User  # noqa: E402
from programs.actions import clock_alerts  # noqa: E402
from programs.models import Plan, Program  # noqa: E402
from tests.bench import clones, pages, scans  # noqa: E402


@dataclass(frozen=True)
class Cost:
    cpu_ms: float
    queries: int
    size: int


class Counted:
    """How many statements went to the database."""

    number = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.number += 1
        return execute(*given)


def measured(times: int) -> tuple[dict[str, Cost], dict[str, list[scans.Scan]]]:
    client = pages.logged_in("priya")
    user = User.objects.get(email=f"priya@{DEMO_DOMAIN}")
    assert user.clinic is not None
    with wall.in_clinic(user.clinic.pk):
        plan = Plan.objects.active().select_related("patient").order_by("patient__last_name")[0]
        used = Plan.objects.active().values("program")
        program = Program.objects.filter(pk__in=used).order_by("pk")[0]
    patient = f"/workspace/patients/{plan.patient_id}/"
    paths = {
        "caseload": "/workspace/",
        "caseload, by last session": "/workspace/?sort=last",
        "caseload, a name": "/workspace/?q=maria",
        "inbox": "/workspace/inbox/",
        "inbox, news": "/workspace/inbox/news/",
        "overview": patient,
        "plan": f"{patient}plan/",
        "sessions": f"{patient}sessions/",
        "timeline": f"{patient}timeline/",
        "record": f"{patient}record/",
        "program's patients": f"/workspace/programs/{program.uuid}/patients/",
        "questions": "/workspace/questions/",
        "exercises": "/workspace/library/",
    }
    asked = {name: _page(client, path) for name, path in paths.items()}
    ana = pages.logged_in("ana")
    asked["today"] = _page(ana, "/portal/")
    asked["progress"] = _page(ana, "/portal/progress/")
    found = {name: cost_of(ask, times) for name, ask in asked.items()}
    found["hourly alerts"] = cost_of(lambda: _alerts(user.clinic), 1)
    return found, {name: scans.of(ask) for name, ask in asked.items()}


def _page(client: Client, path: str) -> Callable[[], int]:
    def ask() -> int:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return len(answer.content)

    return ask


def _alerts(clinic: Clinic | None) -> int:
    assert clinic is not None
    return len(clock_alerts.of_clinic(clinic))


def cost_of(ask: Callable[[], int], times: int) -> Cost:
    if times > 1:
        ask()
    queries = Counted()
    with connection.execute_wrapper(queries):
        began = time.process_time()
        size = ask()
        taken = [time.process_time() - began]
    for _ in range(times - 1):
        began = time.process_time()
        ask()
        taken.append(time.process_time() - began)
    return Cost(1000 * statistics.median(taken), queries.number, size)


def main(step: str, *given: str) -> None:
    if step == "prepare":
        pages.prepare()
    elif step == "grow":
        clones.grow(*map(int, given))
    else:
        costs, read = measured(*map(int, given))
        told = {
            name: asdict(cost) | {"scans": [asdict(one) for one in read.get(name, ())]}
            for name, cost in costs.items()
        }
        print(dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
