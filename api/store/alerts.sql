-- The alert engine owns these tables; the api reads them.

-- name: find_alerts
SELECT document::text
  FROM alerts
 WHERE state = ANY(%(states)s)
   AND (%(start)s::timestamptz IS NULL OR raised_at >= %(start)s)
   AND (%(end)s::timestamptz IS NULL OR raised_at < %(end)s)
   AND (%(device_id)s::text IS NULL OR device_id = %(device_id)s)
   AND (%(site_id)s::text IS NULL OR site_id = %(site_id)s)
   AND (%(priority)s::text IS NULL OR priority = %(priority)s)
   AND (%(domain)s::text IS NULL OR domain = %(domain)s)
   AND (%(desk_id)s::text IS NULL OR desk_id = %(desk_id)s)
   AND (%(drill)s::boolean IS NULL OR drill = %(drill)s)
   AND (%(folded)s::boolean IS NULL OR (folded_under IS NOT NULL) = %(folded)s)
   AND (%(before)s::timestamptz IS NULL OR (raised_at, alert_id) < (%(before)s, %(before_id)s))
 ORDER BY raised_at DESC, alert_id DESC
 LIMIT %(limit)s;

-- name: find_alert
SELECT document::text FROM alerts WHERE alert_id = %(alert_id)s;

-- name: list_transitions
SELECT document::text FROM alert_events WHERE alert_id = %(alert_id)s ORDER BY seq LIMIT 10000;
