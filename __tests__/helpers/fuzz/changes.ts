import fc from "fast-check";
import { type Body, bodies } from "./bodies.js";
import { lines, METHODS, PATH_CHANGES } from "./lines.js";
import type { Draft, Framing } from "./valid.js";

/** Makes something unusual of a request. */
export type Change = (draft: Draft) => Draft;
/** Makes something unusual of its bytes. */
export type ByteChange = (text: string) => string;

const method = fc
  .oneof(
    { weight: 5, arbitrary: fc.constantFrom(...METHODS) },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  )
  .map(
    (chosen): Change =>
      (draft) => ({ ...draft, method: chosen }),
  );

const path = fc.constantFrom(...Object.values(PATH_CHANGES)).map(
  (change): Change =>
    (draft) => ({ ...draft, path: change(draft.path) }),
);

const version = fc
  .constantFrom(
    "HTTP/1.0",
    "HTTP/0.9",
    "HTTP/1.2",
    "HTTP/2.0",
    "http/1.1",
    "HTTP/1.1 ",
    "RTSP/1.0",
    "",
  )
  .map(
    (chosen): Change =>
      (draft) => ({ ...draft, version: chosen }),
  );

const lineEnd = fc.constantFrom("\n", "\r", "\r\r\n", "\n\r\n").map(
  (chosen): Change =>
    (draft) => ({ ...draft, lineEnd: chosen }),
);

const where = fc.nat({ max: 5 });

const oneMoreHeader = fc.tuple(lines, where).map(
  ([line, at]): Change =>
    (draft) => ({ ...draft, headers: draft.headers.toSpliced(at, 0, line) }),
);

const anotherHeader = fc.tuple(lines, where).map(
  ([line, at]): Change =>
    (draft) => ({ ...draft, headers: draft.headers.toSpliced(at, 1, line) }),
);

const noHeader = where.map(
  (at): Change =>
    (draft) => ({ ...draft, headers: draft.headers.toSpliced(at, 1) }),
);

const sameHeaderTwice = fc.tuple(where, fc.constantFrom(1, 2, 40, 1500)).map(
  ([at, times]): Change =>
    (draft) => {
      const line = draft.headers[at];
      if (line === undefined) return draft;
      return { ...draft, headers: [...draft.headers, ...Array<string>(times).fill(line)] };
    },
);

const foldedHeader = fc.tuple(where, fc.constantFrom("\r\n ", "\r\n\t", "\n ", "\r\n")).map(
  ([at, fold]): Change =>
    (draft) => {
      const line = draft.headers[at] ?? "";
      return {
        ...draft,
        headers: draft.headers.with(
          Math.min(at, draft.headers.length - 1),
          line.replace(": ", `:${fold}`),
        ),
      };
    },
);

/** Another body under the same announced type, unless it has one of its own. */
const body = fc.tuple(bodies, fc.constantFrom<Framing>("length", "chunked")).map(
  ([chosen, framing]): Change =>
    (draft) =>
      withBody(draft, chosen, framing),
);

function withBody(draft: Draft, { text, type, encoding }: Body, framing: Framing): Draft {
  const kept = draft.headers.filter((line) => type === undefined || !/^content-type:/i.test(line));
  const headers = [
    ...kept,
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ...(encoding === undefined ? [] : [`Content-Encoding: ${encoding}`]),
  ];
  return { ...draft, headers, body: text, framing };
}

const CHUNKED = "Transfer-Encoding: chunked";
const LENGTHS = ["0", "1", "9", "4097", "100000", "-1", "5, 6", " 7 ", "07", "4294967297", "x", ""];
const FRAMINGS: Framing[] = [
  "chunked",
  ...LENGTHS.map((length) => ({ lines: [`Content-Length: ${length}`], body: "{{body}}" })),
  { lines: [], body: "{{body}}" },
  { lines: [CHUNKED], body: "{{body}}" },
  { lines: [CHUNKED], body: "" },
  { lines: [CHUNKED], body: "0\r\n\r\n" },
  { lines: [CHUNKED], body: "0\r\nX-API-Key: {{key}}\r\nContent-Length: 9\r\n\r\n" },
  { lines: [CHUNKED], body: '8;x="\xff"\r\n{"code":\r\n3\r\n"1"\r\n1\r\n}\r\n0\r\n\r\n' },
  { lines: [CHUNKED], body: "2\n{}\n0\n\n" },
  { lines: [CHUNKED], body: "2\r\n{}0\r\n\r\n" },
  { lines: [CHUNKED], body: "ffffffffffffffff1\r\n{}\r\n0\r\n\r\n" },
  { lines: [CHUNKED], body: "-2\r\n{}\r\n0\r\n\r\n" },
  { lines: [CHUNKED], body: "0x2\r\n{}\r\n0\r\n\r\n" },
  { lines: [CHUNKED], body: `${"1\r\n[\r\n".repeat(700)}0\r\n\r\n` },
  { lines: [CHUNKED], body: `2;${"x".repeat(20_000)}\r\n{}\r\n0\r\n\r\n` },
  { lines: [CHUNKED, "Content-Length: 2"], body: "2\r\n{}\r\n0\r\n\r\n" },
  { lines: ["Content-Length: 2", "Content-Length: 2"], body: "{}" },
  { lines: ["Content-Length: 2", "Content-Length: 3"], body: "{}" },
  { lines: ["Transfer-Encoding: identity", "Content-Length: 2"], body: "{}" },
];

const framing = fc.constantFrom(...FRAMINGS).map(
  (chosen): Change =>
    (draft) => ({ ...draft, framing: chosen }),
);

export const changes: fc.Arbitrary<Change> = fc.oneof(
  { weight: 2, arbitrary: method },
  { weight: 3, arbitrary: path },
  { weight: 1, arbitrary: version },
  { weight: 1, arbitrary: lineEnd },
  { weight: 4, arbitrary: oneMoreHeader },
  { weight: 2, arbitrary: anotherHeader },
  { weight: 1, arbitrary: noHeader },
  { weight: 2, arbitrary: sameHeaderTwice },
  { weight: 1, arbitrary: foldedHeader },
  { weight: 6, arbitrary: body },
  { weight: 3, arbitrary: framing },
);

/** A place in a text of any length, from 0 to 1. */
const place = fc.nat({ max: 1000 }).map((thousandth) => thousandth / 1000);
const at = (text: string, fraction: number) => Math.floor(fraction * text.length);

export const byteChanges: fc.Arbitrary<ByteChange> = fc.oneof(
  place.map(
    (from): ByteChange =>
      (text) =>
        text.slice(0, at(text, from)),
  ),
  fc.tuple(place, fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 4 })).map(
    ([from, more]): ByteChange =>
      (text) =>
        text.slice(0, at(text, from)) + more + text.slice(at(text, from)),
  ),
  fc.tuple(place, fc.nat({ max: 255 })).map(
    ([from, byte]): ByteChange =>
      (text) =>
        text.slice(0, at(text, from)) + String.fromCharCode(byte) + text.slice(at(text, from) + 1),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 40 })).map(
    ([from, length]): ByteChange =>
      (text) =>
        text.slice(0, at(text, from)) + text.slice(at(text, from) + length),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 40 })).map(
    ([from, length]): ByteChange =>
      (text) =>
        text.slice(0, at(text, from) + length) + text.slice(at(text, from)),
  ),
);
