SELECT user_id FROM totp_states WHERE is_enabled = TRUE;
