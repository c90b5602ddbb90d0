import { connect, type Socket } from "node:net";
import { END } from "./apps.js";

/** A response as it came over the wire. */
export interface Reply {
  status: number;
  /** By lower-case names; those that came more than once are joined by a line break. */
  headers: Record<string, string>;
  body: string;
  /** How the app understood the request; `undefined` if Node responded by itself. */
  asked?: { method: string; path: string; url: string };
}

export interface Delivery {
  /** Parts of the bytes, each written once the one before is on its way. */
  parts: readonly string[];
  /** Whether to hang up right after the last part. */
  isCut: boolean;
  /** How long nothing may come before the exchange is over, in milliseconds. */
  quietMs: number;
}

const LAST = `GET ${END} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;

/** Sends bytes, then a request of which nothing is unusual, and returns the responses to the former. */
export async function sendBytes(port: number, delivery: Delivery): Promise<Reply[]> {
  const { parts, isCut, quietMs } = delivery;
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), quietMs);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      timer.refresh();
    });
    // A server that refuses a request hangs up while the rest of it is still being sent.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  for (const part of isCut ? parts : [...parts.slice(0, -1), `${parts.at(-1)}${LAST}`]) {
    await write(socket, part);
  }
  if (isCut) socket.destroy();
  await closed;
  return readReplies(Buffer.concat(chunks).toString("latin1"));
}

function write(socket: Socket, part: string): Promise<unknown> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve(undefined);
    else socket.write(part, "latin1", resolve);
  });
}

/** Complete responses; one that was cut off is left out. */
export function readReplies(text: string): Reply[] {
  const replies: Reply[] = [];
  let rest = text;
  while (rest !== "") {
    const read = readReply(rest);
    if (!read) break;
    rest = read.rest;
    if (read.reply.status >= 200 && read.reply.asked?.path !== END) replies.push(read.reply);
  }
  return replies;
}

function readReply(text: string): { reply: Reply; rest: string } | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = Number(/^HTTP\/1\.1 ([1-5]\d\d) /.exec(first)?.[1]);
  if (!status) throw new Error(`no response begins with ${JSON.stringify(first.slice(0, 200))}`);
  const headers = readHeaders(lines);
  const asked = readAsked(headers["x-asked"]);
  const behind = text.slice(end + 4);
  const isEmpty = status < 200 || status === 204 || status === 304 || asked?.method === "HEAD";
  const content = isEmpty ? { body: "", rest: behind } : readBody(headers, behind);
  if (!content) return undefined;
  const { body, rest } = content;
  return { reply: { status, headers, body, ...(asked && { asked }) }, rest };
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:\s]+): (.*)$/.exec(line) ?? [];
    if (name === "") throw new Error(`no header looks like ${JSON.stringify(line.slice(0, 200))}`);
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}\n${value}`;
  }
  return headers;
}

function readAsked(value: string | undefined): Reply["asked"] {
  if (value === undefined) return undefined;
  const [method = "", path = "", url = ""] = JSON.parse(decodeURIComponent(value)) as string[];
  return { method, path, url };
}

function readBody(headers: Record<string, string>, text: string) {
  if (headers["transfer-encoding"] === "chunked") return readChunks(text);
  const length = headers["content-length"];
  // Until the server hangs up.
  if (length === undefined) return { body: text, rest: "" };
  if (text.length < Number(length)) return undefined;
  return { body: text.slice(0, Number(length)), rest: text.slice(Number(length)) };
}

function readChunks(text: string): { body: string; rest: string } | undefined {
  let [body, at] = ["", 0];
  for (;;) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (text.length < next) return undefined;
    if (size === 0) return { body, rest: text.slice(next) };
    body += text.slice(lineEnd + 2, next - 2);
    at = next;
  }
}
