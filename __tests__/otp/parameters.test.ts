import {
  areDefaultParameters,
  DEFAULT_PARAMETERS,
  resolveParameters,
} from "../../lib/otp/parameters.js";
import { thrownBy } from "../helpers/thrown-by.js";

const OTHERS = [{ algorithm: "SHA256" }, { digits: 8 }, { period: 60 }] as const;

test("the defaults are those that every authenticator app knows", () => {
  expect(DEFAULT_PARAMETERS).toEqual({ algorithm: "SHA1", digits: 6, period: 30 });
  expect(areDefaultParameters({ algorithm: "SHA1", digits: 6, period: 30 })).toBe(true);
});

test.each(OTHERS)("%p beside the other defaults is not the default", (other) => {
  expect(areDefaultParameters({ ...DEFAULT_PARAMETERS, ...other })).toBe(false);
});

test.each(OTHERS)("%p is taken out of a larger object", (other) => {
  const larger = { secret: "JBSWY3DPEHPK3PXP", ...other };
  expect(resolveParameters(larger)).toEqual({ ...DEFAULT_PARAMETERS, ...other });
});

test("a period that is too short says its unit", () => {
  expect(thrownBy(() => resolveParameters({ period: 14 })).message).toContain("It is in seconds.");
});
