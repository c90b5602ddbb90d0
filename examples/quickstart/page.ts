import type { Account } from "./accounts.js";

export function renderPage(account: Account, apiKey: string): string {
  const isOn = account.totp !== undefined;
  // A real page has no API key in it: its user is signed in, and the server knows the session.
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Two-factor authentication</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/page.css">
    <script type="module" src="/page.js"></script>
  </head>
  <body data-api-key="${escapeHtml(apiKey)}">
    <main>
      <header>
        <h1>Two-factor authentication</h1>
        <p>${escapeHtml(account.accountName)}</p>
      </header>

      <section id="intro"${isOn ? " hidden" : ""}>
        <p>
          Besides your password, signing in will ask for a code that an authenticator app on your
          phone shows. A stolen password is then not enough.
        </p>
        <button type="button" id="begin">Set up authenticator app</button>
      </section>

      <ol id="setup" hidden>
        <li>
          <h2 id="scan" tabindex="-1">Scan this QR code</h2>
          <img id="qr-code" alt="QR code of the key below">
          <p>No camera? Type in this key:</p>
          <p><code id="secret"></code></p>
        </li>
        <li>
          <h2><label for="code">Enter the app’s 6-digit code</label></h2>
          <form id="confirm">
            <input id="code" name="code" required inputmode="numeric" autocomplete="one-time-code"
              pattern="\\s*(\\d\\s*){6}" title="6 digits" maxlength="16"
              aria-describedby="message">
            <button>Confirm</button>
          </form>
        </li>
      </ol>

      <p id="message" role="alert"></p>

      <section id="done" tabindex="-1"${isOn ? "" : " hidden"}>
        <p>Your authenticator app is set up.</p>
      </section>

      <noscript><p>This page needs JavaScript.</p></noscript>
    </main>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
