import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** Serves an app on a free port while `use` runs, and closes it: with a connection left open it would hang. */
export async function withServer<T>(
  app: RequestListener,
  use: (port: number, server: Server) => Promise<T>,
): Promise<T> {
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use((server.address() as AddressInfo).port, server);
  } finally {
    server.close();
    await once(server, "close");
  }
}

export async function openSocket(port: number, text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(text, "latin1");
  return socket;
}

export interface RawResponse {
  status: number;
  head: string;
  body: string;
}

/** Sends the very bytes of `text`, which an HTTP client might mend, and reads until the server hangs up. */
export async function exchange(port: number, text: string): Promise<RawResponse> {
  const socket = await openSocket(port, text);
  let answer = "";
  for await (const chunk of socket.setEncoding("latin1")) answer += chunk;
  const [head = "", ...body] = answer.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head, body: body.join("\r\n\r\n") };
}

/** The text of a request without a body. */
export function post(path: string, headers: readonly string[] = [], method = "POST"): string {
  return [
    `${method} ${path} HTTP/1.1`,
    "Host: localhost",
    "Connection: close",
    ...headers,
    "",
    "",
  ].join("\r\n");
}
