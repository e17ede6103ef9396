"""What the public site's frame and its pictures need."""

from typing import Any

from django import template
from wagtail.images.models import Rendition

from cms import pictures
from cms.models import Author
from cms.site_menu import Menu, menu
from cms.starter import sources

register = template.Library()


@register.filter
def cited(text: Any) -> str:
    """A text of ours that names sources by their keys, with short citations in their place."""
    return sources.in_words(str(text))


@register.simple_tag(takes_context=True)
def site_menu(context: Any) -> Menu:
    return menu(context["request"])


@register.simple_tag
def poster_address(video: Any) -> str:
    """The picture shown before a video plays."""
    if video.poster is None:
        return ""
    return str(video.poster.get_renditions(*pictures.SIZES)[pictures.WIDE].url)


@register.simple_tag
def portrait(author: Author) -> Rendition:
    """Of an author who has one, in the size that was made when it was published."""
    assert author.portrait is not None
    return author.portrait.get_rendition(pictures.PORTRAIT)


@register.inclusion_tag("cms/parts/picture.html")
def picture(value: Any, *, eager: bool = False) -> dict[str, Any]:
    """A figure's picture in the sizes that were made when its page was published."""
    sizes = value["image"].get_renditions(*pictures.SIZES)
    return {
        "small": sizes[pictures.SMALL],
        "wide": sizes[pictures.WIDE],
        "alt": "" if value["decorative"] else value["alt_text"],
    }
