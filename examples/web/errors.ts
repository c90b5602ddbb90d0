import type { ErrorRequestHandler, RequestHandler } from "express";
import createHttpError from "http-errors";

export const respondNotFound: RequestHandler = (_req, _res, next) => {
  next(createHttpError(404, "There is no such page."));
};

/** Express knows it by its four parameters. */
export const respondWithError: ErrorRequestHandler = (error, _req, res, _next) => {
  const isKnown = createHttpError.isHttpError(error) && error.expose;
  // Never the request: its body can have a password or a code in it.
  if (!isKnown) console.error(error);
  res.status(isKnown ? error.status : 500).render("error", {
    title: isKnown && error.status === 404 ? "Page not found" : "That did not work",
    text: isKnown ? error.message : "Something is wrong on our side. Try again later.",
  });
};
