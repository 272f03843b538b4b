-- The history of alerts in the database; the engine's journal is the original.

-- name: last_projected
-- Rows of the release before have no `no`; theirs is their `seq`.
SELECT each.no, each.hash
  FROM ((SELECT no, hash FROM alert_events WHERE no IS NOT NULL ORDER BY no DESC LIMIT 1)
        UNION ALL
        (SELECT no, hash FROM alert_journal ORDER BY no DESC LIMIT 1)
        UNION ALL
        (SELECT seq, NULL FROM alert_events WHERE no IS NULL ORDER BY seq DESC LIMIT 1)) AS each
 ORDER BY each.no DESC
 LIMIT 1;

-- name: append_events
INSERT INTO alert_events (seq, alert_id, at, transition, actor, document, no, hash)
SELECT each.seq, each.document ->> 'alert_id', (each.document ->> 'updated_at')::timestamptz,
       each.document ->> 'transition', each.actor, each.document, each.no, each.hash
  FROM unnest(%(nos)s::bigint[], %(seqs)s::bigint[], %(documents)s::jsonb[], %(actors)s::text[],
              %(hashes)s::bytea[])
       AS each (no, seq, document, actor, hash)
ON CONFLICT DO NOTHING;

-- name: put_alerts
-- Of several transitions of one alert the latest counts; an older one never replaces a newer one.
INSERT INTO alerts AS known (
    alert_id, seq, rule_id, rule_version, kind, priority, state, device_id, site_id, district,
    domain, subject, raised_at, detected_at, updated_at, returned_at, acknowledged_at,
    acknowledged_by, cleared_at, verified_at, notified_at, dispatched_at, on_site_at, document)
SELECT DISTINCT ON (alert.alert_id)
       alert.alert_id, alert.seq, alert.rule_id, alert.rule_version, alert.kind, alert.priority,
       alert.state, alert.device_id, alert.site_id, alert.district, alert.domain, alert.subject,
       alert.raised_at, alert.detected_at, alert.updated_at, alert.returned_at,
       alert.acknowledged_at, alert.acknowledged_by, alert.cleared_at, alert.verified_at,
       alert.notified_at, alert.dispatched_at, alert.on_site_at, each.document
  FROM unnest(%(documents)s::jsonb[]) AS each (document),
       jsonb_populate_record(NULL::alerts, each.document) AS alert
 ORDER BY alert.alert_id, alert.seq DESC
ON CONFLICT (alert_id) DO UPDATE SET
    seq = excluded.seq, priority = excluded.priority, state = excluded.state,
    updated_at = excluded.updated_at, returned_at = excluded.returned_at,
    acknowledged_at = excluded.acknowledged_at, acknowledged_by = excluded.acknowledged_by,
    cleared_at = excluded.cleared_at, verified_at = excluded.verified_at,
    notified_at = excluded.notified_at, dispatched_at = excluded.dispatched_at,
    on_site_at = excluded.on_site_at, document = excluded.document
WHERE excluded.seq > known.seq;

-- name: append_lines
INSERT INTO alert_journal (no, at, kind, subject, actor, document, hash)
SELECT *
  FROM unnest(%(nos)s::bigint[], %(ats)s::timestamptz[], %(kinds)s::text[], %(subjects)s::text[],
              %(actors)s::text[], %(documents)s::jsonb[], %(hashes)s::bytea[])
ON CONFLICT DO NOTHING;
