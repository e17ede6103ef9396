"""Sources and authors in the editors' admin."""

from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import Author, Source


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
    panels = [FieldPanel(name) for name in ("name", "credentials", "biography")]


register_snippet(SourceViewSet)
register_snippet(AuthorViewSet)
