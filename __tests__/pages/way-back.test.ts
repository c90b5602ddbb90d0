// From the guard to the step-up and back: never to another host, and without sending a form again.
import express from "express";
import { redirectToStepUp } from "express-totp-setup/pages";
import fc from "fast-check";
import request from "supertest";
import { readTarget } from "../../lib/pages/target.js";
import { createPagesApp } from "../helpers/pages-app.js";
import { PagesBrowser, signIn, turnOn } from "../helpers/pages-browser.js";
import { codeAt } from "../helpers/service.js";

const ELSEWHERE = [
  "//e",
  "/\\e",
  "/\t/e",
  "/\n/e",
  "\t//e",
  " //e",
  "/.//e",
  "/./\\e",
  "/a/..//e",
  "/a/%2e%2e//e",
  "/%2e//e",
  "https:e",
  "https://e",
  "https:///e",
  "http://127.0.0.1/payouts",
  "javascript:alert(1)",
  "data:text/html,x",
  "e",
  "",
  "/..//e/%2f..",
];

describe("what leads out of the app is not used", () => {
  test.each(ELSEWHERE)("%j", async (to) => {
    const made = createPagesApp();
    const browser = await signIn(made);
    const { fresh } = await turnOn(made);
    const page = await browser.get(`/two-factor/step-up?to=${encodeURIComponent(to)}`);
    expect(page.fields).toEqual({});
    const done = await browser.post("/two-factor/step-up", { code: fresh(), to });
    expect(done).toMatchObject({ status: 303, location: "/two-factor" });
  });

  test("a path that is given twice", async () => {
    const made = createPagesApp();
    const browser = await signIn(made);
    await turnOn(made);
    expect((await browser.get("/two-factor/step-up?to=/a&to=/b")).fields).toEqual({});
  });

  test("whatever a text is, a browser stays on the origin, and one slash stands in front", () => {
    const parts = ["/", "\\", ".", "..", "%2e", "\t", "\n", " ", "e", ":", "@", "?", "#", "https:"];
    const text = fc.array(fc.oneof(fc.constantFrom(...parts), fc.string({ unit: "grapheme" })));
    fc.assert(
      fc.property(text, (pieces) => {
        const path = readTarget(pieces.join(""));
        if (path === undefined) return;
        expect(path).toMatch(/^\/(?![/\\])/);
        for (const origin of ["https://app.example", "http://localhost:3000"]) {
          expect(new URL(path, origin).origin).toBe(origin);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the guard sends people", () => {
  const start = async () => {
    const made = createPagesApp();
    const browser = await signIn(made);
    const { fresh } = await turnOn(made);
    return { made, browser, fresh };
  };

  test("to the step-up, and from there back to where they came from", async () => {
    const { browser, fresh } = await start();
    const refused = await browser.get("/payouts?month=5&x=%2F%2Fe");
    const to = "/payouts?month=5&x=%2F%2Fe";
    const stepUp = `/two-factor/step-up?to=${encodeURIComponent(to)}`;
    expect(refused).toMatchObject({ status: 303, location: stepUp });
    expect(refused.headers["cache-control"]).toBe("no-store");
    const page = await browser.get(stepUp);
    expect(page).toMatchObject({ status: 200, heading: "Confirm that it is you" });
    const wrong = await browser.post("/two-factor/step-up", { ...page.fields, code: "12" });
    expect(wrong).toMatchObject({ status: 400, alert: "That is not a code." });
    const done = await browser.post("/two-factor/step-up", { ...wrong.fields, code: fresh() });
    expect(done).toMatchObject({ status: 303, location: "/payouts?month=5&x=%2F%2Fe" });
    expect((await browser.get(to)).html).toBe("paid by ada");
  });

  test("for HEAD as for GET", async () => {
    const { made } = await start();
    const app = express();
    const errorHandler = redirectToStepUp("/two-factor/");
    app.use((req, res, next) => {
      const error = Object.assign(new Error("x"), { reason: "code_required" });
      return errorHandler(error as never, req, res, next);
    });
    const res = await request(app).head("/payouts?a").set("Accept", "text/html").expect(303);
    expect(res.headers.location).toBe("/two-factor/step-up?to=%2Fpayouts%3Fa");
    expect(made.escaped).toEqual([]);
  });

  test.each([
    ["the page that the form was on", "http://127.0.0.1/payouts/new?a=1", "/payouts/new?a=1"],
    ["no other site's page", "https://evil.example/payouts", undefined],
    ["no page of another port", "http://127.0.0.1:1/payouts", undefined],
    ["no path of two slashes", "http://127.0.0.1//evil.example", undefined],
    ["nothing that is no address", "payouts", undefined],
    ["nothing at all", undefined, undefined],
  ])("who sent a form, to %s", async (_, referrer, to) => {
    const { browser, made, fresh } = await start();
    const headers = { Host: "127.0.0.1", ...(referrer && { Referer: referrer }) };
    const refused = await browser.post("/payouts", { amount: "5" }, headers);
    const query = to === undefined ? "" : `?to=${encodeURIComponent(to)}`;
    expect(refused).toMatchObject({ status: 303, location: `/two-factor/step-up${query}` });
    const page = await browser.get(String(refused.location));
    const done = await browser.post("/two-factor/step-up", { ...page.fields, code: fresh() });
    expect(done).toMatchObject({ status: 303, location: to ?? "/two-factor" });
    expect(made.escaped).toEqual([]);
  });

  test("by the host that the browser knows, behind a proxy that is trusted", async () => {
    const made = createPagesApp({ before: (app) => app.set("trust proxy", true) });
    const browser = await signIn(made);
    await turnOn(made);
    const headers = { "X-Forwarded-Host": "app.example", Referer: "https://app.example/new" };
    const refused = await browser.post("/payouts", {}, headers);
    expect(refused.location).toBe("/two-factor/step-up?to=%2Fnew");
  });

  test("whose TOTP is off, through the setup and back", async () => {
    const made = createPagesApp();
    const browser = await signIn(made);
    const refused = await browser.get("/payouts?month=5");
    expect(refused.location).toBe("/two-factor/setup?to=%2Fpayouts%3Fmonth%3D5");
    const begin = await browser.get(String(refused.location));
    const page = await browser.post("/two-factor/setup", begin.fields);
    const code = codeAt(page.key, made.clock.time);
    const done = await browser.post("/two-factor/setup/confirm", { ...page.fields, code });
    expect(done.html).toContain('href="/payouts?month=5">I have saved them</a>');
    expect((await browser.get("/payouts?month=5")).html).toBe("paid by ada");
  });

  test("but not programs, which receive the guard's own response", async () => {
    const { browser, made } = await start();
    const nobody = new PagesBrowser(made);
    for (const Accept of ["application/json", "*/*"]) {
      const refused = await browser.get("/payouts", { Accept });
      expect([refused.status, JSON.parse(refused.html)]).toEqual([
        403,
        { code: 403, details: expect.any(String), error: "Forbidden", reason: "code_required" },
      ]);
      const unknown = await nobody.get("/payouts", { Accept });
      expect([unknown.status, JSON.parse(unknown.html)]).toMatchObject([401, { code: 401 }]);
    }
    expect(made.escaped).toEqual([]);
  });

  test("and not for other refusals, which the app handles", async () => {
    const { browser, made } = await start();
    expect(await browser.get("/payouts", { "X-TOTP-Code": "12" })).toMatchObject({ status: 403 });
    const reasons = made.escaped.map((error) => (error as { reason: string }).reason);
    expect(reasons).toEqual(["malformed_code"]);
  });

  test("who is not signed in, to the sign-in page", async () => {
    const made = createPagesApp({ pages: { signInPath: "/sign-in" } });
    const nobody = new PagesBrowser(made);
    const refused = await nobody.get("/payouts");
    const location = "/two-factor/step-up?to=%2Fpayouts";
    expect(refused).toMatchObject({ status: 303, location });
    const moved = await nobody.get(String(refused.location));
    expect([moved.status, moved.location]).toEqual([303, "/sign-in"]);
    expect(made.escaped).toEqual([]);
  });
});

test.each(["", "two-factor", "//e", "/\\e", "https://e", "/two-factor?a", "/.//e", undefined, 1])(
  "redirectToStepUp(%j) is a mistake",
  (mountPath) => {
    expect(() => redirectToStepUp(mountPath as string)).toThrow(
      /mountPath.* a path such as "\/two-factor"/,
    );
  },
);

test("pages at the root are found there", async () => {
  const made = createPagesApp({ at: "" });
  const browser = await signIn(made);
  const { fresh } = await turnOn(made);
  const refused = await browser.get("/payouts");
  expect(refused.location).toBe("/step-up?to=%2Fpayouts");
  const done = await browser.post("/step-up", { code: fresh() });
  expect(done).toMatchObject({ status: 303, location: "/" });
  const page = await browser.get("/");
  expect(page.html).toContain('href="/setup"');
  expect(page.html).toContain('href="/assets/');
  for (const path of ["/setup", "/backup-codes", "/turn-off"]) {
    expect((await browser.get(path)).html).toContain('<a href="/">Back</a>');
  }
  expect((await browser.get("/devices")).location).toBe("/");
  const elsewhere = await browser.post("/turn-off", {}, { "Sec-Fetch-Site": "cross-site" });
  expect(elsewhere.html).toContain('<a href="/">Back</a>');
  const codes = await browser.post("/backup-codes", { code: fresh() });
  expect(codes.html).toContain('<a class="totp-button" href="/">');
});

test("a mount path that is another host's is no page", async () => {
  const made = createPagesApp({ at: "/*tenant/two-factor" });
  const browser = await signIn(made);
  expect(await browser.get("/acme/two-factor")).toMatchObject({ status: 200 });
  const page = await browser.get("//evil.example/two-factor");
  expect(page.status).toBe(404);
  expect(page.html).not.toContain("evil.example");
});
