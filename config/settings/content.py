"""Wagtail and crispy-forms."""

from config.settings.base import LANGUAGES
from config.settings.environment import env
from config.settings.security import SITE_ADDRESS

WAGTAIL_SITE_NAME = "Footing"
WAGTAILADMIN_BASE_URL = SITE_ADDRESS
WAGTAIL_I18N_ENABLED = True  # a tree of pages in each language; docs/operating.md
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no request leaves for another host
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False  # allauth does it, for everyone
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Editors talk beside the text, in the draft; a new slug leaves a redirect behind.
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "cms.rich_text.Editor"}}
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAILREDIRECTS_AUTO_CREATE = True
# When a signed-off article has to be looked at again.
REVIEW_INTERVAL_DAYS = env.int("REVIEW_INTERVAL_DAYS", default=365)
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILIMAGES_EXTENSIONS = [
    "gif",
    "jpg",
    "jpeg",
    "png",
    "webp",
    "avif",
    "heic",
]  # no SVG: it can hold scripts
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "csv", "txt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # no page asks another site
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.admin.uploads.ImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.admin.uploads.DocumentForm"
