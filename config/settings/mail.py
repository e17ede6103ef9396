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
    if MAIL_SERVER == "django.core.mail.backends.smtp.EmailBackend":
        MAIL_SERVER = "accounts.smtp.EmailBackend"
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

# A mail service that tells which mail came back, by its name in django-anymail, and the secret that
# it shows (accounts.bounces). Empty: none does.
MAIL_EVENTS_FROM = env.str("MAIL_EVENTS_FROM", default="")
MAIL_EVENTS_SECRET = env.str("MAIL_EVENTS_SECRET", default="")
if MAIL_EVENTS_FROM and not (":" in MAIL_EVENTS_SECRET and len(MAIL_EVENTS_SECRET) >= 20):
    raise ImproperlyConfigured(
        "Set MAIL_EVENTS_SECRET to what the mail service shows: a name, a colon and a password,"
        " 20 characters or more."
    )
ANYMAIL = {
    "WEBHOOK_SECRET": MAIL_EVENTS_SECRET,
    # Of services that sign what they tell, too: the key that they gave you.
    "MAILGUN_WEBHOOK_SIGNING_KEY": env.str("MAIL_EVENTS_SIGNING_KEY", default=""),
    "MAILERSEND_SIGNING_SECRET": env.str("MAIL_EVENTS_SIGNING_KEY", default=""),
    "RESEND_SIGNING_SECRET": env.str("MAIL_EVENTS_SIGNING_KEY", default=""),
    "POSTAL_WEBHOOK_KEY": env.str("MAIL_EVENTS_SIGNING_KEY", default=""),
}

# A class that sends text messages, such as clinic_sms.Gateway (patients.sms.Sms is its shape).
SMS_BACKEND = env.str("SMS_BACKEND", default="" if PRODUCTION else "patients.sms.ConsoleSms")
# For patients.sms.TwilioSms: the account, a key of it with its secret, and the number or the
# messaging service that texts come from.
TWILIO_ACCOUNT = env.str("TWILIO_ACCOUNT", default="")
TWILIO_KEY = env.str("TWILIO_KEY", default="")
TWILIO_SECRET = env.str("TWILIO_SECRET", default="")
TWILIO_FROM = env.str("TWILIO_FROM", default="")
if SMS_BACKEND == "patients.sms.TwilioSms" and not all(
    (TWILIO_ACCOUNT, TWILIO_KEY, TWILIO_SECRET, TWILIO_FROM)
):
    raise ImproperlyConfigured(
        "Set TWILIO_ACCOUNT, TWILIO_KEY, TWILIO_SECRET and TWILIO_FROM, or leave SMS_BACKEND empty."
    )
