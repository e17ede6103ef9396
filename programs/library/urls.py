"""Addresses of the public exercise pages."""

from django.urls import path

from programs.library import public_views

app_name = "programs"

urlpatterns = [
    path("", public_views.exercises, name="public_exercises"),
    path("<uuid:exercise_id>/", public_views.exercise, name="public_exercise"),
    path("<uuid:exercise_id>/picture/", public_views.picture, name="public_exercise_picture"),
]
