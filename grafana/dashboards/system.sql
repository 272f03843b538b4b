-- name: programs
SELECT program, instance, state, age_s, detail, at
  FROM heartbeats
 ORDER BY program, instance

-- name: program_states
SELECT time_bucket('$__interval', at) AS time, concat_ws('/', program, nullif(instance, '')) AS metric,
       max(array_position('{running,degraded,stopping,lost}', state)) AS value
  FROM vitals
 WHERE $__timeFilter(at)
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: ingest_now
SELECT sum((facts ->> 'rate_per_s')::float8) AS rate,
       max((facts ->> 'oldest_uncommitted_s')::float8) AS lag,
       min((facts ->> 'spool_hours_left')::float8) AS hours,
       sum((facts ->> 'spooled')::float8) AS spooled
  FROM heartbeats
 WHERE program = 'ingest' AND state IN ('running', 'degraded')

-- name: rate
SELECT time_bucket('$__interval', at) AS time, concat('ingest/', instance) AS metric,
       avg(rate_per_s) AS value
  FROM vitals
 WHERE program = 'ingest' AND $__timeFilter(at)
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: lag
SELECT time_bucket('$__interval', at) AS time, concat('ingest/', instance) AS metric,
       max(oldest_uncommitted_s) AS value
  FROM vitals
 WHERE program = 'ingest' AND $__timeFilter(at)
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: budget
SELECT time_bucket('$__interval', at) AS time, min(spool_hours_left) AS hours
  FROM vitals
 WHERE program = 'ingest' AND $__timeFilter(at)
 GROUP BY 1
 ORDER BY 1

-- name: spool
SELECT time_bucket('$__interval', at) AS time, max(spooled) AS spooled, max(in_flight) AS in_flight
  FROM vitals
 WHERE program = 'ingest' AND $__timeFilter(at)
 GROUP BY 1
 ORDER BY 1

-- name: broker
WITH beats AS (
    SELECT bool_or(program = 'api' AND age_s <= limit_s) AS told,
           bool_or(program <> 'api' AND age_s <= limit_s) AS heard
      FROM heartbeats)
SELECT CASE WHEN told IS NOT TRUE THEN 'unknown' WHEN heard THEN 'up' ELSE 'down' END AS broker
  FROM beats

-- name: database
SELECT bytes, connections, connections_limit, hit_rate, deadlocks
  FROM database_figures()

-- name: sizes
SELECT relation, bytes, keep_days, reason
  FROM relation_sizes()

-- name: ages
SELECT source, CASE WHEN age_s <= limit_s THEN 'fresh' ELSE 'stale' END AS stale, age_s, limit_s,
       received_at
  FROM data_age
 ORDER BY source

-- name: messages_by_hour
SELECT hour AS time, source AS metric, received AS value
  FROM books_by_hour($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 ORDER BY hour, source
