-- name: rate
SELECT sum(passed) / nullif(sum(received), 0) AS rate
  FROM pass_rate($__timeFrom()::timestamptz, $__timeTo()::timestamptz)

-- name: rate_by_source
SELECT source, rate
  FROM pass_rate($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 ORDER BY source

-- name: rate_by_day
SELECT (day::timestamp AT TIME ZONE 'Asia/Shanghai') AS time, source AS metric, rate AS value
  FROM pass_rate_by_day($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 ORDER BY 1, 2

-- name: messages
SELECT coalesce(sum(received), 0) AS received, coalesce(sum(stored), 0) AS stored,
       coalesce(sum(duplicate), 0) AS duplicate, coalesce(sum(quarantined), 0) AS quarantined,
       (SELECT coalesce(sum(missing), 0) FROM sequence_gaps WHERE $__timeFilter(hour)) AS missing
  FROM books_by_hour($__timeFrom()::timestamptz, $__timeTo()::timestamptz)

-- name: ledger_by_hour
SELECT hour AS time, sum(stored) AS stored, sum(duplicate) AS duplicate,
       sum(quarantined) AS quarantined
  FROM books_by_hour($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 GROUP BY hour
 ORDER BY hour

-- name: ledger_by_source
SELECT books.source, sum(received) AS received, sum(stored) AS stored, sum(duplicate) AS duplicate,
       sum(quarantined) AS quarantined, coalesce(min(gaps.missing), 0) AS missing,
       coalesce(min(gaps.missing), 0) / (sum(received) + coalesce(min(gaps.missing), 0)) AS missing_rate
  FROM books_by_hour($__timeFrom()::timestamptz, $__timeTo()::timestamptz) AS books
  LEFT JOIN (SELECT source, sum(missing) AS missing
               FROM sequence_gaps
              WHERE $__timeFilter(hour)
              GROUP BY source) AS gaps ON gaps.source = books.source
 GROUP BY books.source
HAVING sum(received) > 0
 ORDER BY books.source

-- name: gaps
SELECT hour, source, site_name, device_name, first_seq, last_seq, missing
  FROM sequence_gaps
 WHERE $__timeFilter(hour)
 ORDER BY hour DESC, missing DESC
 LIMIT 100

-- name: late
SELECT bucket AS time, source AS metric, readings AS value
  FROM suspect_readings($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 WHERE reason = 'late'
 ORDER BY bucket, source

-- name: refused
SELECT bucket AS time, reason AS metric, sum(readings) AS value
  FROM suspect_readings($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 WHERE reason <> 'late'
 GROUP BY bucket, reason
 ORDER BY bucket, reason

-- name: delays
SELECT source, median_s, delay_95_s, series
  FROM delays
 ORDER BY delay_95_s DESC

-- name: clocks
SELECT source, site_name, device_name, ahead_s, messages, last_at, alert_id
  FROM clock_skew
 ORDER BY last_at DESC
 LIMIT 100

-- name: quarantine
SELECT reason, source, count(*) AS messages, count(DISTINCT device_id) AS devices,
       count(*) FILTER (WHERE requeued_at IS NULL) AS waiting, max(received_at) AS newest_at
  FROM quarantine
 WHERE $__timeFilter(received_at)
 GROUP BY reason, source
 ORDER BY messages DESC, reason, source
 LIMIT 100

-- name: online_by_source
SELECT domain AS source, sum(online_s) / nullif(sum(total_s), 0) AS rate
  FROM online_rate($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 GROUP BY domain
 ORDER BY domain
