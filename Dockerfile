# Two stages: wheels are built in the first, the second holds only what serves.
FROM python:3.11-slim AS build
# serve-extras: with traces (otel) and HEIC photos (heif).
ARG LOCK=serve
WORKDIR /src
COPY requirements/${LOCK}.txt requirements/
RUN python -m venv /opt/souk && /opt/souk/bin/pip install --no-cache-dir --require-hashes -r requirements/${LOCK}.txt
COPY . .
RUN /opt/souk/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --create-home --home-dir /var/lib/souk souk
COPY --from=build /opt/souk /opt/souk
USER 10001
ENV SOUK_HOME=/var/lib/souk PATH=/opt/souk/bin:$PATH
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["souk", "serve", "--host", "0.0.0.0", "--port", "8000"]
