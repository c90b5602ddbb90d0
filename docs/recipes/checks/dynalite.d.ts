declare module "dynalite" {
  import type { Server } from "node:http";

  /** An HTTP server that answers as DynamoDB does, over values in memory. */
  export default function dynalite(options?: { createTableMs?: number }): Server;
}
