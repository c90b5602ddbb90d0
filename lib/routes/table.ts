/** Where the routes are, as options have it. */
export interface RoutePaths {
  basePath: string;
  loginPath: string;
}

export const DEFAULT_PATHS: RoutePaths = {
  basePath: "/auth/v1/users/current/totp",
  loginPath: "/auth/v1/verify-totp",
};

export interface Route {
  method: "GET" | "POST" | "DELETE";
  path: (paths: RoutePaths) => string;
}

/** Every route there is: the router mounts them, the OpenAPI document describes them. */
export const ROUTES = {
  setup: { method: "POST", path: ({ basePath }) => `${basePath}/setup` },
  verify: { method: "POST", path: ({ basePath }) => `${basePath}/verify` },
  status: { method: "GET", path: ({ basePath }) => `${basePath}/status` },
  delete: { method: "DELETE", path: ({ basePath }) => `${basePath}/delete` },
  regenerate: { method: "POST", path: ({ basePath }) => `${basePath}/backup-codes/regenerate` },
  login: { method: "POST", path: ({ loginPath }) => loginPath },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
