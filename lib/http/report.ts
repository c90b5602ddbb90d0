import type { Request } from "express";
import { callHook } from "../base/hooks.js";

/** Tells the app about an error that the client is not told about. */
export type Report = (error: unknown, req: Request) => void;

/** Calls `onError` so that its own failure can break nothing. */
export function createReport(onError: (error: unknown, req: Request) => unknown): Report {
  return (error, req) =>
    callHook(
      () => onError(error, req),
      () => process.emitWarning("onError failed", { type: "TotpWarning", code: "TOTP_ON_ERROR" }),
    );
}
