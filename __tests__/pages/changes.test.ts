// What is done while TOTP is on: new backup codes, turning it off; and who may send a form.
import { createPagesApp } from "../helpers/pages-app.js";
import { PagesBrowser, signIn, turnOn } from "../helpers/pages-browser.js";
import { lock } from "../helpers/service.js";

async function start(options: Parameters<typeof createPagesApp>[0] = {}) {
  const made = createPagesApp(options);
  const browser = await signIn(made);
  return { made, browser, ...(await turnOn(made)) };
}

test("new backup codes take a code, and end the earlier ones", async () => {
  const { browser, fresh, backupCodes, made } = await start();
  const path = "/two-factor/backup-codes";
  expect((await browser.get(path)).heading).toBe("New backup codes");
  expect(await browser.post(path)).toMatchObject({ status: 403, backupCodes: [] });
  const done = await browser.post(path, { code: fresh() });
  expect(done).toMatchObject({ status: 200, heading: "Backup codes" });
  expect(done.backupCodes).toHaveLength(3);
  expect(done.backupCodes).not.toContain(backupCodes[0]);
  expect(await made.totp.verify("ada", String(backupCodes[0]))).toMatchObject({ ok: false });
  expect(await made.totp.verify("ada", String(done.backupCodes[0]))).toMatchObject({ ok: true });
});

test("turning off takes a code, and calls onDisabled once", async () => {
  const { browser, fresh, made } = await start();
  const path = "/two-factor/turn-off";
  expect((await browser.get(path)).heading).toBe("Turn off");
  expect(await browser.post(path, { code: "000" })).toMatchObject({ status: 403 });
  expect(await made.totp.status("ada")).toMatchObject({ isEnabled: true });
  const code = fresh();
  expect(await browser.post(path, { code })).toMatchObject({
    status: 303,
    location: "/two-factor",
  });
  expect(await made.totp.status("ada")).toMatchObject({ isEnabled: false });
  await browser.post(path, { code });
  expect(made.hooks).toEqual(["disabled ada"]);
  expect((await browser.get("/two-factor")).html).toContain(">Set up</a>");
});

test("a user who must have it cannot turn it off, and is told so", async () => {
  const decisions: unknown[] = [];
  let decision: unknown = true;
  const mustEnroll = (user: unknown, req: { path: string }) => {
    decisions.push([user, req.path]);
    return decision as boolean;
  };
  const { browser, fresh, made } = await start({ pages: { mustEnroll } });
  const overview = await browser.get("/two-factor");
  expect(overview.html).toContain(
    "Your account requires two-factor authentication, so you cannot turn it off.",
  );
  expect(overview.html).not.toContain("/turn-off");
  const path = "/two-factor/turn-off";
  const refused = {
    status: 403,
    heading: "Two-factor authentication",
    alert: "Your account requires two-factor authentication, so you cannot turn it off.",
  };
  expect(await browser.get(path)).toMatchObject(refused);
  const code = fresh();
  for (decision of [true, undefined, 0, Promise.resolve("no")]) {
    expect(await browser.post(path, { code })).toMatchObject(refused);
  }
  expect(await made.totp.status("ada")).toMatchObject({ isEnabled: true });
  decision = false;
  expect((await browser.get("/two-factor")).html).toContain("/turn-off");
  expect((await browser.get(path)).heading).toBe("Turn off");
  expect((await browser.post(path, { code })).status).toBe(303);
  expect(made.hooks).toEqual(["disabled ada"]);
  expect(decisions).toContainEqual(["ada", "/turn-off"]);
});

test("a lock is said on each page that takes a code, with what to do", async () => {
  const { browser, fresh, made, secret } = await start();
  await lock(made, "ada", secret);
  for (const path of ["backup-codes", "turn-off", "setup", "step-up"]) {
    const page = await browser.post(`/two-factor/${path}`, { code: fresh() });
    expect(page).toMatchObject({
      status: 429,
      alert: expect.stringMatching(/^Too many wrong codes/),
    });
    expect(page.html).toContain("You can use a backup code right away.");
  }
});

test("a device is still trusted if another write always succeeds first, and the page says so", async () => {
  const { browser, made } = await start();
  const device = await made.totp.trustDevice("ada");
  if (!device.ok) throw new Error(device.reason);
  made.store.compareAndSet = async () => false;
  const page = await browser.post("/two-factor/devices", { id: device.id });
  expect(page).toMatchObject({
    status: 429,
    alert: "Too many attempts at the same time. Try again.",
  });
  expect(await made.totp.listDevices("ada")).toHaveLength(1);
});

test("nobody revokes the device of another", async () => {
  const { browser, made } = await start();
  await turnOn(made, "eve");
  const device = await made.totp.trustDevice("eve");
  if (!device.ok) throw new Error(device.reason);
  await browser.post("/two-factor/devices", { id: device.id });
  expect(await made.totp.listDevices("eve")).toHaveLength(1);
});

