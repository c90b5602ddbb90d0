CREATE TABLE IF NOT EXISTS `totp_states` (
  user_id VARBINARY(767) PRIMARY KEY,
  value MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  is_enabled BOOLEAN NOT NULL,
  expires_at BIGINT,
  INDEX (is_enabled)
) ENGINE = InnoDB;
