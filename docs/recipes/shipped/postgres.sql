CREATE TABLE IF NOT EXISTS "totp_states" (
  user_id text COLLATE "C" PRIMARY KEY,
  value text COLLATE "C" NOT NULL,
  expires_at timestamptz
);
