-- The registry: grid, sites, metrics, profiles, devices, credentials. Owner: devices/store.py.
-- depends:

CREATE TABLE grids (
    code     text PRIMARY KEY CHECK (code ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$'),
    parent   text REFERENCES grids (code),
    name     text NOT NULL,
    geometry jsonb,
    CONSTRAINT grids_parent_is_a_prefix CHECK (parent IS NULL OR code LIKE parent || '___')
);

CREATE TABLE sites (
    site_id    text PRIMARY KEY,
    kind       text NOT NULL,
    name       text NOT NULL,
    district   character(6) NOT NULL,
    lon        double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    lat        double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    grid_code  text REFERENCES grids (code),
    address    text NOT NULL DEFAULT '',
    geometry   jsonb,
    attributes jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE metrics (
    number  smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name    text NOT NULL UNIQUE,
    unit    text NOT NULL,
    low     double precision NOT NULL,
    high    double precision NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    CONSTRAINT metrics_range CHECK (low < high)
);

CREATE TABLE profiles (
    profile_id text PRIMARY KEY,
    document   jsonb NOT NULL
);

CREATE TABLE devices (
    number              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id           text NOT NULL UNIQUE,
    profile_id          text NOT NULL REFERENCES profiles (profile_id),
    site_id             text NOT NULL REFERENCES sites (site_id),
    district            character(6) NOT NULL,
    name                text NOT NULL,
    gateway_id          text REFERENCES devices (device_id) DEFERRABLE INITIALLY DEFERRED,
    identification_code text UNIQUE CHECK (identification_code ~ '^[0-9]{16}$'),
    lon                 double precision CHECK (lon BETWEEN -180 AND 180),
    lat                 double precision CHECK (lat BETWEEN -90 AND 90),
    in_service          boolean NOT NULL DEFAULT true,
    attributes          jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT devices_not_their_own_gateway CHECK (gateway_id <> device_id)
);
CREATE INDEX devices_by_site ON devices (site_id);
CREATE INDEX devices_by_gateway ON devices (gateway_id);

-- A device may hold two credentials for the time of a rotation: the old one works until revoked.
CREATE TABLE credentials (
    username   text PRIMARY KEY,
    device_id  text NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE,
    generation integer NOT NULL,
    verifier   text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    UNIQUE (device_id, generation)
);

-- Programs poll this number; every change of what they keep in memory moves it.
CREATE TABLE registry_versions (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL
);
INSERT INTO registry_versions (version) VALUES (1);

CREATE FUNCTION bump_registry_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry_versions SET version = version + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER grids_changed    AFTER INSERT OR UPDATE OR DELETE ON grids    EXECUTE FUNCTION bump_registry_version();
CREATE TRIGGER sites_changed    AFTER INSERT OR UPDATE OR DELETE ON sites    EXECUTE FUNCTION bump_registry_version();
CREATE TRIGGER metrics_changed  AFTER INSERT OR UPDATE OR DELETE ON metrics  EXECUTE FUNCTION bump_registry_version();
CREATE TRIGGER profiles_changed AFTER INSERT OR UPDATE OR DELETE ON profiles EXECUTE FUNCTION bump_registry_version();
CREATE TRIGGER devices_changed  AFTER INSERT OR UPDATE OR DELETE ON devices  EXECUTE FUNCTION bump_registry_version();

GRANT SELECT ON grids, sites, metrics, profiles, devices, registry_versions
    TO yiwang_ingest, yiwang_alerts, yiwang_api, yiwang_grafana;
GRANT INSERT, UPDATE, DELETE ON grids, sites, metrics, profiles, devices TO yiwang_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON credentials TO yiwang_api;
GRANT UPDATE ON registry_versions TO yiwang_api;
