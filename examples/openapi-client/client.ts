// A client of the API whose types are generated from its OpenAPI document: npm install && npm run generate
import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./totp-api.js";

export function createTotpClient(baseUrl: string, apiKey: string): Client<paths> {
  return createClient<paths>({ baseUrl, headers: { "X-API-Key": apiKey } });
}
