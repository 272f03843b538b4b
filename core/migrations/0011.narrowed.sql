-- The figures of alarm management of a part of the city: a site, a grid cell, a trade. They are
-- those of 0008 over fewer alerts, so these functions replace those, and schema `dash` offers them.
-- Owner: alerts/noise/quality.py.
-- depends: 0010.trades

DROP FUNCTION alarm_load, alarms_shown, alarms_chattering, alarm_figures, alarm_kpis,
    alarm_worst_actors, alarm_never_acted_on;

-- In all of them `wanted` names the alerts that count; null: every one.

-- Every ten minutes from `since` of every desk that was told anything, those with nothing included.
CREATE FUNCTION alarm_load(since timestamptz, until timestamptz, wanted text[] DEFAULT NULL)
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
           AND (wanted IS NULL OR events.alert_id IN (SELECT unnest(wanted)))
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
CREATE FUNCTION alarms_shown(since timestamptz, until timestamptz, wanted text[] DEFAULT NULL)
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
           AND (wanted IS NULL OR events.alert_id IN (SELECT unnest(wanted)))
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
CREATE FUNCTION alarms_chattering(since timestamptz, until timestamptz, wanted text[] DEFAULT NULL)
RETURNS TABLE (rule_id text, source text, times bigint)
LANGUAGE sql STABLE PARALLEL SAFE SET work_mem = '64MB' AS $$
    WITH raised AS (
        SELECT events.rule_id, events.source, events.at
          FROM alert_events AS events
         WHERE events.at >= since AND events.at < until AND annunciation IS NOT NULL
           AND annunciation IN ('shown', 'folded')
           AND (wanted IS NULL OR events.alert_id IN (SELECT unnest(wanted)))),
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
           AND transition IN ('returned', 'cleared')
           AND (wanted IS NULL OR events.alert_id IN (SELECT unnest(wanted)))),
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
CREATE FUNCTION alarm_figures(since timestamptz, until timestamptz, wanted text[] DEFAULT NULL)
RETURNS TABLE (metric text, value double precision)
LANGUAGE sql STABLE SET work_mem = '64MB' AS $$
    WITH load AS MATERIALIZED (SELECT * FROM alarm_load(since, until, wanted)),
    shown AS MATERIALIZED (SELECT * FROM alarms_shown(since, until, wanted)),
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
           AND alerts.detected_at < until AND NOT alerts.drill AND alerts.hold_state IS NULL
           AND (wanted IS NULL OR alerts.alert_id IN (SELECT unnest(wanted)))),
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
         WHERE kind = 'shelf' AND at < until AND at > since - INTERVAL '31 days'
           AND (wanted IS NULL OR subject IN (
                SELECT concat_ws('|', coalesce(device_id, site_id, 'system'), rule_id)
                  FROM alerts WHERE alert_id IN (SELECT unnest(wanted))))),
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
     UNION ALL SELECT 'chattering', count(*) FROM alarms_chattering(since, until, wanted)
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
                  AND (wanted IS NULL OR alert_id IN (SELECT unnest(wanted)))
     UNION ALL SELECT 'shelved', coalesce(max(shelved.alerts), 0) FROM shelved
     UNION ALL SELECT 'acknowledged_share', 100 * avg((acknowledged_at IS NOT NULL)::int) FROM shown
     UNION ALL SELECT 'acknowledge_median', at[1] FROM acknowledging
     UNION ALL SELECT 'acknowledge_95', at[2] FROM acknowledging
     UNION ALL SELECT 'clear_median', at[1] FROM clearing
     UNION ALL SELECT 'clear_95', at[2] FROM clearing
     UNION ALL SELECT 'false_share', 100 * avg((verdict = 'false')::int)
                 FROM alerts
                WHERE verified_at >= since AND verified_at < until AND NOT alerts.drill
                  AND (wanted IS NULL OR alert_id IN (SELECT unnest(wanted)))
     UNION ALL SELECT 'shown', coalesce(whole.shown, 0) FROM whole
     UNION ALL SELECT 'folded', coalesce(whole.folded, 0) FROM whole
     UNION ALL SELECT 'held', coalesce(whole.held, 0) FROM whole
     UNION ALL SELECT 'drill', coalesce(whole.drill, 0) FROM whole
