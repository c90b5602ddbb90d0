import { invalid } from "../base/checks.js";
import { required } from "../base/options.js";
import type { TotpService } from "../service/totp-service.js";

/** The option `totp`: the service that a router or guard works with. */
export const TOTP_OPTION = required(checkService);

function checkService(option: string, totp: unknown): TotpService {
  const { verify, config } = Object(totp) as Partial<TotpService>;
  if (typeof verify === "function" && config) return totp as TotpService;
  return invalid(option, "what createTotpService returned", totp);
}
