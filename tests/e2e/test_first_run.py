"""From an empty server to a patient's first session, by docs/operating.md and in the browser."""

import re
import secrets
import shlex
import socket
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from config.setup.postgres import WEB, WORKER
from tests.e2e.conftest import PATIENCE, Walker
from tests.e2e.test_story import (
    accept,
    add_patient,
    assign,
    do_session,
    log_in,
    open_episode,
    see_it,
)
from tests.in_front import web_server
from tests.installation import ROOT, installation
from tests.smtp import mail_server

pytestmark = pytest.mark.e2e
GUIDE = (ROOT / "docs/operating.md").read_text()
PASSWORD = "four rather odd words"


def commands(sentence):
    """Of the first block after a sentence of the guide, each as a list of words."""
    block = GUIDE[GUIDE.index(sentence) :].split("```")[1]
    return [shlex.split(line, comments=True) for line in block.strip().splitlines()]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(found, what):
    """What `found` returns, once it does."""
    for _ in range(PATIENCE // 100):
        if one := found():
            return one
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come.")


def answers(address):
    try:
        return urlopen(f"{address}/healthz", timeout=5).status == 200
    except (URLError, OSError):
        return False


@pytest.fixture
def mail():
    with mail_server() as server:
        yield server


def link_in(mail, to, pattern):
    """The first link of such a kind in a mail to somebody."""

    def found():
        words = [one.get_content() for one in mail.letters if one["To"] == to]
        links = [match[0] for text in words if (match := re.search(pattern, text))]
        return links[-1] if links else None

    # It believes the web server in front, which speaks no TLS here.
    return wait_for(found, f"A mail to {to}").replace("https://", "http://")


@pytest.fixture
def site(tmp_path, mail):
    """Set up line by line, in production's mode, with its processes running."""
    behind = free_port()
    with web_server(behind) as port:
        yield from set_up(tmp_path, mail, behind, f"http://localhost:{port}")


def set_up(tmp_path, mail, behind, address):
    settings = {
        "FOOTING_MODE": "production", "FOOTING_DEMO": "0", "STAFF_SECOND_FACTOR": "1",
        "SECRET_KEY": secrets.token_urlsafe(50), "BEHIND_PROXY": "1",
        "FOOTING_HOST": "localhost", "FOOTING_ADDRESS": address,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}", "DEFAULT_FROM_EMAIL": "post@clinic.example",
        "STATIC_ROOT": str(tmp_path / "static"),
    }  # fmt: skip
    with installation(tmp_path, **settings) as made:
        for program, *rest in commands("every step of it is safe to repeat:"):
            words = rest if program == "python" else ["-c", RUN, program, sys.executable]
            done = made.run(*words)
            assert done.returncode == 0, done.stderr
        (gunicorn, *serve), (_, *work) = commands("always running:")
        serve = ["-m", gunicorn, *serve, "--bind", f"127.0.0.1:{behind}"]
        with (
            made.running(sys.executable, *serve, role=WEB) as log,
            made.running(sys.executable, *work, role=WORKER),
        ):
            wait_for(lambda: answers(f"http://127.0.0.1:{behind}"), "An answer")
            yield made, address, log


RUN = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"


@pytest.fixture
def walker(browser, site):
    """Makes people with a browser each."""
    contexts = []

    def make(width):
        context = browser.new_context(viewport={"width": width, "height": 844})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Walker(context, site[1])

    yield make
    for context in contexts:
        context.close()


def choose_password(walker, mail, email):
    """By the mail that tells of the new login, which names a page, and by the link of another."""
    walker.go(link_in(mail, email, r"http\S+/account/password/reset/(?=\s)"))
    walker.look()
    walker.page.locator("[name=email]").fill(email)
    walker.page.locator("form:has([name=email]) button[type=submit]").click()
    walker.go(link_in(mail, email, r"http\S+/account/password/reset/key/\S+"))
    walker.look()
    for field in walker.page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    walker.page.locator("form:has(input[type=password]) button[type=submit]").click()
    walker.page.wait_for_load_state()


def set_up_an_app(walker):
    """The second factor that nobody of a clinic works without."""
    walker.look()
    page = walker.page
    if not page.locator("code.secret").count():
        page.get_by_role("link", name=re.compile("app", re.IGNORECASE)).first.click()
        page.wait_for_load_state()
    if "/reauthenticate/" in page.url:
        walker.look()
        page.get_by_label("Password").fill(PASSWORD)
        walker.press("Go on")
    secret = page.locator("code.secret").inner_text().strip()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.locator("input[name=code]").fill(code)
    walker.press("It is set up")
    walker.look()


def test_from_an_empty_server_to_a_first_session(site, walker, mail):
    made, address, log = site
    ruth, priya, ana = walker(1280), walker(1280), walker(390)
    # The first clinic and who runs it, by the code in the web's log.
    ruth.go("/")
    assert ruth.page.url == f"{address}/set-up/"
    ruth.look()
    code = wait_for(lambda: re.search(r"set-up page: (\S+)", log.read_text()), "The code")[1]
    page = ruth.page
    page.get_by_label(re.compile("[Cc]ode")).fill(code)
    page.locator("[name=name]").fill("Riverside")
    page.get_by_label("Country").select_option("US")
    page.locator("[name=time_zone]").select_option("America/New_York")
    page.locator("[name=phone]").fill("2135550134")
    page.locator("[name=first_name]").fill("Ruth")
    page.locator("[name=last_name]").fill("Okafor")
    page.locator("[name=email]").fill("ruth@clinic.example")
    ruth.press("Set it up")
    ruth.look()
    choose_password(ruth, mail, "ruth@clinic.example")
    log_in(ruth, "ruth@clinic.example", PASSWORD)
    set_up_an_app(ruth)
    # A therapist.
    ruth.go("/workspace/people/invite/")
    ruth.look()
    page.get_by_label("First name").fill("Priya")
    page.get_by_label("Last name").fill("Nair")
    page.get_by_label("Email").fill("priya@clinic.example")
    ruth.press("Invite")
    page.get_by_text("Priya Nair is invited").wait_for()
    choose_password(priya, mail, "priya@clinic.example")
    log_in(priya, "priya@clinic.example", PASSWORD)
    set_up_an_app(priya)
    # A patient, a plan, a session.
    priya.go("/workspace/")
    add_patient(priya, "Ana", "ana@mail.example")
    open_episode(priya)
    priya.follow("Record")
    priya.page.get_by_role("button", name=re.compile("^Invite ")).click()
    priya.page.wait_for_load_state()
    accept(ana, link_in(mail, "ana@mail.example", r"http\S+/portal/join/\S+"))
    assign(priya)
    do_session(ana)
    see_it(priya, "Ana")
    assert made.sql("SELECT pain_before, pain_after FROM programs_session") == [(2, 7)]
    examined = made.manage("doctor")
    to_mend = {line.split(":")[0] for line in examined.stdout.splitlines() if ": mend: " in line}
    # No TLS on this machine, no backup yet, and articles that nobody has reviewed.
    assert to_mend <= {"address", "backups", "articles' reviews"}, examined.stdout
    assert "Traceback" not in log.read_text()
    assert Path(made.folder, "static").is_dir()
