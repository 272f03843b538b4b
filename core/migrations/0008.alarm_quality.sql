-- Is the duty room told what matters, and no more? KPIs of ISA-18.2 / IEC 62682 and EEMUA 191 over
-- the history of alerts. Owner: alerts/noise/quality.py.
-- depends: 0007.alarm_management

-- What a transition was to the person on duty: shown (a sound, a line), folded under another one
-- in a flood, held back (window, parent, shelf, out of service), or part of a drill. Null: no news.
CREATE FUNCTION annunciation_of(transition text, document jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN transition NOT IN ('raised', 'unshelved', 'unsuppressed', 'returned_to_service') THEN NULL
    WHEN (document ->> 'drill')::boolean THEN 'drill'
    WHEN document ->> 'state' IN ('shelved', 'suppressed', 'out_of_service') THEN 'held'
    WHEN document ->> 'state' <> 'unacknowledged' THEN NULL
    WHEN document ->> 'folded_under' IS NOT NULL THEN 'folded'
    ELSE 'shown'
END;

-- Read out of the document once, when it is written: a month is then counted from the index alone.
ALTER TABLE alert_events
    ADD COLUMN annunciation text GENERATED ALWAYS AS (
        annunciation_of(transition, document)) STORED,
    ADD COLUMN desk_id  text GENERATED ALWAYS AS (coalesce(document ->> 'desk_id', '')) STORED,
    ADD COLUMN rule_id  text GENERATED ALWAYS AS (document ->> 'rule_id') STORED,
    ADD COLUMN source   text GENERATED ALWAYS AS (
        coalesce(document ->> 'device_id', document ->> 'site_id', 'system')) STORED,
    ADD COLUMN priority text GENERATED ALWAYS AS (document ->> 'priority') STORED;
CREATE INDEX alert_events_told ON alert_events (at)
    INCLUDE (alert_id, annunciation, desk_id, rule_id, source, priority)
    WHERE annunciation IS NOT NULL;
CREATE INDEX alert_events_acted ON alert_events (at) INCLUDE (alert_id, transition, rule_id, source)
    WHERE transition IN ('acknowledged', 'returned', 'cleared', 'verified', 'handed_over',
                         'dispatched', 'assigned');

-- What stood for more than a day, and what was open at some instant, are few of many.
CREATE INDEX alerts_lasting ON alerts (detected_at)
    WHERE cleared_at IS NULL OR cleared_at - detected_at > INTERVAL '24 hours';
CREATE INDEX alerts_by_end ON alerts (cleared_at);

-- The targets are data. `higher`: the value should reach the target rather than stay under it.
CREATE TABLE alarm_targets (
    metric     text PRIMARY KEY,
    position   integer NOT NULL UNIQUE,
    title_zh   text NOT NULL,
    title_en   text NOT NULL,
    unit       text NOT NULL,
    target     double precision,          -- null: told for information
    manageable double precision,          -- between the two it is too much, but can be managed
    higher     boolean NOT NULL DEFAULT false,
    source     text NOT NULL DEFAULT ''
);
INSERT INTO alarm_targets
    (metric, position, title_zh, title_en, unit, target, manageable, higher, source)
VALUES
    ('per_10_min', 1, '每席每10分钟平均报警', 'per operator and 10 minutes, average',
     '1', 1, 2, false, 'ISA-18.2-2016 table 7'),
    ('per_hour', 2, '每席每小时平均报警', 'per operator and hour, average',
     '1', 6, 12, false, 'ISA-18.2-2016 table 7'),
    ('per_day', 3, '每席每天平均报警', 'per operator and day, average',
     '1', 144, 288, false, 'IEC 62682'),
    ('periods_over_10', 4, '报警超过10条的10分钟占比', '10-minute periods with more than 10',
     '%', 1, NULL, false, 'ISA-18.2-2016 table 7'),
    ('most_in_10_min', 5, '任一10分钟最多报警', 'most in any 10-minute period',
     '1', 10, NULL, false, 'ISA-18.2-2016 table 7'),
    ('hours_over_30', 6, '报警超过30条的小时占比', 'hours with more than 30',
     '%', 1, NULL, false, 'ISA-18.2-2016 table 7'),
    ('time_in_flood', 7, '报警洪水时间占比', 'time in flood',
     '%', 1, NULL, false, 'ISA-18.2-2016 table 7'),
    ('top_10_share', 8, '前10名报警源占比', 'share of the ten most frequent',
     '%', 5, NULL, false, 'ISA-18.2-2016 table 7'),
    ('chattering', 9, '抖动报警源', 'chattering: 3 times within a minute',
     '1', 0, NULL, false, 'ISA-18.2-2016 table 7'),
    ('fleeting', 10, '瞬时报警', 'fleeting: gone in 10 s, nobody acted',
     '1', 0, NULL, false, 'ISA-18.2-2016 table 7; 10 s are ours'),
    ('stale', 11, '任一天最多陈旧报警（超过24小时）', 'stale: over 24 h, most on any day',
     '1', 4, NULL, false, 'ISA-18.2-2016 table 7'),
    ('low_share', 12, '低优先级占比', 'priority low',
     '%', 80, NULL, true, 'ISA-18.2-2016: 80/15/5'),
    ('medium_share', 13, '中优先级占比', 'priority medium',
     '%', 15, NULL, false, 'ISA-18.2-2016: 80/15/5'),
    ('high_share', 14, '高优先级占比', 'priority high',
     '%', 5, NULL, false, 'ISA-18.2-2016: 80/15/5'),
    ('critical_share', 15, '紧急优先级占比', 'priority critical',
     '%', 1, NULL, false, 'ISA-18.2-2016: highest of four'),
    ('standing', 16, '期末未消除报警', 'standing at the end',
     '1', 9, NULL, false, 'EEMUA 191'),
    ('shelved', 17, '同时搁置最多', 'shelved at the same time, most',
     '1', 29, NULL, false, 'EEMUA 191'),
    ('acknowledged_share', 18, '已确认占比', 'acknowledged', '%', NULL, NULL, true, ''),
    ('acknowledge_median', 19, '确认用时中位数', 'time to acknowledge, median',
     's', NULL, NULL, false, ''),
    ('acknowledge_95', 20, '确认用时95%', 'time to acknowledge, 95 %', 's', NULL, NULL, false, ''),
    ('clear_median', 21, '消除用时中位数', 'time to clear, median', 's', NULL, NULL, false, ''),
    ('clear_95', 22, '消除用时95%', 'time to clear, 95 %', 's', NULL, NULL, false, ''),
    ('false_share', 23, '核实为误报占比', 'false among the verified', '%', NULL, NULL, false, ''),
    ('shown', 24, '呈现的报警', 'shown', '1', NULL, NULL, false, ''),
    ('folded', 25, '洪水中折叠', 'folded in floods', '1', NULL, NULL, false, ''),
    ('held', 26, '抑制、搁置、停用', 'held back', '1', NULL, NULL, false, ''),
    ('drill', 27, '演练', 'in drills', '1', NULL, NULL, false, '');

-- Every ten minutes from `since` of every desk that was told anything, those with nothing included.
CREATE FUNCTION alarm_load(since timestamptz, until timestamptz)
RETURNS TABLE (bucket timestamptz, desk_id text, shown bigint, folded bigint, held bigint,
               drill bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH told AS (
        SELECT date_bin('10 minutes', events.at, since) AS bucket, events.desk_id,
               count(*) FILTER (WHERE annunciation = 'shown')  AS shown,
               count(*) FILTER (WHERE annunciation = 'folded') AS folded,
               count(*) FILTER (WHERE annunciation = 'held')   AS held,
               count(*) FILTER (WHERE annunciation = 'drill')  AS drill
          FROM alert_events AS events
         WHERE events.at >= since AND events.at < until AND annunciation IS NOT NULL
         GROUP BY 1, 2),
    desks AS (SELECT DISTINCT told.desk_id FROM told)
    SELECT grid.bucket, desks.desk_id, coalesce(told.shown, 0), coalesce(told.folded, 0),
           coalesce(told.held, 0), coalesce(told.drill, 0)
      FROM generate_series(since, until - INTERVAL '1 microsecond', INTERVAL '10 minutes')
           AS grid (bucket)
     CROSS JOIN desks
      LEFT JOIN told ON told.bucket = grid.bucket AND told.desk_id = desks.desk_id
$$;

-- An alert that was shown in the period: when first, how urgent at most, and what became of it
-- before the period ended.
CREATE FUNCTION alarms_shown(since timestamptz, until timestamptz)
RETURNS TABLE (alert_id text, rule_id text, source text, priority text, desk_id text,
               times bigint, shown_at timestamptz, acknowledged_at timestamptz,
               acted_at timestamptz, cleared_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH told AS (
        SELECT events.alert_id, min(events.rule_id) AS rule_id, min(events.source) AS source,
               min(array_position('{critical,high,medium,low}', events.priority)) AS rank,
               min(events.desk_id) AS desk_id, count(*) AS times, min(events.at) AS shown_at
          FROM alert_events AS events
         WHERE events.at >= since AND events.at < until AND annunciation IS NOT NULL
           AND annunciation = 'shown'
         GROUP BY events.alert_id),
    acted AS (
        SELECT events.alert_id,
               min(events.at) FILTER (WHERE transition = 'acknowledged') AS acknowledged_at,
               min(events.at) FILTER (WHERE transition NOT IN ('returned', 'cleared')) AS acted_at,
               max(events.at) FILTER (WHERE transition = 'cleared') AS cleared_at
          FROM alert_events AS events
         WHERE events.at >= since AND events.at < until
           AND transition IN ('acknowledged', 'returned', 'cleared', 'verified', 'handed_over',
                              'dispatched', 'assigned')
         GROUP BY events.alert_id)
    SELECT told.alert_id, told.rule_id, told.source,
           ('{critical,high,medium,low}'::text[])[told.rank], told.desk_id, told.times,
           told.shown_at, acted.acknowledged_at, acted.acted_at, acted.cleared_at
      FROM told
      LEFT JOIN acted USING (alert_id)
$$;

-- A condition chatters if it was raised and gone three times within a minute.
CREATE FUNCTION alarms_chattering(since timestamptz, until timestamptz)
RETURNS TABLE (rule_id text, source text, times bigint)
LANGUAGE sql STABLE PARALLEL SAFE SET work_mem = '64MB' AS $$
    WITH raised AS (
        SELECT events.rule_id, events.source, events.at
          FROM alert_events AS events
         WHERE events.at >= since AND events.at < until AND annunciation IS NOT NULL
           AND annunciation IN ('shown', 'folded')),
    suspects AS (                          -- a minute lies in some bucket of two, of these or those
        SELECT DISTINCT raised.rule_id, raised.source
          FROM raised
         CROSS JOIN (VALUES (INTERVAL '0'), (INTERVAL '1 minute')) AS two (shift)
         GROUP BY raised.rule_id, raised.source, shift,
                  date_bin('2 minutes', raised.at, since - shift)
        HAVING count(*) >= 3),
    moves AS (
        SELECT raised.*, true AS up
          FROM raised
          JOIN suspects USING (rule_id, source)
         UNION ALL
        SELECT events.rule_id, events.source, events.at, false
          FROM alert_events AS events
          JOIN suspects USING (rule_id, source)
         WHERE events.at >= since AND events.at < until
           AND transition IN ('acknowledged', 'returned', 'cleared', 'verified', 'handed_over',
                              'dispatched', 'assigned')
           AND transition IN ('returned', 'cleared')),
    pairs AS (
        SELECT moves.*, lag(at) OVER condition AS began_at, lag(up) OVER condition AS was_up
          FROM moves
        WINDOW condition AS (PARTITION BY moves.rule_id COLLATE "C", moves.source COLLATE "C"
                             ORDER BY at, up)),
    cycles AS (
        SELECT pairs.*, lag(began_at, 2) OVER condition AS first_at
          FROM pairs
         WHERE was_up AND NOT up
        WINDOW condition AS (PARTITION BY pairs.rule_id COLLATE "C", pairs.source COLLATE "C"
                             ORDER BY at))
    SELECT cycles.rule_id, cycles.source, count(*)
      FROM cycles
     WHERE at - first_at <= INTERVAL '1 minute'
     GROUP BY cycles.rule_id, cycles.source
$$;

-- One figure each; `alarm_targets` says what they should be.
CREATE FUNCTION alarm_figures(since timestamptz, until timestamptz)
RETURNS TABLE (metric text, value double precision)
LANGUAGE sql STABLE SET work_mem = '64MB' AS $$
    WITH load AS MATERIALIZED (SELECT * FROM alarm_load(since, until)),
    shown AS MATERIALIZED (SELECT * FROM alarms_shown(since, until)),
    whole AS (
        SELECT sum(load.shown) AS shown, sum(load.folded) AS folded, sum(load.held) AS held,
               sum(load.drill) AS drill, count(DISTINCT load.desk_id) AS desks,
               extract(epoch FROM until - since) AS seconds
          FROM load),
    rate AS (SELECT shown / nullif(desks * seconds, 0) AS per_second FROM whole),
    marked AS (
        SELECT load.*, max(bucket) FILTER (WHERE shown + folded > 10) OVER before AS began,
               max(bucket) FILTER (WHERE shown + folded < 5) OVER before AS ended
          FROM load
        WINDOW before AS (PARTITION BY desk_id ORDER BY bucket)),
    hours AS (
        SELECT desk_id, date_bin('1 hour', bucket, since) AS hour, sum(load.shown) AS shown
          FROM load GROUP BY 1, 2),
    sources AS (
        SELECT sum(shown.times) AS times FROM shown GROUP BY shown.rule_id, shown.source),
    split AS (SELECT shown.priority, count(*) AS alerts FROM shown GROUP BY shown.priority),
    top AS (SELECT times FROM sources ORDER BY times DESC LIMIT 10),
    lasting AS (
        SELECT alerts.detected_at + INTERVAL '24 hours' AS stale_at,
               least(coalesce(alerts.returned_at, alerts.cleared_at, until), until) AS over_at
          FROM alerts
         WHERE (alerts.cleared_at IS NULL
                OR alerts.cleared_at - alerts.detected_at > INTERVAL '24 hours')
           AND alerts.detected_at < until AND NOT alerts.drill AND alerts.hold_state IS NULL),
    stale AS (
        SELECT count(*) AS alerts
          FROM generate_series(since, until - INTERVAL '1 microsecond', INTERVAL '1 day') AS day
          JOIN lasting ON stale_at < over_at AND stale_at < day + INTERVAL '1 day' AND over_at > day
         GROUP BY day),
    shelves AS (
        SELECT at AS begun, lead(at, 1, until) OVER (PARTITION BY subject ORDER BY no) AS ended,
               document ->> 'what' = 'begun'
                   AND document -> 'shelf' ->> 'state' = 'shelved' AS on_it
          FROM alert_journal
         WHERE kind = 'shelf' AND at < until AND at > since - INTERVAL '31 days'),
    shelved AS (
        SELECT (SELECT count(*) FROM shelves AS others
                 WHERE others.on_it AND others.begun <= one.begun AND others.ended > one.begun)
               AS alerts
          FROM (SELECT greatest(begun, since) AS begun FROM shelves
                 WHERE on_it AND ended > since) AS one),
    acknowledging AS (
        SELECT percentile_cont('{0.5,0.95}'::float8[]) WITHIN GROUP
               (ORDER BY extract(epoch FROM acknowledged_at - shown_at)::float8) AS at
          FROM shown
         WHERE acknowledged_at >= shown_at),
    clearing AS (
        SELECT percentile_cont('{0.5,0.95}'::float8[]) WITHIN GROUP
               (ORDER BY extract(epoch FROM cleared_at - shown_at)::float8) AS at
          FROM shown
         WHERE cleared_at >= shown_at)
    SELECT 'per_10_min', 600 * per_second FROM rate
     UNION ALL SELECT 'per_hour', 3600 * per_second FROM rate
     UNION ALL SELECT 'per_day', 86400 * per_second FROM rate
     UNION ALL SELECT 'periods_over_10', 100 * avg((load.shown > 10)::int) FROM load
     UNION ALL SELECT 'most_in_10_min', coalesce(max(load.shown), 0) FROM load
     UNION ALL SELECT 'hours_over_30', 100 * avg((hours.shown > 30)::int) FROM hours
     UNION ALL SELECT 'time_in_flood',
                      100 * avg((began IS NOT NULL AND (ended IS NULL OR began > ended))::int)
                 FROM marked
     UNION ALL SELECT 'top_10_share',
                      100.0 * (SELECT sum(times) FROM top) / (SELECT sum(times) FROM sources)
     UNION ALL SELECT 'chattering', count(*) FROM alarms_chattering(since, until)
     UNION ALL SELECT 'fleeting', count(*) FROM shown
                WHERE acted_at IS NULL AND cleared_at - shown_at <= INTERVAL '10 seconds'
     UNION ALL SELECT 'stale', coalesce(max(stale.alerts), 0) FROM stale
     UNION ALL SELECT wanted || '_share', 100 * coalesce(split.alerts, 0)
                      / nullif((SELECT sum(alerts) FROM split), 0)
                 FROM unnest('{low,medium,high,critical}'::text[]) AS wanted
                 LEFT JOIN split ON split.priority = wanted
     UNION ALL SELECT 'standing', count(*) FROM alerts
                WHERE detected_at < until AND (cleared_at IS NULL OR cleared_at >= until)
                  AND (returned_at IS NULL OR returned_at >= until)
                  AND NOT alerts.drill AND hold_state IS NULL
     UNION ALL SELECT 'shelved', coalesce(max(shelved.alerts), 0) FROM shelved
     UNION ALL SELECT 'acknowledged_share', 100 * avg((acknowledged_at IS NOT NULL)::int) FROM shown
     UNION ALL SELECT 'acknowledge_median', at[1] FROM acknowledging
     UNION ALL SELECT 'acknowledge_95', at[2] FROM acknowledging
     UNION ALL SELECT 'clear_median', at[1] FROM clearing
     UNION ALL SELECT 'clear_95', at[2] FROM clearing
     UNION ALL SELECT 'false_share', 100 * avg((verdict = 'false')::int)
                 FROM alerts
                WHERE verified_at >= since AND verified_at < until AND NOT alerts.drill
     UNION ALL SELECT 'shown', coalesce(whole.shown, 0) FROM whole
     UNION ALL SELECT 'folded', coalesce(whole.folded, 0) FROM whole
     UNION ALL SELECT 'held', coalesce(whole.held, 0) FROM whole
     UNION ALL SELECT 'drill', coalesce(whole.drill, 0) FROM whole
$$;

-- The table for people: each figure beside what it should be. Verdict: good, manageable, bad, or
-- nothing where there is no target or nothing to count.
CREATE FUNCTION alarm_kpis(since timestamptz, until timestamptz)
RETURNS TABLE (metric text, title_zh text, title_en text, value double precision, unit text,
               target double precision, manageable double precision, higher boolean, verdict text,
               source text)
LANGUAGE sql STABLE AS $$
    SELECT targets.metric, targets.title_zh, targets.title_en, figures.value, targets.unit,
           targets.target, targets.manageable, targets.higher,
           CASE WHEN figures.value IS NULL OR targets.target IS NULL THEN NULL
                WHEN targets.higher THEN
                    CASE WHEN figures.value >= targets.target THEN 'good' ELSE 'bad' END
                WHEN figures.value <= targets.target THEN 'good'
                WHEN figures.value <= targets.manageable THEN 'manageable'
                ELSE 'bad' END,
           targets.source
      FROM alarm_targets AS targets
      LEFT JOIN alarm_figures(since, until) AS figures USING (metric)
     ORDER BY targets.position
$$;

-- Who makes the noise: the conditions (rule and device) that were shown most often.
CREATE FUNCTION alarm_worst_actors(since timestamptz, until timestamptz, at_most integer DEFAULT 10)
RETURNS TABLE (rule_id text, source text, shown bigint, share double precision, acted bigint,
               fleeting bigint, chattering bigint, clear_median double precision)
LANGUAGE sql STABLE SET work_mem = '64MB' AS $$
    WITH shown AS MATERIALIZED (SELECT * FROM alarms_shown(since, until)),
    actors AS (
        SELECT shown.rule_id, shown.source, sum(shown.times) AS times,
               sum(sum(shown.times)) OVER () AS altogether
          FROM shown
         GROUP BY shown.rule_id, shown.source),
    worst AS (
        SELECT * FROM actors
         ORDER BY times DESC, actors.rule_id COLLATE "C", actors.source COLLATE "C"
         LIMIT at_most),
    chattering AS MATERIALIZED (SELECT * FROM alarms_chattering(since, until))
    SELECT worst.rule_id, worst.source, worst.times::bigint,
           (100 * worst.times / worst.altogether)::float8, became.acted, became.fleeting,
           coalesce(chattering.times, 0), became.clear_median
      FROM worst
     CROSS JOIN LATERAL (
           SELECT count(shown.acted_at) AS acted,
                  count(*) FILTER (WHERE shown.acted_at IS NULL
                                     AND shown.cleared_at - shown.shown_at <= '10 s') AS fleeting,
                  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM
                      shown.cleared_at - shown.shown_at)::float8) AS clear_median
             FROM shown
            WHERE shown.rule_id = worst.rule_id AND shown.source = worst.source) AS became
      LEFT JOIN chattering
        ON chattering.rule_id = worst.rule_id AND chattering.source = worst.source
     ORDER BY worst.times DESC, worst.rule_id COLLATE "C", worst.source COLLATE "C"
$$;

-- Rules that were shown so many times and never led anybody to do anything: why are they alarms?
CREATE FUNCTION alarm_never_acted_on(since timestamptz, until timestamptz,
                                     at_least bigint DEFAULT 3)
RETURNS TABLE (rule_id text, shown bigint, sources bigint)
LANGUAGE sql STABLE SET work_mem = '64MB' AS $$
    WITH sources AS (
        SELECT shown.rule_id, shown.source, sum(shown.times) AS times,
               count(shown.acted_at) AS acted
          FROM alarms_shown(since, until) AS shown
         GROUP BY shown.rule_id, shown.source)
    SELECT sources.rule_id, sum(times)::bigint, count(*)
      FROM sources
     GROUP BY sources.rule_id
    HAVING sum(acted) = 0 AND sum(times) >= at_least
     ORDER BY 2 DESC, 1
$$;

GRANT SELECT ON alarm_targets TO yiwang_alerts, yiwang_api, yiwang_grafana;
