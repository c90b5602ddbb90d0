import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * What both releases of Express mount, in the types of Node. In a monorepo the types of Express that this
 * library finds may be those of another release than an app's own, which its `app.use` would refuse.
 */
export type Middleware = (
  req: IncomingMessage,
  res: ServerResponse,
  // biome-ignore lint/suspicious/noExplicitAny: as in the types of Express
  next: (error?: any) => void,
) => void;
