"""Every setting, in one file: the defaults are safe for production.

The environment changes them. FAIRHEARING_MODE chooses what a missing value means: `production` (the
default) refuses to start without its secrets; `demonstration` is the embedded run of `make run`;
`test` is the test suite.
"""

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

from config import channels, endpoints, environment, limits, logs, pages, regions, secrets
from config.sign_in import second_step, sign_on
from config.stores import bucket, databases

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = os.environ.get("FAIRHEARING_MODE", "production").strip()
if MODE not in {"production", "demonstration", "test"}:
    raise ImproperlyConfigured(
        "FAIRHEARING_MODE must be production, demonstration or test: change it and start again."
    )
DEMONSTRATION, PRODUCTION = MODE == "demonstration", MODE == "production"
DATA_DIR = environment.folder("DATA_DIR", BASE_DIR / "var")
DEBUG = environment.switch("DEBUG", default=False)

# --- Secrets -------------------------------------------------------------------------------
if PRODUCTION:
    SECRET_KEY = secrets.require("SECRET_KEY", "the key that signs cookies")
    SERVER_KEYS = secrets.require(
        "SERVER_KEYS", "the list of server keys, VERSION:64 hex digits, newest first"
    )
elif DEMONSTRATION:
    _made = secrets.make_once(DATA_DIR)
    SECRET_KEY = secrets.read("SECRET_KEY") or _made["SECRET_KEY"]
    SERVER_KEYS = secrets.read("SERVER_KEYS") or _made["SERVER_KEYS"]
else:
    SECRET_KEY = "for-tests-only-" + "x" * 40
    SERVER_KEYS = "1:" + "ab" * 32

SECRET_KEY_FALLBACKS = [key for key in [secrets.read("SECRET_KEY_BEFORE")] if key]

# --- Proxies: how many of ours add to X-Forwarded-For (web.shared.client_address) ----------------
if PRODUCTION and not os.environ.get("TRUSTED_PROXIES", "").strip():
    raise environment.SettingRefused(
        "TRUSTED_PROXIES",
        "is missing",
        "set it to the number of proxies in front of the service (0 for none)",
    )
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", 0, most=99)

# --- The clock of the interfaces (contracts.md, Time) -----------------------------------------
FAKE_NOW = environment.moment("FAKE_NOW")
if FAKE_NOW and PRODUCTION:
    raise environment.SettingRefused("FAKE_NOW", "moves the clock of production", "unset it")
# How many seconds of the moved clock pass in one real second: at 28800 a day takes three seconds.
FAKE_PACE: int = environment.number("FAKE_PACE", 1, least=1, most=10_000_000)
# How often beat starts a sweep, in seconds; letters are delivered four times as often.
SWEEP_SECONDS: int = environment.number("SWEEP_SECONDS", 60, least=1, most=3600)
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "").strip() or "Europe/London"
try:
    ZoneInfo(TIME_ZONE)
except (ZoneInfoNotFoundError, ValueError, OSError) as error:
    fault = "is not a time zone like Europe/London"
    raise environment.SettingRefused("TIME_ZONE", fault, "change it") from error
# May the two addresses that are called lead to this machine or its own link?
LOCAL_CALLS = environment.switch("LOCAL_CALLS", default=not PRODUCTION)
# The address of an external monitor, called after each sweep; a secret, so also from a file.
_ping = secrets.read("SWEEP_PING_URL")
SWEEP_PING_URL = endpoints.https(_ping, "SWEEP_PING_URL", local=LOCAL_CALLS)
METRICS_TOKEN = secrets.read("METRICS_TOKEN") or ""  # what a monitor sends to /health/metrics
if METRICS_TOKEN:
    environment.judge_secret("METRICS_TOKEN", METRICS_TOKEN)
POLICY_PROFILE = environment.policy("POLICY_PROFILE", "uk_default")
LANGUAGE_CODE, USE_I18N = "en-gb", True
LOCALE_PATHS = [BASE_DIR / "locale"]
PAGE_LANGUAGES = pages.languages(LOCALE_PATHS[0])
LANGUAGES = [(each.code, each.name) for each in PAGE_LANGUAGES]
DATE_FORMAT = "j F Y"

