-- What dashboards may see: the views and functions of schema `dash`, and nothing else. A figure is
-- defined here once; Grafana, the reports and the console read the same one. Owner: grafana/.
--
-- Views run with their owner's rights, functions are SECURITY DEFINER. No telephone numbers, no
-- contacts, no payloads, no notes. The user names of officers stand in open_alerts and
-- alert_history, since a duty desk must see who took what: so whoever lets a wall in without a
-- password shows them, and docs/grafana.md says so.
-- depends: 0008.alarm_quality

CREATE SCHEMA dash;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM yiwang_grafana;

GRANT USAGE ON SCHEMA dash TO yiwang_grafana, yiwang_api;
ALTER DEFAULT PRIVILEGES IN SCHEMA dash GRANT SELECT ON TABLES TO yiwang_grafana, yiwang_api;
ALTER DEFAULT PRIVILEGES IN SCHEMA dash GRANT EXECUTE ON FUNCTIONS TO yiwang_grafana, yiwang_api;

-- The heartbeats of every program, a sample every ten seconds, so that a dashboard can say who
-- lives and how the figures went. The api writes them: it hears them all.
CREATE TABLE heartbeats (
    program  text NOT NULL,
    instance text NOT NULL,
    at       timestamptz NOT NULL,         -- by the program's own clock
    state    text NOT NULL,                -- running, degraded, stopping, lost
    detail   text,                         -- a sentence where it is not `running`
    facts    jsonb NOT NULL DEFAULT '{}',  -- figures, named as on the broker
    PRIMARY KEY (program, instance, at)
);
CREATE INDEX heartbeats_by_time ON heartbeats (at);
GRANT SELECT, INSERT ON heartbeats TO yiwang_api;
INSERT INTO retention_classes (relation, time_column, keep, at_least, reason) VALUES
    ('heartbeats', 'at', '31 days', '1 day', 'how the programs were doing: a month back');

-- Late, redated, implausible and faulty readings are few of very many.
CREATE INDEX readings_suspect ON readings (observed_at)
    INCLUDE (device_id, received_at, quality) WHERE quality > 0;

-- What a device said that could not be read stands on its page.
CREATE INDEX quarantine_by_device ON quarantine (device_id, id);

-- ---- alerts

CREATE VIEW dash.alert_history AS
SELECT alerts.alert_id, alerts.rule_id, alerts.kind, alerts.priority,
       array_position('{critical,high,medium,low}', alerts.priority) AS priority_rank,
       alerts.state, alerts.active, alerts.life_safety, alerts.drill, alerts.chattering,
       alerts.escalation, alerts.cause, alerts.hold_state, alerts.folded_under, alerts.verdict,
       alerts.domain, alerts.desk_id, alerts.subject,
       alerts.document ->> 'title_zh' AS title_zh, alerts.document ->> 'title_en' AS title_en,
       (alerts.document ->> 'value')::double precision AS value,
       (alerts.document ->> 'limit')::double precision AS limit_value,
       alerts.document ->> 'unit' AS unit, (alerts.document ->> 'count')::integer AS count,
       alerts.device_id, devices.name AS device_name, devices.profile_id,
       alerts.site_id, sites.name AS site_name, sites.kind AS site_kind, sites.grid_code,
       alerts.district, coalesce(moving.lon, devices.lon, sites.lon) AS lon,
       coalesce(moving.lat, devices.lat, sites.lat) AS lat,
       alerts.raised_at, alerts.detected_at, alerts.updated_at, alerts.returned_at,
       alerts.acknowledged_at, alerts.acknowledged_by, alerts.assigned_to, alerts.verified_at,
       alerts.notified_at, alerts.dispatched_at, alerts.on_site_at, alerts.cleared_at,
       extract(epoch FROM alerts.notified_at - alerts.detected_at)::float8     AS notify_s,
       extract(epoch FROM alerts.acknowledged_at - alerts.detected_at)::float8 AS ack_s,
       extract(epoch FROM alerts.verified_at - alerts.detected_at)::float8     AS verify_s,
       extract(epoch FROM alerts.dispatched_at - alerts.detected_at)::float8   AS dispatch_s,
       extract(epoch FROM alerts.on_site_at - alerts.detected_at)::float8      AS arrive_s,
       extract(epoch FROM alerts.cleared_at - alerts.detected_at)::float8      AS clear_s
  FROM alerts
  LEFT JOIN devices ON devices.device_id = alerts.device_id
  LEFT JOIN sites ON sites.site_id = alerts.site_id
  LEFT JOIN latest_positions AS moving ON moving.device_id = devices.number;
