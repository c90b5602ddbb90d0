import { STATUS_CODES } from "node:http";
import type { OpenApiOptions } from "express-totp-setup/openapi";
import { type Described, type Operations, read, type Validate } from "./openapi-document.js";

/** An answer as it was sent, and what it was sent to. */
export interface Answer {
  method: string;
  path: string;
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/**
 * What the document cannot know of an app. All else must be described by it, but for one answer: OpenAPI
 * describes the operations of a path, so that the 405 to any other method is none of them.
 */
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
    const name = Object.keys(operations).find((each) => each.toUpperCase() === method);
    if (name === undefined) return checkNotAllowed(answer, operations, validate);
    if (thrown.includes(status)) return checkError(answer, validate);
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
  return answer.status < 400 ? problems : [...problems, ...checkError(answer, validate)];
}

function checkNotAllowed(answer: Answer, operations: Operations, validate: Validate): string[] {
  const allow = Object.keys(operations).join(", ").toUpperCase();
  const problems = checkError(answer, validate);
  if (answer.status !== 405) problems.push("method is not documented");
  if (answer.headers.allow !== allow) problems.push(`header Allow must be ${allow}`);
  return problems;
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
