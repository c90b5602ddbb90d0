import express from "express";
import {
  createTotpSetupRouter,
  generateSecret,
  type TotpSetupOptions,
  verifyTotp,
} from "express-totp-setup";
import request from "supertest";
import { validated } from "../helpers/validated.js";

const PATH = "/auth/v1/users/current/totp/setup";
const LIVE_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

function createApp(options: Partial<TotpSetupOptions> = {}) {
  return express().use(
    validated(
      createTotpSetupRouter({ authenticate: () => 1, savePendingSecret: () => {}, ...options }),
      { routes: ["setup"] },
    ),
  );
}

function bitsOf(base32: string): number {
  return Math.floor((base32.length * 5) / 8) * 8;
}

test("CVE-2024-8796, Fortify's 80 bits, speakeasy's 118: secrets had fewer than 128 bits", async () => {
  expect(bitsOf(generateSecret())).toBe(160);
  expect(bitsOf(generateSecret(16))).toBe(128);
  expect(() => generateSecret(15)).toThrow(/^bytes: expected an integer from 16 to 64/);

  const { body } = await request(createApp()).post(PATH).set("X-API-Key", "key");
  expect(bitsOf(body.secret)).toBe(160);
  expect(() => createApp({ secretBytes: 15 })).toThrow(/^secretBytes: expected an integer from 16/);
});

test("speakeasy's 118 bits: each character came from a part of the alphabet only", () => {
  const seen = new Set(Array.from({ length: 100 }, () => generateSecret()).join(""));
  expect([...seen].sort().join("")).toBe("234567ABCDEFGHIJKLMNOPQRSTUVWXYZ");
});

test("odysseus 1286: where there was no secret, any code passed", () => {
  for (const secret of ["", undefined, null, "A", "AAAAAAAA", "=".repeat(32), " ".repeat(32), {}]) {
    for (const code of ["000000", "", "328482", undefined]) {
      const input = { secret, code } as { secret: string; code: string };
      expect(() => verifyTotp(input)).toThrow(/^secret: /);
    }
  }
});

test("CVE-2026-44460: the setup endpoint handed out the secret that was in use", async () => {
  const user = { id: 1, secret: LIVE_SECRET, totpSecret: LIVE_SECRET, totp_secret: LIVE_SECRET };
  const app = createApp({ authenticate: () => user, qrCode: "uri" });
  const answers = [1, 2, 3].map(() => request(app).post(PATH).set("X-API-Key", "key"));
  const texts = (await Promise.all(answers)).map(({ text }) => text);
  expect(new Set(texts.map((text) => JSON.parse(text).secret)).size).toBe(3);
  for (const text of texts) expect(text).not.toContain(LIVE_SECRET);
});

test("Spoutible 2024: an API answered with the whole user, secret included", async () => {
  const events: unknown[] = [];
  const user = {
    id: 1,
    passwordHash: "$2b$10$abcdefghijklmnopqrstuv",
    totpSecret: LIVE_SECRET,
    toJSON: () => ({ totpSecret: LIVE_SECRET }),
  };
  const app = createApp({ authenticate: () => user, onEvent: (event) => events.push(event) });
  const { body } = await request(app).post(PATH).set("X-API-Key", "key");
  expect(Object.keys(body)).toEqual(["qr_code_url", "secret"]);
  expect(events).toHaveLength(1);
  expect(JSON.stringify({ body, events })).not.toMatch(/passwordHash|totpSecret|\$2b\$/);
  expect(JSON.stringify({ body, events })).not.toContain(LIVE_SECRET);
  expect(JSON.stringify(events)).not.toContain(body.secret);
});

test("clinch 5178cf3: the client could choose the secret", async () => {
  const chosen = { secret: LIVE_SECRET, totp_secret: LIVE_SECRET, secretBytes: 1, id: 2 };
  const saved: string[] = [];
  const app = express()
    .use(express.json())
    .use(
      validated(
        createTotpSetupRouter({
          authenticate: () => 1,
          savePendingSecret: (userId, secret) => saved.push(`${userId} ${secret}`),
        }),
        { routes: ["setup"] },
      ),
    );
  const { body } = await request(app)
    .post(PATH)
    .query(chosen)
    .set({ "X-API-Key": "key", "X-Secret": LIVE_SECRET })
    .send(chosen);
  expect(body.secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(body.secret).not.toBe(LIVE_SECRET);
  expect(saved).toEqual([`1 ${body.secret}`]);
});