COMMENT ON VIEW dash.alert_history IS
    'Every alert. The clocks (…_s, seconds) all begin when the system knew (detected_at), and are '
    'null while the step has not been taken. priority_rank: 1 critical … 4 low. lon, lat: WGS-84.';

CREATE VIEW dash.open_alerts AS
SELECT history.*, hold_state IS NOT NULL AS held, folded_under IS NOT NULL AS folded,
       extract(epoch FROM now() - detected_at)::float8 AS age_s
  FROM dash.alert_history AS history
 WHERE state <> 'normal';
COMMENT ON VIEW dash.open_alerts IS
    'One row per alert that is not normal (ISA-18.2), held and folded ones included; age_s: '
    'seconds since the system knew of it.';

CREATE VIEW dash.floods AS
SELECT began.document ->> 'desk_id' AS desk_id, began.at AS began_at, ended.at AS ended_at,
       (coalesce(ended.document, began.document) ->> 'shown')::integer AS shown,
       (coalesce(ended.document, began.document) ->> 'folded')::integer AS folded
  FROM alert_journal AS began
  LEFT JOIN LATERAL (
       SELECT later.at, later.document, later.document ->> 'what' AS what
         FROM alert_journal AS later
        WHERE later.kind = 'flood' AND later.subject = began.subject AND later.no > began.no
        ORDER BY later.no
        LIMIT 1) AS ended ON ended.what = 'ended'
 WHERE began.kind = 'flood' AND began.document ->> 'what' = 'began';
COMMENT ON VIEW dash.floods IS
    'Alarm floods by desk (more than 10 new alerts in 10 minutes, over below 5; ISA-18.2): what '
    'was shown and what was folded. ended_at null: it goes on.';

CREATE VIEW dash.alarm_targets AS
SELECT metric, position, title_zh, title_en, unit, target, manageable, higher, source
  FROM alarm_targets;
COMMENT ON VIEW dash.alarm_targets IS 'What the KPIs of alarm management should be, with sources.';

-- ---- registry

-- Own parts out of reach say nothing of a device, a wrong clock neither: whose silence is it?
CREATE VIEW dash.silences AS
SELECT devices.number, tstzrange(alerts.raised_at, alerts.ended_at) AS period, alerts.state,
       alerts.updated_at
  FROM (SELECT device_id, raised_at, state, updated_at,
               CASE WHEN active THEN NULL ELSE coalesce(returned_at, cleared_at, updated_at) END
               AS ended_at
          FROM alerts
         WHERE kind = 'offline' AND cause IN ('device', 'gateway')) AS alerts
  JOIN devices AS speaker USING (device_id)
  JOIN devices ON devices.number = speaker.number OR devices.gateway_id = speaker.device_id
 WHERE alerts.ended_at IS NULL OR alerts.ended_at > alerts.raised_at;
COMMENT ON VIEW dash.silences IS
    'When which device (by number) could not be heard: its own offline alert or its gateway''s. '
    'An open end means: still. What ended after an instant is open or was updated after it.';

-- Who was silent in a period is found without reading three years of alerts.
CREATE INDEX alerts_silent ON alerts (updated_at) WHERE kind = 'offline';

CREATE VIEW dash.devices AS
WITH silent AS MATERIALIZED (
    SELECT alerts.device_id FROM alerts
     WHERE state <> 'normal' AND active AND kind = 'offline' AND cause IN ('device', 'gateway'))
SELECT devices.number, devices.device_id, devices.name, devices.profile_id,
       profiles.document ->> 'name_zh' AS profile_zh, profiles.document ->> 'name_en' AS profile_en,
       profiles.document ->> 'domain' AS domain, devices.site_id, sites.name AS site_name,
       sites.kind AS site_kind, sites.grid_code, devices.district, devices.gateway_id,
       coalesce(devices.lon, sites.lon) AS lon, coalesce(devices.lat, sites.lat) AS lat,
       devices.in_service,
       CASE WHEN NOT devices.in_service THEN 'out_of_service'
            WHEN devices.device_id IN (SELECT device_id FROM silent) THEN 'offline'
            WHEN devices.gateway_id IN (SELECT device_id FROM silent) THEN 'hidden'
            ELSE 'online' END AS state,
       (SELECT max(latest_values.received_at) FROM latest_values
         WHERE latest_values.device_id = devices.number) AS last_received_at
  FROM devices
  JOIN profiles USING (profile_id)
  JOIN sites USING (site_id);
