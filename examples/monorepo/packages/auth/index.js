// All that the services share: users and TOTP, configured once. It knows nothing of HTTP, so that each service
// can create its routes with its own Express. CommonJS, which `require` and `import` both take.
const { createTotpService } = require("express-totp-setup");
const { createRedisStore } = require("express-totp-setup/redis");
const { redis } = require("./redis.js");
const { authenticate, findById, findByPassword } = require("./users.js");

const totp = createTotpService({
  store: createRedisStore(redis, { prefix: "acme:totp:" }),
  issuer: "Acme",
});

module.exports = { authenticate, findById, findByPassword, totp };
