"""The way to a mail server, with patience at the moment that counts."""

import smtplib
from typing import Any

from django.core.mail.backends import smtp

# While a mail is handed over. A server that looks into what it gets takes its time before it says
# that it has it, and who left before would send it again, each time. RFC 5321 (4.5.3.2.6) has ten
# minutes; so long nothing else would be done by a worker that does one thing at a time.
HANDING_OVER_SECONDS = 120.0


class _Patient(smtplib.SMTP):
    def data(self, msg: Any) -> tuple[int, bytes]:
        assert self.sock is not None
        usual = self.sock.gettimeout()
        self.sock.settimeout(HANDING_OVER_SECONDS)
        answer = super().data(msg)
        self.sock.settimeout(usual)
        return answer


class _PatientSSL(_Patient, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's, whose EMAIL_TIMEOUT holds for all but the handing over itself."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _PatientSSL if self.use_ssl else _Patient
