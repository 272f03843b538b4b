-- One history each, oldest first. `devices` and `metrics` are numbers, null: all of them.

-- name: readings_raw
SELECT observed_at, received_at, devices.device_id, devices.name AS device_name, site_id,
       profiles.document ->> 'domain' AS domain, metrics.name AS metric, metrics.unit,
       value, quality::int
  FROM readings
  LEFT JOIN devices ON devices.number = readings.device_id
  LEFT JOIN profiles USING (profile_id)
  LEFT JOIN metrics ON metrics.number = readings.metric_id
 WHERE observed_at >= %(start)s AND observed_at < %(end)s
   AND (%(devices)s::int[] IS NULL OR readings.device_id = ANY(%(devices)s))
   AND (%(metrics)s::smallint[] IS NULL OR metric_id = ANY(%(metrics)s))
 ORDER BY observed_at, readings.device_id, metric_id;

-- name: rolled_up
-- `rollup` is one of readings_1m, readings_1h and readings_1d, which have the same columns.
SELECT bucket, devices.device_id, devices.name AS device_name, site_id,
       profiles.document ->> 'domain' AS domain, metrics.name AS metric, metrics.unit,
       count, minimum, maximum, average, last
  FROM {rollup} AS rolled
  LEFT JOIN devices ON devices.number = rolled.device_id
  LEFT JOIN profiles USING (profile_id)
  LEFT JOIN metrics ON metrics.number = rolled.metric_id
 WHERE bucket >= %(start)s AND bucket < %(end)s
   AND (%(devices)s::int[] IS NULL OR rolled.device_id = ANY(%(devices)s))
   AND (%(metrics)s::smallint[] IS NULL OR metric_id = ANY(%(metrics)s))
 ORDER BY bucket, rolled.device_id, metric_id;

-- name: positions
SELECT observed_at, received_at, devices.device_id, devices.name AS device_name, site_id,
       positions.lon, positions.lat, speed_kmh::float8, direction_deg::float8, altitude_m::float8,
       quality::int
  FROM positions
  LEFT JOIN devices ON devices.number = positions.device_id
 WHERE observed_at >= %(start)s AND observed_at < %(end)s
   AND (%(devices)s::int[] IS NULL OR positions.device_id = ANY(%(devices)s))
 ORDER BY observed_at, positions.device_id;

-- name: events
SELECT observed_at, received_at, devices.device_id, devices.name AS device_name, site_id,
       profiles.document ->> 'domain' AS domain, kind, active, detail, quality::int
  FROM device_events
  LEFT JOIN devices ON devices.number = device_events.device_id
  LEFT JOIN profiles USING (profile_id)
 WHERE observed_at >= %(start)s AND observed_at < %(end)s
   AND (%(devices)s::int[] IS NULL OR device_events.device_id = ANY(%(devices)s))
 ORDER BY observed_at, device_events.device_id, kind, active;

-- name: alerts
SELECT alert_id, raised_at, detected_at, rule_id, kind, priority, state, domain, device_id,
       device_name, site_id, site_name, district, grid_code, desk_id, title_zh, title_en, subject,
       value, limit_value, unit, notified_at, acknowledged_at, acknowledged_by, dispatched_at,
       on_site_at, returned_at, cleared_at, verdict, drill, life_safety, hold_state, folded_under,
       ack_s, dispatch_s, arrive_s, clear_s
  FROM dash.alert_history
 WHERE raised_at >= %(start)s AND raised_at < %(end)s
   AND (%(device_ids)s::text[] IS NULL OR device_id = ANY(%(device_ids)s))
   AND (%(site_ids)s::text[] IS NULL OR site_id = ANY(%(site_ids)s))
   AND (%(domain)s::text IS NULL OR domain = %(domain)s)
 ORDER BY raised_at, alert_id;

-- name: transitions
SELECT seq, at, alert_id, transition, document ->> 'state' AS state, rule_id, priority,
       document ->> 'domain' AS domain, document ->> 'device_id' AS device_id,
       document ->> 'site_id' AS site_id, desk_id, annunciation, actor, document ->> 'note' AS note
  FROM alert_events
 WHERE at >= %(start)s AND at < %(end)s
   AND (%(device_ids)s::text[] IS NULL OR document ->> 'device_id' = ANY(%(device_ids)s))
   AND (%(site_ids)s::text[] IS NULL OR document ->> 'site_id' = ANY(%(site_ids)s))
   AND (%(domain)s::text IS NULL OR document ->> 'domain' = %(domain)s)
 ORDER BY at, seq;

-- name: ledger
SELECT hour, devices.device_id, devices.name AS device_name, site_id,
       profiles.document ->> 'domain' AS domain, received, stored, duplicate, quarantined
  FROM ledger
  LEFT JOIN devices ON devices.number = ledger.device_id
  LEFT JOIN profiles USING (profile_id)
 WHERE hour >= %(start)s AND hour < %(end)s
   AND (%(devices)s::int[] IS NULL OR ledger.device_id = ANY(%(devices)s))
 ORDER BY hour, ledger.device_id;

-- name: quarantine
-- A summary: what the messages said stays here.
SELECT date_trunc('day', received_at, 'Asia/Shanghai') AS day, reason, devices.device_id,
       devices.name AS device_name, site_id, count(*) AS messages, count(requeued_at) AS read_again,
       min(received_at) AS first_at, max(received_at) AS last_at
  FROM quarantine
  LEFT JOIN devices ON devices.number = quarantine.device_id
 WHERE received_at >= %(start)s AND received_at < %(end)s
   AND (%(devices)s::int[] IS NULL OR quarantine.device_id = ANY(%(devices)s))
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1, 2, 3;
