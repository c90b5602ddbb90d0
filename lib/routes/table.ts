/** The paths of the routes that options can change. */
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

const below = ({ basePath }: RoutePaths, path: string) => basePath.replace(/\/+$/, "") + path;

/** All routes. The router mounts them, and the OpenAPI document describes them. */
export const ROUTES = {
  setup: { method: "POST", path: (paths) => below(paths, "/setup") },
  verify: { method: "POST", path: (paths) => below(paths, "/verify") },
  status: { method: "GET", path: (paths) => below(paths, "/status") },
  delete: { method: "DELETE", path: (paths) => below(paths, "/delete") },
  regenerate: { method: "POST", path: (paths) => below(paths, "/backup-codes/regenerate") },
  stepUp: { method: "POST", path: (paths) => below(paths, "/step-up") },
  devices: { method: "GET", path: (paths) => below(paths, "/devices") },
  revokeDevice: { method: "DELETE", path: (paths) => below(paths, "/devices/:id") },
  login: { method: "POST", path: ({ loginPath }) => loginPath },
} as const satisfies Record<string, Route>;

/**
 * The name of a route.
 *
 * @example
 * ```ts
 * const routes: RouteName[] = ["setup", "verify", "status"];
 * const document = createOpenApiDocument({ title: "Acme", routes });
 * ```
 */
export type RouteName = keyof typeof ROUTES;
