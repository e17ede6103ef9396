"""Panels of our own in the editors' forms."""

from typing import Any

from django.urls import reverse
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from cms.article import plain_text
from cms.models.author import Author
from cms.readability import verdict_of_page


class ArticleForm(WagtailAdminPageForm):
    """A new article starts with its writer as the author."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "authors" in self.fields and self.instance.pk is None and self.for_user:
            self.initial.setdefault("authors", [])
            self.initial["authors"] = self.initial["authors"] or [Author.of(self.for_user)]


class ReadingGradePanel(Panel):
    """The grade of the whole text, told again a moment after typing stops."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/admin/reading_grade_panel.html"

        def is_shown(self) -> bool:
            """Flesch-Kincaid counts English words."""
            language = self.instance.locale.language_code if self.instance.locale_id else "en"
            return bool(super().is_shown()) and language == "en"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            text = plain_text(self.instance.body)
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {
                **context,
                "verdict": verdict_of_page(text),
                "address": reverse("footing_reading_grade"),
            }
