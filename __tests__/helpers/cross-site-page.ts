import type { Page } from "playwright-core";

/** What runs in a page, as text: the types here know no DOM. */
const SCRIPT = `
const addForm = (action, target = "") => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action, target });
  document.body.append(form);
  return form;
};

const scripts = {
  postForm(action) {
    const frame = document.createElement("iframe");
    frame.name = "frame-" + document.querySelectorAll("iframe").length;
    document.body.append(frame);
    addForm(action, frame.name).submit();
  },

  postSandboxedForm(action) {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts allow-forms");
    const script = "<script>document.forms[0].submit()</" + "script>";
    frame.srcdoc = '<form method="post" action="' + action + '"></form>' + script;
    document.body.append(frame);
  },

  leaveByForm(action) {
    addForm(action).submit();
  },

  async sendWithoutPreflight(url) {
    for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
      await fetch(url, {
        method: "POST",
        mode: "no-cors",
        credentials: "include",
        headers: { "Content-Type": type },
        body: '{"code":"123456"}',
      });
    }
    const image = new Image();
    await new Promise((resolve) => {
      image.onload = image.onerror = resolve;
      image.src = url;
    });
  },

  // The names of those that the browser let through, which it asks for by a preflight.
  async sendWithPreflight(url) {
    const passed = [];
    for (const [name, init] of Object.entries({
      "another method": { method: "DELETE" },
      "a JSON body": { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" },
      "a bearer token": { method: "POST", headers: { Authorization: "Bearer forged" } },
    })) {
      await fetch(url, { credentials: "include", ...init }).then(() => passed.push(name), () => {});
    }
    return passed;
  },

  async fetchStatus(url, init = { method: "POST" }) {
    return (await fetch(url, init)).status;
  },
};
`;

/** Runs one of the scripts above in a page, whatever policy the page came with. */
export function runIn<T = void>(page: Page, name: string, ...args: unknown[]): Promise<T> {
  return page.evaluate(`(() => {${SCRIPT}return scripts.${name}(...${JSON.stringify(args)})})()`);
}
