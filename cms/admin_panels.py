"""Panels of our own in the editors' forms."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from cms import citations
from cms.article import plain_text
from cms.models.author import Author
from cms.readability import verdict_of_page

UNCITED = "It cites no source. Cite one, or tick this to publish it without a citation."


class ArticleForm(WagtailAdminPageForm):
    """A new article starts with its writer as the author. Its topics are those of its language;
    to publish it without a citation has to be said.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "topics" in self.fields:
            self._offer_topics()
        if "authors" in self.fields and self.instance.pk is None and self.for_user:
            self.initial.setdefault("authors", [])
            self.initial["authors"] = self.initial["authors"] or [Author.of(self.for_user)]

    def _offer_topics(self) -> None:
        """Those of the page's language. One that was chosen in another counts as its page in this
        one, and stays on offer where there is none yet.
        """
        field = self.fields["topics"]
        locale = self.instance.locale_id or getattr(self.parent_page, "locale_id", None)
        chosen = list(self.instance.topics.all()) if self.instance.pk else []
        here = field.queryset.filter(locale=locale)
        keys = {topic.translation_key for topic in chosen}
        same = {row.translation_key: row for row in here.filter(translation_key__in=keys)}
        kept = [same.get(topic.translation_key, topic) for topic in chosen]
        rest = [topic.pk for topic in kept if topic.locale_id != locale]
        field.queryset = field.queryset.filter(Q(locale=locale) | Q(pk__in=rest)).order_by("path")
        if self.instance.pk:
            self.initial["topics"] = kept

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "body" not in cleaned or "without_citation" not in self.fields:
            return cleaned
        if citations.keys_of(cleaned["body"].get_prep_value()):
            cleaned["without_citation"] = False  # whoever takes the last one out is asked anew
        elif self._publishes() and not cleaned.get("without_citation"):
            self.add_error("without_citation", UNCITED)
        return cleaned

    def _publishes(self) -> bool:
        """Whether a button was pressed that makes this text public, now or on its day."""
        approves = str(self.data.get("workflow-action-name", "")).startswith("approve")
        if self.data.get("action-workflow-action") and approves:
            return True
        return bool(self.data.get("action-publish")) and self._may_publish()

    def _may_publish(self) -> bool:
        if self.instance.pk:
            return bool(self.instance.permissions_for_user(self.for_user).can_publish())
        parent = self.parent_page
        return bool(parent and parent.permissions_for_user(self.for_user).can_publish_subpage())


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
