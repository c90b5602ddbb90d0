// All that the services share: users, the logins that wait, and TOTP, configured once. It knows nothing of HTTP,
// so that each service can make its routes by its own Express. CommonJS, which `require` and `import` both take.
const { createTotpService } = require("express-totp-setup");
const { createRedisStore } = require("express-totp-setup/redis");
const logins = require("./logins.js");
const { redis } = require("./redis.js");
const { authenticate, findByPassword } = require("./users.js");

const totp = createTotpService({
  store: createRedisStore(redis, { prefix: "acme:totp:" }),
  issuer: "Acme",
});

module.exports = { authenticate, findByPassword, logins, totp };
