import type { IncomingMessage } from "node:http";
import express from "express";
import { createTotpSetupRouter, type TotpSetupOptions } from "express-totp-setup";

export const SETUP_PATH = "/auth/v1/users/current/totp/setup";
/** The key that the API knows. */
export const API_KEY = "key-of-ada";

export interface Asked {
  method: string | undefined;
  url: string | undefined;
  keys: string[];
}

/** What the API's server was asked: all values of the header, as they came. */
function asked({ method, url, rawHeaders }: IncomingMessage): Asked {
  const isKey = (_: string, i: number) => rawHeaders[i - 1]?.toLowerCase() === "x-api-key";
  return { method, url, keys: rawHeaders.filter((each, i) => i % 2 === 1 && isKey(each, i)) };
}

/** An API that keeps what it was asked and what it saved. */
export function createApi(options: Partial<TotpSetupOptions<string>> = {}) {
  const saved: { secret: string; otpauthUri: string }[] = [];
  const requests: Asked[] = [];
  const app = express();
  app.use((req, _res, next) => {
    requests.push(asked(req));
    next();
  });
  app.use(
    createTotpSetupRouter({
      authenticate: (apiKey) => (apiKey === API_KEY ? "ada" : null),
      savePendingSecret: (_, secret, { otpauthUri }) => saved.push({ secret, otpauthUri }),
      issuer: "Acme",
      onError: () => {},
      ...options,
    }),
  );
  return { app, saved, requests };
}
