FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements/uv.txt requirements/runtime.txt requirements/
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
    && /venv/bin/python -m uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements/runtime.txt \
    && /venv/bin/python -m pip uninstall --yes uv

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/app/var
WORKDIR /app
RUN useradd --system --uid 10001 --no-create-home netreview && install -d -o netreview /app/var
COPY --from=build /venv /venv
COPY manage.py ./
COPY netreview netreview
COPY articles articles
COPY templates templates
COPY deploy/healthcheck.py deploy/healthcheck.py
USER netreview
# The key signs nothing here: collecting files only needs the settings to load.
RUN SECRET_KEY=unused-at-build-time python manage.py collectstatic --no-input
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "deploy/healthcheck.py", "web"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--no-ws", "netreview.wsgi:application"]
