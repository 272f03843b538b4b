-- Today beside yesterday, by schema `dash`; days are those of Asia/Shanghai.

-- name: list_hours
WITH days AS (
    SELECT date_trunc('day', %(now)s, 'Asia/Shanghai') AS today),
alerts AS (
    SELECT date_trunc('hour', raised_at) AS hour, count(*) AS alerts
      FROM days, dash.alert_history
     WHERE raised_at >= days.today - INTERVAL '1 day' AND raised_at <= %(now)s AND NOT drill
     GROUP BY 1),
messages AS (
    SELECT books.hour, sum(books.received)::bigint AS messages
      FROM days, dash.books_by_hour(days.today - INTERVAL '1 day', %(now)s) AS books
     GROUP BY 1)
SELECT hour AS at, coalesce(alerts.alerts, 0) AS alerts, coalesce(messages.messages, 0) AS messages
  FROM days
 CROSS JOIN generate_series(days.today - INTERVAL '1 day', %(now)s, INTERVAL '1 hour') AS hour
  LEFT JOIN alerts USING (hour)
  LEFT JOIN messages USING (hour)
 ORDER BY hour;

-- name: list_alert_figures
WITH days AS (
    SELECT 'today' AS day, date_trunc('day', %(now)s, 'Asia/Shanghai') AS since, %(now)s AS until
     UNION ALL
    SELECT 'yesterday', date_trunc('day', %(now)s, 'Asia/Shanghai') - INTERVAL '1 day',
           %(now)s - INTERVAL '1 day')
SELECT 'alerts' AS figure, days.day, count(history.alert_id)::float8 AS value
  FROM days
  LEFT JOIN dash.alert_history AS history
         ON history.raised_at >= days.since AND history.raised_at < days.until
        AND NOT history.drill
 GROUP BY days.day
 UNION ALL
SELECT 'acknowledge_s', days.day, clocks.median_s
  FROM days, dash.response_clocks(days.since, days.until, NULL) AS clocks
 WHERE clocks.clock = 'acknowledge'
 UNION ALL
SELECT 'online_rate', days.day, sum(rates.online_s) / nullif(sum(rates.total_s), 0)
  FROM days
  LEFT JOIN LATERAL dash.online_rate(days.since, days.until) AS rates ON true
 GROUP BY days.day
 UNION ALL
SELECT 'pass_rate', days.day, sum(rates.passed)::float8 / nullif(sum(rates.received), 0)::float8
  FROM days
  LEFT JOIN LATERAL dash.pass_rate(days.since, days.until) AS rates ON true
 GROUP BY days.day;

-- name: list_trade_figures
WITH days AS (
    SELECT 'today' AS day, date_trunc('day', %(now)s, 'Asia/Shanghai') AS since, %(now)s AS until
     UNION ALL
    SELECT 'yesterday', date_trunc('day', %(now)s, 'Asia/Shanghai') - INTERVAL '1 day',
           %(now)s - INTERVAL '1 day')
SELECT 'trips' AS figure, days.day, count(trips.truck)::float8 AS value
  FROM days
  LEFT JOIN LATERAL dash.truck_trips(days.since, days.until) AS trips ON true
 GROUP BY days.day
 UNION ALL
SELECT 'violations', days.day, count(found.alert_id)::float8
  FROM days
  LEFT JOIN LATERAL dash.truck_violations(days.since, days.until) AS found ON true
 GROUP BY days.day
 UNION ALL
SELECT 'lighting_rate', days.day, sum(rates.lit_s) / nullif(sum(rates.should_s - rates.unknown_s), 0)
  FROM days
  LEFT JOIN LATERAL dash.lighting_rate(days.since, days.until) AS rates ON true
 GROUP BY days.day;
