ALTER TABLE users ADD COLUMN totp text;
SELECT totp FROM users WHERE id = $1;
UPDATE users SET totp = $3 WHERE id = $1 AND totp IS NOT DISTINCT FROM $2;
