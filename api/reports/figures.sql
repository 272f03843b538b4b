-- What reports read: figures of schema `dash` (migrations 0009 to 0011), and counts over its views.
-- An alert belongs to the period it was raised in. Drills are no alerts; they are told apart.

-- name: witness
-- Was anything written down at all? Where not, there is nothing to count.
SELECT min(hour) AS began, count(hour) AS hours
  FROM generate_series(date_trunc('hour', %(since)s::timestamptz),
                       %(until)s::timestamptz - INTERVAL '1 microsecond', INTERVAL '1 hour')
       AS every (hour)
 WHERE EXISTS (SELECT FROM ledger WHERE ledger.hour = every.hour);

-- name: recorded_steps
-- The days or hours, in local time, in which anything was written down: elsewhere there is no zero.
SELECT DISTINCT date_trunc(%(step)s::text, hour AT TIME ZONE 'Asia/Shanghai') AS began
  FROM generate_series(date_trunc('hour', %(since)s::timestamptz),
                       %(until)s::timestamptz - INTERVAL '1 microsecond', INTERVAL '1 hour')
       AS every (hour)
 WHERE EXISTS (SELECT FROM ledger WHERE ledger.hour = every.hour);

-- name: count_alerts
SELECT priority,
       count(*) FILTER (WHERE raised_at >= %(since)s AND NOT drill) AS alerts,
       count(*) FILTER (WHERE raised_at < %(before_until)s AND NOT drill) AS before,
       count(*) FILTER (WHERE raised_at >= %(since)s AND drill) AS drills,
       count(*) FILTER (WHERE raised_at >= %(since)s AND NOT drill AND state = 'normal') AS over,
       count(*) FILTER (WHERE raised_at >= %(since)s AND NOT drill AND verdict = 'real') AS real,
       count(*) FILTER (WHERE raised_at >= %(since)s AND NOT drill AND verdict = 'false')
           AS mistaken
  FROM dash.alert_history
 WHERE raised_at >= %(before_since)s AND raised_at < %(until)s
   AND (%(site)s::text IS NULL OR site_id = %(site)s)
   AND (%(domain)s::text IS NULL OR domain = %(domain)s)
   AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
 GROUP BY priority
 ORDER BY min(priority_rank);

-- name: count_by_domain
SELECT domain,
       count(*) FILTER (WHERE raised_at >= %(since)s) AS alerts,
       count(*) FILTER (WHERE raised_at < %(before_until)s) AS before,
       count(*) FILTER (WHERE raised_at >= %(since)s AND priority = 'critical') AS critical,
       count(*) FILTER (WHERE raised_at >= %(since)s AND priority = 'high') AS high,
       count(*) FILTER (WHERE raised_at >= %(since)s AND priority = 'medium') AS medium,
       count(*) FILTER (WHERE raised_at >= %(since)s AND priority = 'low') AS low
  FROM dash.alert_history
 WHERE raised_at >= %(before_since)s AND raised_at < %(until)s AND NOT drill
   AND (%(site)s::text IS NULL OR site_id = %(site)s)
   AND (%(domain)s::text IS NULL OR domain = %(domain)s)
   AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
 GROUP BY domain
 ORDER BY alerts DESC, domain;

-- name: count_by_step
SELECT date_trunc(%(step)s::text, raised_at AT TIME ZONE 'Asia/Shanghai') AS began,
       count(*) AS alerts,
       count(*) FILTER (WHERE priority = 'critical') AS critical,
       count(*) FILTER (WHERE priority = 'high') AS high,
       count(*) FILTER (WHERE priority = 'medium') AS medium,
       count(*) FILTER (WHERE priority = 'low') AS low
  FROM dash.alert_history
 WHERE raised_at >= %(since)s AND raised_at < %(until)s AND NOT drill
   AND (%(site)s::text IS NULL OR site_id = %(site)s)
   AND (%(domain)s::text IS NULL OR domain = %(domain)s)
   AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
 GROUP BY began
 ORDER BY began;

