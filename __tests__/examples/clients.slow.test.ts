// Each client is run as its user runs it, against a server that listens.
import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import createHttpError from "http-errors";
import { CLIENTS, type Client, runCommand } from "../helpers/clients.js";
import { API_KEY, createApi, SETUP_PATH } from "../helpers/clients-api.js";
import { describeWith, hasProgram } from "../helpers/programs.js";
import { scanWithJsQr } from "../helpers/qr-images.js";
import { withServer } from "../helpers/servers.js";

// Room for a slow machine, and for compilers; nothing waits for it.
jest.setTimeout(180_000);

const respondWith =
  (status: number, body: string): RequestListener =>
  (_req, res) => {
    res.writeHead(status, { "Content-Type": "application/json" }).end(body);
  };

const refuse = (error: unknown) => createApi({ savePendingSecret: () => Promise.reject(error) });
const SPECIAL = 'no "setup" \\ now:\tübermorgen – 🔑 / "details": "x"';
// What JSON can write in more ways than one; and an escape that follows an escaped backslash.
const ESCAPED =
  '{"code":403, "details" : "\\u00fc\\/\\ud83d\\udd11\\\\u0041\\"", "error":"Forbidden"}';

const FAILURES: [string, RequestListener, string][] = [
  [
    "a failure of the server, without details",
    refuse(new Error("down")).app,
    "Internal Server Error\n",
  ],
  ["a 503", refuse(createHttpError(503)).app, "Service Unavailable\n"],
  [
    "details with special characters",
    refuse(createHttpError(403, SPECIAL)).app,
    `Forbidden: ${SPECIAL}\n`,
  ],
  ["details with escapes", respondWith(403, ESCAPED), 'Forbidden: ü/🔑\\u0041"\n'],
  [
    "the page of a proxy",
    respondWith(502, "<h1>Bad Gateway</h1>\n"),
    "Unexpected answer, status 502\n",
  ],
  [
    "a page in place of the API",
    respondWith(200, "<p>Welcome</p>"),
    "Unexpected answer, status 200\n",
  ],
  ["no body", respondWith(504, ""), "Unexpected answer, status 504\n"],
  ["JSON that is no object", respondWith(500, "null"), "Unexpected answer, status 500\n"],
  ["JSON that is a list", respondWith(500, "[]"), "Unexpected answer, status 500\n"],
  ["a QR code that is no PNG", createApi({ qrCode: "svg" }).app, "Unexpected answer, status 200\n"],
];

const installed = CLIENTS.filter(({ needs }) => needs.every(hasProgram));
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "clients-"));
  for (const { compile } of installed) {
    if (!compile) continue;
    const compiled = await runCommand(compile(folder));
    expect(compiled).toMatchObject({ status: 0, stdout: "", stderr: "" });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const runWith = ({ command }: Client, port: number, env: NodeJS.ProcessEnv) =>
  runCommand(command(folder), { TOTP_API_URL: `http://127.0.0.1:${port}`, ...env });

const unreachable = (port: number) => ({
  status: 1,
  stdout: "",
  stderr: expect.stringMatching(
    new RegExp(`^(curl: .+\\n)?Cannot reach http://127.0.0.1:${port}\\b`),
  ),
  png: undefined,
});

describe.each(CLIENTS)("$name", (client) => {
  describeWith(client.needs, "begins the setup, and", () => {
    const run = (port: number, env: NodeJS.ProcessEnv = { TOTP_API_KEY: API_KEY }) =>
      runWith(client, port, env);

    test("prints the secret that was saved, and writes its QR code", async () => {
      const { app, saved, requests } = createApi();
      const { png, ...printed } = await withServer(app, (port) => run(port));
      expect(printed).toEqual({
        status: 0,
        stdout: `Secret: ${saved[0]?.secret}\nQR code: qr.png (scan it, then delete it)\n`,
        stderr: "",
      });
      expect(await scanWithJsQr(png ? [png] : [])).toEqual([saved[0]?.otpauthUri]);
      expect(requests).toEqual([{ method: "POST", url: SETUP_PATH, keys: [API_KEY] }]);
      expect(saved).toHaveLength(1);
    });

    test("tells why a key was refused; by default it is the demo's", async () => {
      const { app, saved, requests } = createApi();
      const ran = await withServer(app, (port) => run(port, {}));
      const stderr = "Unauthorized: The provided ID is not valid\n";
      expect(ran).toEqual({ status: 1, stdout: "", stderr, png: undefined });
      expect(requests).toEqual([{ method: "POST", url: SETUP_PATH, keys: ["demo-key"] }]);
      expect(saved).toEqual([]);
    });

    test.each(FAILURES)("tells of %s", async (_, app, stderr) => {
      const ran = await withServer(app, (port) => run(port));
      expect(ran).toEqual({ status: 1, stdout: "", stderr, png: undefined });
    });

    test("takes its key to no other place", async () => {
      const { app, requests } = createApi();
      await withServer(app, async (other) => {
        const location = `http://127.0.0.1:${other}${SETUP_PATH}`;
        const redirect: RequestListener = (_req, res) => {
          res.writeHead(307, { Location: location }).end();
        };
        const ran = await withServer(redirect, (port) => run(port));
        const stderr = "Unexpected answer, status 307\n";
        expect(ran).toEqual({ status: 1, stdout: "", stderr, png: undefined });
      });
      expect(requests).toEqual([]);
    });

    test("tells that no server is there", async () => {
      const port = await withServer(createApi().app, async (closed) => closed);
      expect(await run(port)).toEqual(unreachable(port));
    });
  });
});

test("none waits longer than 15 seconds, also when half of the answer is there", async () => {
  const half: RequestListener = (_req, res) => {
    res.writeHead(200, { "Content-Type": "application/json" }).write('{"secret":');
  };
  await withServer(half, (port) =>
    Promise.all(
      installed.map(async (client) => {
        const { name } = client;
        expect({ name, ...(await runWith(client, port, {})) }).toEqual({
          name,
          ...unreachable(port),
        });
      }),
    ),
  );
});
