import type { Request, RequestHandler, Response } from "express";
import type { User, Users } from "./users.js";

/** Gives the views who is signed in, and what the request before left to be said. */
export function loadVisitor(users: Users): RequestHandler {
  return async (req, res, next) => {
    const { userId, notice } = req.session;
    res.locals.user = userId && (await users.findById(userId));
    if (req.method === "GET" && notice) {
      res.locals.notice = notice;
      delete req.session.notice;
    }
    next();
  };
}

/** Lets in who is signed in. A session that waits for its second step is not. */
export const requireSignedIn: RequestHandler = (req, res, next) => {
  if (res.locals.user) return next();
  res.redirect(303, req.session.waiting ? "/sign-in/code" : "/sign-in");
};

/** Who is signed in, behind {@link requireSignedIn}. */
export function userOf(res: Response): User {
  return res.locals.user;
}

/** A field of a form, as it was typed. */
export function fieldOf(req: Request, name: string): string {
  const value: unknown = req.body?.[name];
  return typeof value === "string" ? value : "";
}
