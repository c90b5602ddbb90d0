import type { HttpError } from "http-errors";
import type { ErrorHandler } from "../http/respond.js";
import type { PagesConfig } from "./options.js";
import { createContext, redirect, sendPage } from "./page.js";
import { reasonText } from "./texts.js";
import { errorView } from "./views/error.js";

/** Responds to errors with a page. Redirects people who are not signed in to the sign-in page. */
export function createErrorPage(config: PagesConfig): ErrorHandler {
  const { signInPath } = config;
  return async (error, req, res) => {
    const context = createContext(config, req, res);
    const { texts, home } = context;
    const isNobody = error.status === 401;
    // After a form, show the error first, because it is unexpected.
    if (isNobody && signInPath && req.method === "GET") return redirect(context, signInPath);
    const text = reasonText(texts, error.reason) ?? (isNobody ? texts.signInFirst : texts.failed);
    for (const [name, value] of Object.entries(error.headers ?? {})) res.setHeader(name, value);
    const view = errorView({
      texts,
      text,
      signInPath: needsSignIn(error) ? signInPath : undefined,
      // If nobody is signed in, the overview would show the same error.
      back: isNobody ? undefined : home,
    });
    await sendPage(context, error.status, texts.title, view);
  };
}

function needsSignIn({ status, reason }: HttpError): boolean {
  return status === 401 || reason === "not_authorized";
}
