-- The registry's statements; each has the name of the function that runs it (devices/store.py).
-- Rows travel as one JSON array, so a file of ten thousand devices is one statement, and MERGE
-- takes a number from the identity column only for what is new.

-- name: registry_version
SELECT version FROM registry_versions;

-- name: load_registry
-- One statement sees one state of the database: every reference holds, and the version fits.
SELECT json_build_object(
    'version',  (SELECT version FROM registry_versions),
    'grids',    (SELECT coalesce(json_agg(g ORDER BY g.code), '[]') FROM grids g),
    'sites',    (SELECT coalesce(json_agg(s ORDER BY s.site_id), '[]') FROM sites s),
    'metrics',  (SELECT coalesce(json_agg(m ORDER BY m.number), '[]') FROM metrics m),
    'profiles', (SELECT coalesce(json_agg(p.document ORDER BY p.profile_id), '[]') FROM profiles p),
    'devices',  (SELECT coalesce(json_agg(d ORDER BY d.number), '[]') FROM devices d)
)::text;

-- name: put_grids
MERGE INTO grids AS kept
USING jsonb_populate_recordset(NULL::grids, %(rows)s::jsonb) AS given ON kept.code = given.code
WHEN MATCHED THEN
    UPDATE SET parent = given.parent, name = given.name, geometry = given.geometry
WHEN NOT MATCHED THEN
    INSERT (code, parent, name, geometry)
    VALUES (given.code, given.parent, given.name, given.geometry);

-- name: put_sites
MERGE INTO sites AS kept
USING jsonb_populate_recordset(NULL::sites, %(rows)s::jsonb) AS given ON kept.site_id = given.site_id
WHEN MATCHED THEN
    UPDATE SET kind = given.kind, name = given.name, district = given.district, lon = given.lon,
               lat = given.lat, grid_code = given.grid_code, address = given.address,
               geometry = given.geometry, attributes = given.attributes
WHEN NOT MATCHED THEN
    INSERT (site_id, kind, name, district, lon, lat, grid_code, address, geometry, attributes)
    VALUES (given.site_id, given.kind, given.name, given.district, given.lon, given.lat,
            given.grid_code, given.address, given.geometry, given.attributes);

-- name: put_metrics
MERGE INTO metrics AS kept
USING jsonb_populate_recordset(NULL::metrics, %(rows)s::jsonb) AS given ON kept.name = given.name
WHEN MATCHED THEN
    UPDATE SET unit = given.unit, low = given.low, high = given.high,
               name_zh = given.name_zh, name_en = given.name_en
WHEN NOT MATCHED THEN
    INSERT (name, unit, low, high, name_zh, name_en)
    VALUES (given.name, given.unit, given.low, given.high, given.name_zh, given.name_en);

-- name: put_profiles
MERGE INTO profiles AS kept
USING jsonb_array_elements(%(rows)s::jsonb) AS given (document)
   ON kept.profile_id = given.document ->> 'profile_id'
WHEN MATCHED THEN
    UPDATE SET document = given.document
WHEN NOT MATCHED THEN
    INSERT (profile_id, document) VALUES (given.document ->> 'profile_id', given.document);

-- name: put_devices
MERGE INTO devices AS kept
USING jsonb_populate_recordset(NULL::devices, %(rows)s::jsonb) AS given
   ON kept.device_id = given.device_id
WHEN MATCHED THEN
    UPDATE SET profile_id = given.profile_id, site_id = given.site_id, district = given.district,
               name = given.name, gateway_id = given.gateway_id,
               identification_code = given.identification_code, lon = given.lon, lat = given.lat,
               in_service = given.in_service, attributes = given.attributes
WHEN NOT MATCHED THEN
    INSERT (device_id, profile_id, site_id, district, name, gateway_id, identification_code,
            lon, lat, in_service, attributes)
    VALUES (given.device_id, given.profile_id, given.site_id, given.district, given.name,
            given.gateway_id, given.identification_code, given.lon, given.lat,
            given.in_service, given.attributes);

-- name: check_gateways
SET CONSTRAINTS devices_gateway_id_fkey IMMEDIATE;

-- name: delete_device
DELETE FROM devices WHERE device_id = %(id)s;

-- name: delete_site
DELETE FROM sites WHERE site_id = %(id)s;

-- name: delete_profile
DELETE FROM profiles WHERE profile_id = %(id)s;

-- name: live_credentials
SELECT username, device_id, generation, verifier, created_at
  FROM credentials WHERE revoked_at IS NULL ORDER BY device_id, generation;

-- name: credentials_of
SELECT username, device_id, generation, verifier, created_at
  FROM credentials WHERE device_id = %(device_id)s AND revoked_at IS NULL ORDER BY generation;

-- name: lock_device
-- Of two people who rotate the same credential, the second waits and then sees the first one's.
SELECT FROM devices WHERE device_id = %(device_id)s FOR UPDATE;

-- name: add_credential
-- Generation 1 signs in with the device's id, generation n with id~n (no id holds a tilde).
INSERT INTO credentials (username, device_id, generation, verifier, created_at)
SELECT %(device_id)s || CASE WHEN newest = 0 THEN '' ELSE '~' || newest + 1 END,
       %(device_id)s, newest + 1, %(verifier)s, %(created_at)s
  FROM (SELECT coalesce(max(generation), 0) AS newest
          FROM credentials WHERE device_id = %(device_id)s) AS given
RETURNING username;

-- name: revoke
UPDATE credentials SET revoked_at = %(now)s
 WHERE username = %(username)s AND revoked_at IS NULL;
