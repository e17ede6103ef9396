"""What an administrator may enter of a program, and what is said of it."""

import pytest
from django.core.exceptions import ValidationError
from joserfc.jwk import RSAKey

from accounts.actions import close
from tests.conftest import client_of
from tests.fhir.apps import (
    clinic_app,
    key,
    key_set,
    patient_app,
    patient_token,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"redirect_uris": []},
        {"redirect_uris": ["http://app.example.org/back"]},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": ["https://*.example.org/back"]},
        {"redirect_uris": ["https://app.example.org/back#x"]},
        {"redirect_uris": ["https://me@app.example.org/back"]},
        {"redirect_uris": ["data:text/html,x"]},
        {"redirect_uris": ["https:///back"]},
        {"redirect_uris": ["https://a.example;sandbox/back"]},
        {"redirect_uris": ["https://a.example,b/back"]},
        {"redirect_uris": ["http://[::1]/back"]},
        {"redirect_uris": ["https://app.example.org:x/back"]},
        {"reads": "system", "redirect_uris": []},
        {"kinds": []},
        {"kinds": ["Secret"]},
        {"name": ""},
        {"key_set": {"keys": []}},
        {"key_set": []},
        {"key_set": {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "x"}]}},
        {"key_set": {"keys": [{"kty": "EC", "crv": "P-384", "kid": "x"}]}},
        {"key_set": {"keys": [{"kty": "RSA", "n": 3, "e": "AQAB", "kid": "x"}]}},
        {"key_set": {"keys": [7]}},
        {"key_set_address": "http://keys.example.org/set"},
        {"key_set_address": "https://keys.example.org/set", "key_set": "its own"},
    ],
    ids=repr,
)
def test_what_cannot_be_let_in_is_not_entered(fields, ruth):
    if fields.get("key_set") == "its own":
        fields = fields | {"key_set": key_set()}
    with pytest.raises(ValidationError):
        patient_app(ruth, **fields)


def test_a_private_key_is_refused(ruth):
    with pytest.raises(ValidationError, match="private key"):
        clinic_app(ruth, key_set={"keys": [key().as_dict(private=True)]})


@pytest.mark.filterwarnings("ignore:Key size should be")
def test_a_short_key_is_refused(ruth):
    short = RSAKey.generate_key(1024, {"kid": "short", "use": "sig"}, private=True)
    with pytest.raises(ValidationError, match="2048"):
        clinic_app(ruth, key_set=key_set(short))


@pytest.mark.parametrize("secret", [{"kty": "oct", "k": "c2VjcmV0"}, {"use": "enc", "d": "x"}])
def test_a_secret_beside_a_public_key_is_refused(secret, ruth):
    with pytest.raises(ValidationError, match="private key"):
        clinic_app(ruth, key_set={"keys": [*key_set()["keys"], secret]})


def test_keys_that_are_for_something_else_are_not_kept(ruth):
    other = key_set(key("other"))["keys"][0] | {"use": "enc"}
    app = clinic_app(ruth, key_set={"keys": [*key_set()["keys"], other]})
    assert app.key_set == key_set()


@pytest.mark.parametrize("name", ["Ste\u202eps", "Ste\u200bps", "Ste\nps", "Ste\x00ps"])
def test_a_name_is_what_one_sees(name, ruth):
    with pytest.raises(ValidationError):
        patient_app(ruth, name=name)


def test_how_many_patients_let_it_in_is_said(ana, bert, ruth):
    app = patient_app(ruth)
    patient_token(app, ana.user)
    patient_token(app, bert.user)
    page = client_of(ruth).get("/workspace/apps/").content.decode()
    assert "2 patients" in page
    close(user=bert.user)
    assert "1 patient" in client_of(ruth).get("/workspace/apps/").content.decode()
