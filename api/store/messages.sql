-- Ingest owns these tables; the api reads them.

-- name: list_last_readings
-- From each metric's newest rows, so that a rare metric costs no more than a frequent one.
SELECT rows.observed_at, rows.received_at, rows.metric_id AS metric, rows.value, rows.quality
  FROM unnest(%(metrics)s::smallint[]) AS wanted (metric),
       LATERAL (SELECT observed_at, received_at, metric_id, value, quality
                  FROM readings
                 WHERE device_id = %(device)s AND metric_id = wanted.metric
                   AND observed_at >= %(start)s AND observed_at < %(end)s
                 ORDER BY observed_at DESC
                 LIMIT %(limit)s) AS rows
 ORDER BY rows.observed_at DESC, rows.metric_id;
