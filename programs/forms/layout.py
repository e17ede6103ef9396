"""How questions are laid out with crispy-forms."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms


def question_helper(form: forms.Form) -> FormHelper:
    """Large answers in a fieldset each; what is typed gets a plain label."""
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf = False, True
    typed = (forms.Textarea, forms.TextInput, forms.NumberInput)
    helper.layout = Layout(
        *(
            Field(
                name,
                template="components/text_question.html"
                if isinstance(field.widget, typed)
                else "components/question.html",
            )
            for name, field in form.fields.items()
        )
    )
    return helper
