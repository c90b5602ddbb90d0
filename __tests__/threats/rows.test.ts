// Bugs that others shipped: each of them has a test here that is named after it.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "@swc/core";

const BUGS: [whatWentWrong: string, ...identifiers: string[]][] = [
  [
    "an accepted code was not burned and worked again",
    "CVE-2015-7225",
    "CVE-2022-25838",
    "CVE-2026-61630",
    "CVE-2025-43798",
  ],
  ["burned, but reusable for one more interval of the window", "CVE-2021-43177"],
  ["white space made a used code a new one", "CVE-2025-6014"],
  ["`true` was stored as the used step", "fortify 399"],
  ["the code of the enrollment was the first login code too", "hanko 2723"],
  ["two parallel requests with one code both passed", "a race in Gitea"],
  ["one backup code used twice in parallel", "CVE-2026-33624", "CVE-2026-34224", "CVE-2026-48505"],
  ["backup codes were never consumed", "CVE-2026-31875", "CVE-2025-67507"],
  ["the first use of a backup code spoilt the rest", "better-auth 7231"],
  ["a backup code of one user worked for another", "CVE-2025-64175"],
  ["no attempt limit, or a way around it", "CVE-2024-0227", "CVE-2025-60424", "CVE-2025-6015"],
  ["a lock on one path and none on another", "CVE-2026-9798", "CVE-2026-16103"],
  ["the failure counter was rolled back", "CVE-2026-35597"],
  ["one success cleared the failures of others", "allauth before 65.8"],
  ["the setup endpoint handed out the live secret", "CVE-2026-44460"],
  ["the client could choose the secret at confirmation", "clinch 5178cf3"],
  ["an unconfirmed secret became live", "better-auth, by reading"],
  ["enabled without a secret", "odysseus 1286"],
  ["regenerating backup codes needed no fresh code", "monize 155"],
  ["secrets under 128 bits", "CVE-2024-8796", "Fortify's 80 bits", "speakeasy's 118"],
  ["the user was serialized with the secret", "Spoutible 2024"],
  ["parseInt on both sides", "speakeasy, by reading"],
  ["digits of other scripts, signs and underscores", "django-otp, by reading"],
  ["the URI and the verifier disagreed on the hash", "fastify-totp, by reading"],
  ["throwing where the clock runs backwards", "otplib, by reading"],
  ["a plus for a space in the URI", "pquerna 68", "better-auth", "oslo 8"],
  ["separators left raw in the URI", "SuperTokens, by reading"],
  ["base32 padding", "google-authenticator 643"],
  ["QR codes that some scanners refuse", "supabase/auth 1455"],
  ["guessing got cheaper with each sign-in", "an accepted code cleared the count of wrong ones"],
  ["a short limit alone", "warehouse 8456"],
  ["the lock was a weapon", "privacyidea 3741, fortify"],
  ["no limit on the second step, or one by address or login", "wg-easy 2775", "autentico 360"],
  ["an argument left out", "an argument left out turned the step-up off"],
  ["a vouching flag in a body", "a vouching flag in the options"],
  ["the secret changed under the user's hand", "GovWifi 1120", "un/inbox 181", "fluxer 210"],
  ["the first sign-in asked for the code that was used up", "nextcloud 15744"],
  ["a setup that was left locked its user out", "nextcloud/twofactor_totp 214"],
  ["hyphens in the key", "OpenTAKServer 149"],
  ["a learned clock offset", "a learned clock offset"],
  ["`clock_skew` said at a sign-in", "`clock_skew` said at a sign-in"],
  ["three codes compared one by one", "three codes compared one by one"],
  ["headers of an upstream's error", "an error's `headers` from an upstream"],
  ["a secret in the log", "the default log printed a secret"],
];

interface SyntaxNode {
  type?: string;
  value?: unknown;
  callee?: unknown;
  arguments?: { expression: SyntaxNode }[];
  [key: string]: unknown;
}

/** The titles of the tests and groups in a piece of syntax. */
function titlesIn(tree: unknown): string[] {
  if (typeof tree !== "object" || tree === null) return [];
  const node = tree as SyntaxNode;
  const inside = Object.values(node).flatMap(titlesIn);
  const isTest = /"value":"(test|it|describe|itWith|describeWith)"/.test(
    node.type === "CallExpression" ? JSON.stringify(node.callee) : "",
  );
  const texts = (isTest ? (node.arguments ?? []) : [])
    .map(({ expression }) => expression)
    .filter(({ type }) => type === "StringLiteral")
    .map(({ value }) => String(value));
  return [...texts, ...inside];
}

const titles = readdirSync(__dirname)
  .filter((file) => file.endsWith(".test.ts") && file !== path.basename(__filename))
  .flatMap((file) => {
    const code = readFileSync(path.join(__dirname, file), "utf8");
    return titlesIn(parseSync(code, { syntax: "typescript" }));
  });

test.each(BUGS)("%s", (_, ...identifiers) => {
  const missing = identifiers.filter((each) => !titles.some((title) => title.includes(each)));
  expect(missing).toEqual([]);
});

test("titles are found, and only titles", () => {
  const code = 'test.each([1])("a %s", () => { call("b"); }); describe("c", () => { it("d"); });';
  expect(titlesIn(parseSync(code)).sort()).toEqual(["a %s", "c", "d"]);
});
