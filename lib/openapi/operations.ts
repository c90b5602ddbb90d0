import type { RouteName } from "../routes/table.js";
import type { SchemaName } from "./schemas.js";

/** What a route does, in the words of its document. */
export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  /** The schema of the JSON body that it takes. */
  body?: SchemaName;
  /** The status of success, what it means, and the schema of its body. */
  success: [status: number, description: string, schema?: SchemaName];
  /** The statuses of its errors. */
  errors: readonly number[];
  /** Whether a fresh code in X-TOTP-Code is needed while TOTP is on. */
  stepUp?: boolean;
  /** Whether it asks for no API key. */
  isPublic?: boolean;
}

const ALWAYS = [500, 503];
const WITH_BODY = [400, 413];

/** What every route does. */
export const OPERATIONS: Readonly<Record<RouteName, Operation>> = {
  setup: {
    operationId: "beginTotpSetup",
    summary: "Begin TOTP setup",
    description:
      "Begins TOTP setup for the authenticated user: generates and returns a provisioning secret and a " +
      "QR code. They are not enabled yet.",
    success: [200, "The secret and its QR code", "SetupResponse"],
    errors: [401, 403, 429, ...ALWAYS],
    stepUp: true,
  },
  verify: {
    operationId: "confirmTotpSetup",
    summary: "Confirm TOTP setup",
    description: "Checks the code against the pending secret and, if it is right, enables TOTP.",
    body: "Code",
    success: [200, "TOTP is on; the backup codes, and what the app issues", "Confirmed"],
    errors: [...WITH_BODY, 401, 409, 422, 429, ...ALWAYS],
  },
  status: {
    operationId: "getTotpStatus",
    summary: "Tell whether TOTP is on",
    description: "Tells whether TOTP is on, since when, and how many backup codes are left.",
    success: [200, "The status", "Status"],
    errors: [401, ...ALWAYS],
  },
  delete: {
    operationId: "deleteTotp",
    summary: "Turn TOTP off",
    description: "Turns TOTP off, and removes the secret and the backup codes.",
    success: [204, "TOTP is off, also when it was off before"],
    errors: [401, 403, 429, ...ALWAYS],
    stepUp: true,
  },
  regenerate: {
    operationId: "regenerateTotpBackupCodes",
    summary: "Replace all backup codes",
    description: "Makes new backup codes. The earlier ones work no longer.",
    success: [200, "The new backup codes", "BackupCodes"],
    errors: [401, 403, 409, 429, ...ALWAYS],
    stepUp: true,
  },
  login: {
    operationId: "verifyTotpLogin",
    summary: "Take the second step of a login",
    description: "Checks a TOTP code or a backup code for a login that waits for it.",
    body: "Login",
    success: [200, "What the app issues", "Tokens"],
    errors: [...WITH_BODY, 401, 429, ...ALWAYS],
    isPublic: true,
  },
};

/** What the setup route does in an app that has no other one. */
export const SETUP_ALONE: Operation = {
  ...OPERATIONS.setup,
  errors: [401, ...ALWAYS],
  stepUp: false,
};

/** What a 400 means where only the path can be malformed. */
export const UNDECODABLE = "A parameter of the path cannot be decoded";

/** What an error status means, whatever the route. */
export const ERRORS: Readonly<Record<number, string>> = {
  400: "The body is not JSON, or a field is missing or malformed",
  401: "No API key, a rejected one, or at a login an unknown session or a wrong code",
  403: "TOTP is on, and the request came without a fresh code in X-TOTP-Code",
  409: "There is nothing to confirm, the setup has expired, or TOTP is off",
  413: "The body is larger than 4 KiB",
  422: "The code is wrong or was used already",
  429: "Too many wrong codes, or too many attempts at the same time",
  500: "Something failed that the client is not told about",
  503: "The app or its database did not answer in time",
};
