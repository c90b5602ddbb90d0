import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** What the workers' connections to an engine run through. */
export interface Cable {
  /** The URL of the engine at its other end. */
  readonly url: string;
  /**
   * Holds back what the engine sends for a while, and then breaks all connections: writes have landed by then, and
   * nobody knows.
   */
  cut(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function layCable(engineUrl: string): Promise<Cable> {
  const target = Number(new URL(engineUrl).port);
  const clients = new Set<Socket>();
  let isMute = false;

  const server = createServer((client) => {
    const engine = connect(target, "127.0.0.1");
    clients.add(client);
    client.setNoDelay();
    engine.setNoDelay();
    client.pipe(engine);
    engine.on("data", (data) => {
      if (!isMute) client.write(data);
    });
    const end = () => {
      clients.delete(client);
      client.destroy();
      engine.destroy();
    };
    for (const socket of [client, engine]) socket.on("error", end).on("close", end);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  const url = new URL(engineUrl);
  url.port = String((server.address() as AddressInfo).port);
  const breakAll = () => {
    for (const client of [...clients]) client.destroy();
  };
  return {
    url: url.href,
    async cut(milliseconds) {
      isMute = true;
      await delay(milliseconds);
      breakAll();
      isMute = false;
    },
    async close() {
      server.close();
      breakAll();
      await once(server, "close");
    },
  };
}