# --- Applications ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "workflow",
    "notifications",
    "grievances",
]
MIDDLEWARE = pages.MIDDLEWARE
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "grievances.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "grievances.web.shared.fields.Renderer"
TEMPLATES = pages.templates(BASE_DIR / "templates")

# --- Database ----------------------------------------------------------------------------------
DATABASES = databases.configuration(DATA_DIR, production=PRODUCTION)

# --- Celery: beat only says "sweep now"; the tables are the truth (architecture.md 6) -----------
REDIS_URL = endpoints.redis("REDIS_URL", required=PRODUCTION)
CELERY_BROKER_URL = endpoints.broker(
    "CELERY_BROKER_URL", REDIS_URL or "memory://localhost/", required=PRODUCTION
)
if CELERY_BROKER_URL.startswith("memory:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # its own lines quote what a task raised
# A mail server that hangs delays no date. A worker that names no queue serves both.
CELERY_TASK_ROUTES = {
    "grievances.tasks.deliver_notices": {"queue": "mail"},
    "grievances.tasks.watch_service": {"queue": "mail"},
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"

_in_memory = "django.core.cache.backends.locmem.LocMemCache"
CACHES: dict[str, dict[str, object]] = {"default": {"BACKEND": _in_memory}}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "grievances.operations.redis_cache.RedisOrMemory",
        "LOCATION": REDIS_URL,
        # A server that does not answer is not waited for.
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }

# --- People: sign in, guardian, passwords --------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# guardian's own backend is left out on purpose: `cases/access` alone decides who may do what.
# W003: our `i18n` takes the place of Django's on purpose.
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "templates.W003"]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# The first is for every new password; the others open the accounts of earlier versions.
PASSWORD_HASHERS = [
    "grievances.encryption.password_hasher.OneDerivation",
    "grievances.encryption.password_hasher.SealedArgon2",
    "grievances.encryption.password_hasher.CountedArgon2",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "grievances.accounts.password_rules.NotTheUserName"},
    {"NAME": "grievances.accounts.password_rules.NotOfTheOrganisation"},
    {"NAME": "grievances.accounts.password_rules.NotRepeated"},
    {"NAME": "grievances.accounts.password_rules.NotCommonWithinIt"},
]
# Words that no password may contain, beside the names of the units.
ORGANISATION_WORDS = environment.words("ORGANISATION_WORDS")
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "grievances.web.shared.session_views.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "grievances.web.accounts.sign_in_forms.SignIn",
    "change_password": "grievances.web.accounts.sign_in_forms.NewPassword",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# The library's own limits would also count right passwords, and would count a name for all
# addresses together (web.shared.sign_in_limits).
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": None}
# How many tries there are, and what happens after them.
SIGN_IN_TRIES = limits.sign_in_tries(MODE)
REQUEST_RATE = limits.request_rate(MODE)
RECOVERY_TRIES = limits.recovery_tries(MODE)
# A second step of sign-in: an app, a passkey or a spare code (accounts.second_factor).
# MFA_OFFICES names the offices whose holders must have one, "all" for every office. Trying the
# product needs no telephone, so there it is offered and not demanded.
MFA_OFFICES = second_step.offices(production=PRODUCTION)
MFA_ADAPTER = "grievances.web.accounts.second_factor_adapter.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = second_step.FORMS
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 12
# A code of an app is taken half a minute early or late, and never twice.
MFA_TOTP_TOLERANCE = 1
SECOND_FACTOR_TRIES = limits.SECOND_FACTOR_TRIES
# Single sign-on, where a provider is named; `web.accounts.sso_views` says who may sign in by it.
SINGLE_SIGN_ON = sign_on.provider(production=PRODUCTION)
if SINGLE_SIGN_ON or MODE == "test":
    # Without a provider they would take 7 MiB of each web process for no use.
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
SIGN_ON_ID = sign_on.PROVIDER_ID
SIGN_ON_BRAKE = limits.SIGN_ON_BRAKE
SOCIALACCOUNT_ADAPTER = "grievances.web.accounts.sso_views.SignOn"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_LOGIN_ON_GET = True
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"

