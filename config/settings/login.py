"""Who may log in, and for how long (django-allauth)."""

from datetime import timedelta

from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import DEMO, PRODUCTION, TEST, env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.EmailBackend",
    "cms.backends.ContentBackend",
    "programs.admin.backends.LibraryBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NotGuessable"},
]
if TEST or DEMO:
    # Half of the time that the demo takes to make was hashing one password, which the login page
    # shows, twenty times. Made first, those of before are still read.
    _QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
    PASSWORD_HASHERS = [_QUICK, *global_settings.PASSWORD_HASHERS]

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by invitation, never by signing up
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an open session alone gives the account to nobody
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the old address, too, is told of a new one
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A mail goes out for each address asked about, so that nothing tells which ones have an account.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True  # no question; accounts.middleware ends sessions by role
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "add_email": "accounts.forms.AddEmailForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
# 'Email me a code': eight digits that a numb finger types on a number pad.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "dashed": True, "length": 8}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_TIMEOUT = 20 * 60

# Passkeys: for a patient a way in, for staff a second factor (accounts.stages), as are the codes of
# an app. Whether staff work only with one; a local try asks nobody.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=PRODUCTION)
# A link to a new password is as good as a key, and is asked for when somebody sits there. Mail can
# be slow: an hour may be lost on the way.
PASSWORD_RESET_TIMEOUT = 2 * 3600
MFA_ADAPTER = "accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]  # what everybody may have; config.urls adds what staff may
MFA_TOTP_ISSUER = "Footing"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateAppForm",
    "authenticate": "accounts.forms.FactorCodeForm",
    "reauthenticate": "accounts.forms.ProveByCodeForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}
# Beside allauth's own limits: tries of an invitation's short code, answers to an open invitation,
# and answers to 'was this helpful?' (by a key that does not tell the address), for one network
# address. Five codes for an address in ten minutes, each tried five times, of a hundred million.
# The code that a caregiver is told is tried five times a day, of 656 thousand million.
ACCOUNT_RATE_LIMITS = {
    "invitation_code": "10/10m/ip",
    "invitation_answer": "30/10m/ip",
    "request_login_code": "20/m/ip,5/10m/key",
    "caregiver_code": "5/d/key",
    "helpful": "20/10m/key",
}

# Single sign-on for staff, where an organization has a login of its own (OpenID Connect).
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_NAME = env.str("OIDC_NAME", default="your organization")
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.StaffAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {
    "openid_connect": {"provider_class": "accounts.open_id.Provider", "OAUTH_PKCE_ENABLED": True}
}
if OIDC_ISSUER:
    if not OIDC_ISSUER.startswith("https://") and PRODUCTION:
        raise ImproperlyConfigured("OIDC_ISSUER is an address that begins with https://.")
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "staff",
            "name": OIDC_NAME,
            "client_id": env.str("OIDC_CLIENT_ID", default=""),
            "secret": env.str("OIDC_CLIENT_SECRET", default=""),
            "settings": {"server_url": OIDC_ISSUER},
        }
    ]

# Idle time after which one is asked to log in again.
WORKSPACE_SESSION_AGE = timedelta(minutes=env.int("WORKSPACE_SESSION_MINUTES", default=30))
PORTAL_SESSION_AGE = timedelta(days=env.int("PORTAL_SESSION_DAYS", default=14))
# And after which one is asked however busy one was.
WORKSPACE_SESSION_LONGEST = timedelta(hours=env.int("WORKSPACE_SESSION_HOURS", default=12))
PORTAL_SESSION_LONGEST = timedelta(days=env.int("PORTAL_SESSION_LONGEST_DAYS", default=90))
# On a device that others use too; long enough for a session's rest times.
SHARED_SESSION_AGE = timedelta(minutes=env.int("SHARED_SESSION_MINUTES", default=30))
INVITATION_AGE = timedelta(days=env.int("INVITATION_DAYS", default=14))

# Origins of connected apps that may be machines of our own network, such as a hospital's own
# https://ehr.internal: their public keys are fetched there, and they are told of news. All others
# are https:// and outside (accounts.smart.addresses).
APP_ORIGINS = env.list("APP_ORIGINS", default=[])
