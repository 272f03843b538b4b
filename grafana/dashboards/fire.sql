-- The fire dashboard: networked units, their systems, water, electricity, clocks, one unit.

-- name: units_by_state
SELECT count(*) FILTER (WHERE state = 'fire') AS fire,
       count(*) FILTER (WHERE state = 'alarm') AS alarm,
       count(*) FILTER (WHERE state = 'fault') AS fault,
       count(*) FILTER (WHERE state = 'offline') AS offline,
       count(*) FILTER (WHERE state = 'normal') AS normal
  FROM units_now;

-- name: transmitted_in_time
SELECT within_target, within_limit
  FROM response_clocks($__timeFrom()::timestamptz, $__timeTo()::timestamptz, 'fire')
 WHERE clock = 'transmit';

-- name: duty_answers
SELECT sum(answered)::float8 / nullif(sum(asked), 0) AS rate
  FROM duty_checks($__timeFrom()::timestamptz, $__timeTo()::timestamptz);

-- name: units_on_the_map
SELECT lat AS latitude, lon AS longitude, state, name, worst_title_{language} AS worst,
       open_alerts, worst_alert_id AS alert_id
  FROM units_now
 ORDER BY array_position('{normal,fault,offline,alarm,fire}', state);

-- name: units_in_trouble
SELECT state, name, worst_title_{language} AS worst, worst_raised_at AS raised_at, open_alerts,
       silent, worst_alert_id AS alert_id, unit
  FROM units_now
 WHERE state <> 'normal'
 ORDER BY array_position('{fire,alarm,offline,fault}', state), worst_raised_at DESC NULLS LAST
 LIMIT 50;

-- name: systems_by_state
SELECT min(system_{language}) AS system,
       count(*) FILTER (WHERE state = 'fire') AS fire,
       count(*) FILTER (WHERE state = 'alarm') AS alarm,
       count(*) FILTER (WHERE state = 'fault') AS fault,
       count(*) FILTER (WHERE state = 'offline') AS offline,
       count(*) FILTER (WHERE state = 'normal') AS normal
  FROM unit_systems_now
 GROUP BY system
 ORDER BY min(position);

-- name: units_by_system
SELECT name, state, systems ->> 'transmission' AS transmission, systems ->> 'alarm' AS alarm,
       systems ->> 'gas' AS gas, systems ->> 'electrical' AS electrical,
       systems ->> 'water' AS water, systems ->> 'hydrant' AS hydrant, systems ->> 'door' AS door,
       systems ->> 'power' AS power, unit
  FROM units_now
 ORDER BY array_position('{fire,alarm,offline,fault,normal}', state), systems_not_normal DESC, unit;

-- name: alerts_by_hour
SELECT time_bucket('1 hour', raised_at) AS time, priority AS metric, count(*) AS alerts
  FROM alert_history
 WHERE domain = 'fire' AND NOT drill AND $__timeFilter(raised_at)
 GROUP BY 1, 2
 ORDER BY 1;

-- name: lowest_water
SELECT unit_name || ' · ' || system_{language} AS place, value / low AS share
  FROM fire_water_now
 WHERE state <> 'unknown'
 ORDER BY 2
 LIMIT 10;

-- name: water_unknown
SELECT count(*) FILTER (WHERE state = 'low') AS low,
       count(*) FILTER (WHERE state = 'high') AS high,
       count(*) FILTER (WHERE state = 'unknown') AS unknown
  FROM fire_water_now;

-- name: highest_leakage
SELECT unit_name AS place, value
  FROM fire_electrical_now
 WHERE quantity = 'residual_current' AND state <> 'unknown'
 ORDER BY 2 DESC
 LIMIT 10;

-- name: hottest_cables
SELECT unit_name AS place, value
  FROM fire_electrical_now
 WHERE quantity = 'cable_temperature' AND state <> 'unknown'
 ORDER BY 2 DESC
 LIMIT 10;

-- name: clocks
SELECT clock_{language} AS clock, alerts, median_s, p95_s, worst_s, target_s, limit_s,
       within_target, within_limit
  FROM response_clocks($__timeFrom()::timestamptz, $__timeTo()::timestamptz, 'fire')
 ORDER BY step;

-- name: duty_checks
SELECT desk_id, checks, asked, answered, missed, unreachable, rate
  FROM duty_checks($__timeFrom()::timestamptz, $__timeTo()::timestamptz);

-- name: units
SELECT unit AS __value, name AS __text
  FROM units_now
 ORDER BY array_position('{fire,alarm,offline,fault,normal}', state), unit;

-- name: metrics_of_unit
SELECT DISTINCT metric AS __value, metric_{language} AS __text
  FROM unit_devices_now
 WHERE unit IN (${unit:sqlstring})
 ORDER BY 2;

-- name: unit_state
SELECT state, open_alerts, devices, silent
  FROM units_now
 WHERE unit IN (${unit:sqlstring});

-- name: unit_devices
SELECT system_{language} AS system, name, state, metric_{language} AS metric, value, measured_in,
       heard_at, open_alerts
  FROM unit_devices_now
 WHERE unit IN (${unit:sqlstring})
 ORDER BY array_position('{fire,alarm,offline,fault,normal}', state), position, device_id;

-- name: unit_readings
SELECT time, device AS metric, value
  FROM unit_readings(${unit:sqlstring}, ${metric:sqlstring},
                     $__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 ORDER BY time, device;

-- name: unit_alerts
SELECT raised_at, priority, state, title_{language} AS title, device_name, alert_id
  FROM open_alerts
 WHERE site_id IN (${unit:sqlstring})
 ORDER BY priority_rank, raised_at DESC
 LIMIT 50;
