-- What the devices of one incident said; ingest owns these tables, we may look.
-- `devices`: the alert's own, and those of its site.

-- name: readings
SELECT row_to_json(said)::text
  FROM (SELECT devices.device_id, metrics.name AS metric, value, quality, observed_at, received_at
          FROM readings
          JOIN devices ON devices.number = readings.device_id
          JOIN metrics ON metrics.number = readings.metric_id
         WHERE (devices.device_id = %(device_id)s OR site_id = %(site_id)s)
           AND observed_at BETWEEN %(start)s AND %(end)s
         ORDER BY observed_at, 1, 2
         LIMIT %(limit)s) AS said;

-- name: positions
SELECT row_to_json(said)::text
  FROM (SELECT devices.device_id, positions.lon, positions.lat, speed_kmh, direction_deg,
               altitude_m, quality, observed_at, received_at
          FROM positions
          JOIN devices ON devices.number = positions.device_id
         WHERE (devices.device_id = %(device_id)s OR site_id = %(site_id)s)
           AND observed_at BETWEEN %(start)s AND %(end)s
         ORDER BY observed_at, 1
         LIMIT %(limit)s) AS said;

-- name: events
SELECT row_to_json(said)::text
  FROM (SELECT devices.device_id, kind, active, detail, quality, observed_at, received_at
          FROM device_events
          JOIN devices ON devices.number = device_events.device_id
         WHERE (devices.device_id = %(device_id)s OR site_id = %(site_id)s)
           AND observed_at BETWEEN %(start)s AND %(end)s
         ORDER BY observed_at, 1, 2
         LIMIT %(limit)s) AS said;
