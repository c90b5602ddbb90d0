import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { seeErrors } from "../helpers/see-errors.js";
import { API_KEY, createSetupApp, SETUP_PATH } from "../helpers/setup-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const EXPECTED_USER =
  "a user id (non-empty string without control characters, safe integer, bigint, or an object whose own toString() returns such a string), an object with such an id, or null";
const FIX = "Return the id, such as String(user.id), or an object with that as its id or _id.";

class Session {}

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  async function errorOf(options: object) {
    const setup = createSetupApp(version, options);
    const res = await request(setup.app).post(SETUP_PATH).set("X-API-Key", API_KEY);
    expect([res.status, res.text]).toEqual([500, '{"code":500,"error":"Internal Server Error"}']);
    expect(setup.saved).toEqual([]);
    expect(setup.events).toEqual([]);
    expect(setup.errors).toHaveLength(1);
    const [error] = setup.errors;
    expect(error).toBeInstanceOf(version.lib.TotpCallbackError);
    return error as Error;
  }

  describe("authenticate gives what is no user:", () => {
    test.each<[string, unknown, string]>([
      ["{}", {}, "an object without keys (Object)"],
      ["an instance without an id", new Session(), "an object without keys (Session)"],
      [
        "a row with another key",
        { userId: 5, email: "x" },
        "an object with the keys userId, email",
      ],
      ["a result of a query", { rows: [{ id: 5 }] }, "an object with the keys rows"],
      ["true", true, "true (boolean)"],
      ["NaN", Number.NaN, "NaN (number)"],
      ["Infinity", Number.POSITIVE_INFINITY, "Infinity (number)"],
      ["a fraction", 1.5, "1.5 (number)"],
      ["a number past 2^53", 2 ** 53, "an integer of 16 digits"],
      ["an array", [5], "an array of 1 elements"],
      ["an array with an id", Object.assign([5], { id: 5 }), "an array of 1 elements"],
      ["an empty array", [], "an array of 0 elements"],
      ["an empty id", "", "an empty string"],
      ["a blank id", "   ", "a string of 3 characters"],
      [
        "a control character",
        "a\u0000b",
        "a string of 3 characters with a control character or lone surrogate",
      ],
      [
        "a line break",
        "ada\n",
        "a string of 4 characters with a control character or lone surrogate",
      ],
      [
        "a lone surrogate",
        "a\ud83d",
        "a string of 2 characters with a control character or lone surrogate",
      ],
      ["a function", () => 5, "a function"],
      ["a symbol", Symbol("ada"), "a symbol"],
      ["a row whose id is null", { id: null }, "an object whose id is null"],
      ["a row whose id is undefined", { id: undefined }, "an object whose id is undefined"],
      ["a row whose id is true", { id: true }, "an object whose id is true (boolean)"],
      ["a row whose id is NaN", { id: Number.NaN }, "an object whose id is NaN (number)"],
      ["a row whose id is empty", { id: "" }, "an object whose id is an empty string"],
      [
        "a row whose id is an object",
        { id: { $oid: "5" } },
        "an object whose id is an object with the keys $oid",
      ],
      [
        "a row whose id has a tab",
        { id: "a\t" },
        "an object whose id is a string of 2 characters with a control character or lone surrogate",
      ],
    ])("%s", async (_, user, got) => {
      for (const authenticate of [() => user, async () => user]) {
        const error = await errorOf({ authenticate });
        expect(error).toMatchObject({
          name: "TotpCallbackError",
          code: "INVALID_CALLBACK_RESULT",
          callback: "authenticate",
          expected: EXPECTED_USER,
          got,
          message: `authenticate: expected ${EXPECTED_USER}, got ${got}. ${FIX}${seeErrors("INVALID_CALLBACK_RESULT")}`,
        });
      }
    });
  });

  test.each<[string, unknown, string]>([
    ["a number", 5, "5 (number)"],
    ["true", true, "true (boolean)"],
    ["an object", { name: "Acme" }, "an object with the keys name"],
  ])("a name is %s", async (_, name, got) => {
    const expected = "a string, or null";
    for (const callback of ["issuer", "accountName"]) {
      for (const give of [() => name, async () => name]) {
        expect(await errorOf({ [callback]: give })).toMatchObject({
          callback,
          expected,
          got,
          message: `${callback}: expected ${expected}, got ${got}.${seeErrors("INVALID_CALLBACK_RESULT")}`,
        });
      }
    }
    expect(await errorOf({ authenticate: () => ({ id: 5, accountName: name }) })).toMatchObject({
      callback: "the user's accountName",
      got,
    });
  });

  // A user's own name must not keep the user from setting up.
  test.each<[string, unknown, string | undefined]>([
    ["empty", "", undefined],
    ["blank", " \u00a0", undefined],
    ["undefined", undefined, undefined],
    ["null", null, undefined],
    ["one with a colon", "a:b", "a-b"],
    ["one with a line break", "a\r\nb", "a  b"],
    ["one with a lone surrogate", "a\udc00", "a"],
    ["one with white space around it", " a ", "a"],
    ["5000 characters long", "é".repeat(5000), "é".repeat(53)],
    ["a megabyte long", "x".repeat(2 ** 20), "x".repeat(128)],
  ])("a name is %s: what the QR code cannot hold is replaced", async (_, name, shown) => {
    for (const qrCode of ["svg", "uri"]) {
      const give = async () => name;
      for (const callback of ["issuer", "accountName"] as const) {
        const setup = createSetupApp(version, { qrCode, [callback]: give });
        await request(setup.app).post(SETUP_PATH).set("X-API-Key", API_KEY);
        expect(setup.errors).toEqual([]);
        const nothing = callback === "issuer" ? undefined : "ada";
        expect(setup.saved[0]?.details[callback]).toBe(shown ?? nothing);
      }
    }
  });

  test.each([
    ["urn:5", "urn-5"],
    [":", "-"],
    ["\u2028", undefined],
  ])("an id %j is the name of an account for which there is none", async (id, accountName) => {
    const setup = createSetupApp(version, { authenticate: () => id });
    await request(setup.app).post(SETUP_PATH).set("X-API-Key", API_KEY);
    expect(setup.saved[0]?.details.accountName).toBe(accountName);
    expect(setup.errors).toHaveLength(accountName ? 0 : 1);
  });

  test("an issuer of the options is too long for a QR code, and the limit is told", async () => {
    for (const [qrCode, limit] of [
      ["png", 2334],
      ["svg", 2334],
      ["uri", 2334],
      [() => "https://qr.example/", 2334],
      [{ errorCorrection: "L" }, 2956],
      [{ errorCorrection: "Q" }, 1666],
      [{ errorCorrection: "H" }, 1276],
    ] as const) {
      const error = await errorOf({ issuer: "x".repeat(5000), qrCode });
      expect(error).toMatchObject({
        callback: "issuer and accountName",
        expected: `names that fit a QR code, which has room for ${limit} bytes`,
      });
      const { got } = error as Error & { got: string };
      expect(Number(/^(\d+) bytes$/.exec(got)?.[1])).toBeGreaterThan(limit);
      expect(error.message.length).toBeLessThan(300);
    }
  });

  test.each<[string, unknown, string]>([
    ["nothing", undefined, "undefined"],
    ["an empty string", "", "an empty string"],
    ["bytes", Buffer.from("png"), "3 bytes (Buffer)"],
    ["an object", { url: "https://qr.example/" }, "an object with the keys url"],
  ])("the app's own renderer gives %s", async (_, url, got) => {
    for (const qrCode of [() => url, async () => url]) {
      const setup = createSetupApp(version, { qrCode });
      const res = await request(setup.app).post(SETUP_PATH).set("X-API-Key", API_KEY);
      expect([res.status, res.text]).toEqual([500, '{"code":500,"error":"Internal Server Error"}']);
      expect(setup.errors).toMatchObject([
        { name: "TotpCallbackError", callback: "qrCode", expected: "a non-empty string", got },
      ]);
    }
  });
});
