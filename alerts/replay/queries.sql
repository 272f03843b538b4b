-- What was said, in the order in which it was received; one call per stretch of time, so that
-- neither side holds more than that. Readings of ingest/store.py, alerts of alerts/history.

-- name: readings
-- A value that came too late is judged by nobody. A recording counts as received when it was made.
SELECT (extract(epoch FROM heard_at) * 1000000)::bigint, device_id,
       (extract(epoch FROM observed_at) * 1000000)::bigint, metric_id, value, quality
  FROM readings,
       LATERAL (SELECT CASE WHEN device_id = ANY(%(recorded)s) THEN observed_at
                            ELSE received_at END AS heard_at) AS hearing
 WHERE observed_at >= %(start)s AND observed_at < %(end)s
   AND device_id = ANY(%(devices)s) AND metric_id = ANY(%(metrics)s)
   AND heard_at <= observed_at + %(late)s
 ORDER BY heard_at, device_id, observed_at, metric_id

-- name: positions
SELECT (extract(epoch FROM heard_at) * 1000000)::bigint, device_id,
       (extract(epoch FROM observed_at) * 1000000)::bigint, lon, lat, speed_kmh, direction_deg,
       altitude_m
  FROM positions,
       LATERAL (SELECT CASE WHEN device_id = ANY(%(recorded)s) THEN observed_at
                            ELSE received_at END AS heard_at) AS hearing
 WHERE observed_at >= %(start)s AND observed_at < %(end)s AND device_id = ANY(%(devices)s)
   AND quality < 64 AND heard_at <= observed_at + %(late)s
 ORDER BY heard_at, device_id, observed_at

-- name: events
SELECT (extract(epoch FROM heard_at) * 1000000)::bigint, device_id,
       (extract(epoch FROM observed_at) * 1000000)::bigint, kind, active
  FROM device_events,
       LATERAL (SELECT CASE WHEN device_id = ANY(%(recorded)s) THEN observed_at
                            ELSE received_at END AS heard_at) AS hearing
 WHERE observed_at >= %(start)s AND observed_at < %(end)s AND device_id = ANY(%(devices)s)
 ORDER BY heard_at, device_id, observed_at

-- name: announced
-- When the officers were told of alerts of other rules.
SELECT (extract(epoch FROM detected_at) * 1000000)::bigint
  FROM alerts
 WHERE detected_at >= %(start)s AND detected_at < %(end)s AND rule_id <> ALL(%(rule_ids)s)

-- name: hourly
SELECT device_id, metric_id, (extract(epoch FROM bucket) / 3600)::bigint, average, minimum, maximum
  FROM readings_1h
 WHERE bucket >= %(start)s AND bucket < %(end)s
   AND device_id = ANY(%(devices)s) AND metric_id = ANY(%(metrics)s)
 ORDER BY device_id, metric_id, bucket

-- name: values
SELECT (extract(epoch FROM observed_at) * 1000000)::bigint, value
  FROM readings
 WHERE device_id = %(device)s AND metric_id = ANY(%(metrics)s)
   AND observed_at >= %(start)s AND observed_at < %(end)s AND quality < 64
 ORDER BY observed_at
