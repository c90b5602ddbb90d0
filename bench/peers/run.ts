// Prints how fast the setup and the check of a code are beside other ways to have them, as ratios of figures measured
// side by side in this one run. `npm run bench:peers` installs the others first.
import { generate } from "otplib";
import { type Figures, measure, type Subject } from "../measure.js";
import { RIGHT_CODE } from "../servers/enrolled.js";
import { API_KEY, PATH } from "../servers/setup.js";
import * as verify from "../servers/verify.js";
import { rateOf, ratio, show } from "../show.js";
import { BETTER_AUTH } from "./servers.js";

const JSON_BODY = { "Content-Type": "application/json" };

const setup = (name: string, server: string): Subject => ({
  name,
  server: ["peers/servers", server],
  request: { method: "POST", path: PATH, headers: { "X-API-Key": API_KEY } },
  status: 200,
});

const betterAuth = (name: string, path: string, enrolls: boolean): Subject => ({
  name,
  server: ["peers/servers", "betterAuthServer"],
  request: { method: "POST", path },
  status: 200,
  async prepare(url) {
    const post = (at: string, headers: Record<string, string>, body: object) =>
      fetch(url + at, { method: "POST", headers, body: JSON.stringify(body) });
    const { cookie } = (await (await post("/sign-up", {}, {})).json()) as { cookie: string };
    const headers = { ...JSON_BODY, cookie };
    if (!enrolls) return { headers, body: "{}" };
    const enabled = await post(BETTER_AUTH.setup, headers, {});
    const { totpURI } = (await enabled.json()) as { totpURI: string };
    const secret = String(new URL(totpURI).searchParams.get("secret"));
    const code = await generate({ secret });
    const confirmed = await post(BETTER_AUTH.verify, headers, { code });
    const signedIn = confirmed.headers.getSetCookie().map((each) => each.split(";")[0]);
    // It accepts a code again for as long as it is valid, a minute at least: longer than this takes.
    return {
      headers: { ...headers, cookie: signedIn.length > 0 ? signedIn.join("; ") : cookie },
      body: JSON.stringify({ code }),
    };
  },
});

const verifyOurs: Subject = {
  name: "verify",
  server: ["servers/verify", "ours"],
  request: { method: "POST", path: verify.PATH, headers: JSON_BODY },
  status: 200,
  each: (request, count) => ({
    ...request,
    body: JSON.stringify({ session_id: `user-${count}`, code: RIGHT_CODE }),
  }),
};

async function compare(title: string, subjects: readonly Subject[]): Promise<Map<string, Figures>> {
  console.log(title);
  const figures = await measure(subjects);
  show(figures);
  const [ours, ...others] = subjects.map(({ name }) => name);
  for (const name of others) {
    ratio(`${ours} / ${name}`, rateOf(figures, String(ours)), rateOf(figures, name));
  }
  return figures;
}

await compare("Setup", [
  setup("setup", "ours"),
  setup("speakeasy and qrcode", "handWritten"),
  setup("otplib and qrcode", "otplib"),
  betterAuth("better-auth, no QR code", BETTER_AUTH.setup, false),
]);
await compare("\nVerify a code", [
  verifyOurs,
  betterAuth("better-auth verify", BETTER_AUTH.verify, true),
]);
