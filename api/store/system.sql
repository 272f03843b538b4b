-- What the database says of itself (schema `dash`, migration 0009).

-- name: read_database
SELECT bytes, connections, connections_limit, hit_rate, deadlocks FROM dash.database_figures();

-- name: list_relations
SELECT relation, keep_days, reason, bytes FROM dash.relation_sizes();