-- name: count_by_grid
SELECT coalesce(grids.code, counted.code) AS code, coalesce(grids.name, '') AS name,
       counted.alerts, counted.before, counted.critical, counted.sites
  FROM (SELECT left(coalesce(grid_code, district), %(digits)s) AS code,
               count(*) FILTER (WHERE raised_at >= %(since)s) AS alerts,
               count(*) FILTER (WHERE raised_at < %(before_until)s) AS before,
               count(*) FILTER (WHERE raised_at >= %(since)s AND priority = 'critical')
                   AS critical,
               count(DISTINCT site_id) FILTER (WHERE raised_at >= %(since)s) AS sites
          FROM dash.alert_history
         WHERE raised_at >= %(before_since)s AND raised_at < %(until)s AND NOT drill
           AND site_id IS NOT NULL
           AND (%(site)s::text IS NULL OR site_id = %(site)s)
           AND (%(domain)s::text IS NULL OR domain = %(domain)s)
           AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
         GROUP BY 1) AS counted
  LEFT JOIN dash.grids ON grids.code = counted.code
 WHERE counted.alerts > 0 OR counted.before > 0
 ORDER BY counted.alerts DESC, code;

-- name: count_by_site
SELECT site_id, coalesce(min(site_name), site_id) AS name, coalesce(min(site_kind), '') AS kind,
       count(*) FILTER (WHERE raised_at >= %(since)s) AS alerts,
       count(*) FILTER (WHERE raised_at < %(before_until)s) AS before,
       count(*) FILTER (WHERE raised_at >= %(since)s AND priority = 'critical') AS critical,
       count(*) FILTER (WHERE raised_at >= %(since)s AND priority = 'high') AS high
  FROM dash.alert_history
 WHERE raised_at >= %(before_since)s AND raised_at < %(until)s AND NOT drill
   AND site_id IS NOT NULL
   AND (%(site)s::text IS NULL OR site_id = %(site)s)
   AND (%(domain)s::text IS NULL OR domain = %(domain)s)
   AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
 GROUP BY site_id
HAVING count(*) FILTER (WHERE raised_at >= %(since)s) > 0
 ORDER BY alerts DESC, site_id;

-- name: clocks
-- The alerts of dash.response_clocks, narrowed down where asked. Somebody is due to acknowledge what
-- is neither held nor folded; what ended by itself before that is nobody's delay.
SELECT coalesce(domain, '') AS domain, count(*) AS alerts,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY ack_s) AS ack_median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY ack_s) AS ack_90,
       count(ack_s) AS acked,
       100 * avg((coalesce(ack_s <= ack_target, false))::int) FILTER (WHERE
           CASE WHEN hold_state IS NOT NULL OR folded_under IS NOT NULL THEN false
                WHEN ack_s IS NOT NULL THEN ack_target IS NOT NULL
                WHEN clear_s <= ack_target THEN false
                ELSE detected_at + ack_target * INTERVAL '1 s' <= %(until)s END)
           ::float8 AS ack_share,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY dispatch_s) AS dispatch_median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY dispatch_s) AS dispatch_90,
       count(dispatch_s) AS dispatched,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY arrive_s) AS arrive_median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY arrive_s) AS arrive_90,
       count(arrive_s) AS arrived,
       100 * (avg((arrive_s <= 1800)::int))::float8 AS arrive_share,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY clear_s) AS clear_median,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY clear_s) AS clear_90,
       count(clear_s) AS cleared,
       100 * avg((coalesce(clear_s <= 86400, false))::int) FILTER (WHERE clear_s IS NOT NULL
           OR detected_at + INTERVAL '1 day' <= %(until)s)::float8 AS clear_share
  FROM (SELECT domain, detected_at, hold_state, folded_under,
               CASE WHEN ack_s < 0 THEN 0 ELSE ack_s END AS ack_s,
               CASE WHEN dispatch_s < 0 THEN 0 ELSE dispatch_s END AS dispatch_s,
               CASE WHEN arrive_s < 0 THEN 0 ELSE arrive_s END AS arrive_s,
               CASE WHEN clear_s < 0 THEN 0 ELSE clear_s END AS clear_s,
               CASE priority WHEN 'critical' THEN 60 WHEN 'high' THEN 900
                             WHEN 'medium' THEN 7200 END AS ack_target
          FROM dash.alert_history
         WHERE raised_at >= %(since)s AND raised_at < %(until)s AND NOT drill
           AND kind <> 'offline' AND verdict IS DISTINCT FROM 'test'
           AND (%(site)s::text IS NULL OR site_id = %(site)s)
           AND (%(domain)s::text IS NULL OR domain = %(domain)s)
           AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
       ) AS told
 GROUP BY GROUPING SETS ((domain), ())
 ORDER BY grouping(domain) DESC, alerts DESC;

