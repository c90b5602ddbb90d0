// The attack kit finds the code and the id of a login wherever an app has them in its requests.
import type { AppRequest, TestClient, TestResponse } from "express-totp-setup/testing";
import { attack, type Options, translating } from "./attack-app.js";

interface Sent {
  path: string;
  headers?: Record<string, string>;
}

type Place = [
  name: string,
  read: (sent: AppRequest) => string | undefined,
  sendCode: Options["sendCode"],
];

const PLACES: Place[] = [
  [
    "a header",
    ({ headers }) => headers["X-Code"] ?? "missing",
    (client, code) => client.send("POST /login/code", { headers: { "X-Code": code } }),
  ],
  [
    "the query",
    ({ path }) => new URL(path, "http://a.test").searchParams.get("code") ?? "missing",
    (client, code) => client.send(`POST /login/code?step=2&code=${encodeURIComponent(code)}`),
  ],
  [
    "an array",
    ({ body }) => {
      const { codes } = JSON.parse(body || "{}");
      return Array.isArray(codes) ? codes[0] : "missing";
    },
    (client, code) => client.send("POST /login/code", { json: { codes: [code] } }),
  ],
];

describe.each(PLACES)("a code in %s", (_, read, sendCode) => {
  const isCode = ({ path }: AppRequest) => path.startsWith("/login/code");
  const options = (sound: Options): Partial<Options> => ({
    request: translating((sent) => (isCode(sent) ? read(sent) : undefined))(sound),
    sendCode,
    sendBackupCode: undefined,
  });

  test("a correct app passes", async () => {
    expect(await attack([], options)).toEqual({});
  });

  test("the code is replaced there, and stays out of messages", async () => {
    const failures = await attack(["skips an empty code"], options);
    const message = failures["sign-in: a missing or malformed code is refused"];
    expect(message).toMatch(/With an empty code, sign-in succeeded.+POST \/login\/code → 303/s);
    expect(JSON.stringify(failures)).not.toContain("code=");
  });
});

describe("the id of a login", () => {
  const ODD = "sign-in: a missing or malformed login id is refused";
  /** The app reads it from another place than the body, and `signIn` returns the whole response. */
  const idElsewhere =
    (read: (sent: AppRequest) => string | undefined, send: (id: string) => Sent) =>
    ({ request }: Options) => {
      const byId = {
        async request(sent: AppRequest) {
          if (!/^\/login\/code/.test(sent.path) || !sent.body) return request?.(sent);
          const { code } = JSON.parse(String(sent.body));
          const body = JSON.stringify({ code, login: JSON.parse(read(sent) || "null") });
          return request?.({ ...sent, path: "/login/code", body });
        },
        signIn: (client: TestClient, { email }: { email: string }) =>
          client.send("POST /login", { form: { email, by_id: "1" } }),
        async sendCode(client: TestClient, code: string, login: TestResponse) {
          const { path, headers } = send(login.json().login ?? "");
          await client.send(`POST ${path}`, { json: { code }, headers });
        },
        sendBackupCode: undefined,
      };
      return byId as never;
    };
  const quoted = (id: string | undefined) => id && (id.startsWith("{") ? id : JSON.stringify(id));

  const inPath = idElsewhere(
    ({ path }) => quoted(decodeURIComponent(path.split("/")[3] ?? "")),
    (id) => ({ path: `/login/code/${id}` }),
  );
  const inHeader = idElsewhere(
    ({ headers }) => quoted(headers.Authorization?.slice("Bearer ".length)),
    (id) => ({ path: "/login/code", headers: { Authorization: `Bearer ${id}` } }),
  );

  test.each([
    ["the path", inPath],
    ["a header, with Bearer before it", inHeader],
  ])("is found in %s", async (_, options) => {
    expect(await attack([], options)).toEqual({});
    const failures = await attack(["passes the id of a login to a query"], options);
    expect(failures[ODD]).toMatch(/Accept only strings as the id/);
  });
});
