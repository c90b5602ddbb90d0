/** A stretch of text in one of the modes of a QR code: 8 bits a byte (UTF-8), or 5½ bits a character. */
export interface Segment {
  mode: "byte" | "alphanumeric";
  data: string;
}

// A run must win more than its mode switches cost in the largest versions: 17 bits into alphanumeric mode
// and 20 bits back into byte mode, against 2½ bits won a character.
const ALPHANUMERIC_RUN = /[0-9A-Z $%*+\-./:]{8,}/g;
const MIN_RUN_BETWEEN_BYTES = 16;

/**
 * Splits text so that secrets (base32) and percent-encoded names take alphanumeric mode. The result is
 * never longer than the whole text in byte mode, and much sooner found than the shortest split.
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
