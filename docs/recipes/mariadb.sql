ALTER TABLE users ADD COLUMN totp text CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
