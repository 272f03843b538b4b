-- Rollups by minute, hour and local day, under the same names in both editions of TimescaleDB.
-- Owner: ingest/upkeep.py. Only good values count (devices/reading.py). Days begin at midnight
-- in Asia/Shanghai. An average of averages would be wrong, so every level keeps count and sum.
-- depends: 0002.readings

-- Rows arrive nearly in the order of time. BRIN finds a minute of all devices for next to no
-- cost on insert; multi-minmax keeps a range narrow when a late row lands in it.
CREATE INDEX readings_by_time ON readings USING brin (observed_at timestamptz_minmax_multi_ops)
    WITH (pages_per_range = 256, autosummarize = on);

-- Community edition: continuous aggregates. They answer up to the newest row, TimescaleDB notes
-- which ranges were touched, and the policies (0006.retention) settle them.
DO $$
BEGIN
    IF current_setting('timescaledb.license') <> 'timescale' THEN
        RETURN;
    END IF;

    CREATE MATERIALIZED VIEW readings_1m
    WITH (timescaledb.continuous, timescaledb.materialized_only = false,
          timescaledb.create_group_indexes = false) AS
    SELECT time_bucket('1 minute', observed_at) AS bucket, device_id, metric_id,
           count(*) AS count, sum(value) AS sum, min(value) AS minimum, max(value) AS maximum,
           sum(value) / count(*) AS average, last(value, observed_at) AS last
      FROM readings
     WHERE quality < 64
     GROUP BY 1, 2, 3
      WITH NO DATA;

    CREATE MATERIALIZED VIEW readings_1h
    WITH (timescaledb.continuous, timescaledb.materialized_only = false,
          timescaledb.create_group_indexes = false) AS
    SELECT time_bucket('1 hour', bucket) AS bucket, device_id, metric_id,
           sum(count)::bigint AS count, sum(sum) AS sum, min(minimum) AS minimum,
           max(maximum) AS maximum, sum(sum) / sum(count)::bigint AS average,
           last(last, bucket) AS last
      FROM readings_1m
     GROUP BY 1, 2, 3
      WITH NO DATA;

    CREATE MATERIALIZED VIEW readings_1d
    WITH (timescaledb.continuous, timescaledb.materialized_only = false,
          timescaledb.create_group_indexes = false) AS
    SELECT time_bucket('1 day', bucket, 'Asia/Shanghai') AS bucket, device_id, metric_id,
           sum(count)::bigint AS count, sum(sum) AS sum, min(minimum) AS minimum,
           max(maximum) AS maximum, sum(sum) / sum(count)::bigint AS average,
           last(last, bucket) AS last
      FROM readings_1h
     GROUP BY 1, 2, 3
      WITH NO DATA;

    CREATE INDEX ON readings_1m (device_id, metric_id, bucket);
    CREATE INDEX ON readings_1h (device_id, metric_id, bucket);
    CREATE INDEX ON readings_1d (device_id, metric_id, bucket);
END $$;

