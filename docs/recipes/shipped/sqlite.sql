CREATE TABLE IF NOT EXISTS `totp_states` (
  user_id TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  is_enabled INTEGER NOT NULL,
  expires_at INTEGER
);
CREATE INDEX IF NOT EXISTS `is_enabled_totp_states` ON `totp_states` (is_enabled);
