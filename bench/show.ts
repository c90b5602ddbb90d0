import type { Figures } from "./measure.js";

export const rateOf = (figures: Map<string, Figures>, name: string): number =>
  figures.get(name)?.rate ?? Number.NaN;

export function show(figures: Map<string, Figures>): void {
  for (const [name, { rate, range }] of figures) {
    const [low, high] = range.map((each) => each.toFixed(0));
    console.log(
      `  ${name.padEnd(26)} ${rate.toFixed(0).padStart(7)} requests/s (${low} to ${high})`,
    );
  }
}

export function ratio(label: string, over: number, under: number, goal?: string): void {
  console.log(
    `  ${label.padEnd(44)} ${(over / under).toFixed(3)}${goal ? `  (goal: ${goal})` : ""}`,
  );
}
