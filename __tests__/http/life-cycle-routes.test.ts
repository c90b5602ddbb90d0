import type { Request } from "express";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { codeAt, START } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  type ServiceApp,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const BACKUP_CODE = '"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}"';
const BACKUP_CODES = `"backup_codes":\\[${BACKUP_CODE}(,${BACKUP_CODE}){2}\\]`;
const DELETED = '{"message":"TOTP is off"}';

const TOKENS = {
  access_token: "access",
  refresh_token: "refresh",
  expires_in: 3600,
  token_type: "Bearer",
  requires_action: "accept_terms",
};

function expectNothingWrong({ errors, escaped }: ServiceApp): void {
  expect({ errors, escaped }).toEqual({ errors: [], escaped: [] });
}

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  test("the whole life cycle over HTTP", async () => {
    const made = createServiceApp(version);
    const { app, clock } = made;
    const show = (secret: string) => codeAt(secret, clock.time);

    expect((await send(app, PATHS.status)).text).toBe(
      '{"is_setup":false,"backup_codes_remaining":0}',
    );
    const setup = await send(app, PATHS.setup);
    const { secret } = setup.body;
    expect([setup.status, setup.text]).toEqual([
      200,
      `{"qr_code_url":"otpauth://totp/Acme:ada?secret=${secret}&issuer=Acme","secret":"${secret}"}`,
    ]);
    expect((await send(app, PATHS.status)).body.is_setup).toBe(false);

    const verified = await send(app, PATHS.verify, { body: { code: show(secret) } });
    expect(verified.status).toBe(200);
    expect(verified.text).toMatch(new RegExp(`^\\{${BACKUP_CODES}\\}$`));
    expect((await send(app, PATHS.status)).text).toBe(
      `{"is_setup":true,"created_at":"${new Date(START).toISOString()}","backup_codes_remaining":3}`,
    );

    clock.advance(30);
    const login = await send(app, PATHS.login, {
      as: null,
      body: { session_id: sessionOf("ada"), code: show(secret) },
    });
    expect([login.status, login.text]).toEqual([200, "{}"]);
    const second = await send(app, PATHS.login, {
      as: null,
      body: { session_id: sessionOf("ada"), code: verified.body.backup_codes[0] },
    });
    expect([second.status, second.text]).toEqual([200, "{}"]);
    expect((await send(app, PATHS.status)).body.backup_codes_remaining).toBe(2);

    clock.advance(30);
    const regenerated = await send(app, PATHS.regenerate, { code: show(secret) });
    expect(regenerated.status).toBe(200);
    expect(regenerated.text).toMatch(new RegExp(`^\\{${BACKUP_CODES}\\}$`));
    expect((await send(app, PATHS.status)).body.backup_codes_remaining).toBe(3);

    const code = regenerated.body.backup_codes[2];
    expect((await send(app, PATHS.transfer, { code })).status).toBe(201);

    clock.advance(30);
    const deleted = await send(app, PATHS.delete, { code: show(secret) });
    expect([deleted.status, deleted.text]).toEqual([200, DELETED]);
    expect((await send(app, PATHS.status)).text).toBe(
      '{"is_setup":false,"backup_codes_remaining":0}',
    );
    expectNothingWrong(made);
  });

  test("deleting is a 200 also when TOTP was off, and needs no code then", async () => {
    const made = createServiceApp(version);
    for (const _ of [1, 2]) {
      const res = await send(made.app, PATHS.delete);
      expect([res.status, res.text]).toEqual([200, DELETED]);
    }
    await send(made.app, PATHS.setup);
    expect((await send(made.app, PATHS.delete)).status).toBe(200);
    expect(await made.store.get("ada")).toBeUndefined();
  });

  test("setting up again takes a fresh code, and leaves the live secret until confirmed", async () => {
    const made = createServiceApp(version);
    const { secret, fresh, backupCodes } = await enrollDirectly(made);
    const again = await send(made.app, PATHS.setup, { code: fresh() });
    expect(again.status).toBe(200);
    expect(again.body.secret).not.toBe(secret);
    made.clock.advance(30);
    const session_id = sessionOf("ada");
    const old = await send(made.app, PATHS.login, { body: { session_id, code: fresh() } });
    expect(old.status).toBe(200);
    const confirmed = await send(made.app, PATHS.verify, {
      body: { code: codeAt(again.body.secret, made.clock.time) },
    });
    expect(confirmed.status).toBe(200);
    made.clock.advance(30);
    for (const code of [fresh(), String(backupCodes[0])]) {
      const res = await send(made.app, PATHS.login, { body: { session_id, code } });
      expect(res.status).toBe(401);
    }
  });

  describe("what issueTokens returns", () => {
    test("is the answer to a login, and the answer to the first code with the backup codes", async () => {
      const asked: Record<string, unknown>[] = [];
      const made = createServiceApp(version, {
        router: {
          issueTokens: async ({ req, res, ...request }: { req: Request; res: unknown }) => {
            asked.push({ ...request, path: req.path, canRespond: res === req.res });
            return TOKENS;
          },
          authenticate: () => ({ id: "ada", role: "admin" }),
        },
      });
      const { secret } = (await send(made.app, PATHS.setup)).body;
      const code = codeAt(secret, made.clock.time);
      const verified = await send(made.app, PATHS.verify, { body: { code } });
      const tokens = JSON.stringify(TOKENS).slice(0, -1);
      expect(verified.text).toMatch(new RegExp(`^\\${tokens},${BACKUP_CODES}\\}$`));

      const [backupCode] = verified.body.backup_codes;
      const body = { session_id: sessionOf("ada"), code: backupCode };
      expect((await send(made.app, PATHS.login, { body })).text).toBe(JSON.stringify(TOKENS));
      expect(asked).toEqual([
        {
          user: { id: "ada", role: "admin" },
          userId: "ada",
          purpose: "setup",
          method: "totp",
          path: PATHS.verify,
          canRespond: true,
        },
        {
          user: "ada",
          userId: "ada",
          purpose: "login",
          method: "backup_code",
          path: PATHS.login,
          canRespond: true,
        },
      ]);
    });

    test("passes through with fields of the app's own, but never without the backup codes", async () => {
      const tokens = { session: { id: 7 }, backup_codes: "mine", requires_action: "accept_terms" };
      const made = createServiceApp(version, { router: { issueTokens: () => tokens } });
      const { secret } = (await send(made.app, PATHS.setup)).body;
      const code = codeAt(secret, made.clock.time);
      const { body } = await send(made.app, PATHS.verify, { body: { code } });
      expect(body).toEqual({ ...tokens, backup_codes: expect.any(Array) });
    });

    test.each([
      ["undefined", undefined],
      ["null", null],
      ["an empty object", {}],
      ["a promise of nothing", Promise.resolve()],
    ])("may be %s", async (_, tokens) => {
      const made = createServiceApp(version, { router: { issueTokens: () => tokens } });
      const { fresh } = await enrollDirectly(made);
      const body = { session_id: sessionOf("ada"), code: fresh() };
      const res = await send(made.app, PATHS.login, { body });
      expect([res.status, res.text]).toEqual([200, "{}"]);
    });

    test("is asked for after the code was used up, and for no wrong code", async () => {
      const issueTokens = jest.fn();
      const made = createServiceApp(version, { router: { issueTokens } });
      const { fresh } = await enrollDirectly(made);
      const { code, ...rest } = { session_id: sessionOf("ada"), code: fresh() };
      await send(made.app, PATHS.login, { body: { ...rest, code: "000000" } });
      expect(issueTokens).not.toHaveBeenCalled();
      let again: unknown;
      issueTokens.mockImplementation(async () => {
        again = await made.totp.verify("ada", code);
      });
      await send(made.app, PATHS.login, { body: { ...rest, code } });
      expect(again).toEqual({ ok: false, reason: "wrong_code" });
    });
  });

  test("every answer, good or bad, is not to be cached and is JSON or nothing", async () => {
    const made = createServiceApp(version);
    const { fresh } = await enrollDirectly(made);
    const session_id = sessionOf("ada");
    const answers = [
      await send(made.app, PATHS.status),
      await send(made.app, PATHS.setup),
      await send(made.app, PATHS.verify, { body: { code: "123456" } }),
      await send(made.app, PATHS.login, { body: { session_id, code: fresh() } }),
      await send(made.app, PATHS.login, { body: { session_id, code: fresh() } }),
      await send(made.app, PATHS.login, { body: {} }),
      await send(made.app, PATHS.regenerate, { as: null }),
      await send(made.app, PATHS.regenerate, { method: "put" }),
      await send(made.app, PATHS.delete, { code: "123" }),
      await send(made.app, PATHS.delete, { as: "eve" }),
      await send(made.app, PATHS.revokeDevice),
      await send(made.app, PATHS.transfer),
    ];
    expect(answers.map(({ status }) => status)).toEqual([
      200, 403, 409, 200, 401, 400, 401, 405, 403, 200, 204, 403,
    ]);
    for (const res of answers) {
      expect(res.get("Cache-Control")).toBe("no-store");
      expect(res.get("ETag")).toBeUndefined();
      const type = res.status === 204 ? undefined : "application/json; charset=utf-8";
      expect(res.get("Content-Type")).toBe(type);
    }
    expectNothingWrong(made);
  });
});
