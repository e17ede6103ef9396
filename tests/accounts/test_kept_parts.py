"""Parts of pages by their content: the same is rendered once, anything else anew."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django import forms
from django.template import engines
from django.template.backends.django import Template
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts import kept_parts
from patients.models import Patient
from programs.motion import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(monkeypatch):
    """How often templates are rendered, with nothing kept from elsewhere."""
    monkeypatch.setattr(kept_parts, "_parts", {})
    of = []
    render = Template.render

    def counted(self, context=None, request=None):
        if context and "field" in context:  # not the widget within
            of.append(context)
        return render(self, context, request)

    monkeypatch.setattr(Template, "render", counted)
    return of


class Form(forms.Form):
    name = forms.CharField(label=_("Note"))
    how = forms.ChoiceField(label="How", choices=[("a", _("Left")), ("b", "B")])


def asked(field):
    return kept_parts.rendered("components/question.html", {"field": field})


@dataclass(frozen=True)
class Facts:
    title: str
    steps: list[str]


def test_a_question_is_rendered_once(made):
    texts = {
        kept_parts.rendered("components/question.html", {"field": Form()["how"]}) for _ in "ab"
    }
    assert len(made) == 1
    assert len(texts) == 1
    assert 'value="a"' in texts.pop()


@pytest.mark.parametrize(
    "change",
    [
        lambda form: setattr(form.fields["how"], "label", "Else"),
        lambda form: setattr(form.fields["how"], "help_text", "Why"),
        lambda form: setattr(form.fields["how"], "choices", [("a", _("Right"))]),
        lambda form: form.fields["how"].widget.attrs.update({"data-x": "1"}),
        lambda form: setattr(form.fields["how"], "required", False),
        lambda form: setattr(form, "prefix", "second"),
        lambda form: setattr(form, "auto_id", "%s"),
        lambda form: setattr(form.fields["how"], "widget", forms.RadioSelect(choices=[("a", "A")])),
    ],
)
def test_and_anew_where_it_asks_something_else(made, change):
    form, other = Form(), Form()
    change(other)
    texts = [
        kept_parts.rendered("components/question.html", {"field": one["how"]})
        for one in (form, other)
    ]
    assert len(made) == 2
    template = engines["django"].get_template("components/question.html")
    assert texts[1] == template.render({"field": other["how"]})


@pytest.mark.parametrize("form", [Form({"how": "b"}), Form(initial={"how": "b"}), Form({})])
def test_what_somebody_answered_is_never_kept(made, form):
    for _number in range(2):
        text = asked(form["how"])
    assert len(made) == 2
    assert not kept_parts._parts
    assert "selected" in text or form.errors


def test_each_language_zone_and_person_has_its_own(made):
    field = Form()["how"]
    english = asked(field)
    with translation.override("es"):
        spanish = asked(field)
    assert "Left" in english
    assert "Izquierdo" in spanish
    with timezone.override("America/Denver"):
        asked(field)
    with people.showing("man_70"):
        asked(field)
    assert len(made) == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1, True), (1, 1.0), (0, False), ("<b>", mark_safe("<b>")), (None, ""), ([1], (1,)),
        ({"a": 1}, {"a": 2}), ({1}, {2}), (Facts("A", ["b"]), Facts("A", ["c"])),
        (dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)), (_("Left"), _("Right")),
        (_("Left"), "Left"), ([{"a": [1]}], [{"a": [2]}]),
    ],
)  # fmt: skip
def test_values_that_look_different_are_different(first, second):
    assert kept_parts.told(first) != kept_parts.told(second)
    assert kept_parts.told(first) == kept_parts.told(first)
    hash(kept_parts.told(first))


def test_a_row_is_told_apart_by_each_of_its_columns(ana):
    row = Patient.objects.get(pk=ana.pk)
    other = Patient.objects.get(pk=ana.pk)
    assert kept_parts.told(row) == kept_parts.told(other)
    for field in Patient._meta.concrete_fields:
        changed = Patient.objects.get(pk=ana.pk)
        setattr(changed, field.attname, "something else")
        assert kept_parts.told(changed) != kept_parts.told(row), field.name


def test_a_row_that_carries_others_is_refused(ana):
    with pytest.raises(TypeError, match="carries clinic"):
        kept_parts.told(Patient.objects.select_related("clinic").get(pk=ana.pk))
    with pytest.raises(TypeError, match="carries invitations"):
        kept_parts.told(Patient.objects.prefetch_related("invitations").get(pk=ana.pk))


def test_what_has_no_content_is_refused():
    with pytest.raises(TypeError, match="object is not told apart"):
        kept_parts.told(object())


def test_a_part_that_asks_the_database_is_refused(ana, monkeypatch):
    """Whatever it read there would be shown after it changed."""
    template = engines["django"].from_string("{{ patient.clinic.name }}")
    monkeypatch.setattr(engines["django"], "get_template", lambda name: template)
    with pytest.raises(RuntimeError, match="asks nothing of the database"):
        kept_parts.rendered("x.html", {"patient": Patient.objects.get(pk=ana.pk)})


def test_a_part_knows_no_reader(client, monkeypatch):
    template = engines["django"].from_string("{{ request }}{{ user }}{{ perms }}{{ csrf_token }}")
    monkeypatch.setattr(engines["django"], "get_template", lambda name: template)
    assert kept_parts.rendered("x.html", {}) == ""


def test_no_more_is_kept_than_there_is_room_for(made, monkeypatch):
    monkeypatch.setattr(kept_parts, "MOST", 3)
    for number in range(10):
        form = Form()
        form.fields["how"].label = str(number)
        asked(form["how"])
    assert len(kept_parts._parts) == 3
    assert len(made) == 10
