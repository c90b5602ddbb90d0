import { codeAt, threeCodes, VOUCHED, wrongCodes } from "../service.js";
import { KEY_OF_ADA, type LeakApp } from "./app.js";
import type { Received, Send, Sent } from "./client.js";
import type { Watch } from "./watch.js";

const USER = "ada";
export const SID = "sess_Zk81-qpW0aLx";
const STEP_SECONDS = 30;
const ENOUGH_TO_LOCK = 5;

/** A user with an authenticator app, whose every secret is watched. */
export class User {
  /** Of the enrollment that is on or pending. */
  secret = "";
  private backupCodes: string[] = [];

  constructor(
    readonly made: LeakApp,
    private readonly watch: Watch,
    readonly send: Send,
  ) {
    watch.add("token", "API key", KEY_OF_ADA);
    watch.add("token", "session cookie", SID);
  }

  /** By API key. */
  api(method: string, path: string, sent: Sent = {}): Promise<Received> {
    return this.send(method, path, { key: KEY_OF_ADA, ...sent });
  }

  /** By session. */
  web(method: string, path: string, sent: Sent = {}): Promise<Received> {
    return this.send(method, path, { sid: SID, ...sent });
  }

  /** The code of a time step relative to the current one. */
  code(offset = 0): string {
    if (this.secret === "") return this.wrong();
    const time = this.made.clock.time + offset * STEP_SECONDS * 1000;
    return this.watch.add("code", "code", codeAt(this.secret, time));
  }

  /** A code that was not used yet. */
  fresh(): string {
    this.made.clock.advance(STEP_SECONDS);
    return this.code();
  }

  wrong(): string {
    const codes = wrongCodes(20, this.made.clock.time, ...(this.secret ? [this.secret] : []));
    // The first have many zeros in a row, as other numbers have.
    return this.watch.add("code", "wrong code", String(Number(codes.at(-1)) + 417_500));
  }

  backup(): string {
    return this.backupCodes.pop() ?? this.wrong();
  }

  three(): string {
    for (const offset of [-2, -1, 0]) this.code(offset);
    return this.secret ? threeCodes(this.secret, this.made.clock.time) : this.wrong();
  }

  takeSetup({ body, hands }: Received): void {
    if (typeof body.secret === "string") this.secret = hands("secret", "secret", body.secret);
  }

  takeCodes({ body, hands }: Received): void {
    if (!Array.isArray(body.backup_codes)) return;
    this.keepCodes(body.backup_codes.map((code) => hands("backup code", "backup code", code)));
  }

  takeDevice({ body, cookies, hands }: Received): void {
    const [, ofCookie] = /^__Host-totp-device=([\w-]+)/.exec(cookies.join("\n")) ?? [];
    const token = body.device_token ?? ofCookie;
    if (typeof token === "string") hands("token", "device token", token);
  }

  /** Returns the cookie that the setup is remembered by. */
  takeSetupPage({ text, cookies, hands }: Received): string | undefined {
    const [, secret] = /name="key" value="(\w+)"/.exec(text) ?? [];
    if (secret) this.secret = hands("secret", "secret", secret);
    return cookies.join("\n").match(/^totp-setup=\w+/m)?.[0];
  }

  takeCodesPage({ text, hands }: Received): void {
    const codes = [...text.matchAll(/data-totp-text="([\dA-Z-]{19,})"/g)].map(([, code]) => code);
    if (codes.length === 0 || !codes[0]?.includes("-")) return;
    this.keepCodes(codes.map((code) => hands("backup code", "backup code", String(code))));
  }

  async reset(): Promise<void> {
    await this.quietly(({ totp }) => totp.reset(USER));
    this.made.sessions.set(SID, { userId: USER });
    this.secret = "";
  }

  /** Turns TOTP on past the routes, if what should have done so has failed. */
  async ensureOn(): Promise<void> {
    const { isEnabled } = await this.quietly(({ totp }) => totp.status(USER));
    if (isEnabled) return;
    const setup = await this.quietly(({ totp }) => totp.beginSetup(USER, VOUCHED));
    if (!setup.ok) throw new Error(setup.reason);
    this.secret = this.watch.add("secret", "secret", setup.secret);
    const confirmed = await this.quietly(({ totp }) => totp.confirm(USER, this.fresh()));
    if (!confirmed.ok) throw new Error(confirmed.reason);
    this.keepCodes(
      confirmed.backupCodes.map((code) => this.watch.add("backup code", "backup code", code)),
    );
  }

  async beginLogin(mustEnroll = false): Promise<string> {
    const login = await this.quietly(({ totp }) => totp.beginLogin(USER, { mustEnroll }));
    if (!login.ok || !login.isRequired) return "no login";
    return this.watch.add("token", "login session", login.sessionId);
  }

  /** Signs the user out, and has a login wait in the session. */
  async waitForLogin(mustEnroll = false): Promise<void> {
    this.made.sessions.set(SID, { login: await this.beginLogin(mustEnroll) });
  }

  signIn(): void {
    this.made.sessions.set(SID, { userId: USER });
  }

  /** A token of a trusted device. */
  async trustDevice(): Promise<{ id: string; token: string }> {
    const device = await this.quietly(({ totp }) => totp.trustDevice(USER, { label: "Laptop" }));
    if (!device.ok) return { id: "none", token: "none" };
    return { id: device.id, token: this.watch.add("token", "device token", device.token) };
  }

  async lock(): Promise<void> {
    await this.quietly(async ({ totp }) => {
      for (let i = 0; i < ENOUGH_TO_LOCK; i++) await totp.verify(USER, this.wrong());
    });
  }

  private keepCodes(codes: readonly string[]): void {
    this.backupCodes = [...codes];
  }

  /** Calls the service while nothing fails. */
  private async quietly<T>(call: (made: LeakApp) => Promise<T>): Promise<T> {
    const { fault } = this.made;
    const { now } = fault;
    fault.now = () => undefined;
    try {
      return await call(this.made);
    } finally {
      fault.now = now;
    }
  }
}
