// A route can be late: an app's own timeout has responded by then.
import { createServer, type ServerResponse } from "node:http";
import request from "supertest";
import { sendJson, sendNoContent } from "../../lib/http/json-response.js";

test.each<[string, (res: ServerResponse) => void]>([
  ["JSON", (res) => sendJson(res, 200, { secret: "not sent" })],
  ["nothing", sendNoContent],
])("a response of %s is not sent after another one", async (_, respond) => {
  const server = createServer((_req, res) => {
    res.statusCode = 503;
    res.end("too late");
    respond(res);
  });
  const res = await request(server).get("/");
  expect([res.status, res.text, res.get("Cache-Control")]).toEqual([503, "too late", undefined]);
});
