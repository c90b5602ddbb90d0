/** A part of a text in one of the modes of a QR code: 8 bits per byte (UTF-8), or 5½ bits per character. */
export interface Segment {
  mode: "byte" | "alphanumeric";
  data: string;
}

// A run must save more than its mode switches cost in the largest versions: 17 bits into alphanumeric mode and 20 bits
// back into byte mode. It saves 2½ bits per character.
const ALPHANUMERIC_RUN = /[0-9A-Z $%*+\-./:]{8,}/g;
const MIN_RUN_BETWEEN_BYTES = 16;

/**
 * Splits a text so that secrets (base32) and percent-encoded names are stored in alphanumeric mode. The result is never
 * longer than the whole text in byte mode. Finding the shortest split would take much longer.
 */
export function splitSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const { 0: run, index } of text.matchAll(ALPHANUMERIC_RUN)) {
    const isAtEdge = index === 0 || index + run.length === text.length;
    if (!isAtEdge && run.length < MIN_RUN_BETWEEN_BYTES) continue;
    if (index > end) segments.push({ mode: "byte", data: text.slice(end, index) });
    segments.push({ mode: "alphanumeric", data: run });
    end = index + run.length;
  }
  if (end < text.length) segments.push({ mode: "byte", data: text.slice(end) });
  return segments;
}
