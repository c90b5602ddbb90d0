// The attack kit sends requests of other sites as browsers do: with which cookies, and what CORS and tokens prevent.
import type { TestClient } from "express-totp-setup/testing";
import { attack, behind, type Options } from "./attack-app.js";

const FORGED = "profile: a request from another site is refused";
const FORBIDDEN = { status: 403, headers: {}, text: "{}" };

describe("cookies", () => {
  const SENDS = /another site/;
  const withSameSite = (value: string) =>
    behind(async (sent, next) => {
      const response = await next(sent);
      const cookie = String(response.headers["set-cookie"] ?? "");
      if (cookie === "") return response;
      const set = cookie.replace("SameSite=None", value);
      return { ...response, headers: { ...response.headers, "set-cookie": [set] } };
    });

  test.each(["SameSite=Lax", "SameSite=strict"])(
    "with %s, only another host of the same site sends them",
    async (value) => {
      const failures = await attack(["never looks at the origin"], withSameSite(value));
      expect(Object.keys(failures).every((name) => SENDS.test(name))).toBe(true);
      for (const message of Object.values(failures)) {
        expect(message).toContain("The request was sent by another host of the same site.");
      }
    },
  );

  test("without SameSite, every site sends them", async () => {
    const failures = await attack(["never looks at the origin"], withSameSite("Path=/"));
    for (const message of Object.values(failures)) {
      expect(message).toContain("The request was sent by a page of another site.");
    }
  });
});

test("an app with CSRF tokens in its pages refuses other sites", async () => {
  const failures = await attack(["never looks at the origin"], (sound) => ({
    ...behind((sent, next) => {
      const isForm = sent.method === "POST" && sent.path === "/profile";
      if (sent.path === "/token") return { status: 200, headers: {}, text: '{"token":"t"}' };
      if (isForm && sent.headers["X-Token"] !== "t") return FORBIDDEN;
      return next(sent);
    })(sound),
    changes: {
      async profile(client) {
        const { token } = (await client.send("GET /token")).json();
        const headers = { "X-Token": String(token) };
        return (await client.send("POST /profile", { form: {}, headers })).status === 200;
      },
    },
  }));
  expect(Object.keys(failures)).toContain("setup: another site cannot begin one");
  expect(Object.keys(failures)).not.toContain(FORGED);
});

describe("a token in a cookie", () => {
  const cookies: string[] = [];
  const withToken = (read: (client: TestClient) => string) => (sound: Options) => ({
    ...behind(async (sent, next) => {
      if (sent.path === "/profile" && sent.headers["X-Token"] !== "t") {
        return FORBIDDEN;
      }
      cookies.push(sent.headers.Cookie ?? "");
      const response = await next(sent);
      const own = [response.headers["set-cookie"] ?? []].flat();
      // The second line is not a cookie.
      const all = ["token=t; SameSite=None", "nonsense", ...own];
      return { ...response, headers: { ...response.headers, "set-cookie": all } };
    })(sound),
    changes: {
      async profile(client: TestClient) {
        const headers = { "X-Token": read(client) };
        return (await client.send("POST /profile", { form: {}, headers })).status === 200;
      },
    },
  });

  test("is not read by other sites, so that a function may throw for want of it", async () => {
    const read = (client: TestClient) => {
      const token = client.cookie("token");
      if (token === undefined) throw new Error("no token");
      return token;
    };
    const failures = await attack(["never looks at the origin"], withToken(read));
    expect(Object.keys(failures)).toContain("setup: another site cannot begin one");
    expect(Object.keys(failures)).not.toContain(FORGED);
    expect(cookies).toContainEqual(expect.stringMatching(/^token=t; sid=\w+$/));
    expect(cookies.filter((cookie) => /(^|; )(=|nonsense)/.test(cookie))).toEqual([]);
  });

  test("any other error of the function is shown", async () => {
    let calls = 0;
    const read = () => {
      calls += 1;
      if (calls > 1) throw new Error("out of tokens");
      return "t";
    };
    expect((await attack([], withToken(read)))[FORGED]).toBe("out of tokens");
  });
});

describe("CORS for a request that no form can send", () => {
  type Sent = Parameters<TestClient["send"]>[1];
  const withCors = (allow: Record<string, string>, body: Sent) => (sound: Options) => ({
    ...behind((sent, next) => {
      if (sent.path !== "/profile") return next(sent);
      if (sent.method !== "OPTIONS") return next({ ...sent, method: "POST" });
      const allowed = {
        "access-control-allow-origin": String(sent.headers.Origin),
        "access-control-allow-credentials": "true",
        ...allow,
      };
      return { status: 204, headers: allowed, text: "" };
    })(sound),
    changes: {
      profile: async (client: TestClient) =>
        (await client.send("PUT /profile", body)).status === 200,
    },
  });
  const [methods, headers] = ["access-control-allow-methods", "access-control-allow-headers"];
  const [form, json] = [{ form: { name: "Ada" } }, { json: { name: "Ada" } }];

  test.each<[string, boolean, Record<string, string>, Sent]>([
    ["names its method", true, { [methods]: "GET, PUT" }, form],
    ["names another method", false, { [methods]: "GET" }, form],
    ["names no method", false, {}, form],
    ["does not name the type of its body", false, { [methods]: "PUT" }, json],
    ["names the type of its body", true, { [methods]: "PUT", [headers]: "Content-Type" }, json],
  ])("that %s", async (_, isForged, allow, body) => {
    const failures = await attack(["never looks at the origin"], withCors(allow, body));
    expect(Object.keys(failures).includes(FORGED)).toBe(isForged);
  });
});
