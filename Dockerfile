# One image for the bot, its migrations and the Chroma server (compose.yaml starts all three).
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY knowledge knowledge
COPY prompts prompts
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.11-slim
COPY requirements.lock /tmp/
COPY --from=build /wheel /tmp/wheel
RUN pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.lock && pip install --no-cache-dir --no-deps /tmp/wheel/*.whl \
 && rm -r /tmp/wheel /tmp/requirements.lock \
 && useradd --create-home --uid 10001 policybot && install -d -m 700 -o policybot /data
USER policybot
WORKDIR /home/policybot
ENV POLICYBOT_DATA=/data POLICYBOT_HEALTH_PORT=8080 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["policybot"]
CMD ["serve"]
