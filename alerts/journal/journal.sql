-- The engine's memory on its own disk (SQLite): what it decided outlives every outage.

-- name: schema
CREATE TABLE IF NOT EXISTS lines (
    no       INTEGER PRIMARY KEY,
    seq      INTEGER UNIQUE,             -- transitions of alerts only, without holes
    at_us    INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    actor    TEXT,
    document BLOB NOT NULL,              -- JSON; of a transition: the alert as published after it
    hash     BLOB NOT NULL               -- SHA-256 over the line before and this one
) STRICT;
CREATE INDEX IF NOT EXISTS lines_by_subject ON lines (kind, subject, no);
CREATE INDEX IF NOT EXISTS lines_by_kind ON lines (kind, no) WHERE seq IS NULL;
CREATE TRIGGER IF NOT EXISTS lines_stay BEFORE UPDATE ON lines
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS lines_are_kept BEFORE DELETE ON lines
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE IF NOT EXISTS records (
    kind     TEXT NOT NULL,
    key      TEXT NOT NULL,
    document BLOB NOT NULL,              -- JSON
    PRIMARY KEY (kind, key)
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

-- name: append_line
INSERT INTO lines (no, seq, at_us, kind, subject, actor, document, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: put_record
INSERT OR REPLACE INTO records (kind, key, document) VALUES (?, ?, ?);

-- name: drop_record
DELETE FROM records WHERE kind = ? AND key = ?;

-- name: records
SELECT key, document FROM records WHERE kind = ? ORDER BY key;

-- name: put_condition
INSERT OR REPLACE INTO conditions
    (device_id, rule_id, phase, judged_us, began_us, turned_us, deadline_us, value, told)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: put_answer
INSERT OR IGNORE INTO answers (request_id, at_us, answer) VALUES (?, ?, ?);

-- name: drop_old_answers
DELETE FROM answers WHERE at_us < ?;

-- name: conditions
SELECT device_id, rule_id, phase, judged_us, began_us, turned_us, deadline_us, value, told
  FROM conditions;

-- name: answer
SELECT answer FROM answers WHERE request_id = ?;

-- name: recall
SELECT document FROM lines WHERE kind = 'alert' AND subject = ? ORDER BY no DESC LIMIT 1;

-- name: bounds
SELECT min(seq), max(seq) FROM lines;

-- name: head
SELECT no, hash FROM lines ORDER BY no DESC LIMIT 1;

-- name: transitions_since
SELECT seq, document, actor FROM lines WHERE seq > ? ORDER BY seq LIMIT ?;

-- name: lines_after
SELECT no, seq, at_us, kind, subject, actor, document, hash
  FROM lines
 WHERE no > ?
 ORDER BY no
 LIMIT ?;

-- name: receipts
SELECT document FROM lines WHERE kind = 'notice' AND seq IS NULL ORDER BY no DESC LIMIT ?;

-- name: receipts_of
SELECT document FROM lines WHERE kind = 'notice' AND subject = ? ORDER BY no DESC LIMIT ?;
