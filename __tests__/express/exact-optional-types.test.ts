// Apps that compile with `exactOptionalPropertyTypes` can pass what may be undefined, such as process.env.ISSUER.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.join(__dirname, "../..");

/** Whatever an app passes to the library, or returns to it. */
const INPUTS: Record<string, string[]> = {
  "": [
    "BackupCodeOptions",
    "BeginLoginOptions",
    "BeginSetupOptions",
    "CallOptions",
    "EncryptionKeys",
    "EncryptionOptions",
    "EnrollmentOptions",
    "ExistingEnrollment",
    "GenerateTotpInput",
    "HttpOptions",
    "MemoryStoreOptions",
    "OtpauthUriInput",
    "QrCodeOptions",
    "RequireTotpOptions",
    "SessionFreshnessOptions",
    "TokenResponse",
    "TotpRouterOptions",
    "TotpServiceOptions",
    "TotpSetupOptions",
    "TrustDeviceOptions",
    "VerifyTotpInput",
  ],
  "/mysql": ["OwnTableOptions", "UserColumnOptions"],
  "/openapi": ["OpenApiOptions"],
  "/pages": ["TotpPagesOptions"],
  "/postgres": ["OwnTableOptions", "UserColumnOptions"],
  "/redis": ["RedisStoreOptions"],
  "/sqlite": ["OwnTableOptions", "UserColumnOptions"],
  "/testing": ["TestAuthenticatorOptions", "TotpStoreTestOptions"],
};

const EXAMPLE = `
import { createMemoryStore, createTotpService, createTotpSetupRouter } from "express-totp-setup";

const issuer = process.env.ISSUER;
createTotpService({ store: createMemoryStore(), issuer });
createTotpSetupRouter({
  authenticate: () => ({ id: 1, accountName: process.env.ACCOUNT }),
  savePendingSecret: () => {},
  issuer,
  apiKeyHeader: process.env.API_KEY_HEADER,
});
`;

/** Each optional property takes \`undefined\`, also one that is added tomorrow. */
const checkOf = (entry: string, name: string, index: number) => `
import type * as entry${index} from "express-totp-setup${entry}";
export const check${index} = (given: OrUndefined<entry${index}.${name}>): Optional<entry${index}.${name}> => given;
`;
const HELPERS = `
export type Optional<T> = { [Key in keyof T as {} extends Pick<T, Key> ? Key : never]: T[Key] };
export type OrUndefined<T> = { [Key in keyof Optional<T>]: Optional<T>[Key] | undefined };
`;

/** What the compiler says of a program that imports the package, and not of the package's own sources. */
function compile(files: Record<string, string>): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "exact-"));
  try {
    const compilerOptions = {
      exactOptionalPropertyTypes: true,
      types: ["node"],
      typeRoots: [path.join(root, "node_modules/@types")],
    };
    const tsconfig = { extends: path.join(root, "tsconfig.json"), compilerOptions };
    const all = { "tsconfig.json": JSON.stringify({ ...tsconfig, include: ["*.ts"] }), ...files };
    for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    const tsc = path.join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
      encoding: "utf8",
      cwd: folder,
    });
    return stdout.split("\n").filter((line) => /^\w+\.ts\(/.test(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("issuer: process.env.ISSUER compiles, and undefined for every other option", () => {
  const checks = Object.entries(INPUTS)
    .flatMap(([entry, names]) => names.map((name): [string, string] => [entry, name]))
    .map(([entry, name], index) => checkOf(entry, name, index));
  expect(compile({ "example.ts": EXAMPLE, "checks.ts": HELPERS + checks.join("") })).toEqual([]);
});

test("an option that does not take undefined would be found", () => {
  const strict = `${HELPERS}
interface Given { name: string; issuer?: string }
export const check = (given: OrUndefined<Given>): Optional<Given> => given;
`;
  expect(compile({ "strict.ts": strict })).toEqual([expect.stringContaining("TS2375")]);
});
