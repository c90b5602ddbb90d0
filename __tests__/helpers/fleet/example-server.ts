import path from "node:path";
import { type Program, startProgram } from "../snippets-program.js";

const root = path.join(__dirname, "../../..");
const TOTP = "/auth/v1/users/current/totp";

export interface Asked {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the example answers
  body: any;
}

/** An example's server in a process of its own, and how to ask it. */
export interface ExampleServer {
  program: Program;
  post(path: string, body?: object, code?: string): Promise<Asked>;
  begin(): Promise<Asked>;
  confirm(code: string): Promise<Asked>;
  status(): Promise<Asked>;
}

export async function startExample(file: string, env: NodeJS.ProcessEnv): Promise<ExampleServer> {
  const program = startProgram(file, { cwd: root, env: { ...env, PORT: "0" } });
  const [, address = ""] = await program.printed(/(http:\/\/127\.0\.0\.1:\d+)/);
  const ask = async (method: string, target: string, body?: object, code?: string) => {
    const response = await fetch(address + target, {
      method,
      headers: {
        "X-API-Key": "demo-key",
        "Content-Type": "application/json",
        ...(code !== undefined && { "X-TOTP-Code": code }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
  };
  return {
    program,
    post: (target, body, code) => ask("POST", target, body, code),
    begin: () => ask("POST", `${TOTP}/setup`),
    confirm: (code) => ask("POST", `${TOTP}/verify`, { code }),
    status: () => ask("GET", `${TOTP}/status`),
  };
}