-- name: acknowledged_by_step
-- Of those alerts the critical ones: when they were raised, and how soon half of them was taken.
SELECT date_trunc(%(step)s::text, raised_at AT TIME ZONE 'Asia/Shanghai') AS began,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN ack_s < 0 THEN 0 ELSE ack_s END)
           AS median
  FROM dash.alert_history
 WHERE raised_at >= %(since)s AND raised_at < %(until)s AND NOT drill
   AND kind <> 'offline' AND verdict IS DISTINCT FROM 'test'
   AND priority = 'critical' AND ack_s IS NOT NULL
   AND (%(site)s::text IS NULL OR site_id = %(site)s)
   AND (%(domain)s::text IS NULL OR domain = %(domain)s)
   AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
 GROUP BY began
 ORDER BY began;

-- name: open_at_end
-- The state is that of the last transition before the period ended, not today's.
SELECT alert_id, priority, domain, coalesce(stood.state, history.state) AS state,
       coalesce(site_name, device_name, device_id, 'system') AS place, device_id,
       coalesce(title_zh, rule_id) AS title_zh, coalesce(title_en, rule_id) AS title_en, raised_at,
       extract(epoch FROM %(until)s - detected_at)::float8 AS age_s
  FROM dash.alert_history AS history
  LEFT JOIN LATERAL (
       SELECT document ->> 'state' AS state
         FROM alert_events
        WHERE alert_events.alert_id = history.alert_id AND at < %(until)s
        ORDER BY seq DESC
        LIMIT 1) AS stood ON true
 WHERE detected_at < %(until)s AND (cleared_at IS NULL OR cleared_at >= %(until)s) AND NOT drill
   AND coalesce(stood.state, history.state) <> 'normal'
   AND (%(site)s::text IS NULL OR site_id = %(site)s)
   AND (%(domain)s::text IS NULL OR domain = %(domain)s)
   AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
 ORDER BY priority_rank, detected_at, alert_id;

-- name: kpis
SELECT metric, title_zh, title_en, value, unit, target, manageable, higher, verdict, source
  FROM dash.alarm_kpis(%(since)s, %(until)s, %(site)s, %(grid)s, %(domain)s);

-- name: shown_in_the_city
SELECT sum(shown)::bigint AS shown FROM dash.alarm_load(%(since)s, %(until)s);

-- name: worst_actors
SELECT rule_id, coalesce(title_zh, rule_id) AS title_zh, coalesce(title_en, rule_id) AS title_en,
       coalesce(name, source) AS name, source, shown, share, acted, chattering, clear_median
  FROM dash.alarm_worst_actors(%(since)s, %(until)s, 10, %(site)s, %(grid)s, %(domain)s);

-- name: never_acted_on
SELECT rule_id, coalesce(title_zh, rule_id) AS title_zh, coalesce(title_en, rule_id) AS title_en,
       shown, sources
  FROM dash.alarm_never_acted_on(%(since)s, %(until)s, 3, %(site)s, %(grid)s, %(domain)s)
 LIMIT 10;

-- name: online_rate
SELECT domain, site_kind, devices, online_s, total_s
  FROM dash.online_rate(%(since)s, %(until)s, %(site)s, %(grid)s)
 WHERE %(domain)s::text IS NULL OR domain = %(domain)s;

-- name: online_by_step
-- What dash.online_rate says, day by day or hour by hour. Asked for each of them it would read the
-- registry as often, so the silences are cut here.
WITH steps AS (
    SELECT began, greatest(began AT TIME ZONE 'Asia/Shanghai', %(since)s) AS since,
           least((began + ('1 ' || %(step)s::text)::interval) AT TIME ZONE 'Asia/Shanghai',
                 %(until)s) AS until
      FROM generate_series(
           date_trunc(%(step)s::text, %(since)s::timestamptz AT TIME ZONE 'Asia/Shanghai'),
           (%(until)s::timestamptz - INTERVAL '1 microsecond') AT TIME ZONE 'Asia/Shanghai',
           ('1 ' || %(step)s::text)::interval) AS began),
away AS MATERIALIZED (                     -- alerts of device and gateway may overlap
    SELECT number, range_agg(period * tstzrange(%(since)s, %(until)s)) AS times
      FROM dash.silences
     WHERE period && tstzrange(%(since)s, %(until)s)
       AND (state <> 'normal' OR updated_at >= %(since)s)
     GROUP BY number),
