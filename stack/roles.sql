-- The superuser's part of a migration: everything else is done by the owner.

-- name: role_exists
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(name)s) AS found;

-- name: database_exists
SELECT EXISTS (SELECT FROM pg_database WHERE datname = %(name)s) AS found;

-- name: create_extension
CREATE EXTENSION IF NOT EXISTS timescaledb;

-- name: restrain_dashboards
-- Whoever sees a dashboard can send any SQL through it: it shall neither write nor linger.
ALTER ROLE yiwang_grafana SET default_transaction_read_only = on;
ALTER ROLE yiwang_grafana SET statement_timeout = '15s';
ALTER ROLE yiwang_grafana CONNECTION LIMIT 15;
-- Grafana sends neither: it sees schema dash (public: time_bucket alone), and reads instants as UTC.
ALTER ROLE yiwang_grafana SET search_path = dash, public;
ALTER ROLE yiwang_grafana SET timezone = 'UTC';
