const text = (description: string, example: string) => ({ type: "string", description, example });

const backupCodes = {
  type: "array",
  description: "Each works once. Show them now: only their hashes are stored.",
  items: { type: "string", pattern: "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3,6}$" },
  example: ["7M2Q-X0ZK-4TBH-9E1R", "H5PA-9XW3-RD8N-2CFG"],
};

const code = text("A code of the authenticator app.", "123456");

const tokens = {
  access_token: { type: "string" },
  refresh_token: { type: "string" },
  expires_in: { type: "integer", description: "Seconds." },
  token_type: { type: "string" },
  requires_action: { type: "string" },
};

/** The bodies of requests and responses. Only responses with tokens can have other fields. */
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
      otpauth_uri: text(
        "The text of the QR code, if the option otpauthUri is set.",
        "otpauth://totp/Acme:ada?secret=…&issuer=Acme",
      ),
      secret: {
        type: "string",
        pattern: "^[A-Z2-7]+$",
        description: "The secret in unpadded base32, for typing by hand.",
        example: "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N",
      },
    },
  },
  ErrorResponse: {
    type: "object",
    additionalProperties: false,
    required: ["code", "error"],
    properties: {
      code: { type: "integer", minimum: 400, maximum: 599, description: "The HTTP status." },
      details: { type: "string", description: "What is wrong, for people." },
      error: { type: "string", description: "The reason phrase of the status." },
      reason: { type: "string", description: "What is wrong, for programs. Branch on it." },
      retry_after: { type: "integer", minimum: 0, description: "Seconds to wait, with a 429." },
      offset_seconds: {
        type: "integer",
        description: "With `clock_skew`: how far the authenticator app's clock is ahead.",
      },
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
      code: text("A TOTP code, a backup code, or three consecutive TOTP codes.", "123456"),
      trust_device: { type: "boolean", description: "Whether to trust this device from now on." },
      device_label: text("A name for the device.", "Ada's laptop"),
    },
  },
  LoginResponse: {
    type: "object",
    description: "What the app issues to a user who has signed in. Every field is optional.",
    properties: {
      ...tokens,
      backup_codes: backupCodes,
      device_token: { type: "string", description: "The token of the trusted device. Store it." },
      device_expires_at: { type: "string", format: "date-time" },
    },
  },
  Message: {
    type: "object",
    additionalProperties: false,
    required: ["message"],
    properties: { message: { type: "string" } },
  },
  Devices: {
    type: "object",
    additionalProperties: false,
    required: ["devices"],
    properties: {
      devices: {
        type: "array",
        items: {
          type: "object",
          additionalProperties: false,
          required: ["id", "created_at", "expires_at"],
          properties: {
            id: { type: "string" },
            label: { type: "string" },
            created_at: { type: "string", format: "date-time" },
            expires_at: { type: "string", format: "date-time" },
          },
        },
      },
    },
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
      created_at: { type: "string", format: "date-time", description: "When it was turned on." },
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