here AS MATERIALIZED (
    SELECT devices.number
      FROM devices
      JOIN profiles USING (profile_id)
      JOIN sites USING (site_id)
     WHERE devices.in_service
       AND (%(site)s::text IS NULL OR site_id = %(site)s)
       AND (%(domain)s::text IS NULL OR profiles.document ->> 'domain' = %(domain)s)
       AND (%(grid)s::text IS NULL
            OR starts_with(coalesce(sites.grid_code, sites.district), %(grid)s))),
lost AS (
    SELECT steps.began, extract(epoch FROM sum(
               least(upper(one), steps.until) - greatest(lower(one), steps.since)))::float8
               AS seconds
      FROM here
      JOIN away USING (number)
     CROSS JOIN unnest(away.times) AS one
      JOIN steps ON steps.since < upper(one) AND steps.until > lower(one)
     GROUP BY steps.began)
SELECT began, total_s - coalesce(lost.seconds, 0) AS online_s, total_s
  FROM (SELECT began, extract(epoch FROM until - since)::float8
                   * (SELECT count(*) FROM here) AS total_s
          FROM steps) AS whole
  LEFT JOIN lost USING (began)
 ORDER BY began;

-- name: fire_units
-- A fire alarm is one about lives; `days_noisy`: days with more than five that proved mistaken.
SELECT sites.site_id, sites.name,
       coalesce(counted.fires, 0) AS fires, coalesce(counted.real, 0) AS real,
       coalesce(counted.mistaken, 0) AS mistaken, coalesce(counted.tests, 0) AS tests,
       coalesce(counted.others, 0) AS others, coalesce(counted.before, 0) AS before
  FROM dash.sites
  LEFT JOIN (
       SELECT site_id,
              count(*) FILTER (WHERE raised_at >= %(since)s AND life_safety) AS fires,
              count(*) FILTER (WHERE raised_at < %(before_until)s AND life_safety) AS before,
              count(*) FILTER (WHERE raised_at >= %(since)s AND life_safety AND verdict = 'real')
                  AS real,
              count(*) FILTER (WHERE raised_at >= %(since)s AND life_safety
                               AND verdict = 'false') AS mistaken,
              count(*) FILTER (WHERE raised_at >= %(since)s AND life_safety AND verdict = 'test')
                  AS tests,
              count(*) FILTER (WHERE raised_at >= %(since)s AND NOT life_safety) AS others
         FROM dash.alert_history
        WHERE raised_at >= %(before_since)s AND raised_at < %(until)s AND NOT drill
          AND domain = 'fire'
        GROUP BY site_id) AS counted USING (site_id)
 WHERE sites.kind = 'fire_unit'
   AND (%(site)s::text IS NULL OR sites.site_id = %(site)s)
   AND (%(grid)s::text IS NULL OR starts_with(coalesce(sites.grid_code, sites.district), %(grid)s))
 ORDER BY fires DESC, others DESC, sites.site_id;

-- name: duty_checks
SELECT desk_id, checks, asked, answered, unreachable
  FROM dash.duty_checks(%(since)s, %(until)s);

-- name: lighting_days
SELECT day, should_s, lit_s, unknown_s, facilities, inspected, intact, kwh
  FROM (SELECT day, sum(should_s) AS should_s, sum(lit_s) AS lit_s, sum(unknown_s) AS unknown_s
          FROM dash.lighting_by_site(%(since)s, %(until)s)
          JOIN dash.sites USING (site_id)
         WHERE (%(site)s::text IS NULL OR site_id = %(site)s)
           AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
         GROUP BY day) AS lit
  FULL JOIN (
        SELECT day, sum(facilities)::bigint AS facilities, sum(inspected)::bigint AS inspected,
               sum(intact)::bigint AS intact
          FROM dash.facilities_by_site(%(since)s, %(until)s)
          JOIN dash.sites USING (site_id)
         WHERE (%(site)s::text IS NULL OR site_id = %(site)s)
           AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
         GROUP BY day) AS facilities USING (day)
  FULL JOIN (
        SELECT day, sum(kwh) AS kwh
          FROM dash.energy_by_site(%(since)s, %(until)s)
          JOIN dash.sites USING (site_id)
         WHERE (%(site)s::text IS NULL OR site_id = %(site)s)
           AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
         GROUP BY day) AS energy USING (day)
 ORDER BY day;

