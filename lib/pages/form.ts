import express from "express";
import createHttpError from "http-errors";
import type { PageContext } from "./page.js";

const LIMIT_BYTES = 4096;
const parse = express.urlencoded({ extended: false, limit: LIMIT_BYTES });

/** Reads the fields of a form, even if a parser of the app has read them already. Ignores repeated fields. */
export async function readForm({
  req,
  res,
  config,
}: PageContext): Promise<Readonly<Record<string, string>>> {
  if (!req.readableEnded) {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        if (!res.headersSent) res.setHeader("Connection", "close");
        reject(createHttpError(408, "The form did not arrive in time"));
      }, config.timeoutMs);
      parse(req, res, (error?: unknown) => {
        clearTimeout(timer);
        if (error) reject(asFormError(error));
        else resolve();
      });
    });
  }
  const fields = Object.entries(Object(req.body) as Record<string, unknown>);
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => typeof field[1] === "string"),
  );
}

/** Omits the message of the parser, which can quote the body. */
function asFormError(error: unknown): unknown {
  const { status } = Object(error) as { status?: unknown };
  if (typeof status !== "number" || status >= 500) return error;
  return createHttpError(status === 413 ? 413 : 400, "The form cannot be read");
}
