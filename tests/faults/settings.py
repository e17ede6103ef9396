"""Production's shape on a local server, with a mail server to talk to."""

import os

os.environ["FOOTING_MODE"] = "local"
os.environ["FOOTING_DEMO"] = "1"
os.environ["STAFF_SECOND_FACTOR"] = "0"
os.environ["BEHIND_PROXY"] = "1"  # each client has an address of its own

from config.settings import *  # noqa: F403

MAIL_SERVER = "accounts.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["FAULTS_MAIL_PORT"])
EMAIL_TIMEOUT = 10
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody types one
