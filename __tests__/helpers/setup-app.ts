import type { Express, NextFunction, Request, Response } from "express";
import type { PendingSecretDetails, TotpSetupEvent, TotpSetupOptions } from "../../lib/index.js";
import type { ExpressVersion } from "./express-versions.js";
import type { Exceptions } from "./openapi-answers.js";
import { validated } from "./validated.js";

export const SETUP_PATH = "/auth/v1/users/current/totp/setup";

/** The API key that the app knows. */
export const API_KEY = "key-of-ada";

export interface SavedSecret {
  userId: unknown;
  secret: string;
  details: PendingSecretDetails;
}

export interface SetupApp {
  app: Express;
  saved: SavedSecret[];
  events: TotpSetupEvent[];
  /** What came to `onError`. */
  errors: unknown[];
  /** What came to the app's own error handler, where nothing of the library's should. */
  escaped: unknown[];
}

/**
 * An app that knows one user, `ada`, and keeps all that it is told. No QR code is drawn unless asked for: it
 * takes most of the time of a test that is about something else. Its answers are validated.
 */
export function createSetupApp(
  { express, lib }: ExpressVersion,
  // biome-ignore lint/suspicious/noExplicitAny: tests give what the types forbid too
  options: Partial<Record<keyof TotpSetupOptions, any>> = {},
  exceptions?: Exceptions,
): SetupApp {
  const saved: SavedSecret[] = [];
  const events: TotpSetupEvent[] = [];
  const errors: unknown[] = [];
  const escaped: unknown[] = [];
  const router = lib.createTotpSetupRouter({
    authenticate: (apiKey: string) => (apiKey === API_KEY ? "ada" : null),
    savePendingSecret: (userId: unknown, secret: string, details: PendingSecretDetails) => {
      saved.push({ userId, secret, details });
    },
    onEvent: (event: TotpSetupEvent) => events.push(event),
    onError: (error: unknown) => errors.push(error),
    qrCode: "uri",
    ...options,
  });
  const app = express();
  const { path, apiKeyHeader } = options;
  app.use(validated(router, { routes: ["setup"], path, apiKeyHeader }, exceptions));
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    escaped.push(error);
    res.status(599).end();
  });
  return { app, saved, events, errors, escaped };
}
