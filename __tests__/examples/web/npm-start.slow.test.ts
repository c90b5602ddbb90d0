// `npm start` as a newcomer, or a supervisor, starts and stops it: a signal reaches npm, and no one else.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { root } from "./start-demo.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);

let npm: ChildProcess;

beforeEach(() => {
  npm = spawn("npm", ["start"], {
    cwd: root,
    env: { ...process.env, PORT: "0", DATABASE: ":memory:" },
    stdio: ["ignore", "pipe", "inherit"],
    // A group of its own, by which the server can be found even if npm has left it behind.
    detached: true,
  });
});

afterEach(() => {
  try {
    process.kill(-Number(npm.pid), "SIGKILL");
  } catch {
    // All of them have ended.
  }
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s to npm ends the server, and frees its port",
  async (signal) => {
    const port = await portOf(npm);
    const [idle, kept] = [await open(port), await open(port)];
    kept.write("GET /icon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(kept, "data");

    npm.kill(signal);
    // Not before every process that can write to its output has ended.
    expect(await once(npm, "close")).toEqual([0, null]);
    const next = createServer().listen(port, "localhost");
    await once(next, "listening");
    next.close();
    for (const socket of [idle, kept]) socket.destroy();
  },
);

function portOf({ stdout }: ChildProcess): Promise<number> {
  let printed = "";
  return new Promise((resolve) => {
    stdout?.on("data", (text) => {
      printed += text;
      const [, port] = /localhost:(\d+) [\s\S]*Ctrl\+C/.exec(printed) ?? [];
      if (port) resolve(Number(port));
    });
  });
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "localhost");
  // Of a connection that the server breaks off.
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}
