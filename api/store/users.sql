-- The api owns this table.

-- name: list_users
SELECT username, full_name, role, password_hash, disabled, created_at
  FROM users
 ORDER BY username;

-- name: add_user
INSERT INTO users (username, full_name, role, password_hash, disabled, created_at)
VALUES (%(username)s, %(full_name)s, %(role)s, %(password_hash)s, %(disabled)s, %(created_at)s)
ON CONFLICT (username) DO NOTHING;

-- name: change_user
UPDATE users
   SET full_name = %(full_name)s, role = %(role)s, password_hash = %(password_hash)s,
       disabled = %(disabled)s
 WHERE username = %(username)s;
