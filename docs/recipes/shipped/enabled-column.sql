ALTER TABLE users ADD COLUMN totp_enabled boolean NOT NULL DEFAULT false;
SELECT id FROM users WHERE totp_enabled = TRUE;
