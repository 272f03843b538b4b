-- How long everything is kept: data, not code. Owner: ingest/upkeep.py.
-- depends: 0003.alerts 0005.rollups

-- An hour is settled from its minutes and a day from its hours, so a rollup takes in late rows
-- for as long as what it is made of is kept whole.
CREATE TABLE retention_classes (
    relation    text PRIMARY KEY,
    time_column text NOT NULL,
    keep        interval,                   -- null: for ever
    at_least    interval NOT NULL DEFAULT '1 day',
    reason      text NOT NULL,
    CONSTRAINT retention_classes_keep_their_promise CHECK (keep >= at_least)
);

-- Fire records stay a year at least (GB 50440; clause not seen). Chunks hold every domain and
-- are dropped whole, so `readings` has one limit, that of fire: taking lighting out of a chunk
-- would rewrite it for little, as the columnstore packs these chunks tightly where it exists.
INSERT INTO retention_classes (relation, time_column, keep, at_least, reason) VALUES
    ('readings',      'observed_at', '400 days',  '366 days', 'state of fire facilities: a year and some'),
    ('device_events', 'observed_at', '1096 days', '366 days', 'fire signals: a year; few rows, so three'),
    ('alerts',        'cleared_at',  '1096 days', '366 days', 'the same; open alerts have no such time and stay'),
    ('alert_events',  'at',          '1096 days', '366 days', 'the same'),
    ('quarantine',    'received_at', '400 days',  '366 days', 'an unread message may be a fire record'),
    ('ledger',        'hour',        '400 days',  '366 days', 'proves the readings complete'),
    ('sequence_gaps', 'hour',        '400 days',  '366 days', 'the same'),
    ('positions',     'observed_at', '180 days',  '1 day',    'muck truck journeys: half a year of disputes'),
    ('redated_messages', 'received_at', '30 days',   '8 days',   'outlives every repeat by broker and spool'),
    ('readings_1m',   'bucket',      '366 days',  '2 days',   'the same day last year'),
    ('readings_1h',   'bucket',      '1827 days', '2 days',   'five years of seasons'),
    ('readings_1d',   'bucket',      NULL,        '1 day',    'one row a day and series costs nothing');
GRANT SELECT ON retention_classes TO yiwang_ingest, yiwang_api, yiwang_grafana;

CREATE INDEX alert_events_by_time ON alert_events USING brin (at);
CREATE INDEX redated_messages_by_time ON redated_messages USING brin (received_at);

