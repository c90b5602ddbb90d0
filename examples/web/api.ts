import { Router } from "express";
import { createTotpRouter, type TotpService } from "express-totp-setup";
import { createOpenApiDocument } from "express-totp-setup/openapi";
import swaggerUi from "swagger-ui-express";
import { demo } from "./demo-account.js";
import type { User, Users } from "./users.js";

interface Options {
  users: Users;
  totp: TotpService<User>;
}

/** The library's routes for clients with an API key, and a page to try them on. */
export function apiRoutes({ users, totp }: Options): Router {
  const router = Router();

  router.use(
    createTotpRouter({
      totp,
      authenticate: (apiKey) => apiKey === demo.apiKey && users.findByEmail(demo.email),
    }),
  );

  // Without "login": it is the pages that sign users in.
  const document = createOpenApiDocument({
    title: "Demo",
    routes: ["setup", "verify", "status", "regenerate", "delete"],
  });
  router.get("/openapi.json", (_req, res) => {
    res.json(document);
  });

  const swaggerOptions = {
    url: "/openapi.json",
    // Whoever can open this page of the demo may use its key.
    preauthorizeApiKey: { authDefinitionKey: "apiKey", apiKeyValue: demo.apiKey },
    // Its badge asks a validator at another host.
    validatorUrl: null,
    // Without the bar at the top, whose logo has a style that no strict Content-Security-Policy allows.
    layout: "BaseLayout",
    defaultModelsExpandDepth: -1,
  };
  router.get("/api-docs", (_req, res) => res.render("api-docs"));
  router.use("/api-docs", ...swaggerUi.serveFiles(undefined, { swaggerOptions }));

  return router;
}
