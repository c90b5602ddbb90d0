import type { RequestHandler, Response } from "express";
import type { OpenApiOptions } from "express-totp-setup/openapi";
import {
  type Check,
  createGuardCheck,
  createRouterCheck,
  type Exceptions,
} from "./openapi-answers.js";

const violations: string[] = [];

/** What was wrong with the answers since it was last asked. */
export function takeViolations(): string[] {
  return violations.splice(0);
}

function expectNoViolations(): void {
  expect(takeViolations()).toEqual([]);
}

// Whoever imports this has its answers validated: a test that made one that is not as documented fails.
afterEach(expectNoViolations);
afterAll(expectNoViolations);

/** A router whose every answer must be as the OpenAPI document of these options says. */
export function validated(
  router: RequestHandler,
  options: OpenApiOptions = {},
  exceptions?: Exceptions,
): RequestHandler {
  return checkResponses(router, createRouterCheck(options, exceptions));
}

/** A guard whose every answer must be a documented error. */
export function validatedGuard(guard: RequestHandler, exceptions?: Exceptions): RequestHandler {
  return checkResponses(guard, createGuardCheck(exceptions));
}

/** What a handler passes on is for the app to answer. */
function checkResponses(handler: RequestHandler, check: Check): RequestHandler {
  return (req, res, next) => {
    const { method, path } = req;
    const { end } = res;
    res.end = ((...sent: unknown[]) => {
      res.end = end;
      // Where nobody is there any more, or the answer was sent before, this one is not.
      if (!res.destroyed && !res.writableEnded) {
        const answer = { method, path, ...readResponse(res), body: String(sent[0] ?? "") };
        const said = `${method} ${path}: ${res.statusCode}`;
        violations.push(...check(answer).map((problem) => `${said}: ${problem}`));
      }
      return Reflect.apply(end, res, sent);
    }) as typeof end;
    handler(req, res, (...passed: unknown[]) => {
      res.end = end;
      Reflect.apply(next, undefined, passed);
    });
  };
}

function readResponse(res: Response) {
  return { status: res.statusCode, headers: { ...res.getHeaders() } };
}
