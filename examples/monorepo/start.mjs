// Starts both services, which share one Redis; Ctrl+C ends them. Run it with
//   npm install
//   REDIS_URL=redis://localhost:6379 npm start
// To install the package as it is in this repository: `npm pack` in its root, and then, here,
//   npm install --no-save ../../express-totp-setup-0.1.0.tgz
import { spawn } from "node:child_process";

const options = { cwd: import.meta.dirname, stdio: "inherit" };
const services = [
  spawn(process.execPath, ["--import", "tsx", "services/accounts/server.ts"], options),
  spawn(process.execPath, ["services/shop/server.js"], options),
];

function stop() {
  for (const service of services) service.kill();
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
// One without the other is no demo.
for (const service of services) service.once("exit", stop);
