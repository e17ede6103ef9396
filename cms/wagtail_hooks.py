"""Sources, authors and videos in the editors' admin."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from accounts.models import User
from accounts.permissions import Permission
from cms import documents, rich_text, usage
from cms.admin import citing, desk, exchanging, tags, uncited
from cms.admin.authors import AuthorViewSet, offer_no_publishing
from cms.admin.reading import reading_grade
from cms.admin.sources import SourceViewSet
from cms.admin.synonyms import SynonymsViewSet
from cms.admin.videos import VideoViewSet
from cms.admin.walled import DeleteSelected
from cms.models import Source
from cms.reports import articles as article_report
from cms.reports import citations as citation_report

hooks.register("register_rich_text_features", rich_text.register)
register_snippet(SourceViewSet)
register_snippet(VideoViewSet)
register_snippet(AuthorViewSet)
register_snippet(SynonymsViewSet)


tags.offer_none_for_files()
hooks.register("register_bulk_action", exchanging.ExportSelected)
hooks.register("register_bulk_action", DeleteSelected, order=1)  # after Wagtail's: in its place


@hooks.register("register_admin_urls")
def answers() -> list[URLPattern]:
    return [
        path("reading-grade/", reading_grade, name="footing_reading_grade"),
        path("sources/choices/", citing.choices, name="footing_citation_choices"),
        path("sources/import/", exchanging.import_sources, name="footing_sources_import"),
        path("sources/import/confirm/", exchanging.confirm_import, name="footing_sources_confirm"),
        path("sources/export/", exchanging.export_sources, name="footing_sources_export"),
        path("sources/fill/", exchanging.fill, name="footing_sources_fill"),
        path("reports/articles/", article_report.show, name="footing_article_report"),
        path("reports/citations/", citation_report.show, name="footing_citation_report"),
    ]


class WritersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("wagtailadmin.access_admin"))


@hooks.register("register_reports_menu_item")
def articles_in_reports() -> MenuItem:
    address = reverse("footing_article_report")
    return WritersMenuItem("Articles to look at", address, icon_name="warning", order=90)


class SourcesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cms.view_source")


@hooks.register("register_reports_menu_item")
def citations_in_reports() -> MenuItem:
    address = reverse("footing_citation_report")
    return SourcesMenuItem("Citations", address, icon_name="openquote", order=700)


@hooks.register("construct_reports_menu")
def site_history_is_the_platforms(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Not offered where it does not exist (`accounts.middleware.AdminDoor`)."""
    if getattr(request.user, "clinic_id", None):
        menu_items[:] = [item for item in menu_items if item.name != "site-history"]


hooks.register("construct_snippet_action_menu", offer_no_publishing)
hooks.register("before_bulk_action", uncited.ask_for_selection)
hooks.register("before_copy_page", uncited.ask_for_copy)
hooks.register("after_copy_page", uncited.log_copy)
hooks.register("register_log_actions", uncited.log_actions)
hooks.register("construct_homepage_panels", desk.lay_out)
hooks.register("construct_main_menu", desk.tidy_menu)
hooks.register("construct_help_menu", desk.no_news)
hooks.register("before_serve_document", documents.refuse_what_is_not_read)


@hooks.register("insert_global_admin_css")
def marks_and_states() -> SafeString:
    sheets = ("css/desk.css", "css/cite-editor.css")
    return format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(one),) for one in sheets)
    )


class WayBack(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.may(Permission.ENTER_WORKSPACE)


@hooks.register("register_admin_menu_item")
def back_to_the_workspace() -> MenuItem:
    """By the address that knows where somebody works: cms knows no door."""
    return WayBack("Workspace", reverse("first_page"), icon_name="arrow-left", order=1)


@hooks.register("insert_global_admin_js")
def addresses() -> SafeString:
    return exchanging.addresses_script()


@hooks.register("insert_global_admin_js")
def grade_of_a_page() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("js/page-grade.js"))


@hooks.register("before_delete_snippet")
def keep_what_is_cited(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """A source in use stays; it says where it is used instead of asking whether to delete."""
    sources = [instance for instance in instances if isinstance(instance, Source)]
    uses = usage.of_all() if sources else {}
    used = [source for source in sources if uses.get(source.key)]
    for source in used:
        told = usage.told(usage.told_to(request.user, uses[source.key]))
        messages.error(request, f"{source.short} can't be deleted. It is used in: {told}.")
    return redirect("wagtailsnippets_cms_source:list") if used else None
