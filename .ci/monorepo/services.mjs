// Runs the example as a newcomer does, by `npm start`, over a Redis of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { require as requireCommonJs } from "tsx/cjs/api";

/**
 * @typedef {(method: string, target: string, sent?: { body?: object, code?: string }) =>
 *   Promise<{ status: number, body: any, headers: Headers }>} Ask
 * @typedef {{ accounts: Ask, shop: Ask }} Services
 */

// Written for Jest, to which all modules are CommonJS.
/** @type {typeof import("../../__tests__/helpers/engines/redis.js")} */
const { redis } = requireCommonJs("../../__tests__/helpers/engines/redis.ts", import.meta.url);

const PATIENCE_MS = 60_000;

/**
 * @param {string} folder
 * @param {(services: Services) => Promise<void>} use
 */
export async function withServices(folder, use) {
  const start = redis.find();
  if (!start)
    throw new Error(`${redis.name} is not on this machine: install ${redis.debianPackage}`);
  const engine = await start();
  try {
    await withExample(folder, { ...process.env, REDIS_URL: engine.url, PORT: "0" }, use);
  } finally {
    await engine.stop();
  }
}

/**
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @param {(services: Services) => Promise<void>} use
 */
async function withExample(folder, env, use) {
  const example = spawn("npm", ["start"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
    // In a group of its own, to be signalled with the services, as Ctrl+C does it.
    detached: true,
  });
  // Not before the services have ended too, as they hold the same pipe.
  const closed = once(example, "close");
  try {
    const { accounts, shop } = await readAddresses(example.stdout);
    // What else is printed is not kept: a full pipe would halt the services.
    example.stdout.resume();
    await use({ accounts: asker(accounts), shop: asker(shop) });
  } finally {
    if (example.pid && example.exitCode === null) process.kill(-example.pid, "SIGINT");
    await closed;
  }
}

/** @param {import("node:stream").Readable} stdout */
async function readAddresses(stdout) {
  /** @type {Record<string, string>} */
  const addresses = {};
  for await (const line of createInterface({
    input: stdout,
    signal: AbortSignal.timeout(PATIENCE_MS),
  })) {
    const [, service, address] = /^(\w+): (http:\S+)/.exec(line) ?? [];
    if (service && address) addresses[service] = address;
    const { accounts, shop } = addresses;
    if (accounts && shop) return { accounts, shop };
  }
  throw new Error(`Not all services have started, but ${JSON.stringify(addresses)}`);
}

/**
 * @param {string} address
 * @returns {Ask}
 */
function asker(address) {
  return async (method, target, { body, code } = {}) => {
    const response = await fetch(address + target, {
      method,
      headers: {
        "X-API-Key": "demo-key",
        ...(body && { "Content-Type": "application/json" }),
        ...(code !== undefined && { "X-TOTP-Code": code }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, body: text.startsWith("{") ? JSON.parse(text) : text };
  };
}
