"""Who uses the site meanwhile: patients who send, people who look, people who forgot a password."""

import http.client
import itertools
import json
import random
import re
import string
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

# A browser waits for minutes; gunicorn ends a request after 30 s.
PATIENCE_SECONDS = 40.0
PAUSE_SECONDS = 0.3  # before the same is sent again
GIVE_UP_SECONDS = 120.0
DOUBLE_CLICK = 10  # each so many sessions are sent twice at the same moment
TOKEN = "".join(random.Random(1).choices(string.ascii_letters, k=32))
ANSWERS = {"pain_before": "3", "pain_after": "2", "effort": "4", "settled": "minute"}
UNANSWERED = 0


@dataclass(frozen=True)
class Answer:
    """`began` and `ended` by the monotonic clock, in seconds; `status` 0: there was none."""

    began: float
    ended: float
    status: int
    location: str = ""
    body: bytes = b""

    @property
    def seconds(self) -> float:
        return self.ended - self.began


def ask(
    port: int,
    path: str,
    data: dict[str, Any] | None = None,
    *,
    cookie: str = "",
    seconds: float = PATIENCE_SECONDS,
    **headers: str,
) -> Answer:
    """GET, or POST of `data`; never raises."""
    headers = {name.replace("_", "-"): text for name, text in headers.items()}
    headers["Cookie"] = f"csrftoken={TOKEN}" + (f"; sessionid={cookie}" if cookie else "")
    method, body = "GET", None
    if data is not None:
        method, body = "POST", urlencode({**data, "csrfmiddlewaretoken": TOKEN}, doseq=True)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        read = answer.read()
    except (OSError, http.client.HTTPException):
        return Answer(began, time.monotonic(), UNANSWERED)
    finally:
        connection.close()
    location = answer.headers.get("Location", "")
    return Answer(began, time.monotonic(), answer.status, location, read)


class Senders:
    """Sessions, each under an id of the device, sent again until the site says that it is stored.

    Half of them as a form, whose answer is a redirect; half as the portal's script sends what
    waited on the device, which is answered in JSON.
    """

    def __init__(self, port: int, people: list[dict[str, Any]], count: int, seconds: float) -> None:
        self.port, self.people = port, people
        self.numbers = iter(range(count))
        self.rest = seconds * len(people) / max(count, 1)
        self.lock = threading.Lock()
        self.confirmed: dict[str, int] = {}  # and how many exercises each had
        self.never: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.wrong: list[str] = []

    def work(self, person: dict[str, Any]) -> None:
        while (number := self._next()) is not None:
            due = time.monotonic() + self.rest * random.uniform(0.7, 1.3)
            self.send(person, number)
            time.sleep(max(0.0, due - time.monotonic()))

    def _next(self) -> int | None:
        with self.lock:
            return next(self.numbers, None)

    def send(self, person: dict[str, Any], number: int) -> None:
        session, key = str(uuid.uuid4()), str(uuid.uuid4())
        times = 2 if number % DOUBLE_CLICK == 0 else 1
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            answers = self._at_once(times, person, session, key, is_script=number % 2 == 0)
            if any(answers):
                with self.lock:
                    self.confirmed[session] = len(person["shown"])
                return
            time.sleep(PAUSE_SECONDS)
        self.never.append(session)

    def _at_once(self, times: int, *given: Any, **how: Any) -> list[bool]:
        if times == 1:
            return [self._send(*given, **how)]
        with ThreadPoolExecutor(times) as pool:
            sent = [pool.submit(self._send, *given, **how) for _ in range(times)]
            return [one.result() for one in sent]

    def _send(self, person: dict[str, Any], session: str, key: str, *, is_script: bool) -> bool:
        """Whether it is confirmed."""
        address = f"/portal/session/{person['plan']}/{session}/"
        done = {f"done_{one}": "all" for one in person["shown"]}
        data = {**ANSWERS, **done, "shown": person["shown"], "form_key": key}
        headers = {"Accept": "application/json"} if is_script else {}
        answer = ask(self.port, address, data, cookie=person["cookie"], **headers)
        is_stored = _says_stored(answer, f"/portal/session/{session}/done/")
        with self.lock:
            self.statuses[answer.status] += 1
            if not is_stored and answer.status not in (UNANSWERED, 503, 507, 500):
                self.wrong.append(f"{answer.status} {answer.location}")
        return is_stored


def _says_stored(answer: Answer, done: str) -> bool:
    if answer.status == 302:
        return answer.location == done
    is_json = answer.status == 200 and answer.body.startswith(b"{")
    return is_json and json.loads(answer.body)["next"] == done


@dataclass
class Reader:
    """Asks for one page, again and again, with a pause in between."""

    name: str
    port: int
    path: str
    cookie: str = ""
    pause: float = 0.25
    answers: list[Answer] = field(default_factory=list)

    def work(self, over: threading.Event) -> None:
        while not over.wait(self.pause):
            self.answers.append(ask(self.port, self.path, cookie=self.cookie))

    @property
    def statuses(self) -> Counter[int]:
        return Counter(one.status for one in self.answers)

    def seconds(self) -> list[float]:
        """Of what was answered, also by a sentence."""
        return sorted(one.seconds for one in self.answers if one.status)

    def longest_silence(self) -> float:
        """The longest time in which there was no answer at all, in seconds."""
        ends = [one.ended for one in self.answers if one.status]
        return max((b - a for a, b in itertools.pairwise(ends)), default=0.0)


class Forgetful:
    """Asks for new passwords, each for an address that is asked for once: who gets no answer asks
    for another one, so that a mail for each confirmed address is one mail.

    Nobody has an account there, and a mail goes out all the same.
    """

    def __init__(self, port: int, count: int, seconds: float) -> None:
        self.port, self.count, self.rest = port, count, seconds / max(count, 1)
        self.confirmed: list[str] = []
        self.unsure: list[str] = []
        self.statuses: Counter[int] = Counter()

    def work(self) -> None:
        deadline = time.monotonic() + self.rest * self.count + GIVE_UP_SECONDS
        while len(self.confirmed) < self.count and time.monotonic() < deadline:
            self._ask()
            time.sleep(self.rest)

    def _ask(self) -> None:
        address = f"{uuid.uuid4().hex}@forgot.test"
        sender = ".".join(["10", *(str(random.randrange(1, 255)) for _ in range(3))])
        data = {"email": address}
        answer = ask(self.port, "/account/password/reset/", data, X_Forwarded_For=sender)
        self.statuses[answer.status] += 1
        is_confirmed = bool(re.search(r"/reset/done/$", answer.location))
        (self.confirmed if is_confirmed else self.unsure).append(address)
