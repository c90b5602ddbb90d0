// Loaded before a program: whatever port it asks for, it gets a free one, and its parent is told which.
import { Server } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";

Server.prototype.listen = function listen(this: Server, ...args: unknown[]) {
  this.once("listening", () => process.send?.({ port: (this.address() as AddressInfo).port }));
  const callback = args.at(-1);
  if (typeof callback === "function") this.once("listening", () => callback());
  return NetServer.prototype.listen.call(this, 0);
} as Server["listen"];
