CREATE TABLE IF NOT EXISTS "totp_states" (
  user_id text COLLATE "C" PRIMARY KEY,
  value text COLLATE "C" NOT NULL,
  is_enabled boolean NOT NULL,
  expires_at timestamptz
);
CREATE INDEX IF NOT EXISTS "is_enabled_totp_states" ON "totp_states" (is_enabled);
