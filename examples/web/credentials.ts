import type { Request } from "express";

export const SHORTEST_PASSWORD = 8;

/** As browsers check it. An authenticator app shows it as the name of the account, which cannot have a colon. */
const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+$/;

/** What a form is shown again with. */
export interface FieldProblem {
  status: number;
  text: string;
  field: "email" | "password";
}

export const REJECTED: FieldProblem = {
  status: 422,
  text: "The email address or the password is wrong.",
  field: "password",
};
export const TOO_MANY_PASSWORDS: FieldProblem = {
  status: 429,
  text: "There were too many wrong passwords. Try again in 15 minutes.",
  field: "password",
};
export const BUSY: FieldProblem = {
  status: 429,
  text: "There were too many attempts at the same time. Try again.",
  field: "password",
};
export const TAKEN: FieldProblem = {
  status: 422,
  text: "There is an account with this email address already.",
  field: "email",
};

/** A field of a form, as it was typed. */
export function fieldOf(req: Request, name: string): string {
  const value: unknown = req.body?.[name];
  return typeof value === "string" ? value : "";
}

export function emailOf(req: Request): string {
  return fieldOf(req, "email").trim().toLowerCase();
}

export function passwordOf(req: Request): string {
  return fieldOf(req, "password");
}

export function checkNewAccount(email: string, password: string): FieldProblem | undefined {
  if (email.length > 254 || !EMAIL.test(email)) {
    return {
      status: 422,
      text: "Enter an email address, such as ada@example.com.",
      field: "email",
    };
  }
  if (password.length >= SHORTEST_PASSWORD) return undefined;
  const text = `A password has at least ${SHORTEST_PASSWORD} characters.`;
  return { status: 422, text, field: "password" };
}