COMMENT ON VIEW dash.devices IS
    'The registry and who is heard: online, offline (own alert), hidden (behind an offline '
    'gateway), out_of_service. lon, lat: WGS-84, the site''s where the device has none.';

CREATE VIEW dash.sites AS
WITH worst AS MATERIALIZED (
    SELECT site_id, count(*) AS alerts,
           min(array_position('{critical,high,medium,low}', priority)) AS rank
      FROM alerts
     WHERE state <> 'normal' AND hold_state IS NULL AND NOT drill
     GROUP BY site_id)
SELECT sites.site_id, sites.kind, sites.name, sites.district, sites.grid_code, sites.lon, sites.lat,
       (SELECT count(*) FROM devices WHERE devices.site_id = sites.site_id) AS devices,
       coalesce(worst.alerts, 0) AS open_alerts, coalesce(worst.rank, 5) AS priority_rank,
       coalesce(('{critical,high,medium,low}'::text[])[worst.rank], 'none') AS priority
  FROM sites
  LEFT JOIN worst USING (site_id);
COMMENT ON VIEW dash.sites IS
    'Every site with its open alerts (neither held nor of a drill) and the worst priority among '
    'them; none and 5 where there is nothing. lon, lat: WGS-84.';

CREATE VIEW dash.grids AS
WITH placed AS MATERIALIZED (
    SELECT grid_code, count(*) AS sites, sum(open_alerts)::bigint AS open_alerts,
           min(priority_rank) AS rank
      FROM dash.sites
     GROUP BY grid_code)
SELECT grids.code, grids.parent, grids.name, length(grids.code) / 3 - 1 AS level,
       coalesce(sum(placed.sites), 0)::bigint AS sites,
       coalesce(sum(placed.open_alerts), 0)::bigint AS open_alerts,
       coalesce(min(placed.rank), 5) AS priority_rank
  FROM grids
  LEFT JOIN placed ON placed.grid_code LIKE grids.code || '%'
 GROUP BY grids.code;
COMMENT ON VIEW dash.grids IS
    'The four levels of the grid (1 district, 2 street, 3 community, 4 grid), each with the sites '
    'and open alerts of all below it.';

CREATE FUNCTION dash.online_rate(since timestamptz, until timestamptz,
                                 of_site text DEFAULT NULL, of_grid text DEFAULT NULL)
