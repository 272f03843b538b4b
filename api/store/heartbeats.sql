-- The api owns this table: it is the program that hears all the others.

-- name: keep_heartbeats
INSERT INTO heartbeats (program, instance, at, state, detail, facts)
VALUES (%(program)s, %(instance)s, %(at)s, %(state)s, %(detail)s, %(facts)s)
ON CONFLICT DO NOTHING;