const GETS = ["", "/setup", "/backup-codes", "/turn-off", "/login", "/step-up"];
const POSTS = [
  ...["/setup", "/setup/confirm", "/backup-codes", "/turn-off", "/devices"],
  ...["/login", "/login/setup", "/step-up"],
];

describe.each([
  ["signed in", true],
  ["not signed in", false],
])("a form of another site, %s", (_, isSignedIn) => {
  test.each(POSTS)("%s is refused", async (path) => {
    const made = createPagesApp();
    const browser = isSignedIn ? await signIn(made) : new PagesBrowser(made);
    const { fresh } = await turnOn(made);
    for (const headers of [
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "", Origin: "https://evil.example" },
    ] as Record<string, string>[]) {
      const page = await browser.post(`/two-factor${path}`, { code: fresh() }, headers);
      expect(page).toMatchObject({
        status: 403,
        alert: "This form came from another site.",
        key: "",
      });
    }
    expect(await made.totp.status("ada")).toMatchObject({ isEnabled: true });
  });
});

describe("every page", () => {
  const HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "frame-ancestors 'none'; base-uri 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
  };

  test.each([...GETS.map((path) => ["GET", path]), ...POSTS.map((path) => ["POST", path])])(
    "%s %s is neither framed nor kept, whatever its status",
    async (method, path) => {
      const { browser, made } = await start();
      for (const visitor of [browser, new PagesBrowser(made)]) {
        const at = `/two-factor${path}`;
        const page = method === "GET" ? await visitor.get(at) : await visitor.post(at);
        if (page.status === 303) expect(page.headers["cache-control"]).toBe("no-store");
        else expect(page.headers).toMatchObject(HEADERS);
        expect(page.html).not.toMatch(
          /<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:/i,
        );
      }
    },
  );

  test("keeps the policy of the app beside its own", async () => {
    const policy = "default-src 'none'; style-src 'self'";
    const { browser } = await start({
      before: (app) =>
        app.use((_req, res, next) => {
          res.setHeader("Content-Security-Policy", policy);
          next();
        }),
    });
    const { headers } = await browser.get("/two-factor");
    expect(headers["content-security-policy"]).toContain(policy);
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  });

  test("has its assets from the router, under a name that changes with the content", async () => {
    const { browser } = await start();
    const { html } = await browser.get("/two-factor");
    const paths = [...html.matchAll(/(?:href|src)="(\/two-factor\/assets\/[^"]+)"/g)];
    const types = ["text/css; charset=utf-8", "text/javascript; charset=utf-8"];
    expect(paths).toHaveLength(2);
    for (const [index, [, path = ""]] of paths.entries()) {
      expect(path).toMatch(/\/totp\.[\w-]{12}\.(css|js)$/);
      const asset = await new PagesBrowser({ app: (await start()).made.app }).get(path);
      expect(asset.headers["content-type"]).toBe(types[index]);
      expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      expect(asset.headers["x-content-type-options"]).toBe("nosniff");
    }
  });
});

describe("a form", () => {
  test("may have been read by the app's own parser", async () => {
    const { urlencoded } = await import("express");
    const { browser, fresh } = await start({
      before: (app) => app.use(urlencoded({ extended: true })),
    });
    const page = await browser.post("/two-factor/backup-codes", { code: fresh() });
    expect(page.backupCodes).toHaveLength(3);
  });

  test("that is too large is refused", async () => {
    const { browser } = await start();
    const page = await browser.post("/two-factor/turn-off", { code: "1".repeat(5000) });
    expect(page).toMatchObject({ status: 413, alert: "Something went wrong. Try again later." });
  });

  test("has no field that comes twice", async () => {
    const { browser, fresh } = await start();
    const code = fresh();
    const page = await browser.post("/two-factor/turn-off", { code: [code, code] as never });
    expect(page).toMatchObject({ status: 403, alert: "Enter a code." });
  });
});

test("a store that fails is a page of its own, and reported", async () => {
  const { made } = await start();
  const failing = createPagesApp({
    service: { store: { ...made.store, get: () => Promise.reject(new Error("<down>")) } },
  });
  failing.app.set("env", "test");
  const browser = new PagesBrowser(failing);
  const page = await browser.post("/two-factor/login", {});
  expect(page.status).toBe(401);
  const signedIn = createPagesApp({
    pages: { getUser: () => "ada" },
    service: { store: { ...made.store, get: () => Promise.reject(new Error("<down>")) } },
  });
  const broken = await new PagesBrowser(signedIn).get("/two-factor");
  expect(broken).toMatchObject({ status: 500, alert: "Something went wrong. Try again later." });
  expect(broken.html).not.toContain("down");
  expect(signedIn.errors).toHaveLength(1);
});
