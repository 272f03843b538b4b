-- What an alert says of itself besides its state, and every other line of the engine's journal.
-- Owner: alerts/history/store.py.
-- depends: 0003.alerts 0006.retention

-- Read out of the document, so rows of the release before have them too, and it may go on writing
-- until it is restarted. Instants cannot be (their meaning depends on a setting); they are written.
ALTER TABLE alerts
    ADD COLUMN active       boolean NOT NULL GENERATED ALWAYS AS (coalesce(
        (document ->> 'active')::boolean, state IN ('unacknowledged', 'acknowledged'))) STORED,
    ADD COLUMN life_safety  boolean NOT NULL GENERATED ALWAYS AS (
        coalesce((document ->> 'life_safety')::boolean, false)) STORED,
    ADD COLUMN drill        boolean NOT NULL GENERATED ALWAYS AS (
        coalesce((document ->> 'drill')::boolean, false)) STORED,
    ADD COLUMN chattering   boolean NOT NULL GENERATED ALWAYS AS (
        coalesce((document ->> 'chattering')::boolean, false)) STORED,
    ADD COLUMN escalation   integer NOT NULL GENERATED ALWAYS AS (
        coalesce((document ->> 'escalation')::integer, 0)) STORED,
    ADD COLUMN desk_id      text NOT NULL GENERATED ALWAYS AS (
        coalesce(document ->> 'desk_id', '')) STORED,
    ADD COLUMN cause        text GENERATED ALWAYS AS (document ->> 'cause') STORED,
    ADD COLUMN hold_state   text GENERATED ALWAYS AS (document -> 'hold' ->> 'state') STORED,
    ADD COLUMN folded_under text GENERATED ALWAYS AS (document ->> 'folded_under') STORED,
    ADD COLUMN assigned_to  text GENERATED ALWAYS AS (document ->> 'assigned_to') STORED,
    ADD COLUMN verdict      text GENERATED ALWAYS AS (document ->> 'verdict') STORED,
    ADD COLUMN verified_at   timestamptz,
    ADD COLUMN notified_at   timestamptz,
    ADD COLUMN dispatched_at timestamptz,
    ADD COLUMN on_site_at    timestamptz;
CREATE INDEX alerts_by_desk ON alerts (desk_id, raised_at DESC);
CREATE INDEX alerts_by_site ON alerts (site_id, raised_at DESC);
CREATE INDEX alerts_by_rule ON alerts (rule_id, raised_at DESC);

-- Where a transition stands in the journal. Of rows of the release before `no` is null and means
-- `seq`: that journal had no other lines, and it is carried over with these numbers.
ALTER TABLE alert_events
    ADD COLUMN no   bigint,
    ADD COLUMN hash bytea;
CREATE UNIQUE INDEX alert_events_by_line ON alert_events (no);
CREATE INDEX alert_events_without_line ON alert_events (seq) WHERE no IS NULL;

-- Every line that is no transition: notices, rules, windows, shelves, hand-overs, checks ...
-- Append-only: nobody holds UPDATE or DELETE on it.
CREATE TABLE alert_journal (
    no       bigint PRIMARY KEY,          -- of the journal: projecting twice is harmless
    at       timestamptz NOT NULL,
    kind     text NOT NULL,
    subject  text NOT NULL,               -- alert, rule, desk or whatever the line is about
    actor    text,                        -- null: the engine itself
    document jsonb NOT NULL,
    hash     bytea NOT NULL               -- SHA-256 over the line before and this one
);
CREATE INDEX alert_journal_by_subject ON alert_journal (kind, subject, no);
CREATE INDEX alert_journal_by_time ON alert_journal USING brin (at);

INSERT INTO retention_classes (relation, time_column, keep, at_least, reason) VALUES
    ('alert_journal', 'at', '1096 days', '366 days', 'who did what about a fire: as the alerts');

GRANT SELECT, INSERT ON alert_journal TO yiwang_alerts;
GRANT SELECT ON alert_journal TO yiwang_api, yiwang_grafana;
