-- What the map shows is defined once, in schema `dash` (migration 0010); the api asks for it.

-- name: list_lamps
SELECT lamp, lon, lat, state FROM dash.lamps_now ORDER BY lamp LIMIT %(limit)s;

-- name: list_vehicles
SELECT trucks.truck AS device_id, coalesce(trucks.plate, devices.name) AS name,
       trucks.company_id AS site_id, trucks.company, trucks.state, trucks.load, trucks.violations,
       trucks.lon, trucks.lat, trucks.speed_kmh, trucks.direction_deg, trucks.observed_at,
       places.received_at
  FROM dash.trucks_now AS trucks
  JOIN devices ON devices.device_id = trucks.truck
  JOIN latest_positions AS places ON places.device_id = devices.number
 ORDER BY trucks.truck
 LIMIT %(limit)s;

-- name: list_water
SELECT device_id, metric, value, measured_in AS unit, low, high, state, observed_at
  FROM dash.fire_water_now
 WHERE device_id = ANY(%(devices)s);
