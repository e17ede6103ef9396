"""Wagtail's pages of users and groups, switched off.

They list every patient of every clinic, set anybody's password, and write no audit event. Accounts
are made by `create_account` and by invitations, and closed by `close_account`.
"""

from wagtail.admin.viewsets.base import ViewSet
from wagtail.users.apps import WagtailUsersAppConfig


class NoPages(ViewSet):
    """No address and no menu item."""


class UsersAppConfig(WagtailUsersAppConfig):
    user_viewset = "accounts.wagtail_users.NoPages"
    group_viewset = "accounts.wagtail_users.NoPages"
