"""Words that mean the same to who searches, in Wagtail's admin."""

from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models.search import SearchSynonyms


class SynonymsViewSet(SnippetViewSet):
    model = SearchSynonyms
    icon = "search"
    menu_label = "Search words"
    menu_order = 330
    add_to_admin_menu = True
    list_display = ["words", "language"]
    list_filter = ["language"]
    search_fields = ["words"]
