-- The alert engine owns this table; the api reads it.

-- name: list_lines
SELECT no, at, kind, subject, actor, document, encode(hash, 'hex') AS hash
  FROM alert_journal
 WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)
   AND (%(subject)s::text IS NULL OR subject = %(subject)s)
   AND (%(actor)s::text IS NULL OR actor = %(actor)s)
   AND (%(start)s::timestamptz IS NULL OR at >= %(start)s)
   AND (%(end)s::timestamptz IS NULL OR at < %(end)s)
   AND (%(before)s::bigint IS NULL OR no < %(before)s)
 ORDER BY no DESC
 LIMIT %(limit)s;
