import { invalid } from "../base/checks.js";
import { required } from "../base/options.js";
import type { TotpService } from "../service/totp-service.js";

/** The option `totp`: the service of a router or guard. */
export const TOTP_OPTION = required(checkService);

function checkService(option: string, totp: unknown): TotpService {
  const { verify, config } = Object(totp) as Partial<TotpService>;
  if (typeof verify === "function" && config) return totp as TotpService;
  return invalid(option, "the return value of createTotpService", totp);
}
