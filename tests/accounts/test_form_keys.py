"""A form that comes twice makes one thing, and the second is answered like the first."""

import datetime as dt
import re
import uuid

import pytest
from django.utils import timezone

from accounts import form_keys
from accounts.models import AnsweredForm
from patients.models import CannedAnswer, Patient
from programs.models import Program, ProgramFavorite
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
ADD = "/workspace/patients/add/"
NEW = {
    "first_name": "Dora", "last_name": "Lind", "birth_date": "1950-02-03", "email": "d@x.test",
    "language": "en", "is_other": "on",
}  # fmt: skip


def key_of(client, address=ADD):
    """Of the first form of a page."""
    page = client.get(address).content.decode()
    return re.search(r'name="form_key" value="([^"]+)"', page)[1]


def test_the_second_is_answered_like_the_first(as_priya):
    sent = NEW | {"form_key": key_of(as_priya)}
    first, second = as_priya.post(ADD, sent), as_priya.post(ADD, sent)
    assert Patient.objects.count() == 1
    assert first.url == second.url
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.cookies[form_keys.STORED].value == sent["form_key"]


def test_each_form_has_a_key_of_its_own(as_priya):
    assert key_of(as_priya) != key_of(as_priya)


def test_other_content_under_the_same_key_is_another_form(as_priya):
    sent = NEW | {"form_key": key_of(as_priya)}
    as_priya.post(ADD, sent)
    as_priya.post(ADD, sent | {"first_name": "Edda", "birth_date": "1961-04-05"})
    assert Patient.objects.count() == 2


def test_what_was_refused_is_tried_again(as_priya):
    sent = NEW | {"form_key": key_of(as_priya)}
    assert as_priya.post(ADD, sent | {"email": ""}).status_code == 200
    assert as_priya.post(ADD, sent).status_code == 302
    assert not AnsweredForm.objects.exclude(pk=sent["form_key"]).exists()


def test_a_redirect_with_an_error_is_no_answer_to_keep(as_priya, priya, ana):
    address = f"/workspace/patients/{ana.pk}/invite/"
    as_priya.post(address, {"form_key": str(uuid.uuid4())})  # has a login already
    assert not AnsweredForm.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "9" * 5000])
def test_an_odd_key_is_none(as_priya, key):
    assert as_priya.post(ADD, NEW | {"form_key": key}).status_code == 302
    assert not AnsweredForm.objects.exists()


def test_the_key_of_somebody_else_answers_nothing(as_priya, colm):
    sent = NEW | {"form_key": key_of(as_priya)}
    as_priya.post(ADD, sent)
    client_of(colm).post(ADD, sent)
    assert Patient.objects.count() == 2


def test_after_its_time_it_is_done_again_and_then_forgotten(as_priya):
    sent = NEW | {"form_key": key_of(as_priya)}
    as_priya.post(ADD, sent)
    AnsweredForm.objects.update(answered_at=timezone.now() - dt.timedelta(minutes=11))
    form_keys.forget()
    assert not AnsweredForm.objects.exists()
    as_priya.post(ADD, sent)
    assert Patient.objects.count() == 2


def test_parts_of_a_page_are_sent_again_and_again(as_priya):
    sent = NEW | {"form_key": key_of(as_priya)}
    as_priya.post(ADD, sent, headers={"HX-Request": "true"})
    assert not AnsweredForm.objects.exists()


def test_toggles_stay_on(as_priya, priya, ana, plan):
    program = Program.objects.get(code="P2")
    address = f"/workspace/patients/{ana.pk}/plan/favorite/"
    sent = {"program": str(program.uuid), "form_key": str(uuid.uuid4())}
    as_priya.post(address, sent)
    as_priya.post(address, sent)
    assert ProgramFavorite.objects.filter(program=program).exists()


def test_an_answer_that_is_sent_often_is_added_once(as_priya):
    sent = {"title": "Rest", "text": "Rest today.", "form_key": str(uuid.uuid4())}
    answers = [as_priya.post("/workspace/answers/add/", sent) for _ in range(2)]
    assert {one.status_code for one in answers} == {302}
    assert CannedAnswer.objects.count() == 1


def test_a_program_is_copied_once(as_priya, plan):
    program = plan.program
    address = f"/workspace/programs/{program.uuid}/copy/"
    before = Program.objects.count()
    sent = {"form_key": str(uuid.uuid4())}
    first, second = as_priya.post(address, sent), as_priya.post(address, sent)
    assert first.url == second.url
    assert Program.objects.count() == before + 1


def test_a_page_whose_login_has_ended_says_so_and_comes_back_to_its_form(client, ana):
    address = f"/workspace/patients/{ana.pk}/invite/"
    stood_on = f"http://testserver/workspace/patients/{ana.pk}/record/?x=1"
    answer = client.post(address, headers={"Referer": stood_on})
    assert answer.url == f"/account/login/?next=/workspace/patients/{ana.pk}/record/%3Fx%3D1"
    assert b"nothing was stored" in client.get(answer.url).content
    elsewhere = client.post(address, headers={"Referer": "https://evil.test/x"})
    assert elsewhere.url == f"/account/login/?next={address}"
    assert client.post(address, headers={"HX-Request": "true"}).status_code == 401
    by_script = client.post(address, headers={"Sec-Fetch-Mode": "cors"})
    assert by_script.status_code == 302
    assert not by_script.cookies.get("messages")