$$;

-- The table for people: each figure beside what it should be. Verdict: good, manageable, bad, or
-- nothing where there is no target or nothing to count.
CREATE FUNCTION alarm_kpis(since timestamptz, until timestamptz, wanted text[] DEFAULT NULL)
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
      LEFT JOIN alarm_figures(since, until, wanted) AS figures USING (metric)
     ORDER BY targets.position
$$;

-- Who makes the noise: the conditions (rule and device) that were shown most often.
CREATE FUNCTION alarm_worst_actors(since timestamptz, until timestamptz, at_most integer DEFAULT 10,
                                   wanted text[] DEFAULT NULL)
RETURNS TABLE (rule_id text, source text, shown bigint, share double precision, acted bigint,
               fleeting bigint, chattering bigint, clear_median double precision)
LANGUAGE sql STABLE SET work_mem = '64MB' AS $$
    WITH shown AS MATERIALIZED (SELECT * FROM alarms_shown(since, until, wanted)),
    actors AS (
        SELECT shown.rule_id, shown.source, sum(shown.times) AS times,
               sum(sum(shown.times)) OVER () AS altogether
          FROM shown
         GROUP BY shown.rule_id, shown.source),
    worst AS (
        SELECT * FROM actors
         ORDER BY times DESC, actors.rule_id COLLATE "C", actors.source COLLATE "C"
         LIMIT at_most),
    chattering AS MATERIALIZED (SELECT * FROM alarms_chattering(since, until, wanted))
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
                                     at_least bigint DEFAULT 3, wanted text[] DEFAULT NULL)
RETURNS TABLE (rule_id text, shown bigint, sources bigint)
LANGUAGE sql STABLE SET work_mem = '64MB' AS $$
    WITH sources AS (
        SELECT shown.rule_id, shown.source, sum(shown.times) AS times,
               count(shown.acted_at) AS acted
          FROM alarms_shown(since, until, wanted) AS shown
         GROUP BY shown.rule_id, shown.source)
    SELECT sources.rule_id, sum(times)::bigint, count(*)
      FROM sources
     GROUP BY sources.rule_id
    HAVING sum(acted) = 0 AND sum(times) >= at_least
     ORDER BY 2 DESC, 1
$$;

-- Functions are everybody's until that is taken back; these read alerts with the caller's rights.
REVOKE EXECUTE ON FUNCTION alarm_load, alarms_shown, alarms_chattering, alarm_figures, alarm_kpis,
    alarm_worst_actors, alarm_never_acted_on FROM PUBLIC;
GRANT EXECUTE ON FUNCTION alarm_load, alarms_shown, alarms_chattering, alarm_figures, alarm_kpis,
    alarm_worst_actors, alarm_never_acted_on TO yiwang_alerts, yiwang_api;

-- ---- what dashboards and reports see

-- An alert belongs to the grid cell its site stands in; one that neither changed since nor is open
-- has no part in the period. Called as `(SELECT alerts_of(...))`: once, not for every row.
CREATE FUNCTION alerts_of(since timestamptz, until timestamptz, of_site text, of_grid text,
                          of_domain text) RETURNS text[]
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN num_nonnulls(of_site, of_grid, of_domain) > 0 THEN ARRAY(
           SELECT alerts.alert_id
             FROM alerts
             LEFT JOIN sites USING (site_id)
            WHERE (alerts.updated_at >= since OR alerts.state <> 'normal')
              AND alerts.detected_at < until
              AND (of_site IS NULL OR alerts.site_id = of_site)
              AND (of_grid IS NULL
                   OR starts_with(coalesce(sites.grid_code, alerts.district), of_grid))
              AND (of_domain IS NULL OR alerts.domain = of_domain)) END
$$;
COMMENT ON FUNCTION alerts_of IS
    'The ids of the alerts that may count in a period, by site, grid code (of any level) and '
    'domain; null: nothing of these was asked for, so all of them do.';
REVOKE EXECUTE ON FUNCTION alerts_of FROM PUBLIC;