-- Apache edition: what continuous aggregates do, in tables. Inserts note which buckets they
-- touch; ingest/upkeep.py settles noted buckets once they are over, and again when a late row
-- touches them; views add what is not settled yet.
DO $$
BEGIN
    IF current_setting('timescaledb.license') = 'timescale' THEN
        RETURN;
    END IF;

    CREATE TABLE readings_1m_settled (
        bucket    timestamptz NOT NULL,
        device_id integer NOT NULL,
        metric_id smallint NOT NULL,
        count     bigint NOT NULL,
        sum       double precision NOT NULL,
        minimum   double precision NOT NULL,
        maximum   double precision NOT NULL,
        last      double precision NOT NULL,
        PRIMARY KEY (device_id, metric_id, bucket)
    );
    CREATE TABLE readings_1h_settled (LIKE readings_1m_settled INCLUDING INDEXES);
    CREATE TABLE readings_1d_settled (LIKE readings_1m_settled INCLUDING INDEXES);
    PERFORM create_hypertable('readings_1m_settled', 'bucket',
        chunk_time_interval => INTERVAL '7 days', create_default_indexes => false);
    PERFORM create_hypertable('readings_1h_settled', 'bucket',
        chunk_time_interval => INTERVAL '90 days', create_default_indexes => false);
    PERFORM create_hypertable('readings_1d_settled', 'bucket',
        chunk_time_interval => INTERVAL '1000 days', create_default_indexes => false);
    CREATE INDEX ON readings_1m_settled
        USING brin (bucket timestamptz_minmax_multi_ops) WITH (autosummarize = on);
    CREATE INDEX ON readings_1h_settled
        USING brin (bucket timestamptz_minmax_multi_ops) WITH (autosummarize = on);

    -- Append-only for writers, so that they never wait for each other. No device: every series.
    CREATE TABLE rollup_invalidations (
        rollup    text NOT NULL,
        bucket    timestamptz NOT NULL,
        device_id integer,
        metric_id smallint
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

    CREATE TABLE rollup_progress (
        rollup        text PRIMARY KEY,
        settled_until timestamptz NOT NULL DEFAULT '-infinity'
    );
    INSERT INTO rollup_progress (rollup)
    VALUES ('readings_1m'), ('readings_1h'), ('readings_1d');
    INSERT INTO rollup_invalidations (rollup, bucket)
    SELECT DISTINCT 'readings_1m', time_bucket('1 minute', observed_at)
      FROM readings WHERE quality < 64;

    -- A truck that sends its day must not make us count everybody's day again: few series are
    -- noted by name, many as "every series".
    CREATE FUNCTION note_touched_minutes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $function$
    BEGIN
        INSERT INTO rollup_invalidations (rollup, bucket, device_id, metric_id)
        SELECT DISTINCT 'readings_1m', minute,
               CASE WHEN series <= 100 THEN device_id END,
               CASE WHEN series <= 100 THEN metric_id END
          FROM (SELECT minute, device_id, metric_id, count(*) OVER (PARTITION BY minute) AS series
                  FROM (SELECT DISTINCT time_bucket('1 minute', observed_at) AS minute,
                               device_id, metric_id
                          FROM inserted
                         WHERE quality < 64) AS touched) AS counted;
        RETURN NULL;
    END $function$;
    CREATE TRIGGER readings_note_touched_minutes AFTER INSERT ON readings
        REFERENCING NEW TABLE AS inserted
        FOR EACH STATEMENT EXECUTE FUNCTION note_touched_minutes();

    -- Not truly immutable: it only grows. Declared so, the planner puts its value into the plan
    -- and leaves a year of chunks out. A plan that is kept knows an older value and counts more
    -- on the fly, with the same result.
    CREATE FUNCTION settled_until(wanted text) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
        'SELECT settled_until FROM rollup_progress WHERE rollup = wanted';

    -- A reading in the shape of a rollup, so that the same statements settle every level.
    CREATE VIEW good_readings AS
    SELECT observed_at AS bucket, device_id, metric_id, 1 AS count, value AS sum,
           value AS minimum, value AS maximum, value AS last
      FROM readings
     WHERE quality < 64;

    CREATE VIEW readings_1m AS
    SELECT bucket, device_id, metric_id, count, sum, minimum, maximum, sum / count AS average, last
      FROM readings_1m_settled
     WHERE bucket < settled_until('readings_1m')
     UNION ALL
    SELECT time_bucket('1 minute', bucket), device_id, metric_id, sum(count)::bigint, sum(sum),
           min(minimum), max(maximum), sum(sum) / sum(count)::bigint, last(last, bucket)
      FROM good_readings
     WHERE bucket >= settled_until('readings_1m')
     GROUP BY 1, 2, 3;

    CREATE VIEW readings_1h AS
    SELECT bucket, device_id, metric_id, count, sum, minimum, maximum, sum / count AS average, last
      FROM readings_1h_settled
     WHERE bucket < settled_until('readings_1h')
     UNION ALL
    SELECT time_bucket('1 hour', bucket), device_id, metric_id, sum(count)::bigint, sum(sum),
           min(minimum), max(maximum), sum(sum) / sum(count)::bigint, last(last, bucket)
      FROM readings_1m
     WHERE bucket >= settled_until('readings_1h')
     GROUP BY 1, 2, 3;

    CREATE VIEW readings_1d AS
    SELECT bucket, device_id, metric_id, count, sum, minimum, maximum, sum / count AS average, last
      FROM readings_1d_settled
     WHERE bucket < settled_until('readings_1d')
     UNION ALL
    SELECT time_bucket('1 day', bucket, 'Asia/Shanghai'), device_id, metric_id,
           sum(count)::bigint, sum(sum), min(minimum), max(maximum),
           sum(sum) / sum(count)::bigint, last(last, bucket)
      FROM readings_1h
     WHERE bucket >= settled_until('readings_1d')
     GROUP BY 1, 2, 3;

    GRANT SELECT ON rollup_progress TO yiwang_api, yiwang_grafana, yiwang_alerts;
    GRANT SELECT, UPDATE (settled_until) ON rollup_progress TO yiwang_ingest;
    GRANT SELECT, INSERT, DELETE ON rollup_invalidations TO yiwang_ingest;
    GRANT SELECT ON good_readings TO yiwang_ingest;
    GRANT SELECT, INSERT, UPDATE ON readings_1m_settled, readings_1h_settled, readings_1d_settled
        TO yiwang_ingest;
END $$;

GRANT SELECT ON readings_1m, readings_1h, readings_1d
    TO yiwang_ingest, yiwang_api, yiwang_grafana, yiwang_alerts;
