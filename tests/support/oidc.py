"""A small OpenID Connect provider on a real socket: discovery, keys, tokens it signs, PKCE it checks."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID = "wuyilou"
CLIENT_SECRET = "shared with the provider"  # noqa: S105 - of a provider that lives for a test


class Provider:
    """What tests look at and change: `claims` go over those of an honest ID token, `key` signs it."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self.known_key = self.key
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.subject = "person-1"
        self.username = "staff"
        self.codes: dict[str, dict[str, str]] = {}
        self.is_down = False
        self.issuer = ""

    def authorize(self, url: str) -> str:
        """What the person's browser does at the provider: sign in there; the address it is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer to a code; None when something about it is wrong."""
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if authorization != f"Basic {expected}" or asked is None:
            return None
        if challenge.decode().rstrip("=") != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": self.subject,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "preferred_username": self.username,
            **self.claims,
        }
        signed = jwt.encode(self.header, {k: v for k, v in claims.items() if v is not None}, self.key)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def document(self, path: str) -> dict[str, Any] | None:
        """Discovery and keys."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        return KeySet([self.known_key]).as_dict(private=False) if path == "/keys" else None  # type: ignore[return-value]


@contextmanager
def running_provider() -> Iterator[Provider]:
    """The provider on a port of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._tell(provider.document(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._tell(provider.token(form, self.headers.get("Authorization", "")))

        def _tell(self, answer: dict[str, Any] | None) -> None:
            status = 503 if provider.is_down else 200 if answer is not None else 400
            body = json.dumps(answer if status == 200 else {"error": "invalid_grant"}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
