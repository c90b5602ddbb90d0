const express = require("express");
const { createTotpSetupRouter } = require("express-totp-setup");

const users = new Map([["key-of-ada", { id: 7 }]]);

const app = express();
app.use(
  createTotpSetupRouter({
    authenticate: (apiKey) => users.get(apiKey),
    savePendingSecret: (userId, secret) => {
      if (userId !== 7 || secret.length !== 32) throw new Error("not what was promised");
    },
  }),
);
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
