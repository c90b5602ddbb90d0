import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * A middleware in the types of Node, which `app.use` of Express 4 and 5 accepts. In a monorepo, this library can find
 * the types of another release of Express than the app, whose `app.use` would reject them.
 *
 * @example
 * ```ts
 * const middleware: Middleware = createTotpRouter({ totp, authenticate });
 * app.use(middleware);
 * ```
 */
export type Middleware = (
  req: IncomingMessage,
  res: ServerResponse,
  // biome-ignore lint/suspicious/noExplicitAny: as in the types of Express
  next: (error?: any) => void,
) => void;
