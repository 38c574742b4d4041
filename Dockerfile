# One image for all five services; the argument chooses: docker run redress sla

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/redress
WORKDIR /build
COPY requirements.txt .
RUN /opt/redress/bin/pip install --require-hashes --requirement requirements.txt
COPY . .
RUN /opt/redress/bin/pip install --no-deps .

FROM python:3.12-slim
COPY --from=build /opt/redress /opt/redress
ENV PATH=/opt/redress/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    REDRESS_HOST=0.0.0.0 \
    REDRESS_PORT=8080
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
WORKDIR /tmp
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"REDRESS_PORT\"]}/healthz', timeout=2)"]
ENTRYPOINT ["redress", "serve"]
