-- name: age
SELECT min(age_s) AS age_s
  FROM data_age

-- name: age_of_source
SELECT age_s
  FROM data_age
 WHERE source = '{source}'

-- name: stale
SELECT count(*) FILTER (WHERE stale) AS stale,
       coalesce(string_agg(upstream, ' ' ORDER BY kind, upstream) FILTER (WHERE stale), '✔') AS which
  FROM upstreams
