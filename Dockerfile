# Fair Hearing as one image: web, worker, beat and migrate differ only in their command.

FROM node:24-slim AS interface
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-trixie AS parts
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt ./
# Wheels only: nothing is compiled, and nothing that was downloaded runs code at install time.
RUN /opt/venv/bin/pip install --require-hashes --only-binary=:all: -r requirements.txt
WORKDIR /app
COPY . .
COPY --from=interface /build/node_modules node_modules
ENV PATH=/opt/venv/bin:$PATH DATA_DIR=/data
RUN python assets/build.py node_modules build/static && rm -rf node_modules
# These secrets open nothing: they let the settings load while the static files are collected.
RUN FAIRHEARING_MODE=production SECRET_KEY=only-while-building SERVER_KEYS=1:$(printf '%064d' 7) \
    TRUSTED_PROXIES=0 ALLOWED_HOSTS=localhost DATABASE_URL=postgresql://nobody@localhost/none \
    python manage.py collectstatic --noinput \
    && mkdir -p /data/evidence /data/heads /data/backups && python -m compileall -q /app

FROM python:3.13-slim-trixie
# `manage.py backup` needs pg_dump, which dumps servers of its own version and older ones alone.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 DATA_DIR=/data FAIRHEARING_MODE=production
RUN groupadd --gid 10001 fairhearing \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin fairhearing
COPY --from=parts /opt/venv /opt/venv
COPY --from=parts /app /app
COPY --from=parts /data /data
# The program belongs to root and cannot change itself; it writes evidence, heads and backups alone.
RUN chown 10001:10001 /data/evidence /data/heads /data/backups && chmod 700 /data/evidence /data/heads /data/backups
WORKDIR /app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Asked under the product's own name: an address that is not in ALLOWED_HOSTS gets no answer.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/health/live', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0].lstrip('.')}), timeout=4)"]
CMD ["gunicorn", "-c", "python:config.start", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
