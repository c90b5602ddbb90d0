const DATE = new Intl.DateTimeFormat("en-US", { dateStyle: "long" });

export function formatDate(date: Date): string {
  return DATE.format(date);
}

/** Whether it is time for new ones. The library's event `backup_codes_low` comes at the same number. */
export function areFewBackupCodes(left: number): boolean {
  return left <= 2;
}

/** What a page without a script says; with one, it counts down. */
export function formatWait(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? count(minutes, "minute") : count(Math.ceil(minutes / 60), "hour");
}

/** How far the clock of an authenticator app is off, and what to do. */
export function formatClockOffset(seconds: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / 60));
  const where = seconds > 0 ? "ahead" : "behind";
  return `The clock of your phone is about ${count(minutes, "minute")} ${where}. Let the phone set its time by itself; your codes are right then.`;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
