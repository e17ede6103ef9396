"""Addresses of the public site: a few that are no pages, and the pages in each language."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls

from cms import views

app_name = "cms"

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sharing/<int:pk>.png", views.sharing_picture, name="sharing_picture"),
]
# Below /es/ for Spanish and so on; the site's first language has no prefix.
in_each_language: list[URLPattern | URLResolver] = [
    path("helpful/<uuid:key>/", views.helpful, name="helpful"),
    path("", include(wagtail_urls)),
]
