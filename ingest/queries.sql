-- name: create_staging
-- One of each per connection; a commit empties them.
CREATE TEMPORARY TABLE staged_readings (
    observed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    device_id   integer NOT NULL,
    metric_id   smallint NOT NULL,
    value       double precision NOT NULL,
    quality     smallint NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE staged_latest (LIKE staged_readings) ON COMMIT DELETE ROWS

-- name: copy_readings
COPY readings (observed_at, received_at, device_id, metric_id, value, quality)
FROM STDIN (FORMAT binary)

-- name: copy_latest
COPY staged_latest (observed_at, received_at, device_id, metric_id, value, quality)
FROM STDIN (FORMAT binary)

-- name: copy_staged
COPY staged_readings (observed_at, received_at, device_id, metric_id, value, quality)
FROM STDIN (FORMAT binary)

-- name: append_staged
-- Where some were there already: tells which were new, and so which messages were.
INSERT INTO readings (observed_at, received_at, device_id, metric_id, value, quality)
SELECT observed_at, received_at, device_id, metric_id, value, quality FROM staged_readings
ON CONFLICT DO NOTHING
RETURNING device_id, metric_id, (extract(epoch FROM observed_at) * 1000000)::bigint

-- name: update_latest_values
-- The WHERE is the guard: late data never overwrites a newer value.
INSERT INTO latest_values AS latest
       (device_id, metric_id, observed_at, received_at, value, quality)
SELECT device_id, metric_id, observed_at, received_at, value, quality FROM staged_latest
ON CONFLICT (device_id, metric_id) DO UPDATE
   SET observed_at = excluded.observed_at, received_at = excluded.received_at,
       value = excluded.value, quality = excluded.quality
 WHERE excluded.observed_at > latest.observed_at

-- name: append_positions
WITH said AS (
    SELECT * FROM unnest(
        %(observed_at)s::timestamptz[], %(received_at)s::timestamptz[], %(device_id)s::integer[],
        %(lon)s::float8[], %(lat)s::float8[], %(speed_kmh)s::real[], %(direction_deg)s::real[],
        %(altitude_m)s::real[], %(quality)s::smallint[]
    ) AS said (observed_at, received_at, device_id, lon, lat, speed_kmh, direction_deg,
               altitude_m, quality)
), latest AS (
    INSERT INTO latest_positions AS latest
    SELECT DISTINCT ON (device_id) device_id, observed_at, received_at, lon, lat, speed_kmh,
           direction_deg, altitude_m, quality
      FROM said ORDER BY device_id, observed_at DESC
    ON CONFLICT (device_id) DO UPDATE
       SET observed_at = excluded.observed_at, received_at = excluded.received_at,
           lon = excluded.lon, lat = excluded.lat, speed_kmh = excluded.speed_kmh,
           direction_deg = excluded.direction_deg, altitude_m = excluded.altitude_m,
           quality = excluded.quality
     WHERE excluded.observed_at > latest.observed_at
)
INSERT INTO positions (observed_at, received_at, device_id, lon, lat, speed_kmh, direction_deg,
                       altitude_m, quality)
SELECT observed_at, received_at, device_id, lon, lat, speed_kmh, direction_deg, altitude_m, quality
  FROM said
ON CONFLICT DO NOTHING
RETURNING device_id, (extract(epoch FROM observed_at) * 1000000)::bigint

-- name: append_events
INSERT INTO device_events (observed_at, received_at, device_id, kind, active, detail, quality)
SELECT * FROM unnest(
    %(observed_at)s::timestamptz[], %(received_at)s::timestamptz[], %(device_id)s::integer[],
    %(kind)s::text[], %(active)s::boolean[], %(detail)s::text[], %(quality)s::smallint[])
ON CONFLICT DO NOTHING
RETURNING device_id, kind, (extract(epoch FROM observed_at) * 1000000)::bigint, active

-- name: note_redated
INSERT INTO redated_messages (device_id, channel, claimed_at, digest, received_at)
SELECT * FROM unnest(
    %(device_id)s::integer[], %(channel)s::text[], %(claimed_at)s::timestamptz[],
    %(digest)s::bytea[], %(received_at)s::timestamptz[])
ON CONFLICT DO NOTHING
RETURNING digest

-- name: append_quarantine
INSERT INTO quarantine (received_at, device_id, topic, payload, reason, detail, digest)
SELECT * FROM unnest(
    %(received_at)s::timestamptz[], %(device_id)s::integer[], %(topic)s::text[],
    %(payload)s::bytea[], %(reason)s::text[], %(detail)s::text[], %(digest)s::bytea[])
ON CONFLICT (digest) DO NOTHING
RETURNING digest

-- name: add_to_ledger
INSERT INTO ledger (device_id, hour, received, stored, duplicate, quarantined)
SELECT * FROM unnest(
    %(device_id)s::bigint[], %(hour)s::timestamptz[], %(received)s::bigint[],
    %(stored)s::bigint[], %(duplicate)s::bigint[], %(quarantined)s::bigint[])
ON CONFLICT (device_id, hour) DO UPDATE
   SET received = ledger.received + excluded.received, stored = ledger.stored + excluded.stored,
       duplicate = ledger.duplicate + excluded.duplicate,
       quarantined = ledger.quarantined + excluded.quarantined

-- name: load_sequences
SELECT device_id, highest FROM sequences

-- name: load_gaps
SELECT device_id, first_seq, last_seq, (extract(epoch FROM hour) * 1000000)::bigint
  FROM sequence_gaps ORDER BY device_id, first_seq DESC

-- name: save_sequences
INSERT INTO sequences (device_id, highest)
SELECT * FROM unnest(%(device_id)s::bigint[], %(highest)s::bigint[])
ON CONFLICT (device_id) DO UPDATE SET highest = excluded.highest

-- name: close_gaps
DELETE FROM sequence_gaps
 WHERE (device_id, first_seq) IN (
       SELECT * FROM unnest(%(device_id)s::integer[], %(first)s::bigint[]))

-- name: open_gaps
INSERT INTO sequence_gaps (device_id, first_seq, last_seq, hour)
SELECT * FROM unnest(
    %(device_id)s::integer[], %(first)s::bigint[], %(last)s::bigint[], %(hour)s::timestamptz[])
ON CONFLICT (device_id, first_seq) DO UPDATE
   SET last_seq = excluded.last_seq, hour = excluded.hour

-- name: next_quarantined
SELECT id, (extract(epoch FROM received_at) * 1000000)::bigint, coalesce(device_id, 0), topic, payload
  FROM quarantine
 WHERE requeued_at IS NULL AND id > %(after)s
   AND (%(reason)s::text IS NULL OR reason = %(reason)s)
 ORDER BY id LIMIT %(limit)s
   FOR UPDATE SKIP LOCKED

-- name: mark_requeued
UPDATE quarantine SET requeued_at = %(now)s WHERE id = ANY(%(ids)s)
