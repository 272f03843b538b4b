-- The api owns this table; nobody may change what is written.

-- name: append_entries
INSERT INTO audit (at, actor, action, subject, detail)
VALUES (%(at)s, %(actor)s, %(action)s, %(subject)s, %(detail)s);

-- name: list_deeds
SELECT id, at, actor, action, subject, detail
  FROM audit
 WHERE (%(actor)s::text IS NULL OR actor = %(actor)s)
   AND (%(before)s::bigint IS NULL OR id < %(before)s)
 ORDER BY id DESC
 LIMIT %(limit)s;
