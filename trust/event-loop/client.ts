import { Agent, request } from "node:http";

/** Sends requests to one server over connections that are kept. */
export function createClient(port: number, maxSockets: number) {
  const agent = new Agent({ keepAlive: true, maxSockets });
  return {
    /** The body of the response, which must be a 200. */
    send(method: string, path: string, apiKey?: string, body?: object): Promise<string> {
      const text = body && JSON.stringify(body);
      const headers = {
        ...(apiKey && { "X-API-Key": apiKey }),
        ...(text && { "Content-Type": "application/json", "Content-Length": text.length }),
      };
      return new Promise((resolve, reject) => {
        const sent = request({ agent, host: "127.0.0.1", port, method, path, headers }, (res) => {
          let received = "";
          res.setEncoding("utf8");
          res.on("data", (chunk) => {
            received += chunk;
          });
          res.on("end", () => {
            if (res.statusCode === 200) resolve(received);
            else reject(new Error(`${path}: ${res.statusCode} ${received}`));
          });
        });
        sent.on("error", reject);
        sent.end(text);
      });
    },
    close: () => agent.destroy(),
  };
}
