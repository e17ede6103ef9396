"""Addresses of the public exercise pages."""

from django.urls import path

from programs import public

app_name = "programs"

urlpatterns = [
    path("", public.exercises, name="public_exercises"),
    path("<uuid:exercise_id>/", public.exercise, name="public_exercise"),
]
