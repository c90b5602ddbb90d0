import { type TOTP, URI } from "otpauth";
import { createOtpauthUri } from "../../lib/otp/otpauth-uri.js";
import { generateSecret } from "../../lib/otp/secret.js";

test("pquerna 68, better-auth, oslo 8: spaces became `+`, which authenticator apps show as it is", () => {
  const uri = createOtpauthUri({
    secret: generateSecret(),
    accountName: "Ada King Lovelace",
    issuer: "Analytical Engines + Co",
  });
  expect(uri).not.toContain("+");
  expect(uri).toContain("/Analytical%20Engines%20%2B%20Co:Ada%20King%20Lovelace?");
  expect(uri).toContain("&issuer=Analytical%20Engines%20%2B%20Co");
});

test("SuperTokens, by reading: `&`, `?` and `#` in a name ended the label or added parameters", () => {
  const secret = generateSecret();
  const name = "a?secret=AAAAAAAAAAAAAAAA&period=1#x/y%3Az";
  const uri = createOtpauthUri({ secret, accountName: name, issuer: name });
  const app = URI.parse(uri) as TOTP;
  expect(app).toMatchObject({ label: name, issuer: name, period: 30 });
  expect(app.secret.base32).toBe(secret);
  expect(new URL(uri).searchParams.getAll("secret")).toEqual([secret]);
  expect([...new URL(uri).searchParams.keys()]).toEqual(["secret", "issuer"]);
  expect(new URL(uri).hash).toBe("");
});

test("google-authenticator 643: padding after the secret broke an app", () => {
  for (let bytes = 16; bytes <= 64; bytes++) {
    const secret = generateSecret(bytes);
    expect(secret).not.toContain("=");
    const uri = createOtpauthUri({ secret, accountName: "ada" });
    expect(uri).toBe(`otpauth://totp/ada?secret=${secret}`);
  }
  const padded = `${generateSecret(16)}======`;
  expect(() => createOtpauthUri({ secret: padded, accountName: "ada" })).toThrow(/^secret: /);
});
