"""An identity provider of the tests: a real one, over HTTP, that can be made to lie."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = {"client_id": "portal", "client_secret": "a secret of the tests"}

Claims = dict[str, Any]


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


KEY, OTHER_KEY = new_key(), new_key()


@dataclass
class TestInstitution:
    """What it says of the one person who signs in there, and how it misbehaves."""

    __test__ = False

    issuer: str = ""
    claims: Claims = field(
        default_factory=lambda: {
            "sub": "subject-1",
            "email": "ada@mit.test",
            "email_verified": True,
            "name": "Ada Park",
        }
    )
    key: rsa.RSAPrivateKey = KEY
    #: Changes the claims of an ID token.
    alter: Callable[[Claims], Claims] = dict
    #: Makes the ID token out of its claims.
    sign: Callable[["TestInstitution", Claims], str] | None = None
    #: What the discovery document says else.
    discovery: Claims = field(default_factory=dict)
    #: What userinfo says, if anybody asks.
    userinfo: Claims = field(default_factory=dict)
    #: When the person signed in there last, and whether they are asked anew.
    signed_in_at: int = field(default_factory=lambda: int(time.time()) - 3600)
    asks_anew: bool = True
    #: Seconds before each answer of the token endpoint, and its status.
    slow: float = 0
    token_status: int = 200
    token_headers: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Claims] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def document(self) -> Claims:
        named = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
            "userinfo_endpoint": "/userinfo",
        }
        addresses = {name: f"{self.issuer}{path}" for name, path in named.items()}
        return {"issuer": self.issuer, **addresses, **self.discovery}

    def keys(self) -> Claims:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "one", "use": "sig"}]}

    def code_for(self, asked: Claims) -> str:
        """Return a code, as if the person had signed in here."""
        if asked.get("prompt") == "login" and self.asks_anew:
            self.signed_in_at = int(time.time())
        code = uuid4().hex
        self.codes[code] = asked
        return code

    def tokens(self, form: Claims) -> Claims | None:
        """Return the tokens for a code, once; none for a form that is not right."""
        asked = self.codes.pop(form.get("code"), None)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != asked["code_challenge"]:
            return None
        return {"access_token": "access", "id_token": self.id_token(asked)}

    def id_token(self, asked: Claims) -> str:
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": CLIENT["client_id"],
            "nonce": asked["nonce"],
        }
        if "max_age" in asked:
            told["auth_time"] = self.signed_in_at
        claims = self.alter({**told, "iat": now, "exp": now + 300, **self.claims})
        return self.sign(self, claims) if self.sign else self.signed(claims)

    def signed(self, claims: Claims) -> str:
        return jwt.encode(claims, self.key, "RS256", headers={"kid": "one"})


class Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        place = self.server.institution
        path, query = (
            urlsplit(self.path).path,
            dict(parse_qsl(self.path.partition("?")[2])),
        )
        place.asked.append(path)
        if path == "/authorize":
            back = {"code": place.code_for(query), "state": query["state"]}
            self.answer(302, {}, Location=f"{query['redirect_uri']}?{urlencode(back)}")
        elif path == "/.well-known/openid-configuration":
            self.answer(200, place.document())
        elif path == "/keys":
            self.answer(200, place.keys())
        elif path == "/userinfo":
            is_known = self.headers["Authorization"] == "Bearer access"
            self.answer(200 if is_known else 401, place.userinfo)

    def do_POST(self) -> None:
        place = self.server.institution
        place.asked.append(self.path)
        form = dict(
            parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
        )
        time.sleep(place.slow)
        tokens = place.tokens(form) if self.knows_client(form) else None
        if tokens is None:
            self.answer(400, {"error": "invalid_grant"})
        else:
            self.answer(place.token_status, tokens, **place.token_headers)

    def knows_client(self, form: Claims) -> bool:
        if given := self.headers.get("Authorization"):
            name, _, secret = base64.b64decode(given.split()[1]).decode().partition(":")
            sent = {"client_id": name, "client_secret": secret.replace("+", " ")}
        else:
            sent = {name: form.get(name) for name in CLIENT}
        return sent == CLIENT

    def answer(self, status: int, body: Claims, **headers: str) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):  # the portal may have stopped waiting
            self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(institution: TestInstitution) -> Iterator[TestInstitution]:
    """Serve an institution at a port of its own."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.institution = institution
    institution.issuer = f"http://127.0.0.1:{server.server_port}"
    soon = {"poll_interval": 0.01}  # how long a shutdown waits
    thread = threading.Thread(target=server.serve_forever, kwargs=soon, daemon=True)
    thread.start()
    try:
        yield institution
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
