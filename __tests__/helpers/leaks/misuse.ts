import { createTestAuthenticator } from "../../../lib/testing/index.js";
import type { Loaded } from "../fuzz/apps.js";
import { KEY, type LeakApp } from "./app.js";
import type { Watch } from "./watch.js";

/** Calls with arguments in each other's place, or of another shape: the errors must not quote them. */
export async function misuse({ lib }: Loaded, made: LeakApp, watch: Watch): Promise<void> {
  const secret = watch.add("secret", "secret", lib.generateSecret());
  const code = watch.add("code", "code", lib.generateTotp({ secret, now: made.clock.now }));
  watch.add("token", "encryption key", KEY);
  const encrypter = lib.createEncrypter({ current: { id: "one", key: KEY } });
  const { totp } = made;
  const uri = lib.createOtpauthUri({ secret, accountName: "ada" });
  watch.look("test authenticator", createTestAuthenticator(uri, { now: made.clock.now }));
  const wrong = `${secret}!`;
  const calls: Record<string, (given: never) => unknown> = {
    verifyTotp: (given) => lib.verifyTotp(given),
    generateTotp: (given) => lib.generateTotp(given),
    createOtpauthUri: (given) => lib.createOtpauthUri(given),
    createTestAuthenticator: (given) => createTestAuthenticator(given),
    createEncrypter: (given) => lib.createEncrypter(given),
    "createEncrypter, current": (given) => lib.createEncrypter({ current: given }),
    "createEncrypter, key": (given) => lib.createEncrypter({ current: { id: "a", key: given } }),
    encryption: (given) => lib.createTotpService({ store: made.store, encryption: given }),
    encrypt: (given) => encrypter.encrypt("ada", given),
    decrypt: (given) => encrypter.decrypt("ada", given),
    importEnrollment: (given) => totp.importEnrollment("ada", given),
    "importEnrollment, secret": (secret) =>
      totp.importEnrollment("ada", { secret, encoding: "base32" }),
  };
  for (const [name, call] of Object.entries(calls)) {
    for (const given of [
      secret,
      wrong,
      Number(code),
      [secret],
      { secret: wrong, code, key: KEY },
      KEY.slice(1),
    ]) {
      try {
        await call(given as never);
      } catch (error) {
        watch.look(`error of ${name}`, error);
      }
    }
  }
}
