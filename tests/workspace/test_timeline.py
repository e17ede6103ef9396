"""All that happened to a patient, newest first, whatever it was."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from patients.actions import episodes, messages
from programs.actions import alerts, pauses, restrictions, sessions
from programs.models import Alert
from programs.progress import timeline
from programs.progress.timeline import Kind
from tests.conftest import OF_THE_WALL, client_of
from tests.programs.actions.test_sign_reports import tell

pytestmark = pytest.mark.django_db


def url(patient, query=""):
    return f"/workspace/patients/{patient.pk}/timeline/{query}"


@pytest.fixture
def lived(ana, plan, episode, priya):
    sessions.record(
        session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1, note="The rug."
    )
    alert = Alert.objects.filter(patient=ana).first()
    alerts.acknowledge(alert=alert, response="Called, she is well.", by=priya)
    tell(ana, "dizzy")
    messages.send(message_id=uuid.uuid4(), patient=ana, text="How often?", by=ana.user)
    pauses.pause(plan=plan, why="holiday", by=priya)
    episodes.record_screen(episode=episode, present=["foot_lesion"], by=priya)
    return ana


def test_all_kinds_in_one_list(as_priya, lived):
    page = as_priya.get(url(lived)).content.decode()
    for words in ("The rug.", "Called, she is well.", "Dizzy", "How often?", "Paused: holiday",
                  "Present: ", "Episode opened", "version 1: active"):  # fmt: skip
        assert words in page, words
    found = timeline.page(lived, list(Kind)).entries
    assert {entry.kind for entry in found} == set(Kind) - {Kind.MEASURE, Kind.NOTE}
    moments = [entry.at for entry in found]
    assert moments == sorted(moments, reverse=True)


def test_filters_combine_and_are_taken_away(as_priya, lived):
    page = as_priya.get(url(lived, "?kind=session&kind=message")).content.decode()
    assert "The rug." in page
    assert "How often?" in page
    assert "Paused: holiday" not in page
    assert 'href="?kind=session"' in page
    assert 'href="?kind=session&amp;kind=message&amp;kind=plan"' in page
    assert "Paused" in as_priya.get(url(lived, "?kind=nonsense")).content.decode()


def test_an_administrator_reads_no_messages(lived, ruth):
    page = client_of(ruth).get(url(lived, "?kind=message")).content.decode()
    assert "How often?" not in page
    assert "The rug." in page


def test_page_by_page_nothing_is_left_out_or_said_twice(lived, plan, monkeypatch):
    for days in range(9):
        at = timezone.now() - dt.timedelta(days=days)
        sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=lived.user, at=at)
    whole = timeline.page(lived, list(Kind)).entries
    monkeypatch.setattr(timeline, "A_PAGE", 4)
    found, before = [], None
    while True:
        page = timeline.page(lived, list(Kind), before=before)
        found += page.entries
        before = page.before
        if before is None:
            break
    assert len(found) == len(whole)
    assert set(found) == set(whole)


@pytest.mark.parametrize("before", ["x", "2026-01-01", "9" * 500, "0001-01-01T00:00:00+23:59"])
def test_an_odd_page_is_the_first_or_empty(as_priya, lived, before):
    assert as_priya.get(url(lived), {"before": before}).status_code == 200


def test_as_many_queries_whatever_happened(
    as_priya, ana, plan, priya, django_assert_max_num_queries
):
    restrictions.impose(episode=plan.episode, kind="tension", why="Sore today, says she.", by=priya)
    for _ in range(5):
        sessions.record(session_id=uuid.uuid4(), plan=plan, done={}, by=ana.user, falls=1)
    with django_assert_max_num_queries(27 + OF_THE_WALL):
        as_priya.get(url(ana))
