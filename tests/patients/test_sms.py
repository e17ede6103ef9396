"""Texts through Twilio, against a stand-in on this machine."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
import requests

from patients import sms

ANSWERS = {"+15005550001": 400, "+15005550003": 429, "+15005550004": 302, "+15005550005": 500}


class Twilio(BaseHTTPRequestHandler):
    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        fields = {name: value for name, [value] in sent.items()}
        self.server.heard.append((self.path, self.headers["Authorization"], fields))
        self.send_response(ANSWERS.get(fields["To"], 201))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b'{"code": 21211, "message": "+15005550001 is not valid"}')

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def twilio(settings, monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Twilio)
    server.heard = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_BACKEND = "patients.sms.TwilioSms"
    settings.TWILIO_ACCOUNT, settings.TWILIO_KEY = "AC1", "SK1"
    settings.TWILIO_SECRET, settings.TWILIO_FROM = "s3cret", "+15005550006"
    address = f"http://127.0.0.1:{server.server_port}/Accounts/{{}}/Messages.json"
    monkeypatch.setattr(sms.TwilioSms, "address", address)
    yield server
    server.shutdown()
    server.server_close()


def test_a_text_is_handed_over(twilio):
    sms.backend().send(to="+15558675310", text="Footing: something is waiting. ¿Sí?")
    [(path, login, fields)] = twilio.heard
    assert path == "/Accounts/AC1/Messages.json"
    assert base64.b64decode(login.removeprefix("Basic ")) == b"SK1:s3cret"
    assert fields == {
        "To": "+15558675310",
        "From": "+15005550006",
        "Body": "Footing: something is waiting. ¿Sí?",
    }


def test_a_messaging_service_is_named_as_one(twilio, settings):
    settings.TWILIO_FROM = "MG1"
    sms.backend().send(to="+15558675310", text="Hello")
    [(_, _, fields)] = twilio.heard
    assert fields["MessagingServiceSid"] == "MG1"
    assert "From" not in fields


@pytest.mark.parametrize("number", ANSWERS)
def test_a_refusal_is_told_without_the_number(twilio, number):
    with pytest.raises(sms.RefusedError) as error:
        sms.backend().send(to=number, text="Hello")
    assert str(ANSWERS[number]) in str(error.value)
    assert number not in str(error.value)
    assert len(twilio.heard) == 1  # no redirect is followed, nothing is tried twice


def test_a_service_that_is_away_is_a_refusal(twilio, monkeypatch):
    monkeypatch.setattr(sms.TwilioSms, "address", "http://127.0.0.1:9/{}")
    with pytest.raises(sms.RefusedError, match="ConnectionError"):
        sms.backend().send(to="+15558675310", text="Hello")


def test_only_what_was_surely_not_sent_may_be_tried_again(twilio, monkeypatch):
    def is_later(number):
        with pytest.raises(sms.RefusedError) as error:
            sms.backend().send(to=number, text="Hello")
        return isinstance(error.value, sms.LaterError)

    assert {number for number in ANSWERS if is_later(number)} == {"+15005550003"}  # 429

    def silent(*args, **kwargs):
        raise requests.ConnectTimeout

    def cut_off(*args, **kwargs):
        raise requests.ReadTimeout

    monkeypatch.setattr(sms.requests, "post", silent)
    assert is_later("+15558675310")
    monkeypatch.setattr(sms.requests, "post", cut_off)  # it may have taken it
    assert not is_later("+15558675310")
