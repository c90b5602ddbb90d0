/** @typedef {{ id: number, accountName: string, password: string, apiKey: string }} User */

/**
 * In a database, with hashes in the place of the password and the API key.
 *
 * @type {User[]}
 */
const users = [
  { id: 1, accountName: "ada@example.com", password: "demo-password", apiKey: "demo-key" },
];

/** @param {string} apiKey */
const authenticate = (apiKey) => users.find((user) => user.apiKey === apiKey);

/**
 * @param {unknown} email
 * @param {unknown} password
 */
const findByPassword = (email, password) =>
  users.find((user) => user.accountName === email && user.password === password);

/** @param {unknown} id */
const findById = (id) => users.find((user) => user.id === id);

module.exports = { authenticate, findByPassword, findById };
