import { type Agent, request } from "node:http";

/** What is asked of a worker. */
export interface Question {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Answer {
  /** 0 where the connection broke before there was one. */
  status: number;
  body: Record<string, unknown>;
  noStore: boolean;
}

/** Sends a request by an agent that keeps connections, and bounds their number. */
export function ask(agent: Agent, port: number, question: Question): Promise<Answer> {
  const { method, path, body } = question;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...question.headers,
    ...(text !== undefined && { "Content-Type": "application/json" }),
    "Content-Length": Buffer.byteLength(text ?? ""),
  };
  return new Promise((resolve) => {
    const lost = () => resolve({ status: 0, body: {}, noStore: true });
    const asked = request({ agent, port, host: "127.0.0.1", method, path, headers }, (response) => {
      let received = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        received += chunk;
      });
      response.on("error", lost);
      response.on("end", () => {
        const { statusCode: status = 0 } = response;
        const noStore = response.headers["cache-control"] === "no-store";
        resolve({ status, body: received ? JSON.parse(received) : {}, noStore });
      });
    });
    asked.on("error", lost);
    asked.end(text);
  });
}
