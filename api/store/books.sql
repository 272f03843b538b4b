-- Ingest owns these tables; the api reads them. An hour counts when it begins within the range.

-- name: balance
SELECT coalesce(sum(received), 0)::bigint AS received,
       coalesce(sum(stored), 0)::bigint AS stored,
       coalesce(sum(duplicate), 0)::bigint AS duplicate,
       coalesce(sum(quarantined), 0)::bigint AS quarantined,
       (SELECT coalesce(sum(last_seq - first_seq + 1), 0)::bigint
          FROM sequence_gaps
         WHERE (%(start)s::timestamptz IS NULL OR hour >= %(start)s) AND hour < %(end)s
           AND (%(device)s::int IS NULL OR device_id = %(device)s)) AS missing
  FROM ledger
 WHERE (%(start)s::timestamptz IS NULL OR hour >= %(start)s) AND hour < %(end)s
   AND (%(device)s::int IS NULL OR device_id = %(device)s);

-- name: break_down_by_device
WITH booked AS (
    SELECT device_id, sum(received) AS received, sum(stored) AS stored,
           sum(duplicate) AS duplicate, sum(quarantined) AS quarantined
      FROM ledger
     WHERE (%(start)s::timestamptz IS NULL OR hour >= %(start)s) AND hour < %(end)s
       AND (%(device)s::int IS NULL OR device_id = %(device)s)
     GROUP BY device_id
), gaps AS (
    SELECT device_id, sum(last_seq - first_seq + 1) AS missing
      FROM sequence_gaps
     WHERE (%(start)s::timestamptz IS NULL OR hour >= %(start)s) AND hour < %(end)s
       AND (%(device)s::int IS NULL OR device_id = %(device)s)
     GROUP BY device_id
)
SELECT device_id AS device, coalesce(received, 0)::bigint AS received,
       coalesce(stored, 0)::bigint AS stored, coalesce(duplicate, 0)::bigint AS duplicate,
       coalesce(quarantined, 0)::bigint AS quarantined, coalesce(missing, 0)::bigint AS missing
  FROM booked FULL JOIN gaps USING (device_id)
 ORDER BY received DESC, device_id
 LIMIT %(limit)s;

-- name: break_down_by_hour
WITH booked AS (
    SELECT hour, sum(received) AS received, sum(stored) AS stored,
           sum(duplicate) AS duplicate, sum(quarantined) AS quarantined
      FROM ledger
     WHERE (%(start)s::timestamptz IS NULL OR hour >= %(start)s) AND hour < %(end)s
       AND (%(device)s::int IS NULL OR device_id = %(device)s)
     GROUP BY hour
), gaps AS (
    SELECT hour, sum(last_seq - first_seq + 1) AS missing
      FROM sequence_gaps
     WHERE (%(start)s::timestamptz IS NULL OR hour >= %(start)s) AND hour < %(end)s
       AND (%(device)s::int IS NULL OR device_id = %(device)s)
     GROUP BY hour
)
SELECT hour, coalesce(received, 0)::bigint AS received,
       coalesce(stored, 0)::bigint AS stored, coalesce(duplicate, 0)::bigint AS duplicate,
       coalesce(quarantined, 0)::bigint AS quarantined, coalesce(missing, 0)::bigint AS missing
  FROM booked FULL JOIN gaps USING (hour)
 ORDER BY hour DESC
 LIMIT %(limit)s;

-- name: list_quarantined
SELECT id, received_at, device_id AS device, topic,
       substring(payload FROM 1 FOR %(preview)s::int) AS payload, octet_length(payload) AS size,
       reason, detail, requeued_at
  FROM quarantine
 WHERE (%(reason)s::text IS NULL OR reason = %(reason)s)
   AND (%(device)s::int IS NULL OR device_id = %(device)s)
   AND (%(start)s::timestamptz IS NULL OR received_at >= %(start)s)
   AND (%(before)s::bigint IS NULL OR id < %(before)s)
 ORDER BY id DESC
 LIMIT %(limit)s;

-- name: find_quarantined
SELECT id, received_at, device_id AS device, topic, payload, octet_length(payload) AS size,
       reason, detail, requeued_at
  FROM quarantine
 WHERE id = %(id)s;

-- name: count_reasons
SELECT reason, count(*) AS messages, count(DISTINCT device_id) AS devices,
       count(*) FILTER (WHERE requeued_at IS NULL) AS waiting, max(received_at) AS newest_at
  FROM quarantine
 WHERE %(start)s::timestamptz IS NULL OR received_at >= %(start)s
 GROUP BY reason
 ORDER BY messages DESC, reason;
