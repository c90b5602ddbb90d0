const DATE = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

export function formatDate(date: Date): string {
  return DATE.format(date);
}

/** Whether it is time for new ones. The library's event `backup_codes_low` comes at the same number. */
export function areFewBackupCodes(left: number): boolean {
  return left <= 2;
}

/** What a page without a script says; with one, it counts down. */
export function formatMinutes(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
