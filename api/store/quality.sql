-- The alert engine owns these functions (migration 0008); the api asks them.

-- name: list_kpis
SELECT metric, title_zh, title_en, value, unit, target, manageable, higher, verdict, source
  FROM alarm_kpis(%(start)s, %(end)s);

-- name: list_worst_actors
SELECT rule_id, source, shown, share, acted, fleeting, chattering, clear_median AS clear_median_s
  FROM alarm_worst_actors(%(start)s, %(end)s, %(limit)s);

-- name: list_never_acted_on
SELECT rule_id, shown, sources
  FROM alarm_never_acted_on(%(start)s, %(end)s)
 LIMIT %(limit)s;

-- name: list_load
SELECT bucket AS at, desk_id, shown, folded, held, drill
  FROM alarm_load(%(start)s, %(end)s)
 WHERE %(desk_id)s::text IS NULL OR desk_id = %(desk_id)s
 ORDER BY bucket, desk_id;
