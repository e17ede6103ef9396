"""The typed way to a form's fields."""

import pytest
from django import forms

from accounts.form_fields import choice_field, row_field
from accounts.models import Clinic


class Asked(forms.Form):
    name = forms.CharField()
    one = forms.ChoiceField()
    clinic = forms.ModelChoiceField(Clinic.objects.none())


def test_a_field_is_found_by_its_kind():
    form = Asked()
    assert choice_field(form, "one") is form.fields["one"]
    assert row_field(form, "clinic") is form.fields["clinic"]


@pytest.mark.parametrize("find", [choice_field, row_field])
def test_a_field_of_another_kind_is_refused(find):
    with pytest.raises(TypeError, match="name"):
        find(Asked(), "name")
