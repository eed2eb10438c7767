"""Read addresses from the environment: of the site, of servers and of mail.

An address that leads nowhere stops the start. Otherwise the service would run, and its notices, its
links or its reminders would reach no one (contracts.md, Environment).
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Collection
from email.utils import parseaddr
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.http.request import validate_host

from config.environment import SettingRefused, env, names

HOST = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST_NAME = re.compile("|".join((rf"\.?{HOST}(\.{HOST})*", r"\[[0-9a-f:.]+\]")), re.IGNORECASE)
"""A name, an address, or a name with a dot before it for all names below it."""
NO_ADDRESS = re.compile(r"[\s;\"<>\u201c\u201d\ufeff]|,\w+://")
"""What no address has: white space, semicolons, quotes, a second address."""
PLACEHOLDER = "no-reply@fairhearing.invalid"
METADATA = ip_address("fd00:ec2::254")
"""Where a machine at Amazon reads its own secrets.

Other clouds use link-local addresses.
"""
REDIS = frozenset({"redis", "rediss", "unix"})
BROKERS = frozenset({*REDIS, "amqp", "amqps"})


def _split(text: str) -> SplitResult | None:
    """Return the parts of an address, or None where it is none."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 or NO_ADDRESS.search(text) else parts


def hosts(name: str, *, required: bool) -> list[str]:
    """Return the names of the service; every name where none is required.

    Raises:
        SettingRefused: A name is missing, is for every host, or is no name of a host.
    """
    found = names(name)
    if not required:
        return found or ["*"]
    if not found or not all(map(HOST_NAME.fullmatch, found)):
        raise SettingRefused(
            name,
            "must list the names under which people reach the service",
            "set it to names such as concerns.example.org",
        )
    return found


def site(name: str, default: str, *, encrypted: bool, among: Collection[str]) -> str:
    """Return the address that people open, without a slash at its end.

    `encrypted` says that plain HTTP is sent on to HTTPS, so that the address has to be one of it.
    `among` are the hosts that are answered: all other requests are refused.

    Raises:
        SettingRefused: It is missing, is no address, has a path, is not HTTPS, or none of them.
    """
    text = (os.environ.get(name, "").strip() or default).rstrip("/")
    parts = _split(text)
    remedy = "set it to the address that people open, such as https://concerns.example.org"
    if parts is None or parts.scheme not in {"https", "http"} or not parts.hostname:
        raise SettingRefused(name, "is missing or is not an address", remedy)
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingRefused(name, "must be a host and no page of it", remedy)
    if encrypted and parts.scheme != "https":
        raise SettingRefused(
            name, "must begin with https", f"{remedy}, or SECURE_SSL_REDIRECT to off"
        )
    if among and not validate_host(parts.hostname, among):
        raise SettingRefused(name, "has a host that is not in ALLOWED_HOSTS", "make them agree")
    return text


def page(name: str, default: str) -> str:
    """Return the address of a page outside.

    Raises:
        SettingRefused: It is no address of HTTP or HTTPS.
    """
    text = os.environ.get(name, "").strip() or default
    parts = _split(text)
    if parts is None or parts.scheme not in {"https", "http"} or not parts.hostname:
        raise SettingRefused(
            name, "is not the address of a page", f"write an address such as {default}"
        )
    return text


def https(given: str | None, name: str, *, local: bool = True) -> str:
    """Return an address outside that is called, or an empty text.

    `local` says whether it may be of this machine or of its own link. A name is looked up when it
    is called: `deadlines.outside_calls` asks `is_local` again then.

    Raises:
        SettingRefused: It is no address of HTTPS, or is local and may not be.
    """
    if given and not re.fullmatch(r"https://[\w.-]+(:[1-5]?\d{1,4})?(/[!-~]*)?", given):
        raise SettingRefused(
            name, "must read https://HOST/PATH", "change it, or leave it empty for no call"
        )
    if given and not local and _names_local(urlsplit(given).hostname or ""):
        raise SettingRefused(
            name,
            "leads to this machine, or to where a cloud keeps the secrets of a machine",
            "name another host, or set LOCAL_CALLS to on if this one is meant",
        )
    return given or ""


