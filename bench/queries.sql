-- name: ledger_totals
SELECT coalesce(sum(received), 0)::bigint, coalesce(sum(stored), 0)::bigint FROM ledger

-- name: registered
SELECT count(*) FROM devices

-- name: create_like_readings
-- Like the one that readings go to, less its triggers: rollups are not part of a raw COPY.
CREATE TABLE bench_readings (LIKE readings INCLUDING ALL);
SELECT create_hypertable('bench_readings', 'observed_at',
                         chunk_time_interval => INTERVAL '1 day', create_default_indexes => false)

-- name: take_rows_since
COPY (SELECT * FROM readings WHERE received_at >= %(since)s) TO STDOUT (FORMAT binary)

-- name: copy_like_readings
COPY bench_readings FROM STDIN (FORMAT binary)
