"""Addresses of the public site that are no pages."""

from django.urls import path

from cms import views

app_name = "cms"

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("helpful/<uuid:key>/", views.helpful, name="helpful"),
]
