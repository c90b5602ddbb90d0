// Logins whose password was right, and which wait for their second step.
const { randomUUID } = require("node:crypto");
const { redis } = require("./redis.js");
const { findById } = require("./users.js");

const SECONDS_TO_WAIT = 300;

/** @param {string} sessionId */
const keyOf = (sessionId) => `acme:login:${sessionId}`;

/** @param {import("./users.js").User} user */
async function begin({ id }) {
  const sessionId = randomUUID();
  await redis.set(keyOf(sessionId), id, "EX", SECONDS_TO_WAIT);
  return sessionId;
}

/** @param {string} sessionId */
async function findUser(sessionId) {
  const id = await redis.get(keyOf(sessionId));
  return id === null ? undefined : findById(id);
}

/** @param {string} sessionId */
async function end(sessionId) {
  await redis.del(keyOf(sessionId));
}

module.exports = { begin, findUser, end };
