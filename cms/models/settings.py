"""What a site's editors choose for the whole site."""

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site


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

    @classmethod
    def style_for(cls, request: HttpRequest) -> str:
        """The site's style. Wagtail's own `for_request` would write a row while somebody reads."""
        site = Site.find_for_request(request)
        chosen = cls.objects.filter(site=site).values_list("style", flat=True).first()
        return chosen or CitationStyle.AMA
