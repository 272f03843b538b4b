-- Who may sign in, and what they did. Owner: api/store.py.
-- depends: 0001.registry

CREATE TABLE users (
    username      text PRIMARY KEY CHECK (username ~ '^[A-Za-z0-9._-]{1,64}$'),
    full_name     text NOT NULL DEFAULT '',
    role          text NOT NULL CHECK (role IN ('viewer', 'officer', 'supervisor', 'admin')),
    password_hash text NOT NULL,           -- argon2id
    disabled      boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL
);

CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    actor   text NOT NULL,
    action  text NOT NULL,
    subject text NOT NULL DEFAULT '',
    detail  jsonb NOT NULL DEFAULT '{}'
);

GRANT SELECT, INSERT, UPDATE ON users TO yiwang_api;
GRANT SELECT, INSERT ON audit TO yiwang_api;
