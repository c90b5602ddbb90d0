import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../lib/base/clock.js";
import type { OptionTable } from "../../lib/base/options.js";
import { ENROLLMENT_OPTIONS } from "../../lib/enrollment/options.js";
import { FRESHNESS_OPTIONS } from "../../lib/express/freshness.js";
import { GUARD_OPTIONS } from "../../lib/express/guard-options.js";
import { REMEMBER_CODE_OPTIONS } from "../../lib/express/remember-code.js";
import { ROUTER_OPTIONS } from "../../lib/express/router-options.js";
import { SETUP_OPTIONS } from "../../lib/express/setup-options.js";
import { HTTP_OPTIONS } from "../../lib/http/options.js";
import { OPENAPI_OPTIONS } from "../../lib/openapi/options.js";
import { GENERATE_OPTIONS } from "../../lib/otp/generate-totp.js";
import { OTPAUTH_URI_OPTIONS } from "../../lib/otp/otpauth-uri.js";
import { PARAMETER_OPTIONS } from "../../lib/otp/parameters.js";
import { VERIFY_OPTIONS } from "../../lib/otp/verify-totp.js";
import { PAGES_OPTIONS } from "../../lib/pages/options.js";
import { QR_CODE_OPTIONS } from "../../lib/qr/options.js";
import { BACKUP_CODE_OPTIONS, SERVICE_OPTIONS } from "../../lib/service/config.js";
import { CALL_OPTIONS } from "../../lib/service/core.js";
import { TRUST_DEVICE_OPTIONS } from "../../lib/service/devices.js";
import { BEGIN_LOGIN_OPTIONS } from "../../lib/service/login.js";
import { PROOF_OPTIONS } from "../../lib/service/proof.js";
import { BEGIN_SETUP_OPTIONS } from "../../lib/service/setup.js";
import { MEMORY_STORE_OPTIONS } from "../../lib/stores/memory.js";
import { APP_OPTIONS } from "../../lib/testing/app/options.js";
import { AUTHENTICATOR_OPTIONS } from "../../lib/testing/authenticator.js";
import { STORE_TEST_OPTIONS } from "../../lib/testing/options.js";

/** Every table of options in lib, by the interface that it is checked against. */
export const OPTION_TABLES: Readonly<Record<string, OptionTable>> = {
  BackupCodeOptions: BACKUP_CODE_OPTIONS,
  BeginLoginOptions: BEGIN_LOGIN_OPTIONS,
  BeginSetupOptions: BEGIN_SETUP_OPTIONS,
  CallOptions: CALL_OPTIONS,
  EnrollmentOptions: ENROLLMENT_OPTIONS,
  GenerateTotpInput: GENERATE_OPTIONS,
  HttpOptions: HTTP_OPTIONS,
  MemoryStoreOptions: MEMORY_STORE_OPTIONS,
  OpenApiOptions: OPENAPI_OPTIONS,
  OtpauthUriInput: OTPAUTH_URI_OPTIONS,
  ProofOptions: PROOF_OPTIONS,
  QrCodeOptions: QR_CODE_OPTIONS,
  RememberCodeOptions: REMEMBER_CODE_OPTIONS,
  RequireTotpOptions: GUARD_OPTIONS,
  SessionFreshnessOptions: FRESHNESS_OPTIONS,
  TestAuthenticatorOptions: AUTHENTICATOR_OPTIONS,
  TotpPagesOptions: PAGES_OPTIONS,
  TotpParameters: PARAMETER_OPTIONS,
  TotpRouterOptions: ROUTER_OPTIONS,
  TotpServiceOptions: SERVICE_OPTIONS,
  TotpSetupOptions: SETUP_OPTIONS,
  TotpStoreTestOptions: STORE_TEST_OPTIONS,
  TrustDeviceOptions: TRUST_DEVICE_OPTIONS,
  TwoFactorAppOptions: APP_OPTIONS,
  VerifyTotpInput: VERIFY_OPTIONS,
};

const LIB = path.join(__dirname, "../../lib");

const sources = readdirSync(LIB, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(path.join(LIB, name), "utf8"));

/** The interfaces that lib has tables for. */
export function interfacesOfTables(): string[] {
  return sources.flatMap((code) =>
    [...code.matchAll(/ satisfies OptionTable<(\w+)>/g)].map(([, name]) => String(name)),
  );
}

/** Defaults that documentation names, as their value says nothing to a reader. */
const NAMED = new Map<unknown, string>([
  [systemClock, "Date.now"],
  [OPENAPI_OPTIONS.routes.default, "all"],
  [GUARD_OPTIONS.getCode.default, "the header X-TOTP-Code"],
]);

/** A default as documentation shows it: JSON, with the keys of objects as in source code. */
export function showDefault(value: unknown): string {
  const name = NAMED.get(value);
  if (name !== undefined) return name;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return JSON.stringify(value);
  }
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${showDefault(each)}`);
  return `{ ${entries.join(", ")} }`;
}

/**
 * The options of an interface in lib, inherited ones included, with the `@default` of their comments:
 * "required" if they have to be given, "none" if nothing stands in for them.
 */
export function declaredOptions(interfaceName: string): Record<string, string> {
  const declaration = new RegExp(
    `^export interface ${interfaceName}(?:<[^>]*>)?\\s+(?:extends (?<parents>[^{]+?) )?\\{\n(?<body>[\\s\\S]*?)^\\}`,
    "m",
  );
  const code = sources.find((source) => declaration.test(source)) ?? "";
  const { body, parents } = declaration.exec(code)?.groups ?? {};
  if (body === undefined) throw new Error(`no interface ${interfaceName} in lib`);
  const own = body.matchAll(
    /^ {2}\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\n {2}(?<name>\w+)(?<optional>\?)?:/gm,
  );
  return {
    ...inherited(parents ?? ""),
    ...Object.fromEntries(
      [...own].map(({ groups = {} }) => [
        groups.name,
        groups.optional ? defaultOf(groups.comment) : "required",
      ]),
    ),
  };
}

/** `Partial<Parent<User>>, Omit<Other, "name">`: what is partial is not required. */
function inherited(parents: string): Record<string, string> {
  const omitted = /^Omit<(?<parent>\w+)(?:<\w+>)?, (?<names>[^<>]+)>$/.exec(parents)?.groups;
  if (omitted) {
    const names: string[] = String(omitted.names).match(/\w+/g) ?? [];
    const options = Object.entries(declaredOptions(String(omitted.parent)));
    return Object.fromEntries(options.filter(([name]) => !names.includes(name)));
  }
  const each = parents.matchAll(/(?<partial>Partial<)?(?<name>\w+)[^,]*/g);
  return Object.assign(
    {},
    ...[...each].map(({ groups = {} }) => {
      const options = Object.entries(declaredOptions(String(groups.name)));
      if (!groups.partial) return Object.fromEntries(options);
      return Object.fromEntries(
        options.map(([name, value]) => [name, value === "required" ? "none" : value]),
      );
    }),
  );
}

function defaultOf(comment: string | undefined): string {
  return /@default (.*)/.exec(comment ?? "")?.[1]?.replaceAll("`", "") ?? "none";
}
