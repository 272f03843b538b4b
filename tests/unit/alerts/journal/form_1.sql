CREATE TABLE IF NOT EXISTS transitions (
    seq        INTEGER PRIMARY KEY,
    alert_id   TEXT NOT NULL,
    at_us      INTEGER NOT NULL,
    transition TEXT NOT NULL,
    actor      TEXT,
    document   BLOB NOT NULL             -- the alert as published after it, JSON
) STRICT;
CREATE INDEX IF NOT EXISTS transitions_by_alert ON transitions (alert_id, seq);
CREATE TRIGGER IF NOT EXISTS transitions_stay BEFORE UPDATE ON transitions
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS transitions_are_kept BEFORE DELETE ON transitions
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE IF NOT EXISTS open_alerts (
    alert_id TEXT PRIMARY KEY,
    source   TEXT NOT NULL,
    latching INTEGER NOT NULL,
    document BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS conditions (
    device_id   TEXT NOT NULL,
    rule_id     TEXT NOT NULL,
    phase       INTEGER NOT NULL,
    judged_us   INTEGER NOT NULL,
    began_us    INTEGER NOT NULL,
    turned_us   INTEGER NOT NULL,
    deadline_us INTEGER NOT NULL,
    value       REAL NOT NULL,
    told        BLOB NOT NULL,           -- instants, JSON
    PRIMARY KEY (device_id, rule_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS answers (
    request_id TEXT PRIMARY KEY,
    at_us      INTEGER NOT NULL,
    answer     BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_by_time ON answers (at_us);

CREATE TABLE IF NOT EXISTS notes (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

