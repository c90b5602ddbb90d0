import type { RouteName } from "../routes/table.js";
import type { SchemaName } from "./schemas.js";

/** The reasons of an error status. None if it does not concern codes or state. */
type Errors = Readonly<Record<number, readonly string[]>>;

/** The texts and schemas of a route in the document. */
export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  /** The schema of the JSON body of the request. */
  body?: SchemaName;
  /** The status of success, what it means, and the schema of its body. */
  success: [status: number, description: string, schema?: SchemaName];
  errors: Errors;
  /** Descriptions of error statuses that differ from those of other routes. */
  errorTexts?: Readonly<Record<number, string>>;
  /** Whether it requires a fresh code in X-TOTP-Code while TOTP is on. */
  stepUp?: boolean;
  /** Whether it requires no API key. */
  isPublic?: boolean;
}

const ALWAYS: Errors = { 401: [], 500: [], 503: [] };
const WITH_CODE: Errors = { 400: ["malformed_code"], 408: [], 413: [], 429: ["locked", "busy"] };
const CROSS_SITE: Errors = { 403: ["cross_site"] };
const WITH_PROOF = {
  403: ["code_required", "wrong_code", "malformed_code", "cross_site"],
  429: ["locked", "busy"],
} satisfies Errors;

/** All routes. */
export const OPERATIONS: Readonly<Record<RouteName, Operation>> = {
  setup: {
    operationId: "beginTotpSetup",
    summary: "Begin TOTP setup",
    description:
      "Begins TOTP setup for the authenticated user: generates and returns a provisioning secret and a " +
      "QR code. They are not enabled yet.",
    success: [200, "The secret and its QR code", "SetupResponse"],
    errors: {
      ...ALWAYS,
      ...WITH_PROOF,
      403: [...WITH_PROOF[403], "not_authorized"],
    },
    stepUp: true,
  },
  verify: {
    operationId: "confirmTotpSetup",
    summary: "Confirm TOTP setup",
    description: "Confirms a pending setup with its first code, and enables TOTP.",
    body: "Code",
    success: [200, "TOTP is on; the backup codes, and what the app issues", "Confirmed"],
    errors: {
      ...ALWAYS,
      ...WITH_CODE,
      ...CROSS_SITE,
      409: ["nothing_pending", "expired", "already_enabled"],
      422: ["wrong_code", "clock_skew"],
      429: ["busy"],
    },
  },
  status: {
    operationId: "getTotpStatus",
    summary: "Get the TOTP status",
    description: "Returns whether TOTP is on, since when, and how many backup codes are left.",
    success: [200, "The status", "Status"],
    errors: ALWAYS,
  },
  delete: {
    operationId: "deleteTotp",
    summary: "Turn TOTP off",
    description:
      "Turns TOTP off, and removes the secret, the backup codes and the trusted devices. Refused with " +
      "not_authorized if the user must have TOTP.",
    success: [200, "TOTP is off, also if it was off before", "Message"],
    errors: {
      ...ALWAYS,
      ...WITH_PROOF,
      403: [...WITH_PROOF[403], "not_authorized"],
    },
    stepUp: true,
  },
  regenerate: {
    operationId: "regenerateTotpBackupCodes",
    summary: "Replace all backup codes",
    description: "Generates new backup codes. The earlier ones no longer work.",
    success: [200, "The new backup codes", "BackupCodes"],
    errors: { ...ALWAYS, ...WITH_PROOF, 409: ["not_enabled"] },
    stepUp: true,
  },
  stepUp: {
    operationId: "stepUpTotp",
    summary: "Step up the session",
    description: "Verifies a code, after which the session passes guarded routes for a while.",
    body: "Code",
    success: [204, "The session is fresh"],
    errors: {
      ...ALWAYS,
      ...WITH_CODE,
      ...CROSS_SITE,
      409: ["not_enabled"],
      422: ["wrong_code"],
    },
  },
  devices: {
    operationId: "listTotpDevices",
    summary: "List the trusted devices",
    description: "Returns the devices on which a login requires no second step.",
    success: [200, "The devices, oldest first", "Devices"],
    errors: ALWAYS,
  },
  revokeDevice: {
    operationId: "revokeTotpDevice",
    summary: "Revoke a trusted device",
    description: "Revokes a device: its next login requires a second step.",
    success: [204, "The device is not trusted, also if it was not before"],
    errors: { ...ALWAYS, ...CROSS_SITE, 429: ["busy"] },
  },
  login: {
    operationId: "verifyTotpLogin",
    summary: "Complete a login",
    description:
      "Completes a login with a TOTP code, a backup code, or three consecutive TOTP codes.",
    body: "Login",
    success: [200, "What the app issues", "LoginResponse"],
    errors: {
      ...ALWAYS,
      ...WITH_CODE,
      ...CROSS_SITE,
      401: ["unknown_session", "wrong_code", "not_enabled"],
      409: ["nothing_pending", "expired"],
      422: ["clock_skew"],
    },
    errorTexts: {
      401: "The session is unknown, the code is wrong or was used already, or TOTP is off",
    },
    isPublic: true,
  },
};

/** The setup route in an app that has no other one. */
export const SETUP_ALONE: Operation = {
  ...OPERATIONS.setup,
  errors: { ...ALWAYS, ...CROSS_SITE },
  errorTexts: { 403: "The request came from another site" },
  stepUp: false,
};

/** What an error status means on any route. */
export const ERRORS: Readonly<Record<number, string>> = {
  400: "The body is not JSON, or a field is missing or malformed",
  401: "No API key or a rejected one, or nobody is signed in",
  403: "TOTP is on, and the request came without a fresh code; or it is not allowed",
  405: "The method is not one of those in Allow",
  408: "The body did not arrive in time",
  409: "There is nothing to confirm, the setup has expired, or TOTP is on or off already",
  413: "The body is larger than 4 KiB",
  422: "The code is wrong or was used already",
  429: "Too many wrong codes, or too many attempts at the same time",
  500: "Something failed on the server",
  503: "The app or its database did not respond in time",
};
