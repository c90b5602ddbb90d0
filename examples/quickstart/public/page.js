const byId = (id) => document.getElementById(id);
const [intro, setup, done, message] = ["intro", "setup", "done", "message"].map(byId);
const [begin, confirm, code] = ["begin", "confirm", "code"].map(byId);

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: {
      "X-API-Key": document.body.dataset.apiKey,
      ...(body && { "Content-Type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, ...(response.status !== 204 && (await response.json())) };
}

function show(section) {
  for (const each of [intro, setup, done]) each.hidden = each !== section;
}

let isBusy = false;

/** Runs a step, unless one is running: a second click must not begin a second setup. */
async function run(step) {
  if (isBusy) return;
  isBusy = true;
  message.textContent = "";
  code.removeAttribute("aria-invalid");
  try {
    await step();
  } catch (error) {
    console.error(error);
    message.textContent = "The server cannot be reached. Try again.";
  } finally {
    isBusy = false;
  }
}

function showSecret(secret) {
  // Spans, not spaces: the groups are for the eye, and a copied key has none.
  const groups = secret.match(/.{1,4}/g).map((group) => {
    const span = document.createElement("span");
    span.textContent = group;
    return span;
  });
  byId("secret").replaceChildren(...groups);
}

begin.addEventListener("click", () =>
  run(async () => {
    const answer = await post("/auth/v1/users/current/totp/setup");
    if (answer.status !== 200) {
      message.textContent = answer.details ?? answer.error;
      return;
    }
    byId("qr-code").src = answer.qr_code_url;
    showSecret(answer.secret);
    confirm.reset();
    show(setup);
    byId("scan").focus();
  }),
);

confirm.addEventListener("submit", (event) => {
  event.preventDefault();
  run(async () => {
    const answer = await post("/totp/confirm", { code: code.value });
    if (answer.status === 204) {
      show(done);
      done.focus();
      return;
    }
    message.textContent = answer.details ?? answer.error;
    if (answer.status === 409) {
      show(intro);
      begin.focus();
    } else {
      code.setAttribute("aria-invalid", "true");
      code.focus();
      code.select();
    }
  });
});

// Who opens this page has come for the QR code. The button is for another try.
if (!intro.hidden) begin.click();
