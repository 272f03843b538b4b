-- What the upkeep says to the database. Settling exists on the Apache edition alone; its
-- tables, views and functions are made by the migrations 0005.rollups and 0006.retention.

-- name: claim_upkeep
-- Ours until the connection ends, whatever ends it.
SELECT pg_try_advisory_lock(hashtextextended('yiwang ingest upkeep', 0))

-- name: be_modest
-- Room for a hash table of every series; one core, the others belong to ingest.
SELECT set_config('work_mem', '256MB', false),
       set_config('max_parallel_workers_per_gather', '0', false)

-- name: settles_by_itself
SELECT to_regclass('rollup_progress') IS NULL

-- name: discard_expired
-- What these buckets are made of has been dropped, or may be any day: they stay as they are.
DELETE FROM rollup_invalidations
 WHERE rollup = %(rollup)s
   AND bucket < %(now)s - (SELECT min(keep) FROM retention_classes
                            WHERE relation IN (%(rollup)s, %(below)s))

-- name: touched_buckets
-- New buckets first: as long as one is missing, readers count everything after it on the fly.
SELECT bucket, bool_or(device_id IS NULL) AS whole, count(*) AS notes
  FROM rollup_invalidations
 WHERE rollup = %(rollup)s
   AND bucket < time_bucket(%(width)s::interval, %(until)s, 'Asia/Shanghai')
 GROUP BY bucket
 ORDER BY bucket < (SELECT settled_until FROM rollup_progress WHERE rollup = %(rollup)s), bucket
 LIMIT %(at_most)s

-- name: take_notes
-- Notes written from here on belong to rows that may not be seen yet: the next pass finds them.
WITH taken AS (
    DELETE FROM rollup_invalidations
     WHERE rollup = %(rollup)s AND bucket = ANY (%(buckets)s)
    RETURNING bucket, device_id, metric_id
)
SELECT DISTINCT bucket, device_id, metric_id FROM taken

-- name: settle_bucket
-- Every series of one bucket.
INSERT INTO {target} AS settled
       (bucket, device_id, metric_id, count, sum, minimum, maximum, last)
SELECT %(bucket)s, device_id, metric_id, sum(count), sum(sum), min(minimum), max(maximum),
       last(last, bucket)
  FROM {source}
 WHERE bucket >= %(bucket)s AND bucket < %(bucket)s + %(width)s::interval
 GROUP BY device_id, metric_id
ON CONFLICT (device_id, metric_id, bucket) DO UPDATE
   SET count = excluded.count, sum = excluded.sum, minimum = excluded.minimum,
       maximum = excluded.maximum, last = excluded.last
 WHERE settled.count <> excluded.count

-- name: settle_series
-- Single series, each found through the primary key.
INSERT INTO {target} AS settled
       (bucket, device_id, metric_id, count, sum, minimum, maximum, last)
SELECT touched.bucket, touched.device_id, touched.metric_id, rollup.*
  FROM unnest(%(buckets)s::timestamptz[], %(devices)s::integer[], %(metrics)s::smallint[])
       AS touched (bucket, device_id, metric_id)
 CROSS JOIN LATERAL (
       SELECT sum(count) AS count, sum(sum), min(minimum), max(maximum), last(last, bucket)
         FROM {source} AS source
        WHERE source.device_id = touched.device_id AND source.metric_id = touched.metric_id
          AND source.bucket >= touched.bucket
          AND source.bucket < touched.bucket + %(width)s::interval
          AND source.bucket >= %(first)s
          AND source.bucket < %(last)s + %(width)s::interval
       ) AS rollup
 WHERE rollup.count > 0
ON CONFLICT (device_id, metric_id, bucket) DO UPDATE
   SET count = excluded.count, sum = excluded.sum, minimum = excluded.minimum,
       maximum = excluded.maximum, last = excluded.last
 WHERE settled.count <> excluded.count

-- name: note_above
-- The bucket of the next level has to be settled again too.
INSERT INTO rollup_invalidations (rollup, bucket, device_id, metric_id)
SELECT DISTINCT %(rollup)s, time_bucket(%(width)s::interval, bucket, 'Asia/Shanghai'),
       device_id, metric_id
  FROM unnest(%(buckets)s::timestamptz[], %(devices)s::integer[], %(metrics)s::smallint[])
       AS touched (bucket, device_id, metric_id)

-- name: advance
UPDATE rollup_progress AS progress
   SET settled_until = greatest(
       settled_until,
       least(time_bucket(%(width)s::interval, %(until)s, 'Asia/Shanghai'),
             (SELECT min(bucket) FROM rollup_invalidations AS noted
               WHERE noted.rollup = progress.rollup AND noted.bucket >= progress.settled_until)))
 WHERE rollup = %(rollup)s
RETURNING settled_until

-- name: drop_expired_chunks
SELECT expired, dropped FROM drop_expired_chunks(%(now)s)

-- name: align_policies
SELECT aligned, with_policy FROM align_policies()

-- name: failing_policies
SELECT jobs.hypertable_name, proc_name
  FROM timescaledb_information.jobs
  JOIN timescaledb_information.job_stats USING (job_id)
 WHERE jobs.hypertable_name IS NOT NULL AND last_run_status = 'Failed'

-- name: delete_expired_rows
SELECT expired, deleted FROM delete_expired_rows(%(now)s, %(at_most)s)

-- name: settle_books
SELECT settle_books(%(now)s) AS more;
