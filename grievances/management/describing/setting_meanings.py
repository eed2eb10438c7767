"""What each environment variable is for, in groups."""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """What a variable means, its unit, and its default where the source computes it."""

    text: str
    unit: str = ""
    default: str = ""


REQUIRED = "none; compulsory in production"

MEANINGS: dict[str, dict[str, Meaning]] = {
    "start": {
        "FAIRHEARING_MODE": Meaning("`production`, `demonstration` (`make run`) or `test`"),
        "SECRET_KEY": Meaning("signs cookies", "a long random text", REQUIRED),
        "SECRET_KEY_BEFORE": Meaning(
            "the `SECRET_KEY` before this one: what it signed is valid until it is taken out",
            "text",
        ),
        "SERVER_KEYS": Meaning(
            "the server keys, newest first: see [rotate the server keys](../how-to/rotate-keys.md)",
            "VERSION:64 hex digits, comma-separated",
            REQUIRED,
        ),
        "TRUSTED_PROXIES": Meaning(
            "how many proxies of yours are in front of `web`", "proxies", REQUIRED + ", else `0`"
        ),
        "MFA_OFFICES": Meaning(
            "the offices whose holders must sign in with a second step: `all`, or names of offices",
            "names, comma-separated",
            "`all` in production, else none",
        ),
        "SESSION_IDLE_MINUTES": Meaning("how long a session lasts after its last use", "minutes"),
        "SESSION_LONGEST_HOURS": Meaning("how long a session lasts at most", "hours"),
        "ALLOWED_HOSTS": Meaning(
            "the names under which people reach the service",
            "names, comma-separated",
            REQUIRED + ", else every name",
        ),
        "CSRF_TRUSTED_ORIGINS": Meaning(
            "origins from which forms are accepted beside the service's own",
            "addresses, comma-separated",
        ),
        "SITE_URL": Meaning(
            "the address that notices give; passkeys belong to its host",
            "address",
            REQUIRED + ", else `http://127.0.0.1:8000`",
        ),
        "SECURE_SSL_REDIRECT": Meaning("send plain HTTP to HTTPS (production only)"),
        "DEBUG": Meaning("Django's debug pages; never in production"),
        "LOG_LEVEL": Meaning("how much the log says"),
        "LOG_FORMAT": Meaning(
            "lines of log: `json`, one object a line, or `plain`",
            default="`json` in production, else `plain`",
        ),
        "METRICS_TOKEN": Meaning(
            "what a monitor sends to read `/health/metrics`; no page without it"
        ),
        "ALERT_EMAILS": Meaning(
            "who is told by mail what is wrong with the service", "a@b.org,c@d.org", "none"
        ),
        "ALERT_DISK_GB": Meaning("below how many GB of free disk they are told"),
        "WEBHOOK_URL": Meaning(
            "the program that is called when the same changes", "address", "none"
        ),
        "LOCAL_CALLS": Meaning(
            "whether `WEBHOOK_URL` and `SWEEP_PING_URL` may lead to this machine or its own link",
            default="`off` in production, else `on`",
        ),
        "WEBHOOK_SECRET": Meaning("what signs each call: `whsec_` and base64; compulsory with it"),
        "TIME_ZONE": Meaning("the zone in which working days begin and end"),
        "PORT": Meaning("the port of `make run`, and the one in the default of `SITE_URL`"),
        "EXIT_URL": Meaning("where “Exit this page” leads", "address"),
        "DEMO": Meaning("`0` makes `make run` begin with an empty organisation"),
    },
    "data": {
        "DATA_DIR": Meaning("database, files, mail and secrets of `make run`", "folder", "`var`"),
        "DATABASE_URL": Meaning(
            "the database", "address", REQUIRED + ", else SQLite in `DATA_DIR`"
        ),
        "STATISTICS_DATABASE_URL": Meaning(
            "the same database as the role that may read what people say of themselves; "
            "only for the worker",
            "address",
        ),
        "REDIS_URL": Meaning(
            "cache, rate limits and broker",
            "address",
            REQUIRED + ", else the memory of the process",
        ),
        "CELERY_BROKER_URL": Meaning("the broker", "address", "`REDIS_URL`"),
        "NOTIFY_API_KEY": Meaning("the key of GOV.UK Notify, for mail or text messages or both"),
        "NOTIFY_TEMPLATE": Meaning("the id of its template for mail, which it then sends"),
        "NOTIFY_TEXT_TEMPLATE": Meaning("the id of its template for text messages"),
        "QUIET_HOURS": Meaning(
            "from when until when no text message is sent, by TIME_ZONE; two like times: never",
            "local times",
            "`20:00-08:00`",
        ),
        "NOTIFY_URL": Meaning("where GOV.UK Notify is", "address", "its own"),
        "EMAIL_URL": Meaning("the mail server", "address", REQUIRED + ", else a folder"),
        "MAIL_FROM": Meaning("the sender of letters", "mail address"),
        "LETTER_SLOT_MINUTES": Meaning(
            "how often the letters to complainants, respondents and witnesses leave, all together",
            "minutes",
            "a day; in the demonstration 5 minutes",
        ),
    },
    "clocks": {
        "POLICY_PROFILE": Meaning("the policy that new concerns begin under", "code of a policy"),
        "SWEEP_SECONDS": Meaning("how often due dates are looked at", "seconds"),
        "SWEEP_PING_URL": Meaning(
            "an address outside that is asked for after each sweep", "https address"
        ),
        "FAKE_NOW": Meaning(
            "moves the clock of the pages; refused in production", "ISO date and time"
        ),
        "FAKE_PACE": Meaning(
            "seconds of the moved clock that pass in one second; 28800 makes a day of three seconds"
        ),
    },
    "passwords": {
        "VAULT_PLACES": Meaning(
            "passwords that one web process turns into keys at once; 64 MiB each", "passwords"
        ),
        "ORGANISATION_WORDS": Meaning(
            "words that no password may contain, beside the names of the units", "acme,hilltop"
        ),
        "VAULT_WAIT_SECONDS": Meaning("how long others wait for their turn", "seconds"),
        "VAULT_QUEUE": Meaning("how many others may wait in one web process", "people"),
        "OIDC_ISSUER": Meaning("the provider of single sign-on; without it there is none", "https"),
        "OIDC_CLIENT_ID": Meaning("the name this service has at the provider"),
        "OIDC_CLIENT_SECRET": Meaning("the secret this service has at the provider"),
        "OIDC_CLAIM": Meaning("the claim that equals the user name, letter for letter"),
        "OIDC_NAME": Meaning("what the button says"),
    },
    "files": {
        "EVIDENCE_MAX_MB": Meaning("the largest file", "MiB"),
        "EVIDENCE_MAX_FILES": Meaning("files in one upload", "files"),
        "EVIDENCE_MAX_PER_CASE": Meaning("files in one case", "files"),
        "EVIDENCE_MAX_PER_PERSON": Meaning(
            "files from each person heard and each companion", "files"
        ),
        "EVIDENCE_S3_URL": Meaning(
            "a bucket for the sealed files: see "
            "[keep files in a bucket](../how-to/keep-files-in-a-bucket.md); empty: a folder",
            "https://HOST/BUCKET",
        ),
        "EVIDENCE_S3_KEY": Meaning("the access key of the bucket", "text"),
        "EVIDENCE_S3_SECRET": Meaning("the secret of that key", "text"),
        "EVIDENCE_S3_REGION": Meaning("the region of the bucket", "name", "`us-east-1`"),
        "CLAMD_URL": Meaning(
            "the virus scanner: `tcp://HOST:PORT` or `unix:///PATH`", "address", "no scan"
        ),
        "CLAMD_SECONDS": Meaning("how long the scanner may take to answer", "seconds"),
    },
    "keeping": {
        "RETENTION_FILE": Meaning(
            "a retention schedule of your own", "file", "`grievances/policy/data/retention.json`"
        ),
        "REGIONS_FILE": Meaning(
            "a table of your own regions: code,name,division,ended", "CSV file", "five regions"
        ),
        "BACKUP_RECIPIENTS": Meaning(
            "public age keys that backups are encrypted to; compulsory with `BACKUP_DIR`",
            "age1...,age1...",
            "none",
        ),
        "BACKUP_DIR": Meaning("where the nightly backup goes; none is made without it", "folder"),
        "BACKUP_DAYS": Meaning("how long you keep a backup; certificates of erasure say", "days"),
        "HEADS_DIR": Meaning(
            "where the signed heads of the trail go", "folder", "`heads` in DATA_DIR"
        ),
        "PUBLISHER": Meaning("who publishes the yearly file, as it says in it"),
        "PUBLISHER_CONTACT": Meaning("who answers questions about the yearly file", "email"),
        "DATA_LICENCE": Meaning("the licence of the yearly file", "address"),
        "REPORT_FILTERS": Meaning("let HR ask for single numbers at `/reports/ask/`"),
    },
}
"""Group -> variable -> meaning."""