-- Tables without chunks lose expired rows a bounded number at a time. The owner's rights are
-- lent for this alone: nobody holds DELETE on the history of alerts. A caller whose clock is
-- ahead deletes nothing early.
CREATE FUNCTION delete_expired_rows(as_of timestamptz, at_most bigint)
RETURNS TABLE (expired text, deleted bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    class retention_classes;
BEGIN
    FOR class IN
        SELECT classes.*
          FROM retention_classes AS classes
          JOIN pg_class ON pg_class.oid = to_regclass(classes.relation) AND relkind = 'r'
         WHERE keep IS NOT NULL
           AND relation NOT IN (SELECT hypertable_name FROM timescaledb_information.hypertables)
    LOOP
        EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY('
                       'SELECT ctid FROM %1$I WHERE %2$I < $1 LIMIT $2))',
                       class.relation, class.time_column)
          USING least(as_of, now()) - class.keep, at_most;
        GET DIAGNOSTICS deleted = ROW_COUNT;
        expired := class.relation;
        RETURN NEXT;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION delete_expired_rows FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delete_expired_rows TO yiwang_ingest;

-- Apache edition: chunks go when the upkeep says so.
DO $$
BEGIN
    IF current_setting('timescaledb.license') = 'timescale' THEN
        RETURN;
    END IF;

    CREATE FUNCTION drop_expired_chunks(as_of timestamptz)
    RETURNS TABLE (expired text, dropped bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $function$
    DECLARE
        class record;
    BEGIN
        FOR class IN
            SELECT relation, keep, hypertable_name
              FROM retention_classes
              JOIN timescaledb_information.hypertables
                ON hypertable_name IN (relation, relation || '_settled')
             WHERE keep IS NOT NULL
        LOOP
            SELECT class.relation, count(*) INTO expired, dropped
              FROM drop_chunks(class.hypertable_name::regclass,
                               older_than => least(as_of, now()) - class.keep);
            RETURN NEXT;
        END LOOP;
    END $function$;
    REVOKE ALL ON FUNCTION drop_expired_chunks FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION drop_expired_chunks TO yiwang_ingest;
END $$;

-- Community edition: TimescaleDB's own jobs settle, compress and drop; the upkeep sees that they
-- agree with retention_classes.
DO $$
BEGIN
    IF current_setting('timescaledb.license') <> 'timescale' THEN
        RETURN;
    END IF;

    -- Late rows may still be written into compressed days, however many.
    ALTER TABLE readings SET (timescaledb.enable_columnstore,
                              timescaledb.segmentby = 'device_id, metric_id',
                              timescaledb.orderby = 'observed_at');
    CALL add_columnstore_policy('readings', after => INTERVAL '7 days');
    EXECUTE format('ALTER DATABASE %I '
                   'SET timescaledb.max_tuples_decompressed_per_dml_transaction = 0',
                   current_database());

    -- A refresh must never reach back to where its source has been dropped: it would empty the
    -- rollup there. Hence `start_offset`. Late rows are settled with the next run.
    CREATE VIEW wanted_policies AS
    SELECT relation, 'policy_retention' AS policy, INTERVAL '1 day' AS every,
           CASE WHEN keep IS NOT NULL THEN jsonb_build_object('drop_after', keep) END AS config
      FROM retention_classes
     WHERE relation IN (SELECT hypertable_name FROM timescaledb_information.hypertables
                        UNION ALL
                        SELECT view_name FROM timescaledb_information.continuous_aggregates)
     UNION ALL
    SELECT rollup, 'policy_refresh_continuous_aggregate', every,
           jsonb_build_object('start_offset', min(keep), 'end_offset', margin)
      FROM (VALUES ('readings_1m', 'readings',    INTERVAL '30 seconds', INTERVAL '1 minute'),
                   ('readings_1h', 'readings_1m', INTERVAL '5 minutes',  INTERVAL '5 minutes'),
                   ('readings_1d', 'readings_1h', INTERVAL '1 hour',     INTERVAL '15 minutes')
           ) AS rollups (rollup, source, margin, every)
      JOIN retention_classes ON relation IN (rollup, source)
     GROUP BY rollup, margin, every;

    -- One row for each policy that had to be made, changed or (kept for ever) taken away.
    CREATE FUNCTION align_policies() RETURNS TABLE (aligned text, with_policy text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $function$
    DECLARE
        wanted wanted_policies;
    BEGIN
        FOR wanted IN
            SELECT policies.*
              FROM wanted_policies AS policies
              LEFT JOIN timescaledb_information.continuous_aggregates ON view_name = relation
              LEFT JOIN timescaledb_information.jobs
                ON jobs.hypertable_name IN (relation, materialization_hypertable_name)
               AND jobs.proc_name = policy
             WHERE CASE WHEN policies.config IS NULL THEN job_id IS NOT NULL
                        ELSE (schedule_interval = every AND jobs.config @> policies.config)
                             IS NOT TRUE END
        LOOP
            IF wanted.policy = 'policy_retention' THEN
                PERFORM remove_retention_policy(wanted.relation::regclass, if_exists => true);
                IF wanted.config IS NOT NULL THEN
                    PERFORM add_retention_policy(
                        wanted.relation::regclass, (wanted.config ->> 'drop_after')::interval,
                        schedule_interval => wanted.every);
                END IF;
            ELSE
                PERFORM remove_continuous_aggregate_policy(
                    wanted.relation::regclass, if_exists => true);
                PERFORM add_continuous_aggregate_policy(
                    wanted.relation::regclass, (wanted.config ->> 'start_offset')::interval,
                    (wanted.config ->> 'end_offset')::interval, wanted.every);
            END IF;
            aligned := wanted.relation;
            with_policy := wanted.policy;
            RETURN NEXT;
        END LOOP;
    END $function$;
    REVOKE ALL ON FUNCTION align_policies FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION align_policies TO yiwang_ingest;
    PERFORM align_policies();
END $$;
