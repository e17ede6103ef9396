"""How mail and notifications leave. EMAIL_URL is an address such as smtp+tls://user:password@host:587."""

from email.utils import parseaddr

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email

from config.settings.environment import LOCAL, PRODUCTION, TEST, VAR_DIR, env


def _sender() -> str:
    """An address, alone or behind a name. Without one no mail is taken by any server."""
    written = env.str("DEFAULT_FROM_EMAIL", default="" if PRODUCTION else "footing@localhost")
    try:
        validate_email(parseaddr(sanitize_address(written, "utf-8"))[1])
    except (ValueError, ValidationError):
        raise ImproperlyConfigured(
            "Set DEFAULT_FROM_EMAIL to the address that mail comes from, such as "
            "'Clinic <post@clinic.example>'."
        ) from None
    return written


DEFAULT_FROM_EMAIL = _sender()
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Whatever is written waits in the queue; the worker hands it to MAIL_SERVER (accounts.mail). Tests
# find it in mail.outbox at once.
if not TEST:
    EMAIL_BACKEND = "accounts.mail_backend.QueueBackend"
MAIL_SERVER = "django.core.mail.backends.locmem.EmailBackend"
if PRODUCTION:
    _server = env.email_url("EMAIL_URL")
    MAIL_SERVER = _server.pop("EMAIL_BACKEND")
    vars().update(_server)
    EMAIL_TIMEOUT = 10
elif LOCAL:
    # Mail of a first try is a file to look at, never sent.
    MAIL_SERVER = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")

# Who may be asked to wake a browser that staff switched notifications on in: the makers' services,
# as Web Push has them. Empty: notifications are not offered.
WEB_PUSH_SERVICES = env.list(
    "WEB_PUSH_SERVICES",
    default=[
        "https://fcm.googleapis.com",
        "https://updates.push.services.mozilla.com",
        "https://*.push.apple.com",
        "https://*.notify.windows.com",
    ],
)

# A class that sends text messages, such as clinic_sms.Gateway (patients.sms.Sms is its shape).
SMS_BACKEND = env.str("SMS_BACKEND", default="" if PRODUCTION else "patients.sms.ConsoleSms")
