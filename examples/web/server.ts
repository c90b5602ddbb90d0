// Run it with `npm start`. PORT and DATABASE can be set; `DATABASE=:memory:` keeps nothing.
//
// The script uses `exec` because npm sends signals to the shell that it starts, and some shells do not pass them on.
// What follows `||` is for Windows, which has no `exec`.
import type { AddressInfo } from "node:net";
import path from "node:path";
import { createApp } from "./app.js";
import { openDatabase } from "./database.js";
import { addDemoAccount, demo, setupCommand } from "./demo-account.js";

const file = process.env.DATABASE || path.join(import.meta.dirname, "data", "accounts.db");
const database = openDatabase(file);
await addDemoAccount(database.users);

const port = Number(process.env.PORT || 3000);
// Not for other machines: anybody knows the password of the demo's account.
const server = createApp(database).listen(port, "localhost");

server.on("listening", () => {
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  console.log(`Open ${address} and sign in as ${demo.email} with the password ${demo.password},
or begin the setup from a shell:

  ${setupCommand(address)}

The demo API key is ${demo.apiKey}. ${database.description}
Press Ctrl+C to stop.`);
});

server.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EADDRINUSE") throw error;
  console.error(`Port ${port} is taken. Choose another one: PORT=${port + 1} npm start`);
  process.exitCode = 1;
});

server.on("close", () => database.close());

// One Ctrl+C can arrive twice: from the terminal and from npm.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    server.close();
    // A browser keeps its connections open, and a request can hang.
    server.closeAllConnections();
  });
}
