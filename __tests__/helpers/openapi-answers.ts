import { STATUS_CODES } from "node:http";
import type { OpenApiOptions } from "express-totp-setup/openapi";
import {
  type Described,
  type Operations,
  read,
  reasonsOf,
  type Validate,
} from "./openapi-document.js";

/** An answer as it was sent, and what it was sent to. */
export interface Answer {
  method: string;
  path: string;
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** What the document cannot know of an app. All else must be described by it. */
export interface Exceptions {
  /** Statuses of errors that the app's callbacks throw: they decide. The body is an error's all the same. */
  thrown?: readonly number[];
  /** Statuses of answers that a callback sends by itself: they are not the library's. */
  sent?: readonly number[];
  /** Whether `issueTokens` adds fields of the app's own. Without it the answers are closed. */
  ownFields?: boolean;
}

/** Tells what is wrong with an answer; nothing where it is as documented. */
export type Check = (answer: Answer) => string[];

const ERROR = "/components/schemas/ErrorResponse";
/** The keys of an error's body, in their order on the wire. */
const ERROR_KEYS = ["code", "details", "error", "reason", "retry_after", "offset_seconds"];
const NO_STORE = "no-store";

/** A check of answers by the document of a router that was made with these options. */
export function createRouterCheck(options: OpenApiOptions, exceptions: Exceptions = {}): Check {
  const { findPath, validate } = read(options, exceptions.ownFields === true);
  const { thrown = [], sent = [] } = exceptions;
  return (answer) => {
    const { method, path, status } = answer;
    if (sent.includes(status)) return [];
    const found = findPath(path);
    if (!found) return ["path is not documented"];
    const { operations, pointer } = found;
    // HEAD is GET's, which OpenAPI does not describe apart.
    const asked = method === "HEAD" && operations.get ? "GET" : method;
    const name = Object.keys(operations).find((each) => each.toUpperCase() === asked);
    if (name === undefined) return checkNotAllowed(answer, operations, pointer, validate);
    if (thrown.includes(status)) return checkError(answer, validate);
    if (status === 405) return ["405 to a method that is documented"];
    const described = operations[name]?.responses[status];
    if (!described) return ["status is not documented"];
    return checkDescribed(answer, described, `${pointer}/${name}/responses/${status}`, validate);
  };
}

/** A check of the errors of `requireTotp`, which guards routes that are not the document's. */
export function createGuardCheck({ thrown = [] }: Exceptions = {}): Check {
  const { validate } = read({}, false);
  return (answer) => {
    const { status, headers } = answer;
    if (thrown.includes(status)) return checkError(answer, validate);
    if (![401, 403, 429, 500, 503].includes(status)) return ["status is not documented"];
    if ([403, 429].includes(status) && !answer.body.includes('"reason":'))
      return ["reason missing"];
    const wait = status !== 429 || /^\d+$/.test(String(headers["retry-after"]));
    return [...(wait ? [] : ["header Retry-After"]), ...checkError(answer, validate)];
  };
}

function checkDescribed(answer: Answer, described: Described, at: string, validate: Validate) {
  const problems = Object.entries(described.headers).flatMap(([name, { schema }]) => {
    const sent = answer.headers[name.toLowerCase()];
    const value = schema.type === "integer" && /^\d+$/.test(String(sent)) ? Number(sent) : sent;
    return validate(`${at}/headers/${name}/schema`, value).map((each) => `header ${name} ${each}`);
  });
  if (!described.content) return [...problems, ...checkEmpty(answer)];
  problems.push(...checkJson(answer, `${at}/content/application~1json/schema`, validate));
  if (answer.status < 400) return problems;
  return [...problems, ...checkError(answer, validate), ...checkReason(answer, described)];
}

/** The document's schema holds what a reason is, but not that there is one, as a 400 of the body has none. */
function checkReason({ status, body }: Answer, described: Described): string[] {
  const { reason } = JSON.parse(body);
  const reasons = reasonsOf(described);
  if (reason === undefined) return reasons.length === 0 || status === 400 ? [] : ["reason missing"];
  return reasons.includes(reason) ? [] : ["reason is not documented"];
}

/** OpenAPI describes the operations of a path: each has the 405 that any other method gets. */
function checkNotAllowed(
  answer: Answer,
  operations: Operations,
  pointer: string,
  validate: Validate,
): string[] {
  if (answer.status !== 405) return ["method is not documented", ...checkError(answer, validate)];
  return Object.entries(operations).flatMap(([name, { responses }]) => {
    const described = responses[405];
    if (!described) return ["status is not documented"];
    return checkDescribed(answer, described, `${pointer}/${name}/responses/405`, validate);
  });
}

/** What holds for each error, whoever chose its status. */
function checkError(answer: Answer, validate: Validate): string[] {
  const problems = checkJson(answer, ERROR, validate);
  if (problems.length > 0) return problems;
  const { status } = answer;
  const body = JSON.parse(answer.body);
  const phrase = STATUS_CODES[status] ?? (status < 500 ? "Client Error" : "Server Error");
  if (body.code !== status) problems.push("code must be the status");
  if (body.error !== phrase) problems.push("error must be the reason phrase");
  if (answer.headers["cache-control"] !== NO_STORE) problems.push("header Cache-Control");
  const keys = Object.keys(body);
  const inOrder = ERROR_KEYS.filter((key) => keys.includes(key));
  if (keys.join() !== inOrder.join()) problems.push("keys must be in order");
  return [...problems, ...checkDetailsOfReason(answer, body)];
}

/** What a client can rely on for a reason, whichever route responds with it. */
function checkDetailsOfReason(
  { headers }: Answer,
  { code, reason, retry_after, offset_seconds }: Record<string, unknown>,
): string[] {
  const waits = reason === "locked" || reason === "busy";
  const problems: string[] = [];
  if (waits && code !== 429) problems.push("a lock must be a 429");
  if (waits && String(retry_after) !== String(headers["retry-after"])) {
    problems.push("retry_after must be Retry-After");
  }
  if (reason === "clock_skew" && offset_seconds === undefined) problems.push("no offset_seconds");
  if (reason !== "clock_skew" && offset_seconds !== undefined) problems.push("offset_seconds");
  return problems;
}

function checkJson({ headers, body }: Answer, pointer: string, validate: Validate): string[] {
  const problems =
    headers["content-type"] === "application/json; charset=utf-8" ? [] : ["header Content-Type"];
  try {
    return [...problems, ...validate(pointer, JSON.parse(body)).map((each) => `body ${each}`)];
  } catch {
    return [...problems, "body is not JSON"];
  }
}

function checkEmpty({ headers, body }: Answer): string[] {
  return [
    ...(headers["content-type"] === undefined ? [] : ["header Content-Type"]),
    ...(body === "" ? [] : ["body must be empty"]),
  ];
}
