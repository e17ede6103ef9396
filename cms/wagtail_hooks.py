"""Sources, authors and videos in the editors' admin."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.admin_views import reading_grade
from cms.models import Author, Source, Video
from cms.reports import article_report


class SourceViewSet(SnippetViewSet):
    model = Source
    icon = "openquote"
    menu_label = "Sources"
    add_to_admin_menu = True
    list_display = ["key", "title", "container", "year", "certainty"]
    search_fields = ["key", "title", "container", "doi", "pmid"]
    ordering = ["key"]
    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("key", "authors", "more_authors", "title")],
            heading="What it is",
        ),
        MultiFieldPanel(
            [
                FieldPanel("container"),
                FieldRowPanel([FieldPanel(name) for name in ("year", "volume", "issue", "pages")]),
            ],
            heading="Where it was published",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("doi", "pmid", "pmcid", "url")],
            heading="Where to read it",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("certainty", "checked", "use")], heading="For us"
        ),
    ]


class AuthorViewSet(SnippetViewSet):
    model = Author
    icon = "user"
    menu_label = "Authors"
    add_to_admin_menu = True
    list_display = ["name", "credentials"]
    search_fields = ["name"]
    panels = [FieldPanel(name) for name in ("name", "credentials", "biography", "user")]


class VideoViewSet(SnippetViewSet):
    model = Video
    icon = "media"
    menu_label = "Videos"
    add_to_admin_menu = True
    list_display = ["title"]
    search_fields = ["title", "transcript"]
    panels = [FieldPanel(name) for name in ("title", "file", "poster", "captions", "transcript")]


register_snippet(SourceViewSet)
register_snippet(VideoViewSet)
register_snippet(AuthorViewSet)


@hooks.register("register_admin_urls")
def answers() -> list[URLPattern]:
    return [
        path("reading-grade/", reading_grade, name="footing_reading_grade"),
        path("reports/articles/", article_report, name="footing_article_report"),
    ]


class WritersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("wagtailadmin.access_admin"))


@hooks.register("register_reports_menu_item")
def articles_in_reports() -> MenuItem:
    return WritersMenuItem(
        "Articles to look at", reverse("footing_article_report"), icon_name="warning", order=90
    )


@hooks.register("insert_global_admin_js")
def grade_of_a_page() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("js/page-grade.js"))
