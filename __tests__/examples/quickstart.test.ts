// The example is run as a newcomer runs it, and its page is used as a person with a phone uses it.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { generateSync } from "otplib";
import type { Browser, Page } from "playwright-core";
import {
  codeByOathtool,
  describeInBrowser,
  launchBrowser,
  scanWithJsQr,
  scanWithZbar,
} from "../helpers/browser.js";
import { itWith } from "../helpers/programs.js";
import { startProgram, stopPrograms } from "../helpers/snippets-program.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(60_000);

const root = path.join(__dirname, "../..");

afterEach(stopPrograms);

async function startQuickstart(env: NodeJS.ProcessEnv = { PORT: "0" }) {
  const program = startProgram("examples/quickstart/server.ts", {
    cwd: root,
    env,
    preload: ["snippets-clock"],
  });
  const [, url = ""] = await program.printed(/Open (http:\S+) [\s\S]*Ctrl\+C/);
  return { program, url };
}

test("npm start runs it", () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  expect(scripts.start).toBe("node --import tsx examples/quickstart/server.ts");
});

itWith(
  "curl",
  "prints a command that begins the setup when it is pasted into a shell",
  async () => {
    const { program, url } = await startQuickstart();
    const [, command = ""] = await program.printed(/^ +(curl .*)$/m);
    expect(command).toContain(`${url}/auth/v1/users/current/totp/setup`);
    const { status, stdout } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      qr_code_url: expect.stringMatching(/^data:image\/png;base64,/),
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
    });
  },
);

test.each(["SIGINT", "SIGTERM"] as const)("ends on %s with nothing left open", async (signal) => {
  const { program, url } = await startQuickstart();
  await (await fetch(url)).text();
  program.kill(signal);
  expect(await program.ended).toMatchObject({ status: 0, signal: null, stderr: "" });
});

test("says what to do when the port is taken", async () => {
  const other = createServer().listen(0);
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  try {
    const program = startProgram("examples/quickstart/server.ts", {
      cwd: root,
      env: { PORT: String(port) },
    });
    const { status, stderr } = await program.ended;
    expect(stderr).toBe(`Port ${port} is taken. Choose another one: PORT=${port + 1} npm start\n`);
    expect(status).toBe(1);
  } finally {
    other.close();
  }
});

test("refuses to begin again once it is on", async () => {
  const { url } = await startQuickstart();
  const headers = { "X-API-Key": "demo-key", "Content-Type": "application/json" };
  const begin = () => fetch(`${url}/auth/v1/users/current/totp/setup`, { method: "POST", headers });
  const { secret } = (await (await begin()).json()) as { secret: string };
  const body = JSON.stringify({ code: generateSync({ secret }) });
  const confirmed = await fetch(`${url}/totp/confirm`, { method: "POST", headers, body });
  expect(confirmed.status).toBe(204);
  expect((await begin()).status).toBe(403);
});

test("ends a setup after five wrong codes, and answers a broken body with 400", async () => {
  const { program, url } = await startQuickstart();
  const headers = { "X-API-Key": "demo-key", "Content-Type": "application/json" };
  const post = (where: string, body?: string) =>
    fetch(url + where, { method: "POST", headers, ...(body && { body }) });
  await post("/auth/v1/users/current/totp/setup");
  const statuses: number[] = [];
  for (let i = 0; i < 6; i++) statuses.push((await post("/totp/confirm", '{"code":"0"}')).status);
  expect(statuses).toEqual([422, 422, 422, 422, 409, 409]);
  const broken = await post("/totp/confirm", "{");
  expect([broken.status, await broken.json()]).toEqual([
    400,
    expect.objectContaining({ code: 400 }),
  ]);
  program.kill("SIGTERM");
  expect((await program.ended).stderr).toBe("");
});