def is_local(address: str) -> bool:
    """Return whether an IP address is of this machine or its link, or of metadata."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = _within(found)
    return found.is_loopback or found.is_link_local or found.is_unspecified or found == METADATA


def _within(address: IPv6Address) -> IPv4Address | IPv6Address:
    """Return the address of version 4 that is within one of version 6, or itself."""
    number = int(address)
    is_translated = number >> 32 == int(ip_address("64:ff9b::")) >> 32
    return IPv4Address(number & 0xFFFF_FFFF) if is_translated else address.ipv4_mapped or address


def _names_local(host: str) -> bool:
    """Return whether a host is this machine by name, or local by a number.

    A number may be written in any way that a connection takes, such as 127.1 or 0x7f000001.
    """
    if f".{host.rstrip('.').lower()}".endswith((".localhost", ".localdomain")):
        return True
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, ValueError):
        return False
    return any(is_local(str(place[0])) for *_, place in found)


def redis(name: str, *, required: bool) -> str:
    """Return the address of Redis, or an empty text.

    Raises:
        SettingRefused: It is missing where it is required, or is no such address.
    """
    text = os.environ.get(name, "").strip()
    if not text and required:
        raise SettingRefused(
            name,
            "is missing, so that no reminder would ever be sent",
            "set it to redis://HOST:6379/0",
        )
    if text and not _is_server(text, REDIS):
        raise SettingRefused(name, "is not the address of Redis", "write redis://HOST:6379/0")
    return text


def broker(name: str, default: str, *, required: bool) -> str:
    """Return the address of the broker; `default` where none is named.

    Raises:
        SettingRefused: Where one is required, it is none that another process could reach.
    """
    text = os.environ.get(name, "").strip() or default
    if required and not _is_server(text, BROKERS):
        raise SettingRefused(
            name,
            "is not the address of a broker, so that no reminder would ever be sent",
            "write redis://HOST:6379/0, or leave it out to use REDIS_URL",
        )
    return text


def _is_server(text: str, schemes: frozenset[str]) -> bool:
    parts = _split(text)
    if parts is None or parts.scheme not in schemes:
        return False
    return bool(parts.path.strip("/") if parts.scheme == "unix" else parts.hostname)


def mail(name: str, *, required: bool) -> dict[str, object]:
    """Return the settings of a mail server; nothing where none is named.

    Raises:
        SettingRefused: It is missing where it is required, or is not the address of a mail
            server. A folder or a screen is none: no one would be told.
    """
    if not os.environ.get(name):
        if not required:
            return {}
        raise SettingRefused(
            name,
            "is missing, so that no notice would be sent",
            "set it to smtp+tls://USER:PASSWORD@HOST:587",
        )
    fault = SettingRefused(
        name, "is not the address of a mail server", "write smtp+tls://USER:PASSWORD@HOST:587"
    )
    try:
        found: dict[str, object] = env.email_url_config(os.environ[name].strip())
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise fault from error
    is_server = str(found.get("EMAIL_BACKEND")).endswith("smtp.EmailBackend")
    if required and not (is_server and found.get("EMAIL_HOST")):
        raise fault
    return found


def sender(name: str, default: str) -> str:
    """Return the sender of letters, as NAME <ADDRESS> or as an address alone.

    Raises:
        SettingRefused: It is no address of mail.
    """
    text = os.environ.get(name, "").strip() or default
    _, address = parseaddr(text)
    try:
        if address != PLACEHOLDER:
            validate_email(address)
    except ValidationError:
        address = ""
    if not address or not text.isprintable():
        raise SettingRefused(
            name,
            "is not an address of mail",
            "write Concern service <concerns@example.org>",
        )
    return text


def mailboxes(name: str) -> list[str]:
    """Return addresses of mail, comma-separated; none where none is named.

    Raises:
        SettingRefused: One of them is no address of mail.
    """
    found = names(name)
    try:
        for each in found:
            validate_email(each)
    except ValidationError as error:
        fault = "must be addresses of mail, comma-separated"
        raise SettingRefused(name, fault, "write a@example.org,b@example.org") from error
    return found


def scanner(name: str) -> str:
    """Return the address of the virus scanner; empty for no scan.

    Raises:
        SettingRefused: It is no such address.
    """
    text = os.environ.get(name, "").strip()
    parts = _split(text)
    if not text:
        return ""
    if parts and parts.scheme == "unix" and len(parts.path) > 1 and not parts.netloc:
        return text
    if parts and parts.scheme == "tcp" and parts.hostname and parts.port:
        return text
    raise SettingRefused(
        name,
        "must read tcp://HOST:PORT or unix:///PATH",
        "change it, or leave it empty for no virus scan",
    )
