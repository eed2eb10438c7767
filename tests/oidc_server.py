"""A small OpenID Connect provider: authorization code with PKCE, RS256, over HTTP on loopback.

A process of its own: `python -m tests.oidc_server` prints its port. POST /be says who signs in next
and what is wrong with the token; everything else is as OpenID Connect Core 1.0 has it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, KEY_ID = "fair-hearing", "PLANTED-CLIENT-SECRET", "one"
OURS, OTHERS = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Provider(BaseHTTPRequestHandler):
    """Answers the five addresses that a client asks."""

    claims: dict[str, Any] = {}
    fault = ""
    codes: dict[str, dict[str, str]] = {}

    @property
    def issuer(self) -> str:
        _, port = self.connection.getsockname()
        return f"http://127.0.0.1:{port}"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif address.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key()))
            self.answer({"keys": [{**key, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]})
        elif address.path == "/authorize":
            self.authorize({name: each[0] for name, each in parse_qs(address.query).items()})
        else:
            self.answer({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/be":
            told = json.loads(body)
            Provider.claims, Provider.fault = told["claims"], told["fault"]
            self.answer({})
        else:
            self.hand_out({name: each[0] for name, each in parse_qs(body).items()})

    def authorize(self, asked: dict[str, str]) -> None:
        """The person has signed in here: back to the client with a code, or with an error."""
        if asked.get("code_challenge_method") != "S256" or asked.get("client_id") != CLIENT:
            return self.answer({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        given = {"code": code} if self.fault != "refused" else {"error": "access_denied"}
        self.send_response(302)
        query = urlencode({**given, "state": asked["state"]})
        self.send_header("Location", f"{asked['redirect_uri']}?{query}")
        self.end_headers()

    def hand_out(self, asked: dict[str, str]) -> None:
        """A token for a code that is used once, by who holds the secret and the verifier."""
        known = self.codes.pop(asked.get("code", ""), {})
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked.get("client_secret") != SECRET or known.get("code_challenge") != challenge:
            return self.answer({"error": "invalid_grant"}, 400)
        now = int(time.time())
        body = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, **self.claims}
        body |= {"nonce": known["nonce"]} if "nonce" in known else {}
        if self.fault == "nonce":
            body["nonce"] = "of another sign-in"
        if self.fault == "no nonce":
            del body["nonce"]
        if self.fault == "for another":
            body |= {"aud": [CLIENT, "another"], "azp": "another"}
        if self.fault == "audience":
            body["aud"] = "another"
        if self.fault == "expired":
            body |= {"exp": now - 60, "iat": now - 120}
        key = OTHERS if self.fault == "forged" else OURS
        token = jwt.encode(body, key, algorithm="RS256", headers={"kid": KEY_ID})
        self.answer({"access_token": "PLANTED-ACCESS", "token_type": "Bearer", "id_token": token})

    def answer(self, body: dict[str, Any], status: int = 200) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: Any) -> None:
        """No one reads it."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Provider)
    print(server.server_address[1], flush=True)  # noqa: T201
    server.serve_forever()
