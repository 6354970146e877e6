# The bot with its index built in. Build:  docker build -t hoi-dap-hanh-chinh .
# Run:  docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8080:8080 -v hoi-dap-data:/data hoi-dap-hanh-chinh
FROM python:3.11-slim AS build

# TORCH: none (the embedded encoder needs no torch; the image is about a gigabyte smaller), cpu, or default (the package index's own).
# Take cpu or default for a transformer as the encoder (BOT_ENCODER_MODEL). EXTRAS: names of optional parts, such as "milvus".
ARG TORCH=none
ARG EXTRAS=""

ENV PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PATH=/venv/bin:$PATH
WORKDIR /app
RUN python -m venv /venv

# Dependencies first, so that a change of the knowledge does not install them again.
COPY pyproject.toml constraints.txt ops/requirements.py ./
RUN python requirements.py "$TORCH" "$EXTRAS" > /tmp/requirements.txt \
 && if [ "$TORCH" = cpu ]; then extra="--extra-index-url https://download.pytorch.org/whl/cpu"; fi \
 && pip install $extra -c constraints.txt -r /tmp/requirements.txt

COPY . .
RUN BOT_INDEX_DIR=/app/index python -m index_builder build --quiet \
 && python -m compileall -q bot config index_builder knowledge


FROM python:3.11-slim

RUN groupadd --gid 10001 bot \
 && useradd --uid 10001 --gid bot --home-dir /app --no-create-home --no-log-init --shell /usr/sbin/nologin bot \
 && mkdir /data /index \
 && chown bot:bot /data /index
COPY --from=build /venv /venv
# Owned by root: the bot may read its program and its index, not change them. It writes to /data, and to /index where that is a volume.
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    PYTHONDONTWRITEBYTECODE=1 \
    BOT_HOST=0.0.0.0 \
    BOT_PORT=8080 \
    BOT_DATA_DIR=/data \
    BOT_INDEX_DIR=/app/index \
    HF_HOME=/data/huggingface
USER bot

VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"BOT_PORT\"]}/healthz', timeout=4)"]
CMD ["python", "-m", "bot", "serve"]
