"""How mail leaves. EMAIL_URL is an address such as smtp+tls://user:password@host:587."""

from config.settings.environment import LOCAL, PRODUCTION, VAR_DIR, env

DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="" if PRODUCTION else "footing@localhost"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

if PRODUCTION:
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_TIMEOUT = 10
elif LOCAL:
    # Mail of a first try is a file to look at, never sent.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")

# A class that sends text messages, such as clinic_sms.Gateway (patients.sms.Sms is its shape).
SMS_BACKEND = env.str("SMS_BACKEND", default="" if PRODUCTION else "patients.sms.ConsoleSms")
