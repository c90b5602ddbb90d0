// Run by validated.test.ts: its first test gets an answer with a field too many, and does not look at it.
import express from "express";
import request from "supertest";
import { validated } from "../helpers/validated.js";

const PATH = "/auth/v1/users/current/totp/status";
const STATUS = { is_setup: false, backup_codes_remaining: 0 };

async function ask(body: object): Promise<void> {
  const app = express().use(
    validated((_req, res) => {
      res.set("Cache-Control", "no-store").json(body);
    }),
  );
  await request(app).get(PATH);
}

test("an answer that leaks", () => ask({ ...STATUS, secret: "QRZ2XSB5D5OQJ4LI" }));

test("an answer that does not", () => ask(STATUS));