describeInBrowser("the page", () => {
  let browser: Browser;
  /** What the page must not have: errors, and requests to other hosts. */
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(complaints).toEqual([]);
  });
  afterAll(() => browser.close());

  async function openPage(url: string, options: Parameters<Browser["newPage"]>[0] = {}) {
    complaints = [];
    const page = await browser.newPage(options);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // Chromium itself notes each answer of 400 and above.
      const isNote = message.text().startsWith("Failed to load resource");
      if (!isNote || !message.location().url.endsWith("/totp/confirm"))
        complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!/^data:/.test(request.url()) && new URL(request.url()).origin !== url)
        complaints.push(request.url());
    });
    await page.goto(url);
    return page;
  }

  async function seeQrCode(page: Page) {
    const qrCode = page.getByRole("img", { name: "QR code" });
    await qrCode.waitFor();
    // The image is decoded beside the page.
    await qrCode.evaluate((image: { decode(): Promise<void> }) => image.decode());
  }

  async function scanSecret(page: Page, scan = scanWithJsQr) {
    const uri = new URL(scan(await page.screenshot()) ?? "");
    expect(uri.protocol + decodeURIComponent(uri.pathname)).toBe(
      "otpauth:/Quickstart:ada@example.com",
    );
    return uri.searchParams.get("secret") ?? "";
  }

  const confirm = async (page: Page, code: string) => {
    await page.getByLabel("6-digit code").fill(code);
    await page.getByRole("button", { name: "Confirm" }).click();
  };

  const PHONE = { width: 360, height: 740 };
  const DESKTOP = { width: 1280, height: 900 };

  test.each([
    { what: "a light desktop", viewport: DESKTOP, colorScheme: "light" },
    { what: "a dark desktop", viewport: DESKTOP, colorScheme: "dark" },
    { what: "a light phone", viewport: PHONE, colorScheme: "light", deviceScaleFactor: 3 },
    { what: "a dark phone", viewport: PHONE, colorScheme: "dark", deviceScaleFactor: 2 },
  ] as const)("a phone scans it off $what, and its code is accepted", async (options) => {
    const { url } = await startQuickstart();
    const page = await openPage(url, options);
    await seeQrCode(page);

    const secret = await scanSecret(page);
    expect(await page.locator("code > span").allTextContents()).toEqual(secret.match(/.{4}/g));
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);

    await confirm(page, generateSync({ secret }));
    await page.getByText("Your authenticator app is set up.").waitFor();
    expect(await page.getByRole("img").isVisible()).toBe(false);

    await page.reload();
    await page.getByText("Your authenticator app is set up.").waitFor();
    expect(await page.getByRole("button").count()).toBe(0);
  });

  describe("other programs", () => {
    itWith("zbarimg", "zbarimg scans it in both colour schemes", async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        const { url } = await startQuickstart();
        const page = await openPage(url, { viewport: PHONE, colorScheme });
        await seeQrCode(page);
        const secret = await scanSecret(page, scanWithZbar);
        expect(await page.locator("code").textContent()).toBe(secret);
      }
    });

    itWith("oathtool", "a code of oathtool is accepted", async () => {
      const { url } = await startQuickstart();
      const page = await openPage(url);
      await seeQrCode(page);
      await confirm(page, codeByOathtool(await scanSecret(page)));
      await page.getByText("Your authenticator app is set up.").waitFor();
    });
  });

  test("a wrong code says so, and the right one is accepted after it", async () => {
    const { url } = await startQuickstart();
    const page = await openPage(url);
    await seeQrCode(page);
    const secret = await scanSecret(page);
    const right = generateSync({ secret });
    await confirm(page, String((Number(right) + 1) % 1e6).padStart(6, "0"));
    await page.getByRole("alert").getByText("This code is wrong.").waitFor();
    const field = page.getByLabel("6-digit code");
    await field.and(page.locator(":focus")).waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");

    await confirm(page, `${right.slice(0, 3)} ${right.slice(3)}`);
    await page.getByText("Your authenticator app is set up.").waitFor();
  });

  test("an expired setup says so, and begins again with another secret", async () => {
    const { program, url } = await startQuickstart();
    const page = await openPage(url);
    await seeQrCode(page);
    const secret = await scanSecret(page);
    await program.advanceClock(600_000);
    await confirm(page, generateSync({ secret }));
    await page.getByRole("alert").getByText("This setup has expired. Begin again.").waitFor();
    expect(await page.getByRole("img").isVisible()).toBe(false);

    await page.getByRole("button", { name: "Set up authenticator app" }).click();
    await seeQrCode(page);
    expect(await scanSecret(page)).not.toBe(secret);
    expect(await page.getByRole("alert").textContent()).toBe("");
  });

  test("the keyboard is enough", async () => {
    const { url } = await startQuickstart();
    const page = await openPage(url);
    const heading = page.getByRole("heading", { name: "Scan this QR code" });
    await heading.and(page.locator(":focus")).waitFor();
    const secret = (await page.locator("code").textContent()) ?? "";
    await page.keyboard.press("Tab");
    await page.keyboard.type(generateSync({ secret }));
    await page.keyboard.press("Enter");
    await page.getByText("Your authenticator app is set up.").waitFor();
  });

  test("a server that is gone is said to be", async () => {
    const { program, url } = await startQuickstart();
    const page = await openPage(url);
    await seeQrCode(page);
    program.kill("SIGKILL");
    await program.ended;
    await confirm(page, "123456");
    await page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
    expect(complaints.join()).toMatch("Failed to fetch");
    complaints = [];
  });
});

test("the page may load nothing from elsewhere and run nothing inline", async () => {
  const { url } = await startQuickstart();
  const response = await fetch(url);
  expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; /);
  expect(response.headers.get("content-security-policy")).not.toMatch(/unsafe|\*|http/);
  expect(response.headers.get("cache-control")).toBe("no-store");
});
