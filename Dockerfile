FROM node:22-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The pages use the sprite, not the two thousand single icons, and one file of the charts.
RUN npm ci --ignore-scripts && rm -r node_modules/bootstrap-icons/icons \
    && find node_modules/echarts -type f ! -name echarts.common.min.js -delete

FROM python:3.11-slim AS packages
COPY requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-compile --require-hashes -r requirements.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/app/var \
    PRIVATE_ROOT=/data/private
RUN useradd --system --uid 10001 --no-create-home portal \
    && mkdir -p /app/var /data/private \
    && chown -R portal: /app /data
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=assets /app/node_modules node_modules
COPY . .
USER portal
# The settings refuse to load half-configured; nothing of these values stays in the image.
RUN key="$(python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())')" \
    && SECRET_KEY="$key$key" FIELD_KEYS="1:$key" INDEX_KEY="$key" ALLOWED_HOSTS=localhost \
    PUBLIC_URL=https://localhost EMAIL_URL=dummymail:// DATABASE_URL=sqlite://:memory: \
    REDIS_URL=redis://localhost python manage.py collectstatic --no-input --verbosity 0
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
