-- The lighting dashboard: lamps that burn and those that should, facilities, energy, cabinets.

-- name: rate_now
SELECT (count(*) FILTER (WHERE state = 'lit' AND should_be_lit))::float8
           / nullif(count(*) FILTER (WHERE should_be_lit AND state <> 'unknown'), 0) AS rate
  FROM lamps_now;

-- name: rate_last_night
SELECT sum(lit_s) / nullif(sum(should_s) - sum(unknown_s), 0) AS rate,
       sum(unknown_s) / nullif(sum(should_s), 0) AS unknown_rate
  FROM lighting_rate(
       date_trunc('day', now() - INTERVAL '12 hours', 'Asia/Shanghai') - INTERVAL '12 hours',
       date_trunc('day', now() - INTERVAL '12 hours', 'Asia/Shanghai') + INTERVAL '12 hours');

-- name: lamps_by_state
SELECT count(*) FILTER (WHERE state = 'lit') AS lit, count(*) FILTER (WHERE state = 'off') AS off,
       count(*) FILTER (WHERE state = 'dark') AS dark,
       count(*) FILTER (WHERE state = 'day_burning') AS day_burning,
       count(*) FILTER (WHERE state = 'unknown') AS unknown
  FROM lamps_now;

-- name: facilities_now
SELECT rate, unknown::float8 / nullif(facilities, 0) AS unknown_rate
  FROM facility_rate()
 WHERE kind = 'all';

-- name: lamps_on_the_map
SELECT lat AS latitude, lon AS longitude, state, name, site_id, site_name
  FROM lamps_now
 WHERE state IN ('dark', 'day_burning', 'unknown')
 ORDER BY array_position('{unknown,day_burning,dark}', state)
 LIMIT 5000;

-- name: cabinets_on_the_map
SELECT lat AS latitude, lon AS longitude, state, site_id, site_name, lit, dark, day_burning,
       unknown
  FROM cabinets_now;

-- name: lamps_in_trouble
SELECT lamps.state, lamps.name, lamps.site_id, lamps.site_name, lamps.observed_at, alerts.title,
       alerts.alert_id
  FROM lamps_now AS lamps
  LEFT JOIN LATERAL (
       SELECT title_{language} AS title, alert_id
         FROM open_alerts
        WHERE open_alerts.device_id = lamps.lamp
        ORDER BY priority_rank, raised_at
        LIMIT 1) AS alerts ON true
 WHERE lamps.state IN ('dark', 'day_burning')
 ORDER BY array_position('{dark,day_burning}', lamps.state), lamps.site_id, lamps.lamp
 LIMIT 100;

-- name: rate_by_day
SELECT day::timestamp AT TIME ZONE 'Asia/Shanghai' AS time, rate, rate_at_least, unknown_rate
  FROM lighting_rate($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 ORDER BY 1;

-- name: facilities_by_day
SELECT day::timestamp AT TIME ZONE 'Asia/Shanghai' AS time, rate,
       unknown::float8 / nullif(facilities, 0) AS unknown_rate
  FROM facility_rate($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 ORDER BY 1;

-- name: energy_by_day
SELECT day::timestamp AT TIME ZONE 'Asia/Shanghai' AS time, kwh
  FROM lighting_energy($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 ORDER BY 1;

-- name: schedules
SELECT schedule, count(DISTINCT site_id) AS sites, min(lit_from) AS lit_from,
       max(lit_until) AS lit_until
  FROM lighting_windows(date_trunc('day', now() - INTERVAL '12 hours', 'Asia/Shanghai')
                            + INTERVAL '12 hours',
                        date_trunc('day', now() - INTERVAL '12 hours', 'Asia/Shanghai')
                            + INTERVAL '24 hours')
 GROUP BY schedule
 ORDER BY schedule;

-- name: cabinets
SELECT state, site_id, site_name, lamps, lit, dark, day_burning, unknown, power_w,
       residual_current_ma, temperature_c,
       CASE WHEN door_open THEN 'open' WHEN NOT door_open THEN 'closed' END AS door,
       heard_at, open_alerts
  FROM cabinets_now
 ORDER BY array_position('{offline,alarm,fault,normal}', state), dark DESC, site_name;
