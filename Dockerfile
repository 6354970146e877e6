# The bot with its index built in. Build:  docker build -t hoi-dap-hanh-chinh .
# Run:  docker run --rm -p 127.0.0.1:8080:8080 -v hoi-dap-data:/data hoi-dap-hanh-chinh
FROM python:3.11-slim

# The small CPU build of torch. Empty: the default build of the package index.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

RUN groupadd --system --gid 10001 bot \
 && useradd --system --uid 10001 --gid bot --home-dir /app --no-create-home bot
WORKDIR /app

# Dependencies first, so that a change of the knowledge does not install them again.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > /tmp/requirements.txt \
 && pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -c constraints.txt -r /tmp/requirements.txt \
 && rm /tmp/requirements.txt

COPY --chown=bot:bot . .

# The database and other files written while running go to /data. The index is part of the image.
ENV BOT_HOST=0.0.0.0 \
    BOT_PORT=8080 \
    BOT_DATA_DIR=/data \
    BOT_INDEX_DIR=/app/index \
    HF_HOME=/data/huggingface
RUN mkdir /app/index /data && chown bot:bot /app/index /data
USER bot
RUN python -m index_builder build --quiet

VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
CMD ["python", "-m", "bot", "serve"]
