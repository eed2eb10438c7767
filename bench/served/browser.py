"""A browser for measuring: it keeps cookies and follows nothing."""

from __future__ import annotations

import http.client
import re
import time
from urllib.parse import urlencode

from urllib3 import encode_multipart_formdata

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HOST = "concerns.example"
TOO_MANY, WAIT_SECONDS = 429, 10.0


class Browser:
    """One person's browser: its cookies, and the address that the proxy saw."""

    def __init__(self, port: int, address: str = "203.0.113.7") -> None:
        self.port, self.address = port, address
        self.cookies: dict[str, str] = {}
        self.location = ""
        self.is_patient = True
        self.patience_seconds = 120.0
        """After this a browser gives up on one answer."""
        self.extra: dict[str, str] = {}
        """Further headers of each request."""
        self.headers: dict[str, str] = {}
        """Those of the last answer."""

    def ask(
        self, path: str, fields: dict[str, str] | None = None, file: bytes = b""
    ) -> tuple[int, str]:
        """Return (status, page); with fields it is a POST. `location` is where it leads.

        A `file` is sent as the field of that name.

        It waits, as the page asks, where one account has asked for too much in a minute.
        """
        status, page = self._ask_once(path, fields, file)
        while status == TOO_MANY and self.is_patient:
            time.sleep(WAIT_SECONDS)
            status, page = self._ask_once(path, fields, file)
        return status, page

    def _ask_once(self, path: str, fields: dict[str, str] | None, file: bytes) -> tuple[int, str]:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=self.patience_seconds
        )
        headers = {
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Host": HOST,
            "Referer": f"https://{HOST}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **self.extra,
        }
        body: bytes | None = None
        if file:
            parts: list[tuple[str, str | tuple[str, bytes, str]]] = list((fields or {}).items())
            parts.append(("file", ("note.txt", file, "text/plain")))
            body, headers["Content-Type"] = encode_multipart_formdata(parts)
        elif fields is not None:
            body = urlencode(fields).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if body is None else "POST", path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        self.location = answer.getheader("Location") or ""
        self.headers = dict(answer.getheaders())
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
        return answer.status, page

    def post(self, path: str, fields: dict[str, str], opened: str = "") -> int:
        """Send the form of a page (`opened`, or fetched first).

        Returns:
            The status of the answer.
        """
        page = opened or self.ask(path)[1]
        found = TOKEN.search(page)
        token = {"csrfmiddlewaretoken": found.group(1)} if found else {}
        return self.ask(path, {**token, **fields})[0]
