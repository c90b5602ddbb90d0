// Begins TOTP setup with fetch: prints the secret, and writes its QR code to qr.png.
//   TOTP_API_URL=http://localhost:3000 TOTP_API_KEY=demo-key node setup.mjs
import { writeFile } from "node:fs/promises";

const apiUrl = process.env.TOTP_API_URL ?? "http://localhost:3000";
const apiKey = process.env.TOTP_API_KEY ?? "demo-key";
const PNG = "data:image/png;base64,";

async function beginSetup() {
  const response = await fetch(`${apiUrl}/auth/v1/users/current/totp/setup`, {
    method: "POST",
    headers: { "X-API-Key": apiKey },
    // To follow a redirect could take the key to another host.
    redirect: "manual",
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, text: await response.text() };
}

/** The fields of a JSON object; none where the text is something else, such as the page of a proxy. */
function parseFields(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const { status, text } = await beginSetup().catch((error) =>
  fail(`Cannot reach ${apiUrl}: ${error.cause?.message ?? error.message}`),
);
const { secret, qr_code_url, error, details } = parseFields(text);
if (status === 200 && qr_code_url?.startsWith(PNG)) {
  await writeFile("qr.png", qr_code_url.slice(PNG.length), "base64");
  console.log(`Secret: ${secret}`);
  console.log("QR code: qr.png (scan it, then delete it)");
} else {
  fail((error ?? `Unexpected answer, status ${status}`) + (details ? `: ${details}` : ""));
}
