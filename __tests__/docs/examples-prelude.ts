/** Declares what the examples of the reference use of an app, such as its Express app and its users. */
export const PRELUDE = `
import type { Express, Request, RequestHandler, Response } from "express";
import type { Pool } from "pg";
import type { Freshness, Setup, TotpService, TotpStore } from "express-totp-setup";
import type { TestClient } from "express-totp-setup/testing";
import "express-session";

interface AppUser {
  id: number;
  accountName: string;
  email: string;
  secret: string;
  lastUsedStep: number | null;
  isAdmin: boolean;
  signedInAt: number;
}

interface Rows {
  where(condition: object): {
    first(column: string): Promise<Record<string, unknown> | undefined>;
    update(values: object): Promise<number>;
  };
}

declare module "express-session" {
  interface SessionData {
    userId: number;
    totpLogin: string;
  }
}

declare global {
  namespace Express {
    interface Request {
      user?: AppUser;
    }
  }

  const app: Express;
  const req: Request;
  const res: Response;
  const transfer: RequestHandler;
  const payouts: RequestHandler;

  const user: AppUser;
  const users: {
    create(): Promise<number>;
    findByApiKey(apiKey: string): Promise<AppUser | undefined>;
    findById(id: string): Promise<{ id: string } | undefined>;
    update(id: number, changes: object): Promise<void>;
  };
  const authenticate: (apiKey: string) => AppUser | undefined;
  const getUser: (req: Request) => AppUser | undefined;
  const authorizeSetup: (user: AppUser, req: Request) => boolean;
  const savePendingSecret: (userId: number, secret: string) => Promise<void>;
  const signIn: (req: Request, userId: string | number | bigint) => Promise<void>;
  const signedInRecently: (req: Request) => boolean;

  const totp: TotpService;
  const store: TotpStore;
  const freshness: Freshness;
  const setup: Setup;
  const secret: string;
  const sessionId: string;
  const code: string;
  const client: TestClient;
  const row: { id: number; totp_secret: string };

  const pool: Pool;
  const knex: (table: string) => Rows;
  const userId: string;
  const expected: string | undefined;
  const next: string | undefined;
}
`;
