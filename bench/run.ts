// Prints how fast the routes and stores are, as ratios of figures measured side by side in this one run.
// Arguments choose parts, such as `npm run bench -- setup stores`; without any it is all of them.
import { benchConfirm } from "./confirm.js";
import { benchImport } from "./import.js";
import { ask, measure, type Subject } from "./measure.js";
import { benchMemory } from "./memory.js";
import { LOCKED_USER, RIGHT_CODE, WRONG_CODE } from "./servers/enrolled.js";
import * as read from "./servers/read.js";
import * as setup from "./servers/setup.js";
import * as verify from "./servers/verify.js";
import { rateOf, ratio, show } from "./show.js";
import { benchStores } from "./stores.js";
import { benchSizes } from "./stores-sizes.js";

const begin = (name: string, server: string, apiKey: string, status: number): Subject => ({
  name,
  server: ["servers/setup", server],
  request: { method: "POST", path: setup.PATH, headers: { "X-API-Key": apiKey } },
  status,
});

const setupSubjects = [
  begin("setup", "ours", setup.API_KEY, 200),
  begin("hand-written setup", "handWritten", setup.API_KEY, 200),
  begin("bare Express 200", "bare", setup.API_KEY, 200),
  begin("setup 401", "ours", "wrong", 401),
  begin("bare Express 401", "bare", "wrong", 401),
];

const login = (name: string, server: string, code: string, status: number, user?: string) => ({
  name,
  server: ["servers/verify", server] as [string, string],
  request: {
    method: "POST" as const,
    path: verify.PATH,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ session_id: user, code }),
  },
  status,
  each: (request: object, count: number) => ({
    ...request,
    body: JSON.stringify({ session_id: user ?? `user-${count}`, code }),
  }),
});

const verifySubjects: Subject[] = [
  login("verify right", "ours", RIGHT_CODE, 200),
  login("verify wrong", "ours", WRONG_CODE, 401),
  login("verify locked", "ours", WRONG_CODE, 429, LOCKED_USER),
  login("bare Express JSON", "bare", RIGHT_CODE, 200),
];

async function benchSetup(): Promise<void> {
  console.log("Setup route");
  const begun = await measure(setupSubjects);
  show(begun);
  const [ourResponse, theirResponse] = await Promise.all(setupSubjects.slice(0, 2).map(ask));
  console.log("Ratios");
  ratio(
    "setup / hand-written",
    rateOf(begun, "setup"),
    rateOf(begun, "hand-written setup"),
    "15 at least",
  );
  ratio(
    "setup / bare Express",
    rateOf(begun, "setup"),
    rateOf(begun, "bare Express 200"),
    "0.6 at least",
  );
  ratio(
    "401 / bare Express 401",
    rateOf(begun, "setup 401"),
    rateOf(begun, "bare Express 401"),
    "0.95 at least",
  );
  ratio(
    `response, bytes (${ourResponse?.bytes} / ${theirResponse?.bytes})`,
    ourResponse?.bytes ?? Number.NaN,
    theirResponse?.bytes ?? Number.NaN,
    "0.25 at most",
  );
}

async function benchVerify(): Promise<void> {
  console.log("\nVerify");
  const verified = await measure(verifySubjects);
  show(verified);
  console.log("Ratios");
  for (const name of ["verify right", "verify wrong", "verify locked"]) {
    ratio(
      `${name} / bare Express JSON`,
      rateOf(verified, name),
      rateOf(verified, "bare Express JSON"),
      name === "verify right" ? "0.7 at least" : undefined,
    );
  }
}

const status = (name: string, server: string): Subject => ({
  name,
  server: ["servers/read", server],
  request: { method: "GET", path: read.STATUS_PATH, headers: { "X-API-Key": "ada" } },
  status: 200,
});

const guarded = (name: string, server: string): Subject => ({
  name,
  server: ["servers/read", server],
  request: { method: "POST", path: read.GUARDED_PATH },
  status: 200,
  each: (request, count) => ({
    ...request,
    headers: { "X-API-Key": `user-${count}`, "X-TOTP-Code": RIGHT_CODE },
  }),
});

async function benchRead(): Promise<void> {
  console.log("\nStatus and guard");
  const figures = await measure([
    status("status", "ours"),
    status("bare Express status", "bare"),
    guarded("guard", "ours"),
    guarded("bare Express guard", "bare"),
  ]);
  show(figures);
  console.log("Ratios");
  const over = (name: string, goal?: string) =>
    ratio(
      `${name} / bare Express`,
      rateOf(figures, name),
      rateOf(figures, `bare Express ${name}`),
      goal,
    );
  over("status", "0.95 at least");
  over("guard");
}

const PARTS: Record<string, () => Promise<void>> = {
  setup: benchSetup,
  verify: benchVerify,
  read: benchRead,
  import: benchImport,
  confirm: benchConfirm,
  stores: benchStores,
  memory: benchMemory,
  sizes: benchSizes,
};

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
for (const name of chosen) {
  const part = Object.hasOwn(PARTS, name) && PARTS[name];
  if (!part) throw new Error(`No part ${name}; there are ${Object.keys(PARTS).join(", ")}`);
  await part();
}
