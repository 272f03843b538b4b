# One image for every program of ours; compose.yaml says which one a container runs.
FROM python:3.13.9-slim-trixie

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /srv/yiwang

# Reports on paper need a font with Chinese letters.
RUN apt-get update -q \
 && apt-get install -q -y --no-install-recommends fonts-wqy-microhei \
 && rm -rf /var/lib/apt/lists/*
ENV API_REPORT_FONT=/usr/share/fonts/truetype/wqy/wqy-microhei.ttc

COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock

# A volume takes over the owner of the folder it is mounted on.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin yiwang \
 && install -d -o yiwang -m 0700 /var/lib/yiwang/state/ingest /var/lib/yiwang/state/alerts \
      /var/lib/yiwang/state/api /var/lib/yiwang/state/simulators

COPY . .
USER yiwang
