-- The truck dashboard: where they are, what they did, what they should not have done.

-- name: trucks_by_state
SELECT count(*) FILTER (WHERE state = 'violation') AS violation,
       count(*) FILTER (WHERE state = 'loaded') AS loaded,
       count(*) FILTER (WHERE state = 'empty') AS empty,
       count(*) FILTER (WHERE state = 'standing') AS standing,
       count(*) FILTER (WHERE state = 'unknown') AS unknown
  FROM trucks_now;

-- name: trips
SELECT count(*) AS trips, count(DISTINCT truck) AS trucks
  FROM truck_trips($__timeFrom()::timestamptz, $__timeTo()::timestamptz);

-- name: violations
SELECT count(*) AS violations
  FROM truck_violations($__timeFrom()::timestamptz, $__timeTo()::timestamptz);

-- name: outside_hours
SELECT coalesce(sum(km) FILTER (WHERE NOT permitted), 0) AS outside
  FROM truck_driving($__timeFrom()::timestamptz, $__timeTo()::timestamptz);

-- name: trucks_on_the_map
SELECT lat AS latitude, lon AS longitude, state, plate, company, speed_kmh,
       title_{language} AS violation, alert_id, truck
  FROM trucks_now
 WHERE state <> 'unknown'
 ORDER BY array_position('{standing,empty,loaded,violation}', state);

-- name: tracks_on_the_map
SELECT lat AS latitude, lon AS longitude, 'track' AS state, plate, time
  FROM truck_tracks(now() - INTERVAL '15 minutes', now())
 ORDER BY time;

-- name: latest_violations
SELECT at, kind_{language} AS kind, priority, plate, company, state, alert_id
  FROM truck_violations($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 ORDER BY at DESC
 LIMIT 50;

-- name: violations_by_kind
SELECT kinds.kind_{language} AS kind, count(found.alert_id) AS violations
  FROM (SELECT DISTINCT kind, kind_{language}, position FROM truck_violation_kinds) AS kinds
  LEFT JOIN truck_violations($__timeFrom()::timestamptz, $__timeTo()::timestamptz) AS found
         ON found.kind = kinds.kind
 GROUP BY kinds.kind_{language}, kinds.position
 ORDER BY kinds.position;

-- name: by_company
SELECT companies.company, coalesce(trips.trips, 0) AS trips,
       coalesce(found.violations, 0) AS violations
  FROM (SELECT company_id, min(company) AS company FROM truck_permits GROUP BY 1) AS companies
  LEFT JOIN (SELECT company_id, count(*) AS trips
               FROM truck_trips($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
              GROUP BY 1) AS trips USING (company_id)
  LEFT JOIN (SELECT company_id, count(*) AS violations
               FROM truck_violations($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
              GROUP BY 1) AS found USING (company_id)
 ORDER BY violations DESC, companies.company;

-- name: driving_by_hour
SELECT hour AS time, sum(km) FILTER (WHERE permitted) AS permitted,
       sum(km) FILTER (WHERE NOT permitted) AS outside,
       sum(km) FILTER (WHERE permitted IS NULL) AS not_said
  FROM truck_driving($__timeFrom()::timestamptz, $__timeTo()::timestamptz)
 GROUP BY hour
 ORDER BY hour;

-- name: permits
SELECT plate, company, construction_site, dump_site,
       CASE WHEN has_route THEN 'yes' ELSE 'no' END AS route,
       CASE WHEN hours = '' THEN 'none' ELSE coalesce(hours, 'unsaid') END AS hours,
       CASE WHEN permitted_now THEN 'yes' WHEN NOT permitted_now THEN 'no' ELSE 'unsaid' END
       AS permitted_now, truck
  FROM truck_permits
 ORDER BY array_position('{no,yes,unsaid}', CASE WHEN permitted_now THEN 'yes'
                         WHEN NOT permitted_now THEN 'no' ELSE 'unsaid' END), truck;

-- name: latest_trips
SELECT emptied_at, plate, company, loaded_s, distance_km, loaded_site,
       CASE WHEN loaded_as_approved THEN 'yes' WHEN NOT loaded_as_approved THEN 'no' END AS from_as,
       emptied_site,
       CASE WHEN emptied_as_approved THEN 'yes' WHEN NOT emptied_as_approved THEN 'no' END AS to_as
  FROM truck_trip_places(
       greatest($__timeFrom()::timestamptz, $__timeTo()::timestamptz - INTERVAL '2 hours'),
       $__timeTo()::timestamptz, 50);

-- name: trucks
SELECT truck AS __value, plate || ' · ' || company AS __text
  FROM truck_permits
 ORDER BY truck;

-- name: track
SELECT lat AS latitude, lon AS longitude, speed_kmh, plate, time
  FROM truck_tracks($__timeFrom()::timestamptz, $__timeTo()::timestamptz, ${truck:sqlstring})
 ORDER BY time;

-- name: speed
SELECT time, speed_kmh
  FROM truck_tracks($__timeFrom()::timestamptz, $__timeTo()::timestamptz, ${truck:sqlstring})
 ORDER BY time;