# --- Key derivation: cost of unlocking a private key (architecture.md 5; stored per key) ----------
# One run for the account and its private key together: 0.28 s of one core (measured), where the two
# runs of earlier versions took 0.33 s and 0.22 s. One lane: no threads of its own.
VAULT_KDF = {"memory_kib": 65536, "iterations": 5, "lanes": 1}
# How many passwords a process turns into keys at once (64 MiB each), and how many seconds others
# wait.
VAULT_PLACES = environment.number("VAULT_PLACES", 2, least=1, most=64)
VAULT_WAIT_SECONDS = environment.seconds("VAULT_WAIT_SECONDS", 10.0)
# How many callers of a process may wait for a place. Each holds a thread, of which there are eight.
VAULT_QUEUE = environment.number("VAULT_QUEUE", 3, least=0, most=64)
# Places and waiting callers of recovery, apart from those of sign-in.
RECOVERY_PLACES, RECOVERY_QUEUE = 1, 1
VAULT_KDF_DEMONSTRATION = {"memory_kib": 1024, "iterations": 1, "lanes": 1}
if MODE == "test":
    VAULT_KDF = VAULT_KDF_DEMONSTRATION
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- Anonymous sending: a puzzle that gets harder after many sendings, or a wait; no tracking -----
ANONYMOUS_BRAKE = limits.anonymous_throttle(MODE)

