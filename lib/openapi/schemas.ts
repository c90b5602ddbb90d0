const text = (description: string, example: string) => ({ type: "string", description, example });

const backupCodes = {
  type: "array",
  description: "Each works once. Shown this once; only hashes are kept.",
  items: { type: "string", pattern: "^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$" },
  example: ["7M2QX-0ZK4T", "H5PA9-XW3RD"],
};

const code = text("A code of the authenticator app.", "123456");

const tokens = {
  access_token: { type: "string" },
  refresh_token: { type: "string" },
  expires_in: { type: "number", description: "Seconds." },
  token_type: { type: "string" },
  requires_action: { type: ["boolean", "string"] },
};

/** The bodies on the wire. What is not `Tokens` is closed: no answer has a field that is not here. */
export const SCHEMAS = {
  SetupResponse: {
    type: "object",
    additionalProperties: false,
    required: ["qr_code_url", "secret"],
    properties: {
      qr_code_url: text(
        "A QR code of the otpauth URI, for an `<img src>`.",
        "data:image/png;base64,iVBORw0KGgo…",
      ),
      secret: {
        type: "string",
        pattern: "^[A-Z2-7]+$",
        description: "The secret in unpadded base32, for typing by hand.",
        example: "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N",
      },
    },
  },
  Error: {
    type: "object",
    additionalProperties: false,
    required: ["code", "error"],
    properties: {
      code: { type: "integer", minimum: 400, maximum: 599, description: "The HTTP status." },
      details: { type: "string", description: "What is wrong, where it is safe to say." },
      error: { type: "string", description: "The reason phrase of the status." },
    },
  },
  Code: {
    type: "object",
    required: ["code"],
    properties: { code },
  },
  Login: {
    type: "object",
    required: ["session_id", "code"],
    properties: {
      session_id: { type: "string", description: "The login that waits for its second step." },
      code: text("A code of the authenticator app, or a backup code.", "123456"),
    },
  },
  Tokens: {
    type: "object",
    description: "What the app issues to a user who has signed in. Every field is optional.",
    properties: tokens,
  },
  Confirmed: {
    type: "object",
    required: ["backup_codes"],
    properties: { ...tokens, backup_codes: backupCodes },
  },
  Status: {
    type: "object",
    additionalProperties: false,
    required: ["is_setup", "backup_codes_remaining"],
    properties: {
      is_setup: { type: "boolean", description: "Whether TOTP is on." },
      created_at: { type: "string", format: "date-time", description: "Since when it is on." },
      backup_codes_remaining: { type: "integer", minimum: 0 },
    },
  },
  BackupCodes: {
    type: "object",
    additionalProperties: false,
    required: ["backup_codes"],
    properties: { backup_codes: backupCodes },
  },
} as const;

export type SchemaName = keyof typeof SCHEMAS;
