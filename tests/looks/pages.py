"""The pages that are looked at, each at two widths, light and dark."""

from dataclasses import replace

from tests.pictures.__main__ import Scheme
from tests.pictures.shots import DESK, PHONE, SHOTS, Shot, at

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (PHONE, DESK)
# Of the pictures of README and guides, and the public pages.
_SHOWN = (
    "caseload", "needs-me", "patient", "alert", "composer", "log-in", "today", "session",
    "something-is-wrong", "progress-form", "progress", "messages",
)  # fmt: skip
_PUBLIC = {
    "home": "/",
    "articles": "/articles/",
    "article": "/articles/numb-feet/",
    "exercises": "/exercises/",
    "search": "/search/?q=nubm+feet",
    "home-es": "/es/",
    "style": "/styleguide/",
}
_KNOWN = {shot.name: shot for shot in SHOTS}
PAGES = [
    *(_KNOWN[name] for name in _SHOWN),
    *(Shot(name, "", PHONE, at(path)) for name, path in _PUBLIC.items()),
    Shot("settings", "walter", PHONE, at("/portal/me/")),
]


def looks() -> list[tuple[str, Shot, Scheme]]:
    """Each with a name of its own."""
    return [
        (f"{page.name}-{width}-{scheme}", replace(page, width=width, height=0), scheme)
        for page in PAGES
        for width in WIDTHS
        for scheme in SCHEMES
    ]
