import { labelOf } from "../../lib/pages/device-label.js";

const MOZILLA = "Mozilla/5.0";
const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
const SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

test.each([
  ["Chrome, Windows", `${MOZILLA} (Windows NT 10.0; Win64; x64) ${CHROME}`],
  ["Edge, Windows", `${MOZILLA} (Windows NT 10.0; Win64; x64) ${CHROME} Edg/150.0.0.0`],
  ["Opera, Linux", `${MOZILLA} (X11; Linux x86_64) ${CHROME} OPR/120.0.0.0`],
  ["Firefox, Linux", `${MOZILLA} (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0`],
  ["Chrome, Android", `${MOZILLA} (Linux; Android 16; Pixel 9) ${CHROME}`],
  [
    "Safari, macOS",
    `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI} Version/19.0 Safari/605.1.15`,
  ],
  [
    "Safari, iPhone",
    `${MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) ${SAFARI} Version/19.0 Mobile/15E148 Safari/604.1`,
  ],
  [
    "Chrome, iPad",
    `${MOZILLA} (iPad; CPU OS 19_0 like Mac OS X) ${SAFARI} CriOS/150.0 Mobile/15E148 Safari/604.1`,
  ],
  [
    "Firefox, iPhone",
    `${MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) ${SAFARI} FxiOS/150.0 Mobile/15E148 Safari/605.1.15`,
  ],
  ["Windows", `${MOZILLA} (Windows NT 10.0) SomethingNew/1.0`],
  ["Firefox", "Firefox/150.0"],
  // A word that only begins or ends like a name.
  [undefined, "Linuxoid NotSafari/1 Windowsill iPhoneless"],
  [undefined, "curl/8.14.1"],
  [undefined, ""],
  [undefined, undefined],
])("%s", (label, userAgent) => {
  expect(labelOf(userAgent)).toBe(label);
});
