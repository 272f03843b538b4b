-- The engine's memory on its own disk (SQLite): what it decided outlives every outage.

-- name: schema
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

-- name: append_transition
INSERT INTO transitions (seq, alert_id, at_us, transition, actor, document)
VALUES (?, ?, ?, ?, ?, ?);

-- name: put_open_alert
INSERT OR REPLACE INTO open_alerts (alert_id, source, latching, document) VALUES (?, ?, ?, ?);

-- name: drop_open_alert
DELETE FROM open_alerts WHERE alert_id = ?;

-- name: put_condition
INSERT OR REPLACE INTO conditions
    (device_id, rule_id, phase, judged_us, began_us, turned_us, deadline_us, value, told)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: put_answer
INSERT OR IGNORE INTO answers (request_id, at_us, answer) VALUES (?, ?, ?);

-- name: drop_old_answers
DELETE FROM answers WHERE at_us < ?;

-- name: put_note
INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?);

-- name: note
SELECT value FROM notes WHERE name = ?;

-- name: open_alerts
SELECT document, source, latching FROM open_alerts ORDER BY alert_id;

-- name: conditions
SELECT device_id, rule_id, phase, judged_us, began_us, turned_us, deadline_us, value, told
  FROM conditions;

-- name: answer
SELECT answer FROM answers WHERE request_id = ?;

-- name: recall
SELECT document FROM transitions WHERE alert_id = ? ORDER BY seq DESC LIMIT 1;

-- name: bounds
SELECT min(seq), max(seq) FROM transitions;

-- name: transitions_since
SELECT seq, document, actor FROM transitions WHERE seq > ? ORDER BY seq LIMIT ?;
