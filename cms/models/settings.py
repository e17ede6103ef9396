"""What a site's editors choose for the whole site."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


class CitationStyle(models.TextChoices):
    AMA = "ama", "AMA (American Medical Association)"
    VANCOUVER = "vancouver", "Vancouver (National Library of Medicine)"
    APA = "apa", "APA (American Psychological Association)"


@register_setting(icon="openquote")
class CitationSettings(BaseSiteSetting):
    """How the lists of references are written."""

    style = models.CharField(
        "style of references",
        max_length=12,
        choices=CitationStyle.choices,
        default=CitationStyle.AMA,
        help_text="Numbers in the text stay numbers; the list below is written in this style.",
    )

    panels = [FieldPanel("style")]

    class Meta:
        verbose_name = "citations"
