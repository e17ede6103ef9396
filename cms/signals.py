"""Which changes make the kept public pages stale, and what the search finds anew."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.caching import content_changed
from cms.models import Author, AuthorPage, CitationSettings, Source, Video
from cms.search import entries, findable


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def page_changed(**kwargs: Any) -> None:
    content_changed()


@receiver(post_save, sender=Source)
@receiver(post_save, sender=Author)
@receiver(post_save, sender=CitationSettings)
@receiver(post_save, sender=Video)
@receiver(post_save, sender=get_image_model())
@receiver(post_save, sender=Site)
@receiver(post_save, sender=PageViewRestriction)
@receiver(post_delete, sender=Source)
@receiver(post_delete, sender=Author)
@receiver(post_delete, sender=get_image_model())
@receiver(post_delete, sender=Site)
@receiver(post_delete, sender=PageViewRestriction)
def shared_content_changed(**kwargs: Any) -> None:
    content_changed()


@receiver(post_delete)
def page_deleted(sender: type, **kwargs: Any) -> None:
    if issubclass(sender, Page):
        content_changed()


@receiver(post_save)
def page_saved(sender: type, instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    """A live page saved by a program. Drafts save a few named fields only, and change nothing."""
    if issubclass(sender, Page) and instance.live and update_fields is None:
        content_changed()


@receiver([page_published, page_unpublished])
def find_page(instance: Page, **kwargs: Any) -> None:
    entries.page_changed(instance)


@receiver([page_slug_changed, post_page_move])
def find_branch(instance: Page, **kwargs: Any) -> None:
    entries.branch_moved(instance)


@receiver(post_save, sender=PageViewRestriction)
@receiver(post_delete, sender=PageViewRestriction)
def find_restricted(instance: PageViewRestriction, **kwargs: Any) -> None:
    entries.branch_moved(instance.page)


@receiver(post_save, sender=Author)
def find_author(instance: Author, **kwargs: Any) -> None:
    for page in AuthorPage.objects.filter(author=instance):
        entries.page_changed(page)


@receiver(post_save, sender=Source)
def find_source(instance: Source, **kwargs: Any) -> None:
    findable.write(entries.SOURCE, entries.of_source(instance))


@receiver(post_delete, sender=Source)
def forget_source(instance: Source, **kwargs: Any) -> None:
    findable.remove(entries.SOURCE, instance.key)
