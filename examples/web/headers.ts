import type { RequestHandler } from "express";
import helmet from "helmet";

/**
 * Nothing comes from another host, and nothing inline runs. Swagger UI has `data:` images.
 *
 * Two defaults of helmet are left out, as the demo is at http://localhost: `upgrade-insecure-requests`, and
 * the header Strict-Transport-Security. An app that is served over HTTPS wants both.
 */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      imgSrc: ["'self'", "data:"],
      styleSrc: ["'self'"],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  // Under "no-referrer" browsers would send forms with `Origin: null`, which requireSameOrigin refuses.
  referrerPolicy: { policy: "same-origin" },
});

/** Pages show secrets and codes, which no cache and no back button should keep. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.set("Cache-Control", "no-store");
  next();
};
