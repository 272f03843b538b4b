-- What devices said. Owner: ingest/store.py.
-- depends: 0001.registry

CREATE TABLE readings (
    observed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    device_id   integer NOT NULL,          -- devices.number; no foreign key on a hot hypertable
    metric_id   smallint NOT NULL,         -- metrics.number
    value       double precision NOT NULL,
    quality     smallint NOT NULL,         -- devices/reading.py: 0-63 good, 64-127 uncertain, 128- bad
    CONSTRAINT readings_one_per_instant PRIMARY KEY (device_id, metric_id, observed_at)
);
SELECT create_hypertable('readings', 'observed_at',
                         chunk_time_interval => INTERVAL '1 day', create_default_indexes => false);

CREATE TABLE positions (
    observed_at   timestamptz NOT NULL,
    received_at   timestamptz NOT NULL,
    device_id     integer NOT NULL,
    lon           double precision NOT NULL,   -- WGS-84
    lat           double precision NOT NULL,
    speed_kmh     real,
    direction_deg real,
    altitude_m    real,
    quality       smallint NOT NULL,
    CONSTRAINT positions_one_per_instant PRIMARY KEY (device_id, observed_at)
);
SELECT create_hypertable('positions', 'observed_at',
                         chunk_time_interval => INTERVAL '7 days', create_default_indexes => false);

CREATE TABLE device_events (
    observed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    device_id   integer NOT NULL,
    kind        text NOT NULL,
    active      boolean NOT NULL,
    detail      text NOT NULL DEFAULT '',
    quality     smallint NOT NULL,
    CONSTRAINT device_events_one_per_instant PRIMARY KEY (device_id, kind, observed_at, active)
);
SELECT create_hypertable('device_events', 'observed_at',
                         chunk_time_interval => INTERVAL '30 days', create_default_indexes => false);

CREATE TABLE latest_values (
    device_id   integer NOT NULL,
    metric_id   smallint NOT NULL,
    observed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    value       double precision NOT NULL,
    quality     smallint NOT NULL,
    PRIMARY KEY (device_id, metric_id)
) WITH (fillfactor = 50);                  -- room for HOT updates: the key never changes

CREATE TABLE latest_positions (
    device_id     integer PRIMARY KEY,
    observed_at   timestamptz NOT NULL,
    received_at   timestamptz NOT NULL,
    lon           double precision NOT NULL,
    lat           double precision NOT NULL,
    speed_kmh     real,
    direction_deg real,
    altitude_m    real,
    quality       smallint NOT NULL
) WITH (fillfactor = 50);

-- A message whose own time cannot be meant (a clock that runs ahead, a last will) is stored under
-- the time of receipt. That time differs when the broker delivers the message again, so what it
-- claimed is remembered here.
CREATE TABLE redated_messages (
    device_id   integer NOT NULL,
    channel     text NOT NULL,
    claimed_at  timestamptz NOT NULL,
    digest      bytea NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, channel, claimed_at, digest)
);

-- One row per distinct message that could not be read; the raw bytes are kept to be read again.
CREATE TABLE quarantine (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    device_id   integer,                   -- devices.number where it is known
    topic       text NOT NULL,
    payload     bytea NOT NULL,
    reason      text NOT NULL,             -- code for machines
    detail      text NOT NULL,             -- sentence for people
    digest      bytea NOT NULL UNIQUE,     -- of topic and payload: the same bytes again are a duplicate
    requeued_at timestamptz                -- set when it was read after all
);
CREATE INDEX quarantine_by_time ON quarantine (received_at);

-- The books: every message received ends in exactly one of stored, duplicate, quarantined.
-- device_id 0 stands for messages of nobody we know.
CREATE TABLE ledger (
    device_id   integer NOT NULL,
    hour        timestamptz NOT NULL,      -- of receipt
    received    bigint NOT NULL,
    stored      bigint NOT NULL,
    duplicate   bigint NOT NULL,
    quarantined bigint NOT NULL,
    PRIMARY KEY (device_id, hour),
    CONSTRAINT ledger_balances CHECK (received = stored + duplicate + quarantined)
) WITH (fillfactor = 50);
CREATE INDEX ledger_by_hour ON ledger (hour);

-- Sequence numbers that were skipped and have not come since.
CREATE TABLE sequence_gaps (
    device_id integer NOT NULL,
    first_seq bigint NOT NULL,
    last_seq  bigint NOT NULL,
    hour      timestamptz NOT NULL,        -- when the gap was seen
    PRIMARY KEY (device_id, first_seq),
    CHECK (first_seq <= last_seq)
);
CREATE TABLE sequences (
    device_id integer PRIMARY KEY,
    highest   bigint NOT NULL
) WITH (fillfactor = 50);

GRANT SELECT ON readings, positions, device_events, latest_values, latest_positions, redated_messages,
    quarantine, ledger, sequence_gaps, sequences TO yiwang_ingest, yiwang_api;
GRANT INSERT ON readings, positions, device_events, redated_messages, quarantine TO yiwang_ingest;
GRANT UPDATE (requeued_at) ON quarantine TO yiwang_ingest;
GRANT INSERT, UPDATE ON latest_values, latest_positions, ledger TO yiwang_ingest;
GRANT INSERT, UPDATE, DELETE ON sequence_gaps, sequences TO yiwang_ingest;
GRANT SELECT ON readings, positions, device_events, latest_values, latest_positions, ledger,
    sequence_gaps TO yiwang_grafana, yiwang_alerts;
