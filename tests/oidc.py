"""Another organization's login, as far as a client sees one: OpenID Connect on 127.0.0.1."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "footing", "a-secret-of-the-tests-and-no-other"
OURS, OTHER = "one", "another"  # names of keys; only the first is published
Token = dict[str, object]


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published() -> dict[str, object]:
    told = RSAAlgorithm.to_jwk(key(OURS).public_key(), as_dict=True)
    return {**told, "kid": OURS, "use": "sig", "alg": "RS256"}


def signed(token: Token, by: str = OURS, **headers: object) -> str:
    return jwt.encode(token, key(by), algorithm="RS256", headers={"kid": OURS, **headers})


class Provider:
    """`claims` is whom it says somebody is; `broken` makes every answer an error or nonsense.

    `changed` stands in the ID token instead of what is right, None for nothing; `sign` writes it,
    None for no token; `details` are the answer to who it is, where they are others than `claims`.
    """

    def __init__(self) -> None:
        self.claims: dict[str, object] = {}
        self.broken = ""
        self.challenge = ""
        self.nonce = ""
        self.address = ""
        self.issuer = ""
        self.keys: list[dict[str, object]] = [published()]
        self.changed: Token = {}
        self.details: dict[str, object] | None = None
        self.sign: Callable[[Token], str] | None = signed
        self.last = ""

    def answer(self, path: str, form: dict[str, list[str]]) -> tuple[int, object]:
        if self.broken == "error":
            return 500, {}
        if self.broken == "nonsense":
            return 200, {"hello": "there"}
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer or self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
            }
        if path == "/token":
            return self._token(form)
        if path == "/keys":
            return 200, {"keys": self.keys}
        return 200, self.claims if self.details is None else self.details

    def _token(self, form: dict[str, list[str]]) -> tuple[int, object]:
        """Only to whom the code was given (PKCE, RFC 7636)."""
        verifier = form.get("code_verifier", [""])[0]
        digest = hashlib.sha256(verifier.encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenge:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        token = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 60,
                 "nonce": self.nonce, **self.claims, **self.changed}  # fmt: skip
        answer = {"access_token": "opaque", "token_type": "Bearer"}
        if self.sign is not None:
            told = {name: value for name, value in token.items() if value is not None}
            answer["id_token"] = self.last = self.sign(told)
        return 200, answer


@contextmanager
def provider() -> Iterator[Provider]:
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._say(parse_qs(self.rfile.read(length).decode()))

        def _say(self, form: dict[str, list[str]]) -> None:
            status, said = told.answer(urlsplit(self.path).path, form)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing on the tests' screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
