-- Ingest owns these tables; the api reads them.

-- name: list_latest
SELECT device_id AS device, metric_id AS metric, observed_at, received_at, value, quality
  FROM latest_values
 WHERE device_id = ANY(%(devices)s)
   AND (device_id, metric_id) > (%(device)s, %(metric)s)
 ORDER BY device_id, metric_id
 LIMIT %(limit)s;

-- name: list_points_raw
SELECT observed_at AS at, value, quality
  FROM readings
 WHERE device_id = %(device)s AND metric_id = %(metric)s
   AND observed_at >= %(start)s AND observed_at < %(end)s
 ORDER BY observed_at
 LIMIT %(limit)s;

-- name: list_points_1m
SELECT bucket AS at, count, minimum, maximum, average
  FROM readings_1m
 WHERE device_id = %(device)s AND metric_id = %(metric)s
   AND bucket >= %(start)s AND bucket < %(end)s
 ORDER BY bucket
 LIMIT %(limit)s;

-- name: list_points_1h
SELECT bucket AS at, count, minimum, maximum, average
  FROM readings_1h
 WHERE device_id = %(device)s AND metric_id = %(metric)s
   AND bucket >= %(start)s AND bucket < %(end)s
 ORDER BY bucket
 LIMIT %(limit)s;

-- name: list_points_1d
SELECT bucket AS at, count, minimum, maximum, average
  FROM readings_1d
 WHERE device_id = %(device)s AND metric_id = %(metric)s
   AND bucket >= %(start)s AND bucket < %(end)s
 ORDER BY bucket
 LIMIT %(limit)s;

-- name: list_positions
SELECT observed_at, received_at, lon, lat, speed_kmh, direction_deg, altitude_m, quality
  FROM positions
 WHERE device_id = %(device)s AND observed_at >= %(start)s AND observed_at < %(end)s
 ORDER BY observed_at DESC
 LIMIT %(limit)s;

-- name: list_events
SELECT observed_at, received_at, kind, active, detail, quality
  FROM device_events
 WHERE device_id = %(device)s AND observed_at >= %(start)s AND observed_at < %(end)s
 ORDER BY observed_at DESC, kind
 LIMIT %(limit)s;