-- name: trucks
-- Every firm with trucks, also one that neither drove nor did anything wrong; then the same by day
-- or hour of all of them, so that the trips are looked for once.
WITH firms AS (
    SELECT site_id, name
      FROM dash.sites
     WHERE EXISTS (SELECT FROM dash.devices
                    WHERE devices.site_id = sites.site_id AND domain = 'truck')
       AND (%(site)s::text IS NULL OR site_id = %(site)s)
       AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))),
trips AS (
    SELECT site_id, began, count(*) AS trips, count(DISTINCT truck) AS trucks
      FROM (SELECT company_id AS site_id, truck,
                   date_trunc(%(step)s::text, emptied_at AT TIME ZONE 'Asia/Shanghai') AS began
              FROM dash.truck_trips(%(since)s, %(until)s)) AS driven
      JOIN firms USING (site_id)
     GROUP BY GROUPING SETS ((site_id), (began))),
violations AS (
    SELECT site_id, began, count(*) AS violations,
           count(*) FILTER (WHERE kind = 'dumping') AS dumping,
           count(*) FILTER (WHERE verdict = 'real') AS verified
      FROM (SELECT company_id AS site_id, kind, verdict,
                   date_trunc(%(step)s::text, at AT TIME ZONE 'Asia/Shanghai') AS began
              FROM dash.truck_violations(%(since)s, %(until)s)) AS seen
      JOIN firms USING (site_id)
     GROUP BY GROUPING SETS ((site_id), (began)))
SELECT firms.name, NULL::timestamp AS began, coalesce(trips, 0) AS trips,
       coalesce(trucks, 0) AS trucks, coalesce(violations, 0) AS violations,
       coalesce(dumping, 0) AS dumping, coalesce(verified, 0) AS verified
  FROM firms
  LEFT JOIN trips USING (site_id)
  LEFT JOIN violations USING (site_id)
 UNION ALL
SELECT NULL, began, coalesce(trips, 0), coalesce(trucks, 0), coalesce(violations, 0),
       coalesce(dumping, 0), coalesce(verified, 0)
  FROM (SELECT * FROM trips WHERE began IS NOT NULL) AS trips
  FULL JOIN (SELECT * FROM violations WHERE began IS NOT NULL) AS violations USING (began)
 ORDER BY violations DESC, trips DESC, name;

-- name: truck_violations
SELECT kind_zh, kind_en, count(*) AS violations, count(*) FILTER (WHERE verdict = 'real') AS verified
  FROM dash.truck_violations(%(since)s, %(until)s)
  LEFT JOIN dash.sites ON sites.site_id = company_id
 WHERE (%(site)s::text IS NULL OR company_id = %(site)s)
   AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, district), %(grid)s))
 GROUP BY kind_zh, kind_en
 ORDER BY violations DESC, kind_zh;

-- name: heard_of_trucks
-- Truck by truck, so that the books of the whole city are not read to find that there are none.
SELECT EXISTS (
       SELECT FROM devices
         JOIN profiles USING (profile_id)
         JOIN sites USING (site_id)
        CROSS JOIN LATERAL (
              SELECT FROM ledger
               WHERE device_id = devices.number AND hour >= %(since)s AND hour < %(until)s
               LIMIT 1) AS booked
        WHERE profiles.document ->> 'domain' = 'truck'
          AND (%(site)s::text IS NULL OR site_id = %(site)s)
          AND (%(grid)s::text IS NULL
               OR starts_with(coalesce(grid_code, sites.district), %(grid)s))) AS heard;

-- name: pass_rate_by_day
SELECT day, source, received, passed
  FROM dash.pass_rate_by_day(%(since)s, %(until)s, %(site)s, %(grid)s)
 WHERE %(domain)s::text IS NULL OR source = %(domain)s
 ORDER BY day, source;

-- name: quarantine_reasons
-- A message of nobody we know belongs to no place.
SELECT reason, count(*) AS messages, count(DISTINCT device_id) AS devices
  FROM dash.quarantine
  LEFT JOIN devices USING (device_id)
  LEFT JOIN sites USING (site_id)
 WHERE received_at >= %(since)s AND received_at < %(until)s AND requeued_at IS NULL
   AND (%(domain)s::text IS NULL OR source = %(domain)s)
   AND (%(site)s::text IS NULL OR site_id = %(site)s)
   AND (%(grid)s::text IS NULL OR starts_with(coalesce(grid_code, sites.district), %(grid)s))
 GROUP BY reason
 ORDER BY messages DESC, reason;
