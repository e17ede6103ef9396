"""Where a login leads."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.adapter import home_address
from accounts.models import User


@login_required
def first_page(request: HttpRequest) -> HttpResponse:
    """Workspace, portal or the editors' desk."""
    return redirect(home_address(cast(User, request.user)))
