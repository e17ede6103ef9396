"""Who may log in, and for how long (django-allauth)."""

from datetime import timedelta

from config.settings.environment import TEST, env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.EmailBackend",
    "cms.backends.ContentBackend",
    "programs.backends.LibraryBackend",
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
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
if TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by invitation, never by signing up
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True  # no question; accounts.middleware ends sessions by role
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "add_email": "accounts.forms.AddEmailForm",
}
# Beside allauth's own limits: tries of an invitation's short code, and answers to 'was this
# helpful?' (by a key that does not tell the address), for one network address.
ACCOUNT_RATE_LIMITS = {"invitation_code": "10/10m/ip", "helpful": "20/10m/key"}

# Idle time after which one is asked to log in again.
WORKSPACE_SESSION_AGE = timedelta(minutes=env.int("WORKSPACE_SESSION_MINUTES", default=30))
PORTAL_SESSION_AGE = timedelta(days=env.int("PORTAL_SESSION_DAYS", default=14))
INVITATION_AGE = timedelta(days=env.int("INVITATION_DAYS", default=14))
