"""Footing's answers to what django-allauth asks."""

from typing import cast

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # patients are invited, staff accounts are made by the clinic

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_address(cast(User, request.user))


def home_address(user: User) -> str:
    """The first page after login: workspace, portal, or the editors' desk."""
    if user.may(Permission.ENTER_WORKSPACE):
        return "/workspace/"
    if user.may(Permission.ENTER_PORTAL):
        return "/portal/"
    return reverse("wagtailadmin_home")
