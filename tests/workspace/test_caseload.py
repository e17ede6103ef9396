"""The list of patients as a page: its address says all, views are one's own, the file is safe."""

import csv
import io
import uuid

import pytest

from accounts.models import AuditEvent
from patients.actions import messages, saved_views
from patients.models import SavedView
from tests.conftest import client_of, make_episode, make_patient, prove

pytestmark = pytest.mark.django_db
HOME = "/workspace/"


@pytest.fixture
def bo(priya):
    bo = make_patient(priya, "Bo", last_name="=cmd", record_number="7")
    make_episode(bo, priya, sensation="lost")
    return bo


def test_filters_stand_in_the_address_and_are_taken_away_one_by_one(as_priya, ana, bo):
    page = as_priya.get(HOME + "?finding=lost&care=everybody").content.decode()
    assert "=cmd, Bo" in page
    assert "Reyes, Ana" not in page
    assert "Finding: Protective feeling lost" in page
    assert 'href="?care=everybody"' in page
    assert 'href="?finding=lost"' in page


@pytest.mark.parametrize(
    "query",
    [
        "phase=x", "phase=99", "therapist=x", "program=00000000-0000-0000-0000-000000000000",
        "show=x", "sort=x", "sort=-", "finding=x", "page=x", "page=99999999999999999999",
        "page=-1", "q=%00", "care=x", "sort=-need", "q=" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_left_out(as_priya, ana, query):
    assert as_priya.get(f"{HOME}?{query}").status_code == 200


def test_headings_sort_and_say_so(as_priya, ana, bo):
    page = as_priya.get(HOME + "?sort=name").content.decode()
    assert page.index("=cmd, Bo") < page.index("Reyes, Ana")
    assert 'aria-sort="ascending"' in page
    turned = as_priya.get(HOME + "?sort=-name").content.decode()
    assert turned.index("Reyes, Ana") < turned.index("=cmd, Bo")
    assert 'aria-sort="descending"' in turned


def test_a_view_is_kept_under_a_name_without_what_was_typed(as_priya, priya, colm, ana, bo):
    answer = as_priya.post(
        HOME + "views/save/", {"name": " Lost  feeling ", "finding": "lost", "q": "Ana"}
    )
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Lost feeling", "finding=lost")
    assert answer.url == f"{HOME}?finding=lost"
    page = as_priya.get(answer.url).content.decode()
    assert "Lost feeling" in page
    assert "Remove" in page
    as_priya.post(HOME + "views/save/", {"name": "Lost feeling", "finding": "falls"})
    assert SavedView.objects.get().query == "finding=falls"
    assert "Lost feeling" not in client_of(colm).get(HOME).content.decode()
    gone = HOME + f"views/{view.pk}/remove/"
    assert client_of(colm).post(gone).status_code == 404
    as_priya.post(gone)
    as_priya.post(gone)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_view_needs_a_name(as_priya, name):
    answer = as_priya.post(HOME + "views/save/", {"name": name}, follow=True)
    assert answer.status_code == 200
    assert not SavedView.objects.exists()


def test_the_file_has_what_the_list_shows_and_begins_no_formula(as_priya, priya, ana, bo, plan):
    asked = as_priya.get(HOME + "patients/file/")
    assert asked.status_code == 302  # prove first that it is you
    prove(as_priya)
    answer = as_priya.get(HOME + "patients/file/?sort=name")
    assert answer["Content-Type"].startswith("text/csv")
    heads, first, second = csv.reader(io.StringIO(answer.content.decode()))
    assert heads[:3] == ["\ufeffLast name", "First name", "Birth date"]
    assert first[0] == "'=cmd"
    assert second[:2] == ["Reyes", "Ana"]
    assert plan.title in second
    listed = AuditEvent.objects.filter(action="patients.listed").order_by("-at").first()
    assert set(listed.named) == {ana.pk, bo.pk}
    only = as_priya.get(HOME + "patients/file/?finding=lost").content.decode()
    assert "Reyes" not in only


def test_a_message_that_waits_stands_under_needs(as_priya, ana):
    messages.send(message_id=uuid.uuid4(), patient=ana, text="How often?", by=ana.user)
    assert "Message to answer" in as_priya.get(HOME).content.decode()
    prove(as_priya)
    heads, row = csv.reader(io.StringIO(as_priya.get(HOME + "patients/file/").content.decode()))
    assert dict(zip(heads, row, strict=True))["Message to answer"] == "yes"


def test_similar_names_are_offered_as_such(as_priya, ana, bo):
    page = as_priya.get(HOME + "?q=Reyyes").content.decode()
    assert "These names are similar" in page
    assert "Reyes, Ana" in page
    assert "Nobody here matches" in as_priya.get(HOME + "?q=Qqqqq").content.decode()


@pytest.mark.parametrize("name", ["therapist", "program"])
def test_a_view_whose_choice_is_gone_finds_nobody_and_says_why(as_priya, priya, colm, ana, name):
    gone = str(colm.uuid if name == "therapist" else uuid.uuid4())
    query = saved_views.save(name="Mine", query=f"care=everybody&{name}={gone}", by=priya).query
    answer = as_priya.get(f"{HOME}?{query}")
    page = answer.content.decode()
    assert answer.context["rows"] == []
    assert "Reyes, Ana" not in page
    assert f"The filter “{name.capitalize()}” no longer leads to anybody" in page
    assert f"{name.capitalize()}: nobody any more" in page
    assert '<a class="button" href="?care=everybody">' in page
    # It stays chosen in the form: a search does not widen the list unsaid.
    assert f'<option value="{gone}" selected>' in page
    assert "Reyes, Ana" in as_priya.get(HOME + "?care=everybody").content.decode()
    prove(as_priya)
    assert "Reyes" not in as_priya.get(f"{HOME}patients/file/?{query}").content.decode()


def test_two_choices_that_are_gone_each_have_a_way_out(as_priya, ana):
    one, other = uuid.uuid4(), uuid.uuid4()
    page = as_priya.get(f"{HOME}?therapist={one}&program={other}").content.decode()
    assert f'<a class="button" href="?program={other}">' in page
    assert f'<a class="button" href="?therapist={one}">' in page
