-- What the three trades show: fire, lighting, muck trucks. Each figure is defined once, here, for
-- walls, reports and console. Owner: grafana/.
--
-- Nothing personal: attributes only by name (as a whole they may hold contacts), no officers. The
-- plate of a muck truck belongs to a firm and is painted on the vehicle, so it is shown.
-- Periods are [since, until), days those of Asia/Shanghai. Alerts of drills, and those found false
-- or a test, count in no figure of a trade.
-- depends: 0009.dashboards

-- ---- what all three need

CREATE FUNCTION dash.spans(hours jsonb) RETURNS TABLE (begins time, ends time, days jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (span ->> 'from')::time, (span ->> 'to')::time,
           coalesce(nullif(span -> 'days', 'null'), '[1,2,3,4,5,6,7]')
      FROM jsonb_array_elements(CASE jsonb_typeof(hours) WHEN 'array' THEN hours ELSE '[]' END)
           AS span
     WHERE span ->> 'from' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
       AND span ->> 'to' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
$$;
COMMENT ON FUNCTION dash.spans IS
    'Spans of an attribute such as approved_hours: [{"from": "22:00", "to": "06:00", "days": [5]}]. '
    'days: ISO weekdays on which a span begins, else all. An end that is not after the beginning '
    'lies on the next day. A span nobody can read is left out.';

CREATE FUNCTION dash.permitted_at(hours jsonb, instant timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(hours) = 'array' THEN EXISTS (
        SELECT
          FROM dash.spans(hours) AS span,
               LATERAL (SELECT instant AT TIME ZONE 'Asia/Shanghai' AS local) AS here,
               LATERAL (SELECT to_jsonb(extract(isodow FROM local)::int) AS today,
                               to_jsonb(extract(isodow FROM local - INTERVAL '1 day')::int)
                               AS yesterday) AS weekday
         WHERE CASE WHEN begins < ends
                    THEN local::time >= begins AND local::time < ends AND days @> today
                    ELSE local::time >= begins AND days @> today
                         OR local::time < ends AND days @> yesterday END)
    END
$$;
COMMENT ON FUNCTION dash.permitted_at IS
    'Whether an instant lies in the spans by the clock of Asia/Shanghai, as the rule truck-hours '
    'judges it. Null without a list (the permit does not say); an empty list permits nothing.';

CREATE VIEW dash.device_states AS
SELECT devices.number, devices.device_id, devices.name, devices.profile_id, devices.site_id,
       profiles.document ->> 'domain' AS domain, profiles.document ->> 'name_zh' AS profile_zh,
       profiles.document ->> 'name_en' AS profile_en, heard.at AS heard_at,
       coalesce(heard.at < now() - make_interval(
           secs => (profiles.document ->> 'offline_after_s')::float8), true) AS silent,
       coalesce(opened.alerts, 0) AS open_alerts, coalesce(opened.fires, 0) AS open_fires,
       coalesce(opened.urgent, 0) AS open_urgent, coalesce(opened.faults, 0) AS open_faults
  FROM devices
  JOIN profiles USING (profile_id)
  LEFT JOIN (SELECT device_id AS number, max(received_at) AS at FROM latest_values GROUP BY 1)
       AS heard USING (number)
  LEFT JOIN (SELECT device_id, count(*) AS alerts, count(*) FILTER (WHERE life_safety) AS fires,
                    count(*) FILTER (WHERE priority IN ('critical', 'high') AND kind <> 'offline')
                    AS urgent,
                    count(*) FILTER (WHERE kind <> 'offline') AS faults
               FROM alerts
              WHERE state <> 'normal' AND NOT drill AND hold_state IS NULL
                AND coalesce(verdict, 'real') = 'real'
              GROUP BY device_id) AS opened USING (device_id)
 WHERE devices.in_service;
COMMENT ON VIEW dash.device_states IS
    'Devices in service: when last heard (receipt), silent (nothing for offline_after_s of the '
    'profile, or never), and the alerts of each on the board that are not held. open_faults leaves '
    'out silence, open_urgent counts critical and high. Source: latest_values, alerts.';

-- ---- fire

CREATE VIEW dash.fire_systems AS
SELECT * FROM (VALUES
    ('smoke-detector', 'alarm', 1, '火灾自动报警', 'Fire alarm'),
    ('smoke-detector-nb-iot', 'alarm', 1, '火灾自动报警', 'Fire alarm'),
    ('heat-detector', 'alarm', 1, '火灾自动报警', 'Fire alarm'),
    ('user-information-transmission-device', 'transmission', 2, '用户信息传输', 'Transmission'),
    ('gas-detector', 'gas', 3, '可燃气体探测', 'Combustible gas'),
    ('residual-current', 'electrical', 4, '电气火灾监控', 'Electrical fire'),
    ('cable-temperature', 'electrical', 4, '电气火灾监控', 'Electrical fire'),
    ('three-phase-supply', 'electrical', 4, '电气火灾监控', 'Electrical fire'),
    ('pipe-pressure', 'water', 5, '消防给水', 'Fire water'),
    ('tank-level', 'water', 5, '消防给水', 'Fire water'),
    ('pump-cabinet', 'water', 5, '消防给水', 'Fire water'),
    ('hydrant-pressure', 'hydrant', 6, '消火栓', 'Hydrants'),
    ('hydrant-pressure-meokon', 'hydrant', 6, '消火栓', 'Hydrants'),
    ('fire-door', 'door', 7, '防火门', 'Fire doors'),
    ('fire-power-supply', 'power', 8, '消防电源', 'Fire power'))
    AS systems (profile_id, system, position, system_zh, system_en);
COMMENT ON VIEW dash.fire_systems IS
    'To which fire system a kind of device belongs: after the system types of GB/T 26875.3-2011 '
    'table 4, the cut into eight is ours. A profile that is not listed counts as other.';

CREATE VIEW dash.unit_devices_now AS
SELECT device.site_id AS unit, sites.name AS unit_name, sites.grid_code, device.device_id,
       device.name, device.profile_id, device.profile_zh, device.profile_en,
       coalesce(systems.system, 'other') AS system, coalesce(systems.position, 9) AS position,
       coalesce(systems.system_zh, '其他') AS system_zh,
       coalesce(systems.system_en, 'Other') AS system_en,
       CASE WHEN device.open_fires > 0 THEN 'fire' WHEN device.open_urgent > 0 THEN 'alarm'
            WHEN device.silent THEN 'offline' WHEN device.open_alerts > 0 THEN 'fault'
            ELSE 'normal' END AS state,
       device.silent, device.heard_at, device.open_alerts,
       metrics.name AS metric, metrics.name_zh AS metric_zh, metrics.name_en AS metric_en,
       metrics.unit AS measured_in, latest.value, latest.observed_at
  FROM dash.device_states AS device
  JOIN sites ON sites.site_id = device.site_id AND sites.kind = 'fire_unit'
  JOIN profiles USING (profile_id)
  LEFT JOIN dash.fire_systems AS systems USING (profile_id)
  LEFT JOIN metrics ON metrics.name = profiles.document -> 'metrics' ->> 0
  LEFT JOIN latest_values AS latest
    ON latest.device_id = device.number AND latest.metric_id = metrics.number
 WHERE device.domain = 'fire';
COMMENT ON VIEW dash.unit_devices_now IS
    'Every fire device of a networked unit (联网单位), with the latest value of the first metric of '
    'its profile. state: fire (open life-safety alert), alarm (open critical or high one), offline '
    '(silent), fault (any other open one), normal.';

CREATE VIEW dash.unit_systems_now AS
SELECT unit, min(unit_name) AS unit_name, system, min(position) AS position,
       min(system_zh) AS system_zh, min(system_en) AS system_en, count(*) AS devices,
       count(*) FILTER (WHERE silent) AS silent, sum(open_alerts)::bigint AS open_alerts,
       CASE WHEN bool_or(state = 'fire') THEN 'fire' WHEN bool_or(state = 'alarm') THEN 'alarm'
            WHEN bool_and(state = 'offline') THEN 'offline'
            WHEN bool_or(state <> 'normal') THEN 'fault' ELSE 'normal' END AS state
  FROM dash.unit_devices_now
 GROUP BY unit, system;
COMMENT ON VIEW dash.unit_systems_now IS
    'Every fire system of every unit, as bad as the worst of its devices; offline only if all of '
    'them are silent, fault if some are.';

CREATE VIEW dash.units_now AS
WITH systems AS MATERIALIZED (
    SELECT unit, sum(devices)::bigint AS devices, sum(silent)::bigint AS silent,
           jsonb_object_agg(system, state ORDER BY position) AS systems,
           count(*) FILTER (WHERE state <> 'normal') AS not_normal,
           bool_or(system = 'transmission' AND state = 'offline') OR bool_and(state = 'offline')
           AS deaf
      FROM dash.unit_systems_now
     GROUP BY unit),
opened AS MATERIALIZED (
    SELECT site_id AS unit, count(*) AS alerts, bool_or(life_safety) AS fire,
           bool_or(priority IN ('critical', 'high') AND kind <> 'offline') AS urgent,
           (array_agg(alert_id ORDER BY NOT life_safety,
                      array_position('{critical,high,medium,low}', priority), raised_at DESC))[1]
           AS worst
      FROM alerts
     WHERE state <> 'normal' AND domain = 'fire' AND NOT drill AND hold_state IS NULL
       AND coalesce(verdict, 'real') = 'real'
     GROUP BY site_id)
SELECT sites.site_id AS unit, sites.name, sites.attributes ->> 'use' AS use, sites.address,
       sites.district, sites.grid_code, sites.lon, sites.lat,
       CASE WHEN opened.fire THEN 'fire' WHEN opened.urgent THEN 'alarm'
            WHEN coalesce(systems.deaf, true) THEN 'offline'
            WHEN systems.not_normal > 0 OR opened.alerts > 0 THEN 'fault'
            ELSE 'normal' END AS state,
       worst.priority AS worst_priority, worst.alert_id AS worst_alert_id,
       worst.document ->> 'title_zh' AS worst_title_zh,
       worst.document ->> 'title_en' AS worst_title_en, worst.raised_at AS worst_raised_at,
       coalesce(opened.alerts, 0) AS open_alerts, coalesce(systems.devices, 0) AS devices,
       coalesce(systems.silent, 0) AS silent, coalesce(systems.not_normal, 0) AS systems_not_normal,
       coalesce(systems.systems, '{}') AS systems
  FROM sites
  LEFT JOIN systems ON systems.unit = sites.site_id
  LEFT JOIN opened ON opened.unit = sites.site_id
  LEFT JOIN alerts AS worst ON worst.alert_id = opened.worst
 WHERE sites.kind = 'fire_unit';
COMMENT ON VIEW dash.units_now IS
    'Networked fire units. state: fire (open life-safety alert), alarm (open critical or high one), '
    'offline (its transmission device or everything is silent: nothing is known), fault (some system '
    'not normal, or another open alert), normal. systems: the state of each, unit_systems_now. '
    'lon, lat: WGS-84.';

CREATE VIEW dash.fire_water_now AS
SELECT device.unit, device.unit_name, device.device_id, device.name, device.system,
       device.system_zh, device.system_en, device.metric, device.value, device.measured_in,
       device.observed_at, limits.low, limits.high, limits.source,
       CASE WHEN device.silent OR device.value IS NULL THEN 'unknown'
            WHEN device.value < limits.low THEN 'low' WHEN device.value >= limits.high THEN 'high'
            ELSE 'normal' END AS state
  FROM dash.unit_devices_now AS device
  JOIN (VALUES
        ('hydrant', 'pressure_mpa', 0.14, NULL, 'GB 55036-2022 cl. 3.0.3 (secondary source)'),
        ('water', 'pressure_mpa', 0.10, 1.2,
         'GB 50974-2014 cl. 5.2.2 (secondary source); upper limit ours'),
        ('water', 'level_m', 1.0, NULL, 'ours; depends on the tank'))
       AS limits (system, metric, low, high, source)
    ON limits.system = device.system AND limits.metric = device.metric;
COMMENT ON VIEW dash.fire_water_now IS
    'Pressure (MPa) of hydrants and fire mains, level (m) of fire tanks, beside their limits, which '
    'are those of the delivered rules. A silent sensor is unknown, never normal.';

CREATE VIEW dash.fire_electrical_now AS
SELECT device.site_id AS unit, sites.name AS unit_name, device.device_id, device.name,
       reading.quantity, reading.value, reading.observed_at, limits.measured_in, limits.warning,
       limits.alarm, reading.value / limits.alarm AS share,
       CASE WHEN device.silent OR reading.value IS NULL THEN 'unknown'
            WHEN reading.value >= limits.alarm THEN 'alarm'
            WHEN reading.value >= limits.warning THEN 'warning' ELSE 'normal' END AS state
  FROM dash.device_states AS device
  JOIN sites ON sites.site_id = device.site_id AND sites.kind = 'fire_unit'
  JOIN LATERAL (
       SELECT CASE metrics.name WHEN 'residual_current_ma' THEN 'residual_current'
                                ELSE 'cable_temperature' END AS quantity,
              max(latest.value) AS value, max(latest.observed_at) AS observed_at
         FROM latest_values AS latest
         JOIN metrics ON metrics.number = latest.metric_id
        WHERE latest.device_id = device.number AND latest.quality < 64
          AND metrics.name IN ('residual_current_ma', 'cable_temperature_c',
                               'cable_l1_temperature_c', 'cable_l2_temperature_c',
                               'cable_l3_temperature_c')
        GROUP BY 1) AS reading ON true
  JOIN (VALUES ('residual_current', 'mA', 300, 500), ('cable_temperature', '°C', 60, 70))
       AS limits (quantity, measured_in, warning, alarm) USING (quantity)
 WHERE device.domain = 'fire';
COMMENT ON VIEW dash.fire_electrical_now IS
    'Electrical fire: residual current (mA) and the hottest of the cable temperatures (°C) of each '
    'detector, beside warning and alarm (300/500 mA and 70 °C as in the delivered rules; 60 °C '
    'ours). share: of the alarm value.';

CREATE FUNCTION dash.unit_readings(wanted text, metric text, since timestamptz, until timestamptz)
RETURNS TABLE ("time" timestamptz, device text, value double precision, minimum double precision,
               maximum double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT bucket, devices.name, average, minimum, maximum
           FROM %I AS rolled
           JOIN devices ON devices.number = rolled.device_id
          WHERE rolled.device_id = ANY ($1) AND rolled.metric_id = $2
            AND bucket >= $3 AND bucket < $4
          ORDER BY bucket, devices.name',
        CASE WHEN until - since <= INTERVAL '12 hours' THEN 'readings_1m'
             WHEN until - since <= INTERVAL '31 days' THEN 'readings_1h' ELSE 'readings_1d' END)
    USING (SELECT array_agg(devices.number) FROM devices WHERE devices.site_id = wanted),
          (SELECT metrics.number FROM metrics WHERE metrics.name = unit_readings.metric),
          since, until;
END $$;
COMMENT ON FUNCTION dash.unit_readings IS
    'One metric of all devices of a site over time, in the unit of the metric: mean, least and most '
    'per minute up to 12 hours, per hour up to 31 days, per day beyond. Good values only.';

CREATE FUNCTION dash.response_clocks(since timestamptz, until timestamptz, domain text DEFAULT NULL)
RETURNS TABLE (clock text, step integer, clock_zh text, clock_en text, alerts bigint,
               median_s double precision, p95_s double precision, worst_s double precision,
               target_s double precision, limit_s double precision,
               within_target double precision, within_limit double precision, source text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH counted AS (
        SELECT *, (document -> 'fire_brigade' ->> 'at')::timestamptz AS handed_over_at
          FROM alerts
         WHERE raised_at >= since AND raised_at < until AND NOT drill AND kind <> 'offline'
           AND verdict IS DISTINCT FROM 'test'
           AND (response_clocks.domain IS NULL OR alerts.domain = response_clocks.domain)),
    known AS (
        SELECT taken.clock, greatest(extract(epoch FROM taken.took)::float8, 0) AS seconds
          FROM counted, LATERAL (VALUES
               ('transmit', CASE WHEN kind = 'event' THEN detected_at - raised_at END),
               ('notify', notified_at - detected_at),
               ('acknowledge', acknowledged_at - detected_at),
               ('verify', verified_at - detected_at),
               ('hand_over', handed_over_at - verified_at),
               ('dispatch', dispatched_at - detected_at),
               ('arrive', on_site_at - detected_at),
               ('clear', cleared_at - detected_at)) AS taken (clock, took)
         WHERE taken.took IS NOT NULL)
    SELECT clocks.clock, clocks.step, clocks.zh, clocks.en, count(known.seconds),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY known.seconds),
           percentile_cont(0.95) WITHIN GROUP (ORDER BY known.seconds), max(known.seconds),
           clocks.target_s, clocks.limit_s,
           avg((known.seconds <= clocks.target_s)::int)::float8,
           avg((known.seconds <= clocks.limit_s)::int)::float8, clocks.source
      FROM (VALUES
           ('transmit', 1, '上传', 'Device to centre', 10::float8, 20::float8,
            'GB 26875.1-2011 cl. 4.1.2.1: 10 s; GB 50440-2007: 20 s (secondary sources)'),
           ('notify', 2, '通知', 'Somebody told', NULL, NULL, ''),
           ('acknowledge', 3, '受理', 'Acknowledged', NULL, NULL, ''),
           ('verify', 4, '核实', 'Verified', NULL, NULL, ''),
           ('hand_over', 5, '转119', 'Handed over to 119', 3, 3,
            'GB 50440-2007: 3 s from the confirmation (secondary source)'),
           ('dispatch', 6, '派单', 'Help sent', NULL, NULL, ''),
           ('arrive', 7, '到场', 'Help on site', NULL, NULL, ''),
           ('clear', 8, '解除', 'Cleared', NULL, NULL, ''))
           AS clocks (clock, step, zh, en, target_s, limit_s, source)
      LEFT JOIN known USING (clock)
     GROUP BY clocks.clock, clocks.step, clocks.zh, clocks.en, clocks.target_s, clocks.limit_s,
              clocks.source
     ORDER BY clocks.step
$$;
COMMENT ON FUNCTION dash.response_clocks IS
    'Response clocks in seconds over the alerts raised in the period (of one domain, or all). '
    'transmit: from the device''s own instant until the system knew, over reported signals only '
    '(delays of other rules are meant); a device clock ahead of ours counts as 0. hand_over: from '
    'the verdict to 119. All others from when the system knew. within_…: shares (0 … 1) of the '
    'alerts for which the step was taken; without a figure in a standard they are null. Silence '
    'is no alert here.';

CREATE FUNCTION dash.duty_checks(since timestamptz, until timestamptz)
RETURNS TABLE (desk_id text, checks bigint, asked bigint, answered bigint, missed bigint,
               unreachable bigint, rate double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH closed AS (
        SELECT subject, coalesce((answer ->> 'reachable')::boolean, true) AS reachable,
               answer ->> 'answered_at' IS NOT NULL AS said, journal.no
          FROM alert_journal AS journal
          LEFT JOIN LATERAL jsonb_array_elements(document -> 'check' -> 'answers') AS answer ON true
         WHERE kind = 'check' AND document ->> 'event' = 'closed' AND at >= since AND at < until)
    SELECT subject, count(DISTINCT no), count(*) FILTER (WHERE reachable),
           count(*) FILTER (WHERE reachable AND said),
           count(*) FILTER (WHERE reachable AND NOT said), count(*) FILTER (WHERE NOT reachable),
           (count(*) FILTER (WHERE reachable AND said))::float8
               / nullif(count(*) FILTER (WHERE reachable), 0)
      FROM closed
     GROUP BY subject
     ORDER BY subject
$$;
COMMENT ON FUNCTION dash.duty_checks IS
    '查岗应答率 by desk = answered in time ÷ asked and reachable (0 … 1), over the duty checks closed '
    'in the period; who could not be reached is told apart (GB/T 26875.3-2011, type 91; ours).';

-- ---- lighting

-- Sunset and sunrise: Meeus, Astronomical Algorithms, 2nd ed., chapters 12 and 25, low accuracy;
-- -0.833 degrees is the centre of the sun at both. Instants are right to some seconds. OFFSET 0:
-- each step is reckoned once, not written out wherever its result is used (twenty times as slow).
CREATE FUNCTION dash.lighting_windows(since timestamptz, until timestamptz)
RETURNS TABLE (site_id text, lit_from timestamptz, lit_until timestamptz, schedule text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH places AS (
        SELECT sites.site_id, sites.lon, sites.lat,
               coalesce(max((devices.attributes -> 'burning_hours')::text)::jsonb,
                        sites.attributes -> 'burning_hours') AS hours,
               count(devices.attributes -> 'burning_hours') > 0 AS by_device
          FROM devices
          JOIN profiles USING (profile_id)
          JOIN sites USING (site_id)
         WHERE profiles.document ->> 'domain' = 'lighting' AND devices.in_service
         GROUP BY sites.site_id),
    days AS (
        SELECT day::date FROM generate_series(
            (since AT TIME ZONE 'Asia/Shanghai')::date - 1,
            (until AT TIME ZONE 'Asia/Shanghai')::date, INTERVAL '1 day') AS day),
    nights AS (
        SELECT places.site_id, crossing.evening,
               row_number() OVER (PARTITION BY places.site_id, crossing.evening ORDER BY days.day)
               AS night,
               guess + ((2 * evening - 1) * degrees(acos(greatest(-1, least(1,
                   (sin(radians(-0.833)) - sin(radians(lat)) * sin(declination))
                   / (cos(radians(lat)) * cos(declination)))))) - turned) / 360 AS j2000_days
          FROM places, days,
               LATERAL (SELECT days.day + 1 - evening AS day, evening
                          FROM (VALUES (0), (1)) AS two (evening)) AS crossing,
               LATERAL (SELECT crossing.day - DATE '2000-01-01' - lon / 360
                               + (2 * evening - 1) * 0.25 AS guess OFFSET 0) AS guessed,
               LATERAL (SELECT radians(357.52911 + 0.98560028 * guess) AS anomaly OFFSET 0) AS sun,
               LATERAL (SELECT radians(280.46646 + 0.98564736 * guess + 1.914602 * sin(anomaly)
                               + 0.019993 * sin(2 * anomaly)) AS longitude,
                               radians(23.439291 - 3.6e-7 * guess) AS obliquity OFFSET 0) AS orbit,
               LATERAL (SELECT asin(sin(obliquity) * sin(longitude)) AS declination,
                               280.46061837 + 360.98564736629 * guess + lon
                               - degrees(atan2(cos(obliquity) * sin(longitude), cos(longitude)))
                               AS angle OFFSET 0) AS seen,
               LATERAL (SELECT angle - 360 * round(angle / 360) AS turned OFFSET 0) AS within
         WHERE hours IS NULL OR jsonb_typeof(hours) <> 'array'),
    windows AS (
        SELECT nights.site_id,
               max(to_timestamp(946728000 + j2000_days * 86400)) FILTER (WHERE evening = 1)
               AS lit_from,
               max(to_timestamp(946728000 + j2000_days * 86400)) FILTER (WHERE evening = 0)
               AS lit_until, 'sun' AS schedule
          FROM nights
         GROUP BY nights.site_id, nights.night
         UNION ALL
        SELECT places.site_id, (days.day + begins) AT TIME ZONE 'Asia/Shanghai',
               (days.day + (ends <= begins)::int + ends) AT TIME ZONE 'Asia/Shanghai',
               CASE WHEN by_device THEN 'cabinet' ELSE 'site' END
          FROM places, days, dash.spans(places.hours) AS span
         WHERE span.days @> to_jsonb(extract(isodow FROM days.day)::int))
    SELECT spans.site_id, lower(span), upper(span), spans.schedule
      FROM (SELECT windows.site_id, windows.schedule,
                   unnest(range_agg(tstzrange(windows.lit_from, windows.lit_until))) AS span
              FROM windows
             WHERE windows.lit_from < windows.lit_until
             GROUP BY windows.site_id, windows.schedule) AS spans
     WHERE upper(span) > since AND lower(span) < until
$$;
COMMENT ON FUNCTION dash.lighting_windows IS
    'When the lamps of each lighting site should burn. schedule says where that is known from: '
    'cabinet or site (their attribute burning_hours, spans as in approved_hours), else sun (from '
    'sunset to sunrise at the site). The registry as delivered names no hours: sun throughout. Spans '
    'that meet are one: nothing is switched in between.';

CREATE VIEW dash.lamp_measures AS
SELECT devices.number, devices.device_id AS lamp, devices.name, devices.site_id,
       devices.gateway_id AS cabinet, devices.lon, devices.lat,
       coalesce(power.metric_id, (SELECT number FROM metrics WHERE name = 'lamp_on')) AS metric_id,
       CASE WHEN power.metric_id IS NULL THEN 0.5
            WHEN jsonb_typeof(devices.attributes -> 'rated_power_w') = 'number'
            THEN greatest(3, 0.05 * (devices.attributes ->> 'rated_power_w')::float8)
            ELSE 3 END AS burning_from,
       (profiles.document ->> 'expected_interval_s')::float8 AS interval_s,
       (profiles.document ->> 'offline_after_s')::float8 AS offline_after_s,
       coalesce(power.value, said.value) AS value,
       coalesce(power.observed_at, said.observed_at) AS observed_at,
       coalesce(power.quality, said.quality) AS quality
  FROM devices
  JOIN profiles USING (profile_id)
  LEFT JOIN latest_values AS power
    ON power.device_id = devices.number
   AND power.metric_id = (SELECT number FROM metrics WHERE name = 'power_w')
  LEFT JOIN latest_values AS said
    ON said.device_id = devices.number
   AND said.metric_id = (SELECT number FROM metrics WHERE name = 'lamp_on')
 WHERE devices.in_service AND profiles.document ->> 'domain' = 'lighting'
   AND profiles.document -> 'metrics' ? 'lamp_on';
COMMENT ON VIEW dash.lamp_measures IS
    'How it is known that a lamp burns: by its power (power_w) if it has ever told any, since a '
    'controller may say on while the lamp is dead, else by its word (lamp_on). It burns from '
    'burning_from on: 5 % of its rated_power_w, 3 W at least (ours), or 0.5 of lamp_on. value, '
    'observed_at, quality: its latest report of that.';

CREATE VIEW dash.lamps_now AS
WITH schedules AS MATERIALIZED (
    SELECT site_id, range_agg(tstzrange(lit_from + margin, lit_until - margin, '[]'))
           FILTER (WHERE lit_until - lit_from >= 2 * margin) AS burning,
           range_agg(tstzrange(lit_from - margin, lit_until + margin, '()')) AS not_off
      FROM dash.lighting_windows(now() - INTERVAL '2 hours', now() + INTERVAL '1 hour'),
           (VALUES (INTERVAL '15 minutes')) AS switching (margin)
     GROUP BY site_id),
judged AS (
    SELECT lamps.*, CASE WHEN schedules.burning @> lamps.at THEN true
                         WHEN schedules.not_off @> lamps.at THEN NULL ELSE false END AS should
      FROM (SELECT measures.*, seen.is_lit,
                   CASE WHEN seen.is_lit IS NULL THEN now() ELSE measures.observed_at END AS at
              FROM dash.lamp_measures AS measures,
                   LATERAL (SELECT CASE
                       WHEN quality < 64 AND observed_at <= now() + INTERVAL '5 minutes'
                        AND observed_at > now() - make_interval(secs => offline_after_s)
                       THEN value >= burning_from END AS is_lit) AS seen) AS lamps
      LEFT JOIN schedules USING (site_id))
SELECT judged.lamp, judged.name, judged.site_id, sites.name AS site_name, sites.grid_code,
       judged.cabinet, coalesce(judged.lon, sites.lon) AS lon,
       coalesce(judged.lat, sites.lat) AS lat, coalesce(judged.should, false) AS should_be_lit,
       judged.should IS NULL AS switching, judged.is_lit,
       CASE WHEN judged.is_lit IS NULL THEN 'unknown'
            WHEN judged.is_lit AND judged.should IS NOT FALSE THEN 'lit'
            WHEN judged.is_lit THEN 'day_burning' WHEN judged.should THEN 'dark'
            ELSE 'off' END AS state,
       judged.observed_at
  FROM judged
  LEFT JOIN sites ON sites.site_id = judged.site_id;
COMMENT ON VIEW dash.lamps_now IS
    'Every lamp in service. is_lit: by its last report (lamp_measures), null (unknown) if that is '
    'older than offline_after_s of the profile or not good. should_be_lit: the schedule (lighting_windows) at '
    'the instant of that report, now if unknown; within 15 minutes of switching (switching) either '
    'is right (ours). state: lit, dark (should burn and does not), day_burning (burns and should '
    'not), off, unknown.';

CREATE FUNCTION dash.lighting_by_site(since timestamptz, until timestamptz)
RETURNS TABLE (day date, site_id text, lamps bigint, should_s double precision,
               lit_s double precision, unknown_s double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    over timestamptz := least(until, now());
    places text[];                         -- with `hours`: the hours in which a site's lamps burn
    hours timestamptz[];
    every_hour timestamptz[];
    lamps record;
BEGIN
    SELECT array_agg(number) AS numbers, array_agg(metric_id) AS metrics,
           array_agg(measures.site_id) AS sites, array_agg(burning_from::float8) AS burning,
           array_agg(interval_s) AS intervals INTO lamps
      FROM dash.lamp_measures AS measures;
    SELECT array_agg(burning.site_id), array_agg(burning.hour) INTO places, hours
      FROM (SELECT DISTINCT windows.site_id, hour
              FROM dash.lighting_windows(since, over) AS windows,
                   generate_series(date_trunc('hour', lit_from + INTERVAL '75 minutes'
                                                      - INTERVAL '1 microsecond'),
                                   lit_until - INTERVAL '75 minutes', INTERVAL '1 hour') AS hour
             WHERE hour >= since AND hour + INTERVAL '1 hour' <= over) AS burning;
    every_hour := ARRAY(SELECT DISTINCT hour FROM unnest(hours) AS hour ORDER BY hour);
    RETURN QUERY EXECUTE
    'WITH lamps AS MATERIALIZED (          -- a site by a number: groups are formed much faster
         SELECT lamps.*, dense_rank() OVER (ORDER BY lamps.site_id)::integer AS site
           FROM unnest($4, $8, $9, $10, $11)
                AS lamps (number, metric_id, site_id, burning_from, interval_s)),
     known AS MATERIALIZED (
         SELECT rolled.bucket AS hour, lamps.site,
                sum(least(count * interval_s, 3600)) AS known_s,
                sum(least(count * interval_s, 3600)
                    * CASE WHEN minimum >= burning_from THEN 1 WHEN maximum < burning_from THEN 0
                           ELSE sum / (count * maximum) END) AS lit_s
           FROM readings_1h AS rolled
           JOIN lamps ON lamps.number = rolled.device_id AND lamps.metric_id = rolled.metric_id
          WHERE rolled.metric_id = ANY ($3) AND rolled.device_id = ANY ($4) AND bucket = ANY ($5)
            AND bucket >= $1 AND bucket <= $2
          GROUP BY 1, 2),
     counted AS (SELECT lamps.site_id, site, count(*) AS lamps FROM lamps GROUP BY 1, 2)
     SELECT (hour AT TIME ZONE ''Asia/Shanghai'')::date, site_id, lamps,
            3600::float8 * lamps * count(*), coalesce(sum(lit_s), 0),
            3600::float8 * lamps * count(*) - coalesce(sum(known_s), 0)
       FROM unnest($6, $7) AS burning (site_id, hour)
       JOIN counted USING (site_id)
       LEFT JOIN known USING (site, hour)
      GROUP BY 1, 2, 3
      ORDER BY 1, 2'
    USING every_hour[1], every_hour[cardinality(every_hour)],
          ARRAY(SELECT DISTINCT unnest(lamps.metrics)), lamps.numbers, every_hour, places, hours,
          lamps.metrics, lamps.sites, lamps.burning, lamps.intervals;
END $$;
COMMENT ON FUNCTION dash.lighting_by_site IS
    'Lamp-seconds by local day and site, over the whole hours that lie in the schedule '
    '(lighting_windows) with 15 minutes to spare at either end, so that switching does not count. '
    'lit_s: burning by lamp_measures; an hour in which a lamp did and did not counts by mean ÷ '
    'maximum. unknown_s: no report; a report vouches for the expected interval of its profile and '
    'for nothing beyond. Source: readings_1h. Lamps are those of today.';

CREATE FUNCTION dash.lighting_rate(since timestamptz, until timestamptz)
RETURNS TABLE (day date, should_s double precision, lit_s double precision,
               unknown_s double precision, rate double precision, rate_at_least double precision,
               unknown_rate double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT day, sum(should_s), sum(lit_s), sum(unknown_s),
           sum(lit_s) / nullif(sum(should_s) - sum(unknown_s), 0), sum(lit_s) / sum(should_s),
           sum(unknown_s) / sum(should_s)
      FROM dash.lighting_by_site(since, until)
     GROUP BY day
     ORDER BY day
$$;
COMMENT ON FUNCTION dash.lighting_rate IS
    '亮灯率 by local day = lamp time lit ÷ (lamp time that should be lit − unknown), 0 … 1; unknown '
    '(no telemetry) is told apart and never counts as lit: rate_at_least counts all of it as dark. '
    'Targets 0.98 main roads, 0.96 others (建办城〔2006〕48号, secondary source); the documents '
    'define no formula, this is ours. See lighting_by_site.';

CREATE FUNCTION dash.facilities_by_site(since timestamptz, until timestamptz)
RETURNS TABLE (day date, site_id text, facilities bigint, inspected bigint, intact bigint,
               unknown bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    over timestamptz := least(until, now());
    today timestamptz := date_trunc('day', now(), 'Asia/Shanghai');
    days text := 'readings_1d';
BEGIN
    IF to_regclass('readings_1d_settled') IS NOT NULL THEN  -- need not count what is not settled
        IF settled_until('readings_1d') >= least(over, today) THEN
            days := 'readings_1d_settled';
        END IF;
    END IF;
    RETURN QUERY EXECUTE format(
    'WITH facilities AS MATERIALIZED (
         SELECT number, device_id, site_id FROM devices WHERE number = ANY ($4)),
     days AS MATERIALIZED (
         SELECT day::date, least($2, (day + INTERVAL ''1 day'') AT TIME ZONE ''Asia/Shanghai'')
                AS inspected_at
           FROM generate_series(date_trunc(''day'', $1 AT TIME ZONE ''Asia/Shanghai''),
                                ($2 - INTERVAL ''1 microsecond'') AT TIME ZONE ''Asia/Shanghai'',
                                INTERVAL ''1 day'') AS day),
     heard AS MATERIALIZED (
         SELECT (bucket AT TIME ZONE ''Asia/Shanghai'')::date AS day, device_id AS number,
                bool_or(count * interval_s >= 72000
                        AND (minimum >= burning_from OR maximum < burning_from)) AS stuck
           FROM %I AS rolled
           LEFT JOIN dash.lamp_measures AS lamps
             ON lamps.number = rolled.device_id AND lamps.metric_id = rolled.metric_id
          WHERE rolled.metric_id = ANY ($3) AND device_id = ANY ($4)
            AND bucket >= date_trunc(''day'', $1, ''Asia/Shanghai'') AND bucket < least($2, $5)
          GROUP BY 1, 2
          UNION ALL
         SELECT DISTINCT ($5 AT TIME ZONE ''Asia/Shanghai'')::date, device_id, false
           FROM latest_values
          WHERE device_id = ANY ($4) AND observed_at >= $5 AND observed_at < $2),
     broken AS MATERIALIZED (
         SELECT DISTINCT days.day, facilities.number
           FROM alerts
           JOIN facilities USING (device_id)
           JOIN days
             ON alerts.raised_at < days.inspected_at
            AND coalesce(alerts.returned_at, alerts.cleared_at, ''infinity'')
                >= days.inspected_at
          WHERE alerts.domain = ''lighting'' AND alerts.kind <> ''offline'' AND NOT alerts.drill
            AND coalesce(alerts.verdict, ''real'') = ''real'' AND alerts.subject <> ''door_open'')
     SELECT days.day, facilities.site_id, count(*), count(heard.number),
            count(heard.number) FILTER (WHERE broken.number IS NULL AND heard.stuck IS NOT TRUE),
            count(*) - count(heard.number)
       FROM days
      CROSS JOIN facilities
       LEFT JOIN heard ON heard.day = days.day AND heard.number = facilities.number
       LEFT JOIN broken ON broken.day = days.day AND broken.number = facilities.number
      GROUP BY days.day, facilities.site_id
      ORDER BY 1, 2', days)
    USING since, over,
          ARRAY(SELECT metric_id FROM dash.lamp_measures
                 UNION SELECT number FROM metrics WHERE name = 'door_state'),
          ARRAY(SELECT devices.number
                  FROM devices
                  JOIN profiles USING (profile_id)
                 WHERE devices.in_service AND profiles.document ->> 'domain' = 'lighting'),
          today;
END $$;
COMMENT ON FUNCTION dash.facilities_by_site IS
    'Lighting facilities (lamps and cabinets in service) by local day and site. inspected: heard '
    'that day; unknown: not heard. intact: inspected, without a fault alert standing at the end of '
    'the day (an open cabinet door is no fault), and neither lit nor dark throughout 20 hours or '
    'more of that day (lamp_measures), which is judged when the day is over. Source: readings_1d, '
    'for today latest_values, and alerts.';

CREATE FUNCTION dash.facility_rate(since timestamptz, until timestamptz)
RETURNS TABLE (day date, facilities bigint, inspected bigint, intact bigint, unknown bigint,
               rate double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT day, sum(facilities)::bigint, sum(inspected)::bigint, sum(intact)::bigint,
           sum(unknown)::bigint, sum(intact)::float8 / nullif(sum(inspected), 0)
      FROM dash.facilities_by_site(since, until)
     GROUP BY day
     ORDER BY day
$$;
COMMENT ON FUNCTION dash.facility_rate(timestamptz, timestamptz) IS
    '设施完好率 by local day = intact ÷ inspected facilities (0 … 1); facilities that were not heard '
    'are unknown and told apart. Target 0.95 for road lighting (城建〔2011〕257号, secondary source), '
    'which defines no formula: ours, see facilities_by_site.';

CREATE FUNCTION dash.facility_rate()
RETURNS TABLE (kind text, facilities bigint, inspected bigint, intact bigint, unknown bigint,
               rate double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH facilities AS (
        SELECT CASE WHEN lamps.lamp IS NULL THEN 'cabinet' ELSE 'lamp' END AS kind,
               NOT device.silent AND coalesce(lamps.state <> 'unknown', true) AS inspected,
               coalesce(lamps.state NOT IN ('dark', 'day_burning'), true) AND NOT EXISTS (
                   SELECT FROM alerts
                    WHERE alerts.device_id = device.device_id AND alerts.state <> 'normal'
                      AND alerts.active AND alerts.kind <> 'offline' AND NOT alerts.drill
                      AND alerts.subject <> 'door_open'
                      AND coalesce(alerts.verdict, 'real') = 'real') AS intact
          FROM dash.device_states AS device
          LEFT JOIN dash.lamps_now AS lamps ON lamps.lamp = device.device_id
         WHERE device.domain = 'lighting')
    SELECT coalesce(kind, 'all'), count(*), count(*) FILTER (WHERE inspected),
           count(*) FILTER (WHERE inspected AND intact), count(*) FILTER (WHERE NOT inspected),
           (count(*) FILTER (WHERE inspected AND intact))::float8
               / nullif(count(*) FILTER (WHERE inspected), 0)
      FROM facilities
     GROUP BY ROLLUP (kind)
$$;
COMMENT ON FUNCTION dash.facility_rate() IS
    '设施完好率 at this moment, by kind (lamp, cabinet, all) = intact ÷ inspected. inspected: heard '
    'within offline_after_s; intact: neither dark nor day_burning (lamps_now), and no fault alert '
    'active. unknown: not heard.';

CREATE FUNCTION dash.energy_by_site(since timestamptz, until timestamptz)
RETURNS TABLE (day date, site_id text, kwh double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE
    'WITH days AS (
         SELECT (bucket AT TIME ZONE ''Asia/Shanghai'')::date AS day, device_id AS number,
                minimum, maximum,
                lag(maximum) OVER (PARTITION BY device_id ORDER BY bucket) AS before
           FROM readings_1d
          WHERE metric_id = $3 AND device_id = ANY ($4)
            AND bucket >= date_trunc(''day'', $1, ''Asia/Shanghai'') - INTERVAL ''7 days''
            AND bucket < $2)
     SELECT days.day, devices.site_id,
            sum(maximum - CASE WHEN before <= maximum THEN before ELSE minimum END)
       FROM days
       JOIN devices USING (number)
      WHERE days.day >= ($1 AT TIME ZONE ''Asia/Shanghai'')::date
      GROUP BY 1, 2
      ORDER BY 1, 2'
    USING since, until, (SELECT number FROM metrics WHERE name = 'energy_kwh'),
          ARRAY(SELECT devices.number
                  FROM devices
                  JOIN profiles USING (profile_id)
                 WHERE profiles.document ->> 'domain' = 'lighting'
                   AND (profiles.document ->> 'gateway')::boolean
                   AND profiles.document -> 'metrics' ? 'energy_kwh');
END $$;
COMMENT ON FUNCTION dash.energy_by_site IS
    'kWh by local day and site, from the meters of the cabinets (lamps hang behind them): highest '
    'count of the day less that of the day it was last heard, up to a week back; a meter that went '
    'back, or is new, counts from its lowest of the day. Source: readings_1d, energy_kwh.';

CREATE FUNCTION dash.lighting_energy(since timestamptz, until timestamptz)
RETURNS TABLE (day date, kwh double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
    'SELECT day, sum(kwh) FROM dash.energy_by_site(since, until) GROUP BY day ORDER BY day';
COMMENT ON FUNCTION dash.lighting_energy IS
    'Energy of public lighting in kWh by local day, whole city; see energy_by_site.';

CREATE VIEW dash.cabinets_now AS
WITH lamps AS MATERIALIZED (
    SELECT cabinet, count(*) AS lamps, count(*) FILTER (WHERE state = 'lit') AS lit,
           count(*) FILTER (WHERE state = 'dark') AS dark,
           count(*) FILTER (WHERE state = 'day_burning') AS day_burning,
           count(*) FILTER (WHERE state = 'unknown') AS unknown
      FROM dash.lamps_now
     GROUP BY cabinet),
said AS MATERIALIZED (
    SELECT latest.device_id AS number, max(value) FILTER (WHERE name = 'power_w') AS power_w,
           max(value) FILTER (WHERE name = 'residual_current_ma') AS residual_current_ma,
           max(value) FILTER (WHERE name = 'door_state') > 0 AS door_open,
           max(value) FILTER (WHERE name = 'temperature_c') AS temperature_c
      FROM latest_values AS latest
      JOIN metrics ON metrics.number = latest.metric_id
     WHERE latest.quality < 64 AND latest.device_id IN (
           SELECT devices.number FROM devices JOIN profiles USING (profile_id)
            WHERE profiles.document ->> 'domain' = 'lighting'
              AND (profiles.document ->> 'gateway')::boolean)
     GROUP BY latest.device_id)
SELECT device.device_id AS cabinet, sites.name AS site_name, device.site_id, sites.grid_code,
       sites.lon, sites.lat,
       CASE WHEN device.silent THEN 'offline' WHEN device.open_urgent > 0 THEN 'alarm'
            WHEN device.open_alerts > 0 OR said.door_open THEN 'fault' ELSE 'normal' END AS state,
       said.power_w, said.residual_current_ma, said.door_open, said.temperature_c,
       coalesce(lamps.lamps, 0) AS lamps, coalesce(lamps.lit, 0) AS lit,
       coalesce(lamps.dark, 0) AS dark, coalesce(lamps.day_burning, 0) AS day_burning,
       coalesce(lamps.unknown, 0) AS unknown, device.open_alerts, device.heard_at
  FROM dash.device_states AS device
  JOIN profiles USING (profile_id)
  JOIN sites ON sites.site_id = device.site_id
  LEFT JOIN said USING (number)
  LEFT JOIN lamps ON lamps.cabinet = device.device_id
 WHERE device.domain = 'lighting' AND (profiles.document ->> 'gateway')::boolean;
COMMENT ON VIEW dash.cabinets_now IS
    'Every lighting cabinet: state (offline: silent; alarm: an open critical or high alert; fault: '
    'any other, or the door is open; normal), what it measures (W, mA, °C), and its lamps by state '
    '(lamps_now).';

-- ---- muck trucks

CREATE VIEW dash.truck_violation_kinds AS
SELECT * FROM (VALUES
    ('forbidden', 'lift', 'dumping', 1, '可疑消纳', 'Suspected dumping'),
    ('forbidden', 'unload', 'dumping', 1, '可疑消纳', 'Suspected dumping'),
    ('forbidden', 'load', 'excavation', 2, '可疑出土', 'Suspected excavation'),
    ('forbidden', 'cover_open', 'uncovered', 3, '未密闭运输', 'Driving uncovered'),
    ('event', 'cover_open', 'uncovered', 3, '未密闭运输', 'Driving uncovered'),
    ('route', 'route', 'off_route', 4, '线路偏移', 'Off the approved route'),
    ('event', 'route_deviation', 'off_route', 4, '线路偏移', 'Off the approved route'),
    ('threshold', 'speed_kmh', 'overspeed', 5, '超速', 'Overspeed'),
    ('event', 'overspeed', 'overspeed', 5, '超速', 'Overspeed'),
    ('load_speed', 'speed_kmh', 'overspeed', 5, '超速', 'Overspeed'),
    ('hours', 'hours', 'hours', 6, '非核准时段', 'Outside approved hours'),
    ('geofence', 'position', 'restricted_area', 7, '驶入禁行区', 'In a restricted area'),
    ('event', 'tamper', 'tamper', 8, '终端拆动', 'Terminal tampered with'))
    AS kinds (rule_kind, subject, kind, position, kind_zh, kind_en);
COMMENT ON VIEW dash.truck_violation_kinds IS
    'Which alerts about trucks are violations, by kind and subject of their rule, so rules of one''s '
    'own count too. Names after deployed systems (domain notes 4.3); the grouping is ours.';

CREATE FUNCTION dash.truck_violations(since timestamptz, until timestamptz)
RETURNS TABLE (kind text, company text, truck text, at timestamptz, alert_id text, kind_zh text,
               kind_en text, company_id text, plate text, priority text, state text, verdict text,
               lon double precision, lat double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT kinds.kind, sites.name, alerts.device_id, alerts.raised_at, alerts.alert_id,
           kinds.kind_zh, kinds.kind_en, alerts.site_id, devices.attributes ->> 'plate',
           alerts.priority, alerts.state, alerts.verdict, place.lon, place.lat
      FROM alerts
      JOIN dash.truck_violation_kinds AS kinds
        ON kinds.rule_kind = alerts.kind AND kinds.subject = alerts.subject
      LEFT JOIN sites ON sites.site_id = alerts.site_id
      LEFT JOIN devices ON devices.device_id = alerts.device_id
      LEFT JOIN LATERAL (
           SELECT positions.lon, positions.lat FROM positions
            WHERE positions.device_id = devices.number AND positions.quality < 64
              AND positions.observed_at <= alerts.raised_at
              AND positions.observed_at > alerts.raised_at - INTERVAL '5 minutes'
            ORDER BY positions.observed_at DESC LIMIT 1) AS place ON true
     WHERE alerts.domain = 'truck' AND alerts.raised_at >= since AND alerts.raised_at < until
       AND NOT alerts.drill AND coalesce(alerts.verdict, 'real') = 'real'
     ORDER BY alerts.raised_at, alerts.alert_id
$$;
COMMENT ON FUNCTION dash.truck_violations IS
    'Violations of muck trucks raised in the period, one row each; company: the haulage firm where '
    'the truck is registered. They are suspicions until an officer has verified them (verdict real); '
    'those found false or a test are left out. lon, lat: where the truck was (WGS-84).';

CREATE FUNCTION dash.truck_trips(since timestamptz, until timestamptz)
RETURNS TABLE (truck text, plate text, company text, company_id text, loaded_at timestamptz,
               emptied_at timestamptz, loaded_s double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE
    'WITH loads AS (
         SELECT device_id AS number, bucket, last > 0 AS loaded,
                lag(last > 0) OVER (PARTITION BY device_id ORDER BY bucket) AS was_loaded
           FROM readings_1m
          WHERE metric_id = $3 AND device_id = ANY ($4)
            AND bucket >= $1 - INTERVAL ''12 hours'' AND bucket < $2),
     turns AS (
         SELECT number, bucket, loaded,
                lag(bucket) OVER (PARTITION BY number ORDER BY bucket) AS turned_at
           FROM loads
          WHERE loaded IS DISTINCT FROM was_loaded
            AND (was_loaded IS NOT NULL OR NOT loaded))
     SELECT devices.device_id, devices.attributes ->> ''plate'', sites.name, devices.site_id,
            turned_at, bucket, extract(epoch FROM bucket - turned_at)::float8
       FROM turns
       JOIN devices USING (number)
       JOIN sites USING (site_id)
      WHERE NOT loaded AND bucket >= $1 AND turned_at IS NOT NULL
      ORDER BY bucket, devices.device_id'
    USING since, until, (SELECT number FROM metrics WHERE name = 'load_state'),
          ARRAY(SELECT number FROM devices JOIN profiles USING (profile_id)
                 WHERE profiles.document -> 'metrics' ? 'load_state');
END $$;
COMMENT ON FUNCTION dash.truck_trips IS
    'Trips (车次): empty, loaded, empty again. One row per trip that ended, emptied, in the period, '
    'so each counts once however periods are cut; loading lies up to 12 hours before the period. '
    'Half full counts as loaded. Instants are right to the minute, loaded_s in seconds. A load whose '
    'beginning was not reported is no trip. Source: readings_1m, load_state.';

CREATE FUNCTION dash.truck_trip_places(since timestamptz, until timestamptz,
                                       at_most integer DEFAULT 100)
RETURNS TABLE (truck text, plate text, company text, loaded_at timestamptz, emptied_at timestamptz,
               loaded_s double precision, distance_km double precision, loaded_site text,
               emptied_site text, loaded_as_approved boolean, emptied_as_approved boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH trips AS MATERIALIZED (
        SELECT each.*, devices.number, devices.attributes
          FROM dash.truck_trips(since, until) AS each
          JOIN devices ON devices.device_id = each.truck
         ORDER BY each.emptied_at DESC
         LIMIT at_most),
    grounds AS MATERIALIZED (
        SELECT sites.site_id, sites.name, box(
                   point(coalesce(min((corner ->> 0)::float8), sites.lon - 0.0022) - 0.0006,
                         coalesce(min((corner ->> 1)::float8), sites.lat - 0.0018) - 0.0005),
                   point(coalesce(max((corner ->> 0)::float8), sites.lon + 0.0022) + 0.0006,
                         coalesce(max((corner ->> 1)::float8), sites.lat + 0.0018) + 0.0005))
               AS ground
          FROM sites
          LEFT JOIN LATERAL jsonb_path_query(sites.geometry,
               '$ ? (@.type == "Polygon").coordinates[*][*]') AS corner ON true
         WHERE sites.kind IN ('construction_site', 'dump_site')
         GROUP BY sites.site_id),
    ends AS MATERIALIZED (                 -- each is looked up: one minute of one truck
        SELECT ends.number, ends.bucket, driven.km, stood.lon IS NOT NULL AS located,
               site.site_id, site.name
          FROM (SELECT trips.number, trips.loaded_at AS bucket FROM trips
                 UNION SELECT trips.number, trips.emptied_at FROM trips) AS ends
          LEFT JOIN LATERAL (
               SELECT rolled.last AS km
                 FROM readings_1m AS rolled
                WHERE rolled.metric_id = (SELECT metrics.number FROM metrics
                                           WHERE name = 'mileage_km')
                  AND rolled.device_id = ends.number AND rolled.bucket = ends.bucket
                  AND rolled.bucket >= since - INTERVAL '12 hours' AND rolled.bucket < until
                LIMIT 1) AS driven ON true
          LEFT JOIN LATERAL (
               SELECT positions.lon, positions.lat
                 FROM positions
                WHERE positions.device_id = ends.number AND positions.quality < 64
                  AND observed_at >= ends.bucket
                  AND observed_at < ends.bucket + INTERVAL '1 minute'
                  AND observed_at >= since - INTERVAL '12 hours'
                  AND observed_at < until + INTERVAL '1 minute'
                ORDER BY observed_at DESC
                LIMIT 1) AS stood ON true
          LEFT JOIN LATERAL (
               SELECT grounds.site_id, grounds.name FROM grounds
                WHERE grounds.ground @> point(stood.lon, stood.lat)
                ORDER BY center(grounds.ground) <-> point(stood.lon, stood.lat)
                LIMIT 1) AS site ON true)
    SELECT trips.truck, trips.plate, trips.company, trips.loaded_at, trips.emptied_at,
           trips.loaded_s, ended.km - began.km, began.name, ended.name,
           CASE WHEN began.located THEN coalesce(
               began.site_id = trips.attributes ->> 'construction_site', false) END,
           CASE WHEN ended.located THEN coalesce(
               ended.site_id = trips.attributes ->> 'dump_site', false) END
      FROM trips
      LEFT JOIN ends AS began ON began.number = trips.number AND began.bucket = trips.loaded_at
      LEFT JOIN ends AS ended ON ended.number = trips.number AND ended.bucket = trips.emptied_at
     ORDER BY trips.emptied_at DESC, trips.truck
$$;
COMMENT ON FUNCTION dash.truck_trip_places IS
    'The latest trips of the period with the kilometres driven loaded (mileage_km) and the '
    'construction or dump site at either end: within the bounding box of its fence and 50 m around '
    'it, 200 m and 50 m around a site without one. …_as_approved: whether it is the one in the '
    'truck''s permit; null where the position is not known.';

CREATE VIEW dash.trucks_now AS
WITH said AS MATERIALIZED (
    SELECT latest.device_id AS number, max(value) FILTER (WHERE name = 'load_state') AS load,
           max(value) FILTER (WHERE name = 'lift_state') > 0 AS lifted,
           max(value) FILTER (WHERE name = 'cover_state') > 0 AS uncovered
      FROM latest_values AS latest
      JOIN metrics ON metrics.number = latest.metric_id
     WHERE latest.quality < 64 AND name IN ('load_state', 'lift_state', 'cover_state')
     GROUP BY latest.device_id),
opened AS MATERIALIZED (
    SELECT alerts.device_id, count(*) AS violations,
           (array_agg(alerts.alert_id ORDER BY
                array_position('{critical,high,medium,low}', priority), raised_at DESC))[1] AS worst
      FROM alerts
      JOIN dash.truck_violation_kinds AS kinds
        ON kinds.rule_kind = alerts.kind AND kinds.subject = alerts.subject
     WHERE alerts.state <> 'normal' AND alerts.domain = 'truck' AND NOT alerts.drill
       AND alerts.hold_state IS NULL AND coalesce(alerts.verdict, 'real') = 'real'
     GROUP BY alerts.device_id)
SELECT devices.device_id AS truck, devices.attributes ->> 'plate' AS plate, sites.name AS company,
       devices.site_id AS company_id,
       CASE WHEN place.observed_at IS NULL OR place.quality >= 64
                 OR place.observed_at < now() - make_interval(
                    secs => (profiles.document ->> 'offline_after_s')::float8) THEN 'unknown'
            WHEN opened.violations > 0 THEN 'violation'
            WHEN place.speed_kmh < 5 THEN 'standing'
            WHEN said.load > 0 THEN 'loaded' ELSE 'empty' END AS state,
       place.lon, place.lat, place.speed_kmh, place.direction_deg, said.load, said.lifted,
       said.uncovered, dash.permitted_at(devices.attributes -> 'approved_hours', now())
       AS permitted_now, coalesce(opened.violations, 0) AS violations,
       opened.worst AS alert_id, worst.document ->> 'title_zh' AS title_zh,
       worst.document ->> 'title_en' AS title_en, place.observed_at
  FROM devices
  JOIN profiles USING (profile_id)
  JOIN sites USING (site_id)
  LEFT JOIN latest_positions AS place ON place.device_id = devices.number
  LEFT JOIN said ON said.number = devices.number
  LEFT JOIN opened ON opened.device_id = devices.device_id
  LEFT JOIN alerts AS worst ON worst.alert_id = opened.worst
 WHERE devices.in_service AND profiles.document ->> 'domain' = 'truck';
COMMENT ON VIEW dash.trucks_now IS
    'Every truck in service. state: unknown (no good position within offline_after_s of its '
    'profile), violation (one is open), standing (below 5 km/h), loaded or empty (moving). load: 0, '
    '0.5, 1; permitted_now: by its approved_hours, null if the permit names none. lon, lat: WGS-84, '
    'the last known.';

CREATE FUNCTION dash.truck_tracks(since timestamptz, until timestamptz, wanted text DEFAULT NULL)
RETURNS TABLE ("time" timestamptz, truck text, plate text, company text, lon double precision,
               lat double precision, speed_kmh double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE
    'SELECT observed_at, devices.device_id, devices.attributes ->> ''plate'', sites.name,
            positions.lon, positions.lat, positions.speed_kmh::float8
       FROM positions
       JOIN devices ON devices.number = positions.device_id
       JOIN sites USING (site_id)
      WHERE positions.device_id = ANY ($3) AND observed_at >= $1 AND observed_at < $2
        AND positions.quality < 64
      ORDER BY observed_at, devices.device_id'
    USING since, until, ARRAY(SELECT number FROM devices
                               WHERE wanted IS NULL OR device_id = wanted);
END $$;
COMMENT ON FUNCTION dash.truck_tracks IS
    'Good positions (WGS-84, km/h) of one device, or of all, in the order of time.';

CREATE VIEW dash.truck_permits AS
SELECT devices.device_id AS truck, devices.attributes ->> 'plate' AS plate, sites.name AS company,
       devices.site_id AS company_id, start.name AS construction_site, tip.name AS dump_site,
       devices.attributes -> 'approved_route' IS NOT NULL AS has_route,
       CASE jsonb_typeof(devices.attributes -> 'approved_hours') WHEN 'array' THEN coalesce(
           (SELECT string_agg(to_char(begins, 'HH24:MI') || '-' || to_char(ends, 'HH24:MI'), ', '
                              ORDER BY begins)
              FROM dash.spans(devices.attributes -> 'approved_hours')), '') END AS hours,
       dash.permitted_at(devices.attributes -> 'approved_hours', now()) AS permitted_now
  FROM devices
  JOIN profiles USING (profile_id)
  JOIN sites USING (site_id)
  LEFT JOIN sites AS start ON start.site_id = devices.attributes ->> 'construction_site'
  LEFT JOIN sites AS tip ON tip.site_id = devices.attributes ->> 'dump_site'
 WHERE devices.in_service AND profiles.document ->> 'domain' = 'truck';
COMMENT ON VIEW dash.truck_permits IS
    'What the permit (核准文件, Ministry Order 139 of 2005) of each truck says, from its attributes: '
    'approved site, dump, route, hours. hours: empty text allows none, null says nothing of hours.';

CREATE FUNCTION dash.truck_driving(since timestamptz, until timestamptz)
RETURNS TABLE (company text, truck text, hour timestamptz, km double precision, permitted boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE
    'WITH hours AS (
         SELECT device_id AS number, bucket, maximum,
                lag(maximum, 1, minimum) OVER (PARTITION BY device_id ORDER BY bucket) AS before
           FROM readings_1h
          WHERE metric_id = $3 AND device_id = ANY ($4)
            AND bucket >= date_trunc(''hour'', $1) - INTERVAL ''1 hour'' AND bucket < $2)
     SELECT sites.name, devices.device_id, bucket, greatest(maximum - before, 0),
            CASE WHEN devices.attributes ? ''approved_hours''
                 THEN dash.permitted_at(devices.attributes -> ''approved_hours'', bucket) END
       FROM hours
       JOIN devices USING (number)
       JOIN sites USING (site_id)
      WHERE bucket >= date_trunc(''hour'', $1)
      ORDER BY bucket, devices.device_id'
    USING since, until, (SELECT number FROM metrics WHERE name = 'mileage_km'),
          ARRAY(SELECT number FROM devices JOIN profiles USING (profile_id)
                 WHERE profiles.document -> 'metrics' ? 'mileage_km');
END $$;
COMMENT ON FUNCTION dash.truck_driving IS
    'Kilometres by truck and hour (mileage_km, readings_1h). permitted: by its approved_hours at '
    'the beginning of the hour; null if the permit names none.';
