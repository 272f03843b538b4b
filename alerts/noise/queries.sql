-- The quality of alerting, over the history of alerts; the functions are those of 0008.

-- name: kpis
SELECT metric, title_zh, title_en, value, unit, target, manageable, higher, verdict, source
  FROM alarm_kpis(%(since)s, %(until)s);

-- name: worst_actors
SELECT rule_id, source, shown, share, acted, fleeting, chattering, clear_median
  FROM alarm_worst_actors(%(since)s, %(until)s, %(at_most)s);

-- name: never_acted_on
SELECT rule_id, shown, sources FROM alarm_never_acted_on(%(since)s, %(until)s);