CREATE FUNCTION dash.alarm_load(since timestamptz, until timestamptz,
                                of_site text DEFAULT NULL, of_grid text DEFAULT NULL,
                                of_domain text DEFAULT NULL)
RETURNS TABLE (bucket timestamptz, desk_id text, shown bigint, folded bigint, held bigint,
               drill bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM public.alarm_load(
           since, until, (SELECT alerts_of(since, until, of_site, of_grid, of_domain)))
$$;
COMMENT ON FUNCTION dash.alarm_load IS
    'Alerts told to each desk per 10 minutes: shown, folded in floods, held back, in drills. '
    'of_site, of_grid (a code of any level), of_domain: only what came from there; null: all.';

CREATE FUNCTION dash.alarm_kpis(since timestamptz, until timestamptz,
                                of_site text DEFAULT NULL, of_grid text DEFAULT NULL,
                                of_domain text DEFAULT NULL)
RETURNS TABLE (metric text, title_zh text, title_en text, value double precision, unit text,
               target double precision, manageable double precision, higher boolean, verdict text,
               source text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM public.alarm_kpis(
           since, until, (SELECT alerts_of(since, until, of_site, of_grid, of_domain)))
$$;
COMMENT ON FUNCTION dash.alarm_kpis IS
    'KPIs of ISA-18.2-2016 / IEC 62682 / EEMUA 191, each beside its target (alarm_targets), which '
    'is that of a desk. of_site, of_grid, of_domain: as with alarm_load.';

CREATE FUNCTION dash.alarm_worst_actors(since timestamptz, until timestamptz,
                                        at_most integer DEFAULT 10,
                                        of_site text DEFAULT NULL, of_grid text DEFAULT NULL,
                                        of_domain text DEFAULT NULL)
RETURNS TABLE (rule_id text, source text, shown bigint, share double precision, acted bigint,
               fleeting bigint, chattering bigint, clear_median double precision,
               title_zh text, title_en text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT worst.*, told.title_zh, told.title_en, coalesce(devices.name, sites.name, worst.source)
      FROM public.alarm_worst_actors(
           since, until, at_most,
           (SELECT alerts_of(since, until, of_site, of_grid, of_domain))) AS worst
      LEFT JOIN LATERAL (
           SELECT document ->> 'title_zh' AS title_zh, document ->> 'title_en' AS title_en
             FROM alerts
            WHERE alerts.rule_id = worst.rule_id
            ORDER BY raised_at DESC
            LIMIT 1) AS told ON true
      LEFT JOIN devices ON devices.device_id = worst.source
      LEFT JOIN sites ON sites.site_id = worst.source
     ORDER BY worst.shown DESC, worst.rule_id COLLATE "C", worst.source COLLATE "C"
$$;
COMMENT ON FUNCTION dash.alarm_worst_actors IS
    'The conditions (rule and source) shown most often; share in % of all shown, clear_median in '
    's. of_site, of_grid, of_domain: as with alarm_load; the share is then of what came from '
    'there.';

CREATE FUNCTION dash.alarm_never_acted_on(since timestamptz, until timestamptz,
                                          at_least bigint DEFAULT 3,
                                          of_site text DEFAULT NULL, of_grid text DEFAULT NULL,
                                          of_domain text DEFAULT NULL)
RETURNS TABLE (rule_id text, shown bigint, sources bigint, title_zh text, title_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT idle.*, told.title_zh, told.title_en
      FROM public.alarm_never_acted_on(
           since, until, at_least,
           (SELECT alerts_of(since, until, of_site, of_grid, of_domain))) AS idle
      LEFT JOIN LATERAL (
           SELECT document ->> 'title_zh' AS title_zh, document ->> 'title_en' AS title_en
             FROM alerts
            WHERE alerts.rule_id = idle.rule_id
            ORDER BY raised_at DESC
            LIMIT 1) AS told ON true
     ORDER BY idle.shown DESC, idle.rule_id
$$;
COMMENT ON FUNCTION dash.alarm_never_acted_on IS
    'Rules shown at_least so often on which nobody ever acted: candidates for another look. '
    'of_site, of_grid, of_domain: as with alarm_load.';
