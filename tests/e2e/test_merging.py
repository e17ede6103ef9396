"""A person who was added twice becomes one record, by the clinic's administrator."""

import re
import uuid
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.models import User
from accounts.permissions import Role
from patients.models import Patient
from tests.conftest import PASSWORD, make_user
from tests.e2e.test_education import log_in

pytestmark = pytest.mark.e2e
DESK, PHONE = 1280, 390


@pytest.fixture
def ruth(therapist: str) -> User:
    priya = User.objects.get(email=therapist)
    made = make_user(priya.clinic, f"Ruth{uuid.uuid4().hex[:6]}", Role.CLINIC_ADMIN)
    connections.close_all()
    return made


def fill(walker: Any, email: str) -> None:
    walker.go("/workspace/patients/add/")
    for label, text in (("First name", "Dora"), ("Last name", "Lind"),
                        ("Birth date", "1950-02-03"), ("Email", email)):  # fmt: skip
        walker.page.get_by_label(label).fill(text)
    walker.press("Add the patient")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_who_was_added_twice_becomes_one(walkers: Any, ruth: User, width: int) -> None:
    walker = walkers(width)
    page = walker.page
    log_in(walker, ruth.email)
    fill(walker, "dora@x.test")
    expect(page.get_by_text("Dora Lind is added")).to_be_visible()
    # Asked, and added all the same.
    fill(walker, "dora.lind@y.test")
    again = page.get_by_label("It is somebody else: add them all the same")
    expect(again).to_be_visible()
    walker.look()
    again.check()
    walker.press("Add the patient")
    expect(page.get_by_text("Dora Lind is added")).to_be_visible()
    walker.follow("Record")
    walker.follow("Merge a record that was made twice")
    walker.look()
    walker.follow("Compare with Dora Lind")
    walker.look()
    page.get_by_label("Password").fill(PASSWORD)  # what can't be taken back is proven first
    walker.press("Go on")
    expect(page.get_by_role("heading", name="Are these one person?")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("dora@x.test"))).to_contain_text("differs")
    walker.look()
    # Not without having said that they were compared.
    walker.press("Make them one record")
    expect(page.get_by_text("Compare both records, and tick it").first).to_be_visible()
    walker.look()
    page.get_by_label("I have compared both records").check()
    walker.press("Make them one record")
    expect(page.get_by_text("Both records of Dora Lind are one.")).to_be_visible()
    walker.look()
    walker.go("/workspace/?q=Lind")
    expect(page.locator("table.cases tbody tr")).to_have_count(1)
    connections.close_all()
    assert Patient.objects.get(clinic=ruth.clinic).email == "dora.lind@y.test"
    connections.close_all()
