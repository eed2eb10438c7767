"""Proof of raising: signed, without content, and checked by anyone without us (peers.md 3.11)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from grievances.accounts import proof
from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.encryption import key_log, signatures
from grievances.encryption.signatures import NotSigned
from tests.architecture.sources import ROOT
from tests.factories import cases, edge_cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import page_of, sent_anonymously
from tests.signing_in import come_back, sign_in

pytestmark = pytest.mark.django_db


def proof_text(staff: Staff, case: Case, who: str = "complainant1") -> str:
    client = sign_in(Client(), staff, who)
    return client.get(f"/cases/{case.reference}/proof/?file=yes").content.decode()


def fingerprints(staff: Staff, *names: str) -> str:
    """The fingerprints of these people's keys, as a proof names them."""
    return ",".join(sorted(key_log.fingerprint(staff.holders[name].public) for name in names))


def test_the_complainant_takes_it_and_it_says_nothing_of_what_was_raised(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    text = proof_text(staff, case)
    facts = proof.read_proof(text, signatures.public_key())
    assert facts == {
        "reference": case.reference,
        "received": "2026-11-21",
        "kind": "race discrimination concern",
        "key": signatures.public_key()[:16],
        "log": key_log.head().digest,
        "log_size": str(key_log.head().size),
        "sealed_to": fingerprints(staff, "triage1", "lead1", "dpo1"),
    }
    for secret in ("PLANTED", "accent", "Complainant", "respondent1", "LEEDS", "NORTH"):
        assert secret not in text
    taken = Event.objects.get(chain=case.reference, kind="case.proof")
    assert (taken.role, taken.data) == ("complainant", {})
    page = page_of(sign_in(Client(), staff, "complainant1").get(f"/cases/{case.reference}/ledger/"))
    assert "took a proof" in page


def test_an_anonymous_complainant_has_it_too(staff: Staff) -> None:
    _, case_key = sent_anonymously()
    reference = Case.unguarded.get().reference
    client = come_back(Client(), case_key)
    page = client.get(f"/cases/{reference}/proof/")
    assert reference in page_of(page)
    text = client.get(f"/cases/{reference}/proof/?file=yes").content.decode()
    assert proof.read_proof(text, signatures.public_key())["reference"] == reference


@pytest.mark.parametrize("who", ["triage1", "lead1", "dpo1", "respondent1", "admin1"])
def test_no_one_else_can_take_one(staff: Staff, who: str) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, who)
    assert client.get(f"/cases/{case.reference}/proof/").status_code == 404
    assert not Event.objects.filter(kind="case.proof").exists()


def test_there_is_none_of_a_draft_and_a_reopened_case_keeps_its_first_day(staff: Staff) -> None:
    draft = edge_cases.drafted(staff)
    client = sign_in(Client(), staff, "complainant1")
    assert client.get(f"/cases/{draft.reference}/proof/").status_code == 404
    case = edge_cases.reopening(staff)
    cases.done(staff, case, "lead1", "reopen", START + timedelta(days=40), reason="RETALIATION")
    facts = proof.read_proof(proof_text(staff, case), signatures.public_key())
    assert facts["received"] == "2026-11-21"


def test_a_changed_cut_or_foreign_proof_is_refused(staff: Staff) -> None:
    case = cases.raised(staff)
    text = proof_text(staff, case)
    signed = "".join(text.partition(proof.BEGIN)[2].partition(proof.END)[0].split())
    body, _, signature = signed.partition(".")
    other = signatures.sign("erasure", {"reference": case.reference})
    spoiled = [
        f"{body[:-2]}AA.{signature}",
        f"{body}.{signature[:-4]}",
        body,
        "",
        "nonsense.é",
        other,
        f"{body}.{other.partition('.')[2]}",
    ]
    for each in spoiled:
        with pytest.raises(NotSigned):
            proof.read_proof(each, signatures.public_key())
    with pytest.raises(NotSigned):
        proof.read_proof(signed, "00" * 32)
    with pytest.raises(NotSigned):
        proof.read_proof(signed, "not a key")


def test_the_sentences_around_it_prove_nothing(staff: Staff) -> None:
    text = proof_text(staff, cases.raised(staff)).replace("2026-11-21", "2020-01-01")
    assert proof.read_proof(text, signatures.public_key())["received"] == "2026-11-21"


def test_the_command_says_yes_or_no(staff: Staff, tmp_path: Path, capsys: Any) -> None:
    case = cases.raised(staff)
    file = tmp_path / "proof.txt"
    file.write_text(proof_text(staff, case))
    call_command("verify_proof", str(file))
    assert f"reference: {case.reference}" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("verify_proof", str(file), "--key", "11" * 32)
    file.write_text("hello")
    with pytest.raises(CommandError):
        call_command("verify_proof", str(file))


def test_the_lines_in_the_documents_check_it_without_the_product(
    staff: Staff, tmp_path: Path
) -> None:
    """In another process that has no settings, no database and no Django."""
    page = (ROOT / "docs/how-to/check-a-proof.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.+?)```", page, re.DOTALL)
    assert found is not None
    program, file, log = (tmp_path / name for name in ("check.py", "proof.txt", "keys.txt"))
    program.write_text(found.group(1))
    case = cases.raised(staff)
    file.write_text(proof_text(staff, case))
    key = re.search(r"[0-9a-f]{64}", page_of(Client().get("/proof/")))
    assert key is not None

    def check(public: str, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(program), str(file), public, *more],
            env={"PATH": os.environ["PATH"]},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    good, bad = check(key.group()), check("22" * 32)
    assert good.returncode == 0, good.stderr
    assert case.reference in good.stdout
    assert bad.returncode != 0

    whole = Client().get("/proof/keys.txt").content.decode()
    log.write_text(whole)
    assert "Every key was in the log" in check(key.group(), str(log)).stdout
    lines = whole.split("\n")
    without = [
        line for line in lines if key_log.fingerprint(staff.holders["triage1"].public) not in line
    ]
    for spoiled in (without, [*lines[:2], *lines[3:]], lines[:-3]):
        log.write_text("\n".join(spoiled))
        assert check(key.group(), str(log)).returncode != 0
