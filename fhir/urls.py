"""Addresses of other programs' door. FHIR's own have no slash at their end."""

from django.urls import path, re_path

from fhir import bulk, views
from fhir.parameters import PARAMETERS

app_name = "fhir"

KIND = rf"(?P<kind>{'|'.join(PARAMETERS)})"

urlpatterns = [
    path(".well-known/smart-configuration", views.configuration, name="smart_configuration"),
    path(".well-known/jwks.json", views.own_keys, name="own_keys"),
    path("metadata", views.metadata, name="metadata"),
    path("token", views.token, name="token"),
    path("revoke", views.revoke, name="revoke"),
    re_path(rf"^{KIND}$", views.search, name="search"),
    re_path(rf"^{KIND}/_search$", views.search_by_form, name="search_by_form"),
    re_path(rf"^{KIND}/(?P<identity>[A-Za-z0-9.-]{{1,64}})$", views.read, name="read"),
    path("$export", bulk.begin, name="export_begin"),
    path("Patient/$export", bulk.begin, name="export_patients"),
    path("export/<uuid:export_id>", bulk.status, name="export"),
    path("export/<uuid:export_id>/<str:number>", bulk.file, name="export_file"),
    path("", views.nothing),
    path("<path:path>", views.nothing),
]
