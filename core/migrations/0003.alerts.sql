-- The history of alerts, projected from the engine's own journal. Owner: alerts/store.py.
-- depends: 0001.registry

CREATE TABLE alerts (
    alert_id        text PRIMARY KEY,
    seq             bigint NOT NULL,       -- journal sequence of the last transition projected
    rule_id         text NOT NULL,
    rule_version    integer NOT NULL,
    kind            text NOT NULL,
    priority        text NOT NULL CHECK (priority IN ('critical', 'high', 'medium', 'low')),
    state           text NOT NULL,
    device_id       text,
    site_id         text,
    district        text NOT NULL,
    domain          text NOT NULL,
    subject         text NOT NULL,
    raised_at       timestamptz NOT NULL,
    detected_at     timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    returned_at     timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    cleared_at      timestamptz,
    document        jsonb NOT NULL         -- the alert as published, whole
);
CREATE INDEX alerts_open ON alerts (raised_at DESC) WHERE state <> 'normal';
CREATE INDEX alerts_by_time ON alerts (raised_at DESC);
CREATE INDEX alerts_by_device ON alerts (device_id, raised_at DESC);

-- Append-only: nobody holds UPDATE or DELETE on it.
CREATE TABLE alert_events (
    seq        bigint PRIMARY KEY,         -- of the engine's journal: projecting twice is harmless
    alert_id   text NOT NULL,
    at         timestamptz NOT NULL,
    transition text NOT NULL,
    actor      text,
    document   jsonb NOT NULL
);
CREATE INDEX alert_events_by_alert ON alert_events (alert_id, seq);

GRANT SELECT, INSERT, UPDATE ON alerts TO yiwang_alerts;
GRANT SELECT, INSERT ON alert_events TO yiwang_alerts;
GRANT SELECT ON alerts, alert_events TO yiwang_api, yiwang_grafana;
