"""The privacy notice, version by version: what is accepted at the first login, and again when it
says something new. Its text is templates/patients/privacy_notice.html.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Notice:
    """One version. `number` is the day its words last changed, `news` what is new in it, for those
    who accepted the one before; `digest` is of the newest one's template, so that no word changes
    without a version.
    """

    number: str
    news: str | Promise
    digest: str


# A version stays in this list: acceptances name it. The newest is last.
NOTICES = (
    Notice("2026-11-23", "", ""),
    Notice(
        "2026-11-29",
        _(
            "You can let a relative or friend help you here, with a login of their own. You can "
            "also ask your clinic to erase your record."
        ),
        "b612e081c2f14198",
    ),
)
CURRENT = NOTICES[-1]