RETURNS TABLE (domain text, site_kind text, devices bigint, online_s double precision,
               total_s double precision, rate double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH period AS (
        SELECT tstzrange(since, greatest(since, least(until, now()))) AS whole),
    away AS (                              -- alerts of device and gateway may overlap
        SELECT silences.number, range_agg(silences.period * period.whole) AS times
          FROM dash.silences, period
         WHERE silences.period && period.whole
           AND (silences.state <> 'normal' OR silences.updated_at >= since)
         GROUP BY silences.number),
    lost AS (
        SELECT away.number, extract(epoch FROM sum(upper(one) - lower(one)))::float8 AS seconds
          FROM away, unnest(away.times) AS one
         GROUP BY away.number),
    serving AS (                           -- `here` is no WHERE: the planner thinks it leaves one
        SELECT devices.number, profiles.document ->> 'domain' AS domain, sites.kind AS site_kind,
               (of_site IS NULL OR site_id = of_site)
               AND (of_grid IS NULL
                    OR starts_with(coalesce(sites.grid_code, sites.district), of_grid)) AS here
          FROM devices
          JOIN profiles USING (profile_id)
          JOIN sites USING (site_id)
         WHERE devices.in_service),
    added AS (
        SELECT serving.domain, serving.site_kind, count(*) FILTER (WHERE here) AS devices,
               coalesce(sum(lost.seconds) FILTER (WHERE here), 0) AS lost_s,
               count(*) FILTER (WHERE here)
                   * (SELECT extract(epoch FROM upper(whole) - lower(whole))::float8
                        FROM period) AS total_s
          FROM serving
          LEFT JOIN lost USING (number)
         GROUP BY 1, 2
        HAVING bool_or(here))
    SELECT domain, site_kind, devices, total_s - lost_s, total_s, (total_s - lost_s) / nullif(total_s, 0)
      FROM added
     ORDER BY domain, site_kind
$$;
COMMENT ON FUNCTION dash.online_rate IS
    '在线率 = device-time without an active offline alert ÷ device-time in service (0 … 1). A device '
    'behind an offline gateway is offline. Time to come does not count. The definition is ours: '
    'devices in service are those of now, since the registry keeps no history. of_site, of_grid (a '
    'code of any level): only the devices there; null: all.';

-- ---- data quality

-- The books by source rather than by device: thousands of rows an hour become a handful. The upkeep
-- of ingest settles the hours that are over, and counts the running one each minute. Without it
-- everything is counted on the fly: the same figures, slowly.
CREATE TABLE books_by_hour (
    hour        timestamptz NOT NULL,      -- of receipt; of observation for `readings`
    source      text NOT NULL,             -- the profile's domain
    received    bigint NOT NULL,
    stored      bigint NOT NULL,
    duplicate   bigint NOT NULL,
    quarantined bigint NOT NULL,
    readings    bigint NOT NULL,           -- good ones
    PRIMARY KEY (hour, source)
);
CREATE TABLE books_running (LIKE books_by_hour INCLUDING INDEXES);  -- hours that are not over
CREATE TABLE books_progress (
    one           boolean PRIMARY KEY DEFAULT true CHECK (one),
    settled_until timestamptz NOT NULL DEFAULT '-infinity',
    mended_on     date,                    -- when the days before were last counted again
    counted_at    timestamptz NOT NULL DEFAULT '-infinity'  -- when the running hour was
);
INSERT INTO books_progress DEFAULT VALUES;
INSERT INTO retention_classes (relation, time_column, keep, at_least, reason) VALUES
    ('books_by_hour', 'hour', '1827 days', '366 days', 'as the hours of the readings');

-- Hours of late are added up from minutes: as long as an hour runs, its readings_1h is too, and
-- makes more of it than a count. `since < recent` and `until > recent` leave a half out unread.
CREATE FUNCTION count_books(since timestamptz, until timestamptz) RETURNS SETOF books_by_hour
LANGUAGE sql STABLE SET work_mem = '32MB' AS $$
    WITH counted AS (
        SELECT ledger.hour, device_id, received, stored, duplicate, quarantined, 0::bigint AS readings
          FROM ledger
         WHERE ledger.hour >= since AND ledger.hour < until
         UNION ALL
        SELECT bucket, device_id, 0, 0, 0, 0, sum(count)::bigint
          FROM readings_1h
         WHERE since < date_trunc('hour', now()) - INTERVAL '2 hours'
           AND bucket >= since AND bucket < until
           AND bucket < date_trunc('hour', now()) - INTERVAL '2 hours'
         GROUP BY bucket, device_id
         UNION ALL
        SELECT date_trunc('hour', bucket), device_id, 0, 0, 0, 0, sum(count)::bigint
          FROM readings_1m
         WHERE until > date_trunc('hour', now()) - INTERVAL '2 hours'
           AND bucket >= since AND bucket < until
           AND bucket >= date_trunc('hour', now()) - INTERVAL '2 hours'
         GROUP BY 1, device_id),
    named AS MATERIALIZED (
        SELECT number, profiles.document ->> 'domain' AS source
          FROM devices JOIN profiles USING (profile_id))
    SELECT counted.hour, coalesce(named.source, 'unknown'), sum(received)::bigint,
           sum(stored)::bigint, sum(duplicate)::bigint, sum(quarantined)::bigint,
           sum(readings)::bigint
      FROM counted
      LEFT JOIN named ON named.number = counted.device_id
     GROUP BY 1, 2
$$;

-- What was spooled or came late changes hours that were settled: the last two are counted again
-- each time, eight days of them once a day.
CREATE FUNCTION settle_books(as_of timestamptz, at_most interval DEFAULT '24 hours')
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at    timestamptz := least(as_of, now());
    line  timestamptz := date_trunc('hour', at - INTERVAL '2 minutes');
    today date := (at AT TIME ZONE 'Asia/Shanghai')::date;
    known books_progress;
    begun timestamptz;
BEGIN
    SELECT * INTO known FROM books_progress FOR UPDATE;
    begun := CASE WHEN isfinite(known.settled_until) THEN known.settled_until
                  ELSE (SELECT min(hour) FROM ledger) END;
    line := least(line, begun + at_most);
    IF line > begun THEN
        begun := begun - CASE WHEN today > known.mended_on THEN INTERVAL '8 days'
                              ELSE INTERVAL '2 hours' END;
        DELETE FROM books_by_hour WHERE hour >= begun AND hour < line;
        INSERT INTO books_by_hour SELECT * FROM count_books(begun, line);
        UPDATE books_progress
           SET settled_until = line, mended_on = today, counted_at = '-infinity';
        RETURN true;
    ELSIF at >= known.counted_at + INTERVAL '1 minute' THEN
        DELETE FROM books_running;
        INSERT INTO books_running SELECT * FROM count_books(known.settled_until, 'infinity');
        UPDATE books_progress SET counted_at = at;
    END IF;
    RETURN false;
END $$;
COMMENT ON FUNCTION settle_books IS
    'Settle the hours that are over, at_most so many of them; true: there may be more. Otherwise '
    'count the running hour, once a minute however often it is called.';
REVOKE ALL ON FUNCTION settle_books, count_books FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_books TO yiwang_ingest;

CREATE FUNCTION dash.books_by_hour(since timestamptz, until timestamptz)
RETURNS TABLE (hour timestamptz, source text, received bigint, stored bigint, duplicate bigint,
               quarantined bigint, readings bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH known AS (
        SELECT settled_until, counted_at > now() - INTERVAL '10 minutes' AS counted
          FROM books_progress)
    SELECT books.*
      FROM known, books_by_hour AS books
     WHERE books.hour >= since AND books.hour < least(until, known.settled_until)
     UNION ALL
    SELECT books.*
      FROM known, books_running AS books
     WHERE known.counted AND books.hour >= since AND books.hour < until
     UNION ALL
    SELECT counted.*
      FROM known, count_books(greatest(since, known.settled_until), until) AS counted
     WHERE NOT known.counted
     ORDER BY 1, 2
$$;
COMMENT ON FUNCTION dash.books_by_hour IS
    'The books: messages by hour of receipt and source (received = stored + duplicate + '
    'quarantined, always), and good readings by the hour they were observed in. Of the running '
    'hour, as they were a minute ago.';

-- The books know sources, not places: of a place the rolled up days of its devices are added.
CREATE FUNCTION good_readings_of(since timestamptz, until timestamptz, wanted integer[])
RETURNS TABLE (day date, device_id integer, readings bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE
    'SELECT (bucket AT TIME ZONE ''Asia/Shanghai'')::date, rolled.device_id, sum(count)::bigint
       FROM readings_1d AS rolled
      WHERE rolled.device_id = ANY ($3) AND bucket >= $1 AND bucket < $2
      GROUP BY 1, 2'
    USING since, until, wanted;
END $$;
REVOKE ALL ON FUNCTION good_readings_of FROM PUBLIC;

CREATE FUNCTION dash.pass_rate_by_day(since timestamptz, until timestamptz,
                                      of_site text DEFAULT NULL, of_grid text DEFAULT NULL)
RETURNS TABLE (day date, source text, received bigint, passed bigint, rate double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH days AS (
        SELECT date_trunc('day', since, 'Asia/Shanghai') AS first,
               date_trunc('day', until - INTERVAL '1 microsecond', 'Asia/Shanghai')
                   + INTERVAL '1 day' AS last,
               num_nonnulls(of_site, of_grid) = 0 AS everywhere),
    placed AS MATERIALIZED (
        SELECT devices.number, profiles.document ->> 'domain' AS source,
               (of_site IS NULL OR site_id = of_site)
               AND (of_grid IS NULL
                    OR starts_with(coalesce(sites.grid_code, sites.district), of_grid)) AS here
          FROM devices
          JOIN profiles USING (profile_id)
          JOIN sites USING (site_id)),
    refused AS (
        SELECT (observed_at AT TIME ZONE 'Asia/Shanghai')::date AS day, device_id, count(*) AS failed
          FROM days, readings
         WHERE observed_at >= days.first AND observed_at < days.last
           AND quality > 0 AND quality >= 64
         GROUP BY 1, 2
         UNION ALL
        SELECT (received_at AT TIME ZONE 'Asia/Shanghai')::date, device_id, count(*)
          FROM days, quarantine
         WHERE received_at >= days.first AND received_at < days.last AND requeued_at IS NULL
         GROUP BY 1, 2),
    found AS (
        SELECT (hour AT TIME ZONE 'Asia/Shanghai')::date AS day, source, readings AS passed,
               0::bigint AS failed
          FROM days, dash.books_by_hour(days.first, days.last)
         WHERE days.everywhere
         UNION ALL
        SELECT good.day, placed.source, good.readings, 0
          FROM days
         CROSS JOIN LATERAL good_readings_of(
               days.first, days.last, ARRAY(SELECT number FROM placed WHERE here)) AS good
          JOIN placed ON placed.number = good.device_id
         WHERE NOT days.everywhere
         UNION ALL
        SELECT refused.day, coalesce(placed.source, 'unknown'), 0, refused.failed
          FROM days
         CROSS JOIN refused
          LEFT JOIN placed ON placed.number = refused.device_id
         WHERE days.everywhere OR placed.here),
    added AS (
        SELECT found.day, found.source, sum(found.passed)::bigint AS passed,
               sum(found.failed)::bigint AS failed
          FROM found
         GROUP BY 1, 2)
    SELECT added.day, added.source, passed + failed, passed,
           passed / (passed + failed)::float8
      FROM added
     WHERE passed + failed > 0
     ORDER BY added.day, added.source
$$;
COMMENT ON FUNCTION dash.pass_rate_by_day IS
    '数据质量合格率 = valid readings ÷ received readings (0 … 1; line 0.95, work plan of Luozhuang '
    '2021) by whole local day and source (the profile''s domain). Valid: readable, of a known '
    'device and unit, within the plausible range, by a believable clock, not declared bad by the '
    'device. A message in quarantine counts as one reading; the same message again does not count '
    'at all; lateness is told apart. of_site, of_grid (a code of any level): only of the devices '
    'there, from readings_1d; null: all, and messages of nobody we know too.';

CREATE FUNCTION dash.pass_rate(since timestamptz, until timestamptz)
RETURNS TABLE (source text, received bigint, passed bigint, rate double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT source, sum(received)::bigint, sum(passed)::bigint,
           sum(passed)::float8 / nullif(sum(received), 0)::float8
      FROM dash.pass_rate_by_day(since, until)
     GROUP BY source
     ORDER BY source
$$;
COMMENT ON FUNCTION dash.pass_rate IS
    '数据质量合格率 over all local days the period touches; see pass_rate_by_day.';

CREATE FUNCTION dash.suspect_readings(since timestamptz, until timestamptz,
                                      width interval DEFAULT '1 hour')
RETURNS TABLE (bucket timestamptz, source text, reason text, readings bigint,
               delay_95_s double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT time_bucket(width, observed_at), coalesce(profiles.document ->> 'domain', 'unknown'),
           CASE quality WHEN 1 THEN 'late' WHEN 64 THEN 'clock' WHEN 65 THEN 'range'
                        ELSE 'sensor' END,
           count(*),
           percentile_cont(0.95) WITHIN GROUP (
               ORDER BY extract(epoch FROM received_at - observed_at)::float8)
      FROM readings
      LEFT JOIN devices ON devices.number = readings.device_id
      LEFT JOIN profiles USING (profile_id)
     WHERE observed_at >= since AND observed_at < until AND quality > 0
     GROUP BY 1, 2, 3
     ORDER BY 1, 2, 3
$$;
COMMENT ON FUNCTION dash.suspect_readings IS
    'Readings that are not simply good: late (stored, counted, never alarmed on), clock (the '
    'device''s ran ahead), range (implausible), sensor (bad by its own word); delay_95_s: seconds '
    'from observation to receipt.';

CREATE VIEW dash.sequence_gaps AS
SELECT gaps.hour, devices.device_id, devices.name AS device_name, sites.name AS site_name,
       coalesce(profiles.document ->> 'domain', 'unknown') AS source, gaps.first_seq, gaps.last_seq,
       gaps.last_seq - gaps.first_seq + 1 AS missing
  FROM sequence_gaps AS gaps
  LEFT JOIN devices ON devices.number = gaps.device_id
  LEFT JOIN profiles USING (profile_id)
  LEFT JOIN sites USING (site_id);
COMMENT ON VIEW dash.sequence_gaps IS
    'Sequence numbers that were skipped and have not come since; hour: when that was seen.';

CREATE VIEW dash.quarantine AS
SELECT quarantine.id, quarantine.received_at, devices.device_id,
       coalesce(profiles.document ->> 'domain', 'unknown') AS source, quarantine.reason,
       quarantine.requeued_at
  FROM quarantine
  LEFT JOIN devices ON devices.number = quarantine.device_id
  LEFT JOIN profiles USING (profile_id);
COMMENT ON VIEW dash.quarantine IS
    'Messages that could not be read, by reason; what they said stays out.';

CREATE VIEW dash.clock_skew AS
WITH ahead AS (
    SELECT redated.device_id AS number, count(*) AS messages, max(redated.received_at) AS last_at,
           extract(epoch FROM max(redated.claimed_at - redated.received_at))::float8 AS ahead_s
      FROM redated_messages AS redated
     WHERE redated.claimed_at > redated.received_at
     GROUP BY redated.device_id),
judged AS (
    SELECT alerts.device_id, alerts.alert_id, alerts.raised_at
      FROM alerts
     WHERE state <> 'normal' AND kind = 'offline' AND cause = 'clock')
SELECT devices.device_id, devices.name AS device_name, sites.name AS site_name,
       profiles.document ->> 'domain' AS source, coalesce(ahead.messages, 0) AS messages,
       ahead.ahead_s, coalesce(ahead.last_at, judged.raised_at) AS last_at, judged.alert_id
  FROM devices
  JOIN profiles USING (profile_id)
  JOIN sites USING (site_id)
  LEFT JOIN ahead USING (number)
  LEFT JOIN judged USING (device_id)
 WHERE ahead.messages IS NOT NULL OR judged.alert_id IS NOT NULL;
COMMENT ON VIEW dash.clock_skew IS
    'Devices with a wrong clock: messages of the last 30 days from the future (ahead_s: the most, '
    'in seconds), and the open alert of those whose clock is judged wrong either way.';

CREATE VIEW dash.delays AS
SELECT profiles.document ->> 'domain' AS source, count(*) AS series,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY delay_s) AS median_s,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY delay_s) AS delay_95_s
  FROM (SELECT device_id AS number,
               extract(epoch FROM received_at - observed_at)::float8 AS delay_s
          FROM latest_values) AS latest
  JOIN devices USING (number)
  JOIN profiles USING (profile_id)
 GROUP BY 1;
COMMENT ON VIEW dash.delays IS
    '及时性: seconds from observation to receipt of the latest value of every series, by source.';

-- ---- the system itself

CREATE VIEW dash.data_age AS
SELECT source, max(received_at) AS received_at, max(observed_at) AS observed_at,
       extract(epoch FROM now() - max(received_at))::float8 AS age_s,
       greatest(60, 3 * min(interval_s))::float8 AS limit_s
  FROM (SELECT profiles.document ->> 'domain' AS source, heard.received_at, heard.observed_at,
               (profiles.document ->> 'expected_interval_s')::float8 AS interval_s
          FROM devices
          JOIN profiles USING (profile_id)
          LEFT JOIN (SELECT device_id AS number, max(received_at) AS received_at,
                            max(observed_at) AS observed_at
                       FROM latest_values GROUP BY 1
                      UNION ALL
                     SELECT device_id, received_at, observed_at FROM latest_positions
               ) AS heard USING (number)
         WHERE devices.in_service) AS each
 GROUP BY source;
COMMENT ON VIEW dash.data_age IS
    'Data age by source: seconds since the newest reading or position was received. limit_s: three '
    'times the shortest interval of the source''s devices, 60 at least (ours).';

CREATE VIEW dash.heartbeats AS
WITH RECURSIVE known AS (
    (SELECT program, instance FROM heartbeats ORDER BY program, instance LIMIT 1)
     UNION ALL
    SELECT further.program, further.instance
      FROM known
     CROSS JOIN LATERAL (
           SELECT program, instance FROM heartbeats
            WHERE (heartbeats.program, heartbeats.instance) > (known.program, known.instance)
            ORDER BY program, instance
            LIMIT 1) AS further),
expected AS (
    SELECT program, instance FROM known
     UNION ALL
    SELECT missing.program, '' FROM (VALUES ('alerts'), ('api'), ('ingest')) AS missing (program)
     WHERE missing.program NOT IN (SELECT known.program FROM known)),
latest AS (
    SELECT expected.program, expected.instance, beat.at, beat.detail, beat.facts,
           extract(epoch FROM now() - beat.at)::float8 AS age_s, 30::float8 AS limit_s, beat.state
      FROM expected
      LEFT JOIN LATERAL (
           SELECT at, state, detail, facts FROM heartbeats
            WHERE heartbeats.program = expected.program AND heartbeats.instance = expected.instance
            ORDER BY at DESC
            LIMIT 1) AS beat ON true)
SELECT program, instance, at, age_s, limit_s,
       CASE WHEN at IS NULL THEN 'never' WHEN age_s > limit_s THEN 'lost' ELSE state END AS state,
       detail, facts
  FROM latest
 WHERE at IS NULL OR age_s < 7 * 86400;
COMMENT ON VIEW dash.heartbeats IS
    'The last heartbeat of every program: running, degraded, stopping, lost (nothing for 30 s), '
    'never. Written every 10 s by the api, so an api that is down makes all of them lost.';

CREATE VIEW dash.vitals AS
SELECT at, program, instance, state,
       (facts ->> 'rate_per_s')::float8 AS rate_per_s,
       (facts ->> 'in_flight')::float8 AS in_flight,
       (facts ->> 'spooled')::float8 AS spooled,
       (facts ->> 'spool_hours_left')::float8 AS spool_hours_left,
       (facts ->> 'oldest_uncommitted_s')::float8 AS oldest_uncommitted_s,
       (facts ->> 'devices_online')::float8 AS devices_online,
       (facts ->> 'devices_total')::float8 AS devices_total,
       facts ->> 'database' AS database
  FROM heartbeats;
COMMENT ON VIEW dash.vitals IS
    'What the programs said of themselves over time: messages per second, messages in hand and on '
    'disk, hours of inflow the disk still has room for (outage budget), lag in seconds; database: '
    'up or down as that program sees it.';

CREATE VIEW dash.upstreams AS
SELECT 'data' AS kind, source AS upstream, received_at AS at, age_s, limit_s,
       (age_s <= limit_s) IS NOT TRUE AS stale
  FROM dash.data_age
 UNION ALL
SELECT 'program', concat_ws('/', program, nullif(instance, '')), at, age_s, limit_s,
       state NOT IN ('running', 'degraded')
  FROM dash.heartbeats;
COMMENT ON VIEW dash.upstreams IS
    'Everything a screen depends on, and whether it is stale: data by source, programs by heartbeat.';

CREATE FUNCTION dash.database_figures()
RETURNS TABLE (bytes bigint, connections bigint, connections_limit bigint,
               hit_rate double precision, deadlocks bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT pg_database_size(datid), (SELECT sum(numbackends) FROM pg_stat_database)::bigint,
           current_setting('max_connections')::bigint,
           blks_hit / nullif(blks_hit + blks_read, 0)::float8, deadlocks
      FROM pg_stat_database
     WHERE datname = current_database()
$$;
COMMENT ON FUNCTION dash.database_figures IS
    'Size in bytes, connections of the whole server and their limit, share of blocks found in '
    'memory (0 … 1) and deadlocks, both since the statistics began.';

CREATE FUNCTION dash.relation_sizes()
RETURNS TABLE (relation text, keep_days double precision, reason text, bytes bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH placed AS (
        SELECT classes.*, coalesce(
               (SELECT format('%I.%I', materialization_hypertable_schema,
                              materialization_hypertable_name)::regclass
                  FROM timescaledb_information.continuous_aggregates WHERE view_name = relation),
               to_regclass(relation || '_settled'), to_regclass(relation)) AS place
          FROM retention_classes AS classes)
    SELECT relation, extract(epoch FROM keep)::float8 / 86400, reason,
           coalesce(hypertable_size(place), pg_total_relation_size(place))
      FROM placed
     ORDER BY 4 DESC
$$;
COMMENT ON FUNCTION dash.relation_sizes IS
    'What is kept, for how many days (null: for ever), why, and how many bytes that takes.';
