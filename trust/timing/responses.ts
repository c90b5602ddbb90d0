// The exact bytes of the login route's response to session ids that were never begun.
import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import express from "express";
import { createRig, enroll } from "../../__tests__/helpers/service.js";
import { createTotpRouter, TRUSTED } from "../../lib/index.js";
import { unknownSession } from "./tokens.js";

const PATH = "/auth/v1/verify-totp";
const USERS = ["nobody", "without", "with-it"];

/** How many different responses there are, apart from the header `Date`. */
export async function countLoginResponses(): Promise<number> {
  const rig = createRig();
  await enroll(rig, "with-it");
  await enroll(rig, "without");
  await rig.totp.disable("without", { proof: TRUSTED });
  const app = express();
  app.use(createTotpRouter({ totp: rig.totp, authenticate: () => null }));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const responses = new Set<string>();
    for (const code of ["123456", "123456 123456 123456", "7M2Q-X0ZK-4TBH-9E1R", "no code"]) {
      for (const userId of USERS) responses.add(await post(port, unknownSession(userId), code));
    }
    return responses.size;
  } finally {
    server.close();
  }
}

async function post(port: number, sessionId: string, code: string): Promise<string> {
  const body = JSON.stringify({ session_id: sessionId, code });
  const socket = connect(port, "127.0.0.1");
  socket.end(
    `POST ${PATH} HTTP/1.1\r\nHost: app.example\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  let response = "";
  for await (const chunk of socket.setEncoding("latin1")) response += chunk;
  if (!response.startsWith("HTTP/1.1 401 ")) throw new Error(`Not a 401: ${response}`);
  return response.replace(/^Date: .*\r\n/m, "");
}
