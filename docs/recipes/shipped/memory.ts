import { createMemoryStore, createTotpService } from "express-totp-setup";

export const totp = createTotpService({ store: createMemoryStore(), issuer: "Acme" });
