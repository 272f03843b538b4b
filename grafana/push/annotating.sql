-- name: alerts_zh
SELECT alert_id, title_zh AS title, site_name, priority, domain, raised_at, cleared_at
  FROM dash.alert_history
 WHERE raised_at >= %(since)s AND priority IN ('critical', 'high') AND NOT drill
   AND hold_state IS NULL
 ORDER BY raised_at DESC
 LIMIT %(at_most)s;

-- name: alerts_en
SELECT alert_id, title_en AS title, site_name, priority, domain, raised_at, cleared_at
  FROM dash.alert_history
 WHERE raised_at >= %(since)s AND priority IN ('critical', 'high') AND NOT drill
   AND hold_state IS NULL
 ORDER BY raised_at DESC
 LIMIT %(at_most)s;
