-- name: open_by_priority
SELECT count(*) FILTER (WHERE priority = 'critical') AS critical,
       count(*) FILTER (WHERE priority = 'high') AS high,
       count(*) FILTER (WHERE priority = 'medium') AS medium,
       count(*) FILTER (WHERE priority = 'low') AS low
  FROM open_alerts
 WHERE NOT held AND NOT drill

-- name: unacknowledged
SELECT count(*) AS unacknowledged,
       coalesce(max(age_s), 0) AS oldest
  FROM open_alerts
 WHERE state IN ('unacknowledged', 'returned_unacknowledged') AND NOT held AND NOT folded AND NOT drill

-- name: devices_online
SELECT count(*) FILTER (WHERE state = 'online') AS online,
       count(*) FILTER (WHERE state IN ('offline', 'hidden')) AS offline,
       count(*) FILTER (WHERE state = 'online')::float8
           / nullif(count(*) FILTER (WHERE state <> 'out_of_service'), 0) AS rate
  FROM devices

-- name: sites_on_map
SELECT site_id, name, kind, lat AS latitude, lon AS longitude, priority, open_alerts, devices
  FROM sites

-- name: alerts_on_map
SELECT alert_id, priority, title_{language} AS title, site_name, lat AS latitude, lon AS longitude
  FROM open_alerts
 WHERE lon IS NOT NULL AND NOT held
 ORDER BY priority_rank DESC

-- name: open_by_domain
SELECT domain,
       count(*) FILTER (WHERE priority = 'critical') AS critical,
       count(*) FILTER (WHERE priority = 'high') AS high,
       count(*) FILTER (WHERE priority = 'medium') AS medium,
       count(*) FILTER (WHERE priority = 'low') AS low
  FROM open_alerts
 WHERE NOT held AND NOT drill
 GROUP BY domain
 ORDER BY count(*) DESC, domain

-- name: online_by_domain
SELECT domain, sum(online_s) / nullif(sum(total_s), 0) AS rate
  FROM online_rate($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 GROUP BY domain
 ORDER BY domain

-- name: today
WITH day AS (SELECT date_trunc('day', now(), 'Asia/Shanghai') AS begins),
alerts AS (
    SELECT count(*) FILTER (WHERE raised_at >= begins) AS today,
           count(*) FILTER (WHERE raised_at < begins AND raised_at <= now() - INTERVAL '1 day')
               AS before
      FROM alert_history, day
     WHERE raised_at >= begins - INTERVAL '1 day' AND NOT drill),
messages AS (
    SELECT coalesce(sum(received) FILTER (WHERE hour >= begins), 0) AS today,
           coalesce(sum(received) FILTER (
               WHERE hour < begins AND hour <= now() - INTERVAL '1 day'), 0) AS before
      FROM day, books_by_hour(begins - INTERVAL '1 day', now())),
passed AS (
    SELECT sum(passed) / nullif(sum(received), 0) AS rate
      FROM day, pass_rate(begins, now()))
SELECT alerts.today AS alerts, alerts.before AS alerts_before, messages.today AS messages,
       messages.before AS messages_before, passed.rate AS passed
  FROM alerts, messages, passed

-- name: units_by_state
SELECT count(*) FILTER (WHERE state IN ('fire', 'alarm')) AS alarmed,
       count(*) FILTER (WHERE state = 'fault') AS fault,
       count(*) FILTER (WHERE state = 'offline') AS offline,
       count(*) FILTER (WHERE state = 'normal') AS normal
  FROM units_now

-- name: lamps_by_state
SELECT count(*) FILTER (WHERE state = 'lit') AS lit,
       count(*) FILTER (WHERE state = 'dark') AS dark,
       count(*) FILTER (WHERE state = 'day_burning') AS day_burning,
       count(*) FILTER (WHERE state = 'unknown') AS unknown
  FROM lamps_now

-- name: trucks_by_state
SELECT count(*) FILTER (WHERE state IN ('loaded', 'empty')) AS driving,
       count(*) FILTER (WHERE state = 'standing') AS standing,
       count(*) FILTER (WHERE state = 'violation') AS violation,
       count(*) FILTER (WHERE state = 'unknown') AS unknown
  FROM trucks_now

-- name: alerts_by_hour
WITH hours AS (
    SELECT generate_series(time_bucket('1 hour', $__timeFrom()::timestamptz),
                           $__timeTo()::timestamptz, INTERVAL '1 hour') AS time),
counted AS (
    SELECT time_bucket('1 hour', raised_at) AS hour, count(*) AS alerts
      FROM alert_history
     WHERE raised_at >= $__timeFrom()::timestamptz - INTERVAL '25 hours'
       AND raised_at <= $__timeTo()::timestamptz AND NOT drill
     GROUP BY 1)
SELECT hours.time, coalesce(latest.alerts, 0) AS latest, coalesce(earlier.alerts, 0) AS earlier
  FROM hours
  LEFT JOIN counted AS latest ON latest.hour = hours.time
  LEFT JOIN counted AS earlier ON earlier.hour = hours.time - INTERVAL '1 day'
 ORDER BY hours.time

-- name: most_urgent
SELECT priority, state, title_{language} AS title, site_name, raised_at, alert_id
  FROM open_alerts
 WHERE NOT held AND NOT folded AND NOT drill
 ORDER BY priority_rank, raised_at
 LIMIT 12
