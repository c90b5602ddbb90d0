import type { Request, Response } from "express";
import type { IdOf, TotpUser } from "../base/user.js";
import type { CodeMethod } from "../service/events.js";

/** What a client gets once its user is signed in; every field is optional, and others pass through. */
export interface TokenResponse {
  access_token?: string | undefined;
  refresh_token?: string | undefined;
  /** Seconds, an integer. */
  expires_in?: number | undefined;
  token_type?: string | undefined;
  requires_action?: string | undefined;
  [field: string]: unknown;
}

/** For whom tokens are issued, and upon what. */
export interface TokenRequest<User extends TotpUser = TotpUser> {
  userId: IdOf<User>;
  /** If the route identified the user; the login route has the id alone. */
  user?: User;
  /** `setup`: the first code of an enrollment was right. `login`: the second step of a login was. */
  purpose: "setup" | "login";
  method: CodeMethod;
  req: Request;
  /** To begin a new session. The library ends the response. */
  res: Response;
}
