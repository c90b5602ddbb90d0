const BASE = "/auth/v1/users/current/totp";
export const ROUTES = {
  setup: `${BASE}/setup`,
  confirm: `${BASE}/verify`,
  login: "/auth/v1/verify-totp",
  other: "/other",
};
