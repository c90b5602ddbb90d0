import { createMemoryStore, generateKey } from "express-totp-setup";
import { describeService } from "../helpers/service-suite.js";

const createStore = (now: () => number | Date) => createMemoryStore({ now });

describeService("over the memory store", { createStore });

describeService("over the memory store, encrypted", {
  createStore,
  encryption: { current: { id: "one", key: generateKey() } },
});
