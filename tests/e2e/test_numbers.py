"""The administrator looks at a year's numbers, holds another against it, and takes them along."""

import datetime as dt
import uuid

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from accounts.permissions import Role
from programs.models import Program
from tests.conftest import PASSWORD, make_user
from tests.e2e.test_education import log_in
from tests.programs.outcomes.made import Story, make, pains

pytestmark = pytest.mark.e2e
LAST_YEAR = timezone.now().year - 1


@pytest.fixture
def ruth(therapist):
    clinic = User.objects.get(email=therapist).clinic
    ruth = make_user(clinic, f"Ruth{uuid.uuid4().hex[:6]}", Role.CLINIC_ADMIN)
    program = Program.objects.get(clinic=None, code="P1")
    make(ruth, [
        Story(dt.date(year, 5, 20), program, answers=pains(7, last), done=done)
        for year in (LAST_YEAR, LAST_YEAR - 1)
        for last, done in ((3, 28), (6, 12)) for _ in range(12)
    ])  # fmt: skip
    connections.close_all()
    return ruth.email


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_year_is_looked_at_and_taken_along(walkers, ruth, width, scheme):
    walker = walkers(width, color_scheme=scheme, accept_downloads=True)
    page = walker.page
    log_in(walker, ruth)
    walker.go("/workspace/numbers/")
    page.get_by_label("Period").select_option(str(LAST_YEAR))
    page.get_by_label("Compared with").select_option(str(LAST_YEAR - 1))
    walker.press("Show")
    expect(page.get_by_text("12 of 24: 50").first).to_be_visible()
    expect(page.get_by_role("img", name="The numbers are in the table below").first).to_be_visible()
    walker.look()
    walker.follow("Rows for a registry")
    walker.look()
    page.get_by_label("What it is for").fill("For the registry; the privacy officer decided.")
    walker.press("Download the rows")
    page.get_by_label("Password").fill(PASSWORD)
    walker.press("Go on")
    page.get_by_label("What it is for").fill("For the registry; the privacy officer decided.")
    with page.expect_download() as found:
        page.get_by_role("button", name="Download the rows").click()
    assert found.value.suggested_filename == f"footing-registry-{LAST_YEAR}.csv"
    assert not walker.faults
