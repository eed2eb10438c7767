"""Servers with a certificate of the organisation's own authority are trusted as the page says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.private_authority import Authority, serving
from tests.processes import ROOT, make_environment

CALLS = """
import json, ssl, sys, urllib.request
import django
django.setup()
import boto3
from allauth.socialaccount.adapter import get_adapter
from botocore.exceptions import SSLError

def sign_on(url):
    get_adapter().get_requests_session().get(url, timeout=5)

def bucket(url):
    try:
        boto3.client("s3", endpoint_url=url, aws_access_key_id="a", aws_secret_access_key="b",
                     region_name="x").list_buckets()
    except SSLError:
        raise
    except Exception:
        pass  # a server that is no bucket was reached

def mail_and_calls(url):
    urllib.request.urlopen(url, timeout=5)

for port in sys.argv[1:]:
    for call in (sign_on, bucket, mail_and_calls):
        try:
            call(f"https://localhost:{port}/")
        except Exception as error:
            print(json.dumps("ended" if "has expired" in str(error) else type(error).__name__))
        else:
            print(json.dumps("trusted"))
"""
PAGE = ROOT / "docs" / "how-to" / "install.md"


def ask(folder: Path, settings: dict[str, str], *ports: int) -> list[str]:
    values = {"FAIRHEARING_MODE": "test", "DATA_DIR": str(folder),
              "DJANGO_SETTINGS_MODULE": "config.settings", **settings}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", CALLS, *map(str, ports)], cwd=ROOT, capture_output=True, text=True,
        env=make_environment(values), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_every_kind_of_call_trusts_the_file_that_the_page_names(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    named = re.findall(r"^\s+([A-Z_]+)=/etc/ssl/certs/ca-certificates\.crt$",
                       PAGE.read_text(encoding="utf-8"), re.M)  # fmt: skip
    good = authority.certify(ends_in=timedelta(days=9))
    ended = authority.certify(ends_in=timedelta(days=-1))
    with serving(good) as one, serving(ended) as other:
        trusting = dict.fromkeys(named, str(authority.path))
        assert ask(tmp_path, trusting, one, other) == ["trusted"] * 3 + ["ended"] * 3
        assert "trusted" not in ask(tmp_path, {}, one)
