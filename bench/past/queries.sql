-- name: load_in_bulk
-- Nobody is told of rows that are settled already, and no index is kept up to date meanwhile.
SET session_replication_role = replica;
SET maintenance_work_mem = '256MB';
SET synchronous_commit = off;
SET timezone = 'UTC';

-- name: tell_timescaledb
-- It hears of new indexes by event triggers, and builds them on the chunks then.
SET session_replication_role = origin;

-- name: chunks_without_index
SELECT chunks.chunk_name
  FROM timescaledb_information.chunks
 WHERE (SELECT count(*) FROM pg_index
         WHERE indrelid = format('%I.%I', chunk_schema, chunk_name)::regclass)
     < (SELECT count(*) FROM pg_index
         WHERE indrelid = format('%I.%I', hypertable_schema, hypertable_name)::regclass);

-- name: materialised
SELECT materialization_hypertable_schema, materialization_hypertable_name
  FROM timescaledb_information.continuous_aggregates
 WHERE view_name = %s;

-- name: mark_settled
UPDATE rollup_progress SET settled_until = %(until)s WHERE rollup = %(rollup)s;

-- name: mark_materialised
UPDATE _timescaledb_catalog.continuous_aggs_watermark AS watermarks
   SET watermark = _timescaledb_functions.to_unix_microseconds(%(until)s::timestamptz)
  FROM _timescaledb_catalog.continuous_agg AS aggregates
 WHERE aggregates.mat_hypertable_id = watermarks.mat_hypertable_id
   AND aggregates.user_view_name = %(rollup)s;

-- name: keys
SELECT conname, pg_get_constraintdef(oid)
  FROM pg_constraint
 WHERE conrelid = %s::regclass AND contype = 'p';

-- name: indexes
SELECT pg_namespace.nspname, pg_class.relname, pg_get_indexdef(indexrelid)
  FROM pg_index
  JOIN pg_class ON pg_class.oid = indexrelid
  JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
 WHERE indrelid = %s::regclass AND NOT indisprimary;

-- name: settle_books
SELECT settle_books(now());

-- name: books_of_days
-- Where no hours were written, a day's readings stand in its first hour: figures by day are right.
INSERT INTO books_by_hour (hour, source, received, stored, duplicate, quarantined, readings)
SELECT days.bucket, profiles.document ->> 'domain', 0, 0, 0, 0, sum(days.count)
  FROM readings_1d AS days
  JOIN devices ON devices.number = days.device_id
  JOIN profiles USING (profile_id)
 WHERE days.bucket < (SELECT min(bucket) FROM readings_1h)
 GROUP BY 1, 2
    ON CONFLICT (hour, source) DO UPDATE SET readings = excluded.readings;

-- name: books_are_mended
UPDATE books_progress SET mended_on = (now() AT TIME ZONE 'Asia/Shanghai')::date;
