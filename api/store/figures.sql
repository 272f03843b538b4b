-- Figures of data quality as schema `dash` defines them (migration 0009); the api asks for them.

-- name: list_pass_rates
SELECT source, received, passed, rate FROM dash.pass_rate(%(start)s, %(end)s);

-- name: list_pass_rates_by_day
SELECT day, source, received, passed, rate FROM dash.pass_rate_by_day(%(start)s, %(end)s);

-- name: list_online_rates
SELECT domain, site_kind, devices, online_s, total_s, rate
  FROM dash.online_rate(%(start)s, %(end)s);

-- name: list_delays
SELECT source, series, median_s, delay_95_s FROM dash.delays ORDER BY source;

-- name: list_suspects
SELECT source, reason, sum(readings)::bigint AS readings, max(delay_95_s) AS delay_95_s
  FROM dash.suspect_readings(%(start)s, %(end)s)
 GROUP BY source, reason
 ORDER BY source, reason;

-- name: list_wrong_clocks
SELECT device_id, device_name, site_name, source, messages, ahead_s, last_at, alert_id
  FROM dash.clock_skew
 ORDER BY alert_id IS NULL, abs(coalesce(ahead_s, 0)) DESC, device_id
 LIMIT %(limit)s;

-- name: list_gaps
SELECT device_id, device_name, site_name, source, sum(missing)::bigint AS missing,
       count(*) AS gaps, max(hour) AS last_hour
  FROM dash.sequence_gaps
 WHERE hour >= %(start)s AND hour < %(end)s
 GROUP BY device_id, device_name, site_name, source
 ORDER BY missing DESC, device_id
 LIMIT %(limit)s;

-- name: list_data_ages
SELECT source, received_at, observed_at, age_s, limit_s FROM dash.data_age ORDER BY source;
