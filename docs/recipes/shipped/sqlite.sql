CREATE TABLE IF NOT EXISTS `totp_states` (
  user_id TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  expires_at INTEGER
);
