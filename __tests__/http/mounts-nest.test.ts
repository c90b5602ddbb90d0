import "reflect-metadata";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { createTotpRouter } from "express-totp-setup";
import request from "supertest";
import { codeAt, createRig } from "../helpers/service.js";
import { keyOf, PATHS } from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

interface Options {
  bodyParser?: boolean;
  rawBody?: boolean;
  prefix?: string;
  /** Parser of Nest to mount before the router; by itself, Nest mounts them after it. */
  parser?: "json" | "raw" | "text";
}

class AppModule {}
Module({})(AppModule);

let app: NestExpressApplication | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function start({ prefix, parser, ...options }: Options) {
  const rig = createRig();
  const errors: unknown[] = [];
  const authenticate = (apiKey: string) => (apiKey === keyOf("ada") ? "ada" : null);
  const router = createTotpRouter({
    totp: rig.totp,
    authenticate,
    onError: (error) => errors.push(error),
  });
  app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: false, ...options });
  if (parser) app.useBodyParser(parser, { type: () => true });
  if (prefix) app.use(prefix, router);
  else app.use(router);
  await app.init();
  return { ...rig, errors, server: app.getHttpServer() };
}

test.each<[string, Options]>([
  ["as it is", {}],
  ["with bodyParser: false", { bodyParser: false }],
  ["with rawBody: true", { rawBody: true }],
  ["behind its JSON parser", { parser: "json" }],
  ["behind its JSON parser, with rawBody: true", { parser: "json", rawBody: true }],
  ["behind a parser of bytes, with bodyParser: false", { parser: "raw", bodyParser: false }],
  ["behind a parser of text", { parser: "text" }],
  ["below a prefix", { prefix: "/api" }],
])("NestJS %s", async (_, options) => {
  const { server, clock, totp, errors } = await start(options);
  const { prefix = "" } = options;
  const post = (path: string) => request(server).post(prefix + path);
  expect((await post(PATHS.setup)).body).toMatchObject({ code: 401, error: "Unauthorized" });
  const setup = await post(PATHS.setup).set("X-API-Key", keyOf("ada"));
  expect([setup.status, setup.get("Cache-Control")]).toEqual([200, "no-store"]);
  const sent = { code: codeAt(setup.body.secret, clock.time) };
  const confirmed = await post(PATHS.verify).set("X-API-Key", keyOf("ada")).send(sent);
  expect([confirmed.status, confirmed.body.backup_codes]).toMatchObject([200, { length: 3 }]);
  expect(await totp.status("ada")).toMatchObject({ isEnabled: true });
  expect((await request(server).get(`${prefix}${PATHS.setup}`)).status).toBe(405);
  // Nest still responds to what is not the router's.
  expect((await request(server).get("/other")).body).toMatchObject({ statusCode: 404 });
  expect(errors).toEqual([]);
});
