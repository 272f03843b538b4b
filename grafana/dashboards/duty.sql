-- name: waiting
SELECT count(*) FILTER (WHERE state IN ('unacknowledged', 'returned_unacknowledged')) AS waiting,
       coalesce(max(age_s) FILTER (
           WHERE state IN ('unacknowledged', 'returned_unacknowledged')), 0) AS oldest,
       count(*) FILTER (WHERE state = 'acknowledged') AS acknowledged
  FROM open_alerts
 WHERE NOT held AND NOT folded AND NOT drill AND desk_id IN (${desk:sqlstring})

-- name: put_aside
SELECT count(*) FILTER (WHERE hold_state = 'shelved') AS shelved,
       count(*) FILTER (WHERE hold_state = 'suppressed') AS suppressed,
       count(*) FILTER (WHERE hold_state = 'out_of_service') AS out_of_service,
       count(*) FILTER (WHERE folded AND NOT held) AS folded,
       count(*) FILTER (WHERE drill AND NOT held) AS drill
  FROM open_alerts
 WHERE desk_id IN (${desk:sqlstring})

-- name: in_flood
SELECT count(*) AS floods
  FROM floods
 WHERE ended_at IS NULL AND desk_id IN (${desk:sqlstring})

-- name: queue
SELECT priority, state, title_{language} AS title, domain, site_name, device_name, detected_at,
       age_s, acknowledged_by, assigned_to, alert_id
  FROM open_alerts
 WHERE NOT held AND NOT folded AND NOT drill AND desk_id IN (${desk:sqlstring})
 ORDER BY (state = 'acknowledged'), priority_rank, detected_at
 LIMIT 200

-- name: acknowledge_times
SELECT time_bucket('$__interval', detected_at) AS time,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY ack_s) AS median,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY ack_s) AS percentile_95
  FROM alert_history
 WHERE $__timeFilter(raised_at) AND ack_s >= 0 AND NOT drill AND desk_id IN (${desk:sqlstring})
 GROUP BY 1
 ORDER BY 1

-- name: clocks
SELECT priority, count(*) AS alerts, percentile_cont(0.5) WITHIN GROUP (ORDER BY notify_s) AS notify,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY ack_s) AS acknowledge,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY ack_s) AS acknowledge_95,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY dispatch_s) AS dispatch,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY arrive_s) AS arrive,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY clear_s) AS clear
  FROM alert_history
 WHERE $__timeFilter(raised_at) AND NOT drill AND desk_id IN (${desk:sqlstring})
 GROUP BY priority, priority_rank
 ORDER BY priority_rank

-- name: load
SELECT bucket AS time, sum(shown) AS shown, sum(folded) AS folded, sum(held) AS held
  FROM alarm_load(time_bucket('10 minutes', $__timeFrom()::timestamptz),
                  $__timeTo()::timestamptz)
 WHERE desk_id IN (${desk:sqlstring})
 GROUP BY bucket
 ORDER BY bucket

-- name: floods
SELECT desk_id, began_at, ended_at,
       extract(epoch FROM coalesce(ended_at, now()) - began_at) AS lasted, shown, folded
  FROM floods
 WHERE began_at <= $__timeTo()::timestamptz AND coalesce(ended_at, now()) >= $__timeFrom()::timestamptz
   AND desk_id IN (${desk:sqlstring})
 ORDER BY began_at DESC
 LIMIT 50

-- name: worst_actors
SELECT coalesce(title_{language}, rule_id) AS title, name, shown, share / 100 AS share, acted,
       chattering, fleeting
  FROM alarm_worst_actors($__timeFrom()::timestamptz, $__timeTo()::timestamptz)

-- name: never_acted_on
SELECT coalesce(title_{language}, rule_id) AS title, shown, sources
  FROM alarm_never_acted_on($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 LIMIT 10

-- name: kpis
SELECT title_{language} AS title, value, unit, target,
       coalesce(verdict, 'none') AS verdict, source
  FROM alarm_kpis($__timeFrom()::timestamptz, $__timeTo()::timestamptz)

-- name: desks
WITH known (desk_id, name_zh, name_en) AS (
    VALUES ('duty_room', '总值班室', 'Duty room'),
           ('fire', '消防监控中心', 'Fire monitoring centre'),
           ('city', '城市管理指挥中心', 'City management desk'),
           ('', '未分席', 'No desk'))
SELECT desk_id AS __value, name_{language} AS __text FROM known
 UNION
SELECT desk_id, desk_id
  FROM alert_history
 WHERE raised_at > now() - INTERVAL '31 days' AND desk_id NOT IN (SELECT desk_id FROM known)
 ORDER BY 1 DESC

-- name: flood_marks
SELECT began_at AS time, coalesce(ended_at, now()) AS timeend, desk_id AS text
  FROM floods
 WHERE began_at <= $__timeTo()::timestamptz AND coalesce(ended_at, now()) >= $__timeFrom()::timestamptz
 ORDER BY began_at
