"""Which notice was accepted by whom, and asking again when it says something new."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from patients import privacy
from patients.actions import consents
from patients.models import PrivacyAcceptance
from tests.conftest import client_of
from tests.trail import newest

pytestmark = pytest.mark.django_db
TEMPLATE = Path(settings.BASE_DIR) / "templates/patients/privacy_notice.html"


@pytest.fixture
def changed(monkeypatch):
    new = replace(privacy.CURRENT, number="2031-01-01", news="Something new.")
    for module in (consents, __import__("portal.views.me", fromlist=["CURRENT"])):
        monkeypatch.setattr(module, "CURRENT", new)


def test_no_word_of_it_changes_without_a_new_version():
    digest = hashlib.sha256(TEMPLATE.read_bytes()).hexdigest()[:16]
    assert privacy.CURRENT.digest == digest, "Add a version to patients.privacy.NOTICES."
    numbers = [notice.number for notice in privacy.NOTICES]
    assert numbers == sorted(set(numbers))


def test_who_accepted_it_is_not_asked(as_ana, ana):
    assert b"The privacy notice has changed" not in as_ana.get("/portal/").content
    page = as_ana.get("/portal/me/").content.decode()
    assert f"you accepted the one of {privacy.CURRENT.number}" in page
    assert PrivacyAcceptance.objects.get(patient=ana).accepted_by == ana.user


def test_a_new_version_is_asked_for_and_nothing_is_kept_back(changed, as_ana, ana, plan):
    page = as_ana.get("/portal/").content.decode()
    assert "The privacy notice has changed" in page
    assert "/portal/session/" in page
    assert "Something new." in as_ana.get("/portal/me/privacy/").content.decode()
    for _ in range(2):  # a double click
        assert as_ana.post("/portal/me/privacy/").url == "/portal/"
    assert "The privacy notice has changed" not in as_ana.get("/portal/").content.decode()
    mine = PrivacyAcceptance.objects.filter(patient=ana, accepted_by=ana.user)
    assert list(mine.values_list("version", flat=True)) == ["2031-01-01", privacy.CURRENT.number]
    assert newest("consent.given").detail == {"version": "2031-01-01"}


def test_who_helps_accepts_for_themselves(changed, mara, ana):
    browser = client_of(mara.user)
    assert b"The privacy notice has changed" in browser.get("/portal/").content
    browser.post("/portal/me/privacy/")
    assert b"The privacy notice has changed" not in browser.get("/portal/").content
    assert b"The privacy notice has changed" in client_of(ana.user).get("/portal/").content
