"""Asking the care team about an article: who may ask, see and answer."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts import wall
from accounts.models import AuditEvent
from cms.models import ArticlePage
from programs.actions import questions
from programs.models import Question, SavedPage
from tests.as_role import WEB, as_role
from tests.conftest import OF_THE_WALL, client_of

pytestmark = pytest.mark.django_db
PLAIN = "Is the slide right for my left foot?"


@pytest.fixture
def article():
    return ArticlePage.objects.get(slug="numb-feet")


@pytest.fixture
def question(ana, article):
    return questions.ask(patient=ana, about=article, text=PLAIN, by=ana.user)


def address(question):
    return f"/workspace/questions/{question.pk}/"


def test_asking_keeps_the_article_and_is_on_record_without_its_words(question, ana, article):
    assert (question.article, question.about) == (article, article.title)
    assert question.clinic_id == ana.clinic_id
    event = AuditEvent.objects.get(action="question.asked")
    assert (event.patient_id, event.subject_id) == (ana.pk, str(question.pk))
    assert "left foot" not in str(event.detail)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_asking_needs_words_of_a_bearable_length(ana, article, text):
    with pytest.raises(ValidationError):
        questions.ask(patient=ana, about=article, text=text, by=ana.user)
    assert not Question.objects.exists()


def test_answering_once(question, priya):
    questions.answer(question=question, text="Yes, gently.", by=priya)
    stored = Question.objects.get()
    assert (stored.answer, stored.answered_by) == ("Yes, gently.", priya)
    assert AuditEvent.objects.filter(action="question.answered").count() == 1
    with pytest.raises(ValidationError, match="already answered"):
        questions.answer(question=question, text="No.", by=priya)


def test_half_an_answer_is_refused_by_the_database(question):
    for half in ({"answer": "x"}, {"answered_at": question.asked_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.update(**half)


def test_asking_leaves_nothing_when_its_record_fails(ana, article, monkeypatch):
    monkeypatch.setattr(questions.audit, "record", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        questions.ask(patient=ana, about=article, text=PLAIN, by=ana.user)
    assert not Question.objects.exists()


def test_the_care_team_sees_it_and_nobody_else(question, priya, colm, olive, ruth, ed, ana, bert):
    assert client_of(priya).get(address(question)).status_code == 200
    for outsider in (colm, olive, ed, ana.user, bert.user):
        assert client_of(outsider).get(address(question)).status_code == 404, outsider
    assert client_of(ruth).get(address(question)).status_code == 403
    assert client_of(None).get(address(question)).status_code == 302
    for wrong in (uuid.uuid4(), "not-an-id", "1"):
        assert client_of(priya).get(f"/workspace/questions/{wrong}/").status_code == 404


def test_reading_it_is_on_record(question, priya):
    client_of(priya).get(address(question))
    event = AuditEvent.objects.get(action="patient.read")
    assert event.detail == {"page": "question"}


def test_the_list_holds_ones_own_patients_only(question, priya, colm, ruth):
    assert b"Ana Reyes" in client_of(priya).get("/workspace/questions/").content
    assert b"Ana Reyes" not in client_of(colm).get("/workspace/questions/").content
    assert client_of(ruth).get("/workspace/questions/").status_code == 403


def test_the_list_costs_the_same_for_one_and_three(
    question, priya, ana, article, django_assert_num_queries
):
    client = client_of(priya)
    client.get("/workspace/questions/")
    with django_assert_num_queries(5 + OF_THE_WALL):
        client.get("/workspace/questions/")
    for _ in range(2):
        questions.ask(patient=ana, about=article, text=PLAIN, by=ana.user)
    with django_assert_num_queries(5 + OF_THE_WALL):
        client.get("/workspace/questions/")


def test_from_the_article_to_the_answer(ana, priya, article):
    patient, therapist = client_of(ana.user), client_of(priya)
    asking = patient.get(f"/portal/ask/?article={article.translation_key}", follow=True)
    assert article.title in asking.content.decode()
    path = asking.redirect_chain[-1][0]
    assert b"Write a few words" in patient.post(path, {"text": ""}).content
    patient.post(path, {"text": PLAIN})
    assert "Not answered yet" in patient.get("/portal/ask/").content.decode()
    listed = therapist.get("/workspace/questions/").content.decode()
    assert article.title in listed
    found = Question.objects.get()
    assert therapist.post(address(found), {"answer": "Yes, gently."}).status_code == 302
    assert "Yes, gently." in patient.get("/portal/ask/").content.decode()


def test_a_patient_sees_own_questions_only(question, bert):
    assert "left foot" not in client_of(bert.user).get("/portal/ask/").content.decode()


def test_only_patients_ask_and_only_about_what_is_public(article, ana, priya, colm):
    path = f"/portal/ask/{article.translation_key}/"
    assert client_of(None).get(path).status_code == 302
    for staff in (priya, colm):
        assert client_of(staff).get(path).status_code == 404
    client = client_of(ana.user)
    for wrong in (uuid.uuid4(), "x"):
        assert client.get(f"/portal/ask/?article={wrong}").status_code == 404
    article.unpublish()
    assert client.get(path).status_code == 404
    assert client.post(path, {"text": PLAIN}).status_code == 404


def test_an_article_goes_from_reading_lists_and_questions_that_its_editor_cannot_see(
    question, ana, article, ed
):
    """The database follows the keys: an editor sees no patient's row."""
    SavedPage.objects.create(patient=ana, article=article)
    with as_role(WEB), wall.acting(ed):
        assert not Question.objects.exists()
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        ArticlePage.objects.get(pk=article.pk).delete()
        connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    assert not SavedPage.objects.exists()
    question.refresh_from_db()
    assert question.article is None


def test_an_article_that_goes_leaves_the_question(question, article, priya):
    article.delete()
    html = client_of(priya).get(address(question)).content.decode()
    assert question.about in html