# --- Sessions and headers -----------------------------------------------------------------------
SESSION_ENGINE = "grievances.web.shared.session_store"
# A browser takes a cookie of this name only over TLS, from this host, for all of its pages.
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}fh_session"
# A session ends this long after it was last used, to the second, and this long after it began.
SESSION_COOKIE_AGE = 60 * environment.number("SESSION_IDLE_MINUTES", 60, least=5, most=600)
SESSION_LONGEST_SECONDS = (
    60 * 60 * environment.number("SESSION_LONGEST_HOURS", 12, least=1, most=24)
)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_AGE = None  # Until the browser is closed: a year would tell that this was visited.
CSRF_COOKIE_HTTPONLY = True
vars().update(pages.language_cookie(COOKIE_PREFIX, secure=PRODUCTION))
CSRF_FAILURE_VIEW = "grievances.web.shared.error_views.form_expired"
SECURE_SSL_REDIRECT = PRODUCTION and environment.switch("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = pages.CONTENT_SECURITY_POLICY
ALLOWED_HOSTS = endpoints.hosts("ALLOWED_HOSTS", required=PRODUCTION)
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")
SITE_URL = endpoints.site(
    "SITE_URL",
    "" if PRODUCTION else f"http://127.0.0.1:{os.environ.get('PORT') or 8000}",
    encrypted=SECURE_SSL_REDIRECT,
    among=ALLOWED_HOSTS,
)
EXIT_URL = endpoints.page("EXIT_URL", "https://www.bbc.co.uk/weather")
# An account of 200,000 characters, percent-encoded at up to 12 bytes a character, still arrives
# whole. So the form can keep it or refuse it in a sentence, instead of the server cutting it off.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
# --- Evidence: files are sealed as they arrive, and no address takes one unless it says so --------
EVIDENCE_MAX_BYTES = environment.number("EVIDENCE_MAX_MB", 200, least=1, most=10_000) * 1024 * 1024
EVIDENCE_MAX_FILES = environment.number("EVIDENCE_MAX_FILES", 5, least=1)  # in one upload
EVIDENCE_MAX_PER_CASE = environment.number("EVIDENCE_MAX_PER_CASE", 100, least=1)
# Files of one person who is heard, or of one companion.
EVIDENCE_MAX_PER_PERSON = environment.number("EVIDENCE_MAX_PER_PERSON", 20, least=1)
EVIDENCE_CLEAN_SECONDS = 30  # seconds, for removing hidden details from one file
CLAMD_URL = endpoints.scanner("CLAMD_URL")  # tcp://HOST:PORT or unix:///PATH; empty: no scan
CLAMD_SECONDS = environment.number("CLAMD_SECONDS", 60, least=1, most=3600)  # for its answer
FILE_UPLOAD_HANDLERS = ["grievances.evidence.upload.NoFiles"]
DATA_UPLOAD_MAX_NUMBER_FILES = 100
MEDIA_ROOT = DATA_DIR / "evidence"
EVIDENCE_BUCKET = bucket.storage()

# --- Keeping and erasing (policy/retention_schedule.py, audit/exported_heads.py) -----
RETENTION_FILE = environment.schedule("RETENTION_FILE")
REGIONS = regions.read_regions("REGIONS_FILE")
BACKUP_DAYS = environment.number("BACKUP_DAYS", 35, least=1, most=3650)
# The public age keys that backups are encrypted to, which the service cannot open, and the folder.
BACKUP_RECIPIENTS = environment.age_keys("BACKUP_RECIPIENTS")
BACKUP_DIR = environment.backup_folder("BACKUP_DIR", BACKUP_RECIPIENTS)
HEADS_DIR = environment.folder("HEADS_DIR", DATA_DIR / "heads")

# --- Static files: built by assets/build.py, nothing third-party in the repository ----------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [p for p in [BASE_DIR / "build" / "static"] if p.exists()]
STORAGES = pages.storages(named_by_content=MODE != "test", evidence=EVIDENCE_BUCKET)
WHITENOISE_USE_FINDERS = MODE == "test"
WHITENOISE_AUTOREFRESH = MODE == "test"

# --- Mail ---------------------------------------------------------------------------------------
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
if _mail := endpoints.mail("EMAIL_URL", required=PRODUCTION):
    vars().update(_mail)
elif not PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 20
# GOV.UK Notify for mail or text messages or both: its key, the templates, when no phone rings.
NOTIFY_API_KEY = channels.notify_key(secrets.read("NOTIFY_API_KEY"), "NOTIFY_API_KEY")
NOTIFY_TEMPLATE = channels.notify_template("NOTIFY_TEMPLATE")
NOTIFY_TEXT_TEMPLATE = channels.notify_template("NOTIFY_TEXT_TEMPLATE")
channels.require_templates(NOTIFY_API_KEY, NOTIFY_TEMPLATE, NOTIFY_TEXT_TEMPLATE)
NOTIFY_URL = endpoints.https(os.environ.get("NOTIFY_URL") or channels.NOTIFY, "NOTIFY_URL")
QUIET_HOURS = channels.quiet_hours("QUIET_HOURS", "20:00-08:00")
# Letters to complainants, respondents and witnesses leave together once in so many minutes: what
# they are about must not show from the time. The demonstration does not wait for a day.
LETTER_SLOT_MINUTES: int = environment.number(
    "LETTER_SLOT_MINUTES", 5 if DEMONSTRATION else 24 * 60, least=1, most=7 * 24 * 60
)
# Who runs the service: told by mail what is wrong with it, once, and when it is over.
ALERT_EMAILS = endpoints.mailboxes("ALERT_EMAILS")
ALERT_DISK_GB = environment.number("ALERT_DISK_GB", 5, least=1, most=10_000)
# A program that is called when the same things change, and the secret that signs each call.
WEBHOOK_URL = endpoints.https(secrets.read("WEBHOOK_URL"), "WEBHOOK_URL", local=LOCAL_CALLS)
WEBHOOK_SECRET = channels.webhook_secret(secrets.read("WEBHOOK_SECRET"), "WEBHOOK_SECRET")
environment.require_both(WEBHOOK_URL, WEBHOOK_SECRET, "WEBHOOK_SECRET")
DEFAULT_FROM_EMAIL = endpoints.sender("MAIL_FROM", "Concern service <no-reply@fairhearing.invalid>")

# --- Logs: codes and references, never words (no request bodies, no exception locals) -------------
LOG_FORMAT = environment.one_of("LOG_FORMAT", ("json", "plain"), 0 if PRODUCTION else 1)
LOGGING = logs.configuration(LOG_FORMAT, environment.log_level("LOG_LEVEL", "WARNING"))

# Who publishes the yearly file, who answers questions about it, and under which licence it is.
PUBLISHER = environment.text("PUBLISHER")
PUBLISHER_CONTACT = ", ".join(endpoints.mailboxes("PUBLISHER_CONTACT"))
DATA_LICENCE = endpoints.page(
    "DATA_LICENCE", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
)
# May HR ask for single numbers of a combination they choose? Even a refusal reveals a little.
REPORT_FILTERS = environment.switch("REPORT_FILTERS", default=False)

if PRODUCTION:
    environment.judge_production(debug=DEBUG, secret_keys=[SECRET_KEY, *SECRET_KEY_FALLBACKS])
