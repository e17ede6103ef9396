"""What protects the site: hosts, cookies, transport, and what a page may load."""

from base64 import b64encode
from hashlib import sha256
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF, UNSAFE_HASHES, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import PRODUCTION, env
from config.settings.login import OIDC_ISSUER

ALLOWED_HOSTS = [env.str("FOOTING_HOST")] if PRODUCTION else ["*"]
SITE_ADDRESS = env.str(
    "FOOTING_ADDRESS",
    default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000",
)
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS] if PRODUCTION else []

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # probes ask the process, not the proxy
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Otherwise all visitors would share the proxy's address, and one login limit.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
DEVICE_COOKIE_NAME = "device"
if PRODUCTION:  # browsers take such a name only with Secure, for this host alone, for all its paths
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    DEVICE_COOKIE_NAME = "__Host-device"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Our pages play sound, keep the screen awake during a session, and sign in with passkeys.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "autoplay": ["self"],
    "camera": [],
    "display-capture": [],
    "encrypted-media": [],
    "fullscreen": ["self"],
    "geolocation": [],
    "gyroscope": [],
    "hid": [],
    "idle-detection": [],
    "local-fonts": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "picture-in-picture": ["self"],
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
    "screen-wake-lock": ["self"],
    "serial": [],
    "usb": [],
    "xr-spatial-tracking": [],
}
X_FRAME_OPTIONS = "DENY"  # but for the plan preview, which stands in a frame of our own

# Browsers hold this against where a form leads in the end: staff's own login is elsewhere.
_issuer = urlsplit(OIDC_ISSUER)
_single_sign_on = [f"{_issuer.scheme}://{_issuer.netloc}"] if OIDC_ISSUER else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *_single_sign_on],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
    }
}


def _sha256(text: str) -> str:
    """The source by which a policy allows exactly this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


# Wagtail's admin runs without inline scripts (cms.admin.starting). What it needs beside the site's
# policy: pictures that are only chosen, not sent yet; `<style>` made by its own scripts, which get
# the page's nonce from admin-styles.js; and the `style` attributes of these texts, of jQuery UI's
# measuring of scroll bars and of its field for tags.
_styles_of_admin = (
    "display:block;position:absolute;width:200px;height:200px;overflow:hidden;",
    "height:300px;width:auto;",
    "display:none;",
)
ADMIN_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "style-src-elem": [SELF, NONCE],
    "style-src-attr": [UNSAFE_HASHES, *(_sha256(text) for text in _styles_of_admin)],
    "img-src": [SELF, "data:", "blob:"],
}
# Draftail reads what is pasted, such as bold from Google Docs, out of its `style` attributes, in
# a document of its own that has the page's policy. Rich text is written at these addresses only.
RICH_TEXT_VIEWS = ("wagtailadmin_pages:add", "wagtailadmin_pages:edit")
RICH_TEXT_CONTENT_SECURITY_POLICY = {
    **ADMIN_CONTENT_SECURITY_POLICY,
    "style-src-attr": [UNSAFE_INLINE],
}

# Forms here are short texts; pictures are the largest thing an editor sends.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a long article in Wagtail's editor

# For so many years the audit trail is kept; 0: for good. HIPAA asks for six (45 CFR
# 164.316(b)(2)(i)), and the database gives nothing younger away.
AUDIT_KEPT_YEARS = env.int("AUDIT_KEPT_YEARS", default=0)
if AUDIT_KEPT_YEARS and AUDIT_KEPT_YEARS < 6:
    raise ImproperlyConfigured("AUDIT_KEPT_YEARS is 0, for good, or 6 or more.")
