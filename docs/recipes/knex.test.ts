import { randomUUID } from "node:crypto";
import { after, describe, it } from "node:test";
import { testTotpStore } from "express-totp-setup/testing";
import knexOf from "knex";
import { createKnexStore } from "./knex.js";

const knex = knexOf({ client: "pg", connection: process.env.DATABASE_URL });
after(() => knex.destroy());

async function createUser() {
  const id = randomUUID();
  await knex("users").insert({ id });
  return id;
}

testTotpStore({ describe, it }, () => createKnexStore(knex), { createUser, expires: false });
