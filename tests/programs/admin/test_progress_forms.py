"""Progress forms in Wagtail's admin: put together, refused beside the question, published."""

import pytest
from wagtail.test.utils.form_data import nested_form_data, streamfield

from programs.models import ProgressForm
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

LIST = "/cms/snippets/programs/progressform/"


def form_data(*blocks, **changed):
    data = {"title": "After the walk", "code": "walk", "intro": "Two questions."}
    return nested_form_data(data | {"body": streamfield(blocks)} | changed)


FELL = ("yes_no", {"text": "Did you fall?", "help": "", "name": "fell", "only_if": ""})
HOW = ("text", {"text": "How?", "help": "", "name": "", "only_if": "fell is yes"})
PAIN = ("measure", {"measure": "M2", "name": "", "only_if": ""})


def test_a_form_is_put_together_and_published(as_priya, priya):
    data = form_data(FELL, HOW, PAIN) | {"action-publish": "yes"}
    assert as_priya.post(f"{LIST}add/", data).status_code == 302
    form = ProgressForm.objects.get(code="walk")
    assert form.clinic == priya.clinic
    parts = form.version.parts
    assert [part["kind"] for part in parts] == ["yes_no", "text", "measure"]
    assert parts[1]["only_if"] == {"name": "fell", "test": "is", "value": "yes"}
    assert (parts[2]["measure"], parts[2]["version"]) == ("M2", 1)
    assert form in ProgressForm.objects.visible_to(priya).active()


def test_a_draft_is_not_offered(as_priya, priya):
    as_priya.post(f"{LIST}add/", form_data(FELL))
    form = ProgressForm.objects.get(code="walk")
    assert not form.live
    assert form not in ProgressForm.objects.visible_to(priya).active()


def test_a_condition_on_nothing_is_refused_and_what_was_typed_stays(as_priya):
    page = as_priya.post(f"{LIST}add/", form_data(HOW, FELL)).content.decode()
    assert "No question before this one has the name" in page
    assert "How?" in page
    assert not ProgressForm.objects.filter(code="walk").exists()


def test_a_code_is_used_once_in_a_clinic(as_priya):
    for _ in range(2):
        page = as_priya.post(f"{LIST}add/", form_data(FELL))
    assert "Another form has this code" in page.content.decode()


def test_the_measures_offered_are_those_for_home(as_priya):
    page = as_priya.get(f"{LIST}add/").content.decode()
    assert "M2 Foot feelings 0-10" in page
    assert "M6 4-stage balance" not in page
    assert "LEFS" not in page


def test_who_may_write_forms(ana, ruth, ed):
    assert client_of(ed).get(LIST).status_code == 200
    for user in (ana.user, ruth):
        assert client_of(user).get(LIST).status_code == 404
    assert client_of(None).get(LIST).status_code == 302
