-- The history of alerts in the database; the engine's journal is the original.

-- name: last_projected
SELECT coalesce(max(seq), 0) FROM alert_events;

-- name: append_events
INSERT INTO alert_events (seq, alert_id, at, transition, actor, document)
SELECT each.seq, each.document ->> 'alert_id', (each.document ->> 'updated_at')::timestamptz,
       each.document ->> 'transition', each.actor, each.document
  FROM unnest(%(seqs)s::bigint[], %(documents)s::jsonb[], %(actors)s::text[])
       AS each (seq, document, actor)
ON CONFLICT (seq) DO NOTHING;

-- name: put_alerts
-- Of several transitions of one alert the latest counts; an older one never replaces a newer one.
INSERT INTO alerts AS known (
    alert_id, seq, rule_id, rule_version, kind, priority, state, device_id, site_id, district,
    domain, subject, raised_at, detected_at, updated_at, returned_at, acknowledged_at,
    acknowledged_by, cleared_at, document)
SELECT DISTINCT ON (alert.alert_id)
       alert.alert_id, alert.seq, alert.rule_id, alert.rule_version, alert.kind, alert.priority,
       alert.state, alert.device_id, alert.site_id, alert.district, alert.domain, alert.subject,
       alert.raised_at, alert.detected_at, alert.updated_at, alert.returned_at,
       alert.acknowledged_at, alert.acknowledged_by, alert.cleared_at, each.document
  FROM unnest(%(documents)s::jsonb[]) AS each (document),
       jsonb_populate_record(NULL::alerts, each.document) AS alert
 ORDER BY alert.alert_id, alert.seq DESC
ON CONFLICT (alert_id) DO UPDATE SET
    seq = excluded.seq, priority = excluded.priority, state = excluded.state,
    updated_at = excluded.updated_at, returned_at = excluded.returned_at,
    acknowledged_at = excluded.acknowledged_at, acknowledged_by = excluded.acknowledged_by,
    cleared_at = excluded.cleared_at, document = excluded.document
WHERE excluded.seq > known.seq;
