import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";

/** A body, and what its headers say of it. Bytes, one a character. */
export interface Body {
  text: string;
  type?: string;
  encoding?: string;
}

const bytes = (buffer: Uint8Array) => Buffer.from(buffer).toString("latin1");
const utf8 = (text: string) => bytes(Buffer.from(text));

const DEEP = 1500;
const ZEROS = Buffer.alloc(2_000_000, "0");
const BOMBS: Body[] = [
  { text: bytes(gzipSync(ZEROS)), encoding: "gzip" },
  { text: bytes(deflateSync(ZEROS)), encoding: "deflate" },
  { text: bytes(brotliCompressSync(ZEROS)), encoding: "br" },
  { text: bytes(gzipSync(gzipSync(ZEROS))), encoding: "gzip" },
  { text: bytes(gzipSync(ZEROS).subarray(0, 900)), encoding: "gzip" },
];

const code = '{"code":"{{code}}"}';
/** What parsers and whoever looks at their results have fallen over. */
const ODD: readonly Body[] = [
  "",
  "null",
  "true",
  "0",
  '""',
  "[]",
  "{}",
  "{",
  "[[",
  "NaN",
  '{"code":}',
  '{"code":"{{code}}",}',
  '{"code":"{{code}}"}}',
  '{"code":"{{wrong}}","code":"{{code}}"}',
  '{"__proto__":{"code":"{{code}}"}}',
  '{"constructor":{"prototype":{"code":"{{code}}"}}}',
  '{"code":{"toString":"{{code}}"}}',
  '{"code":["{{code}}"]}',
  '{"code":{{code}}}',
  '{"code":1e999}',
  '{"code":"\\u0000"}',
  '{"code":"\\ud800"}',
  '{"session_id":"{{session}}","code":"{{code}}","trust_device":"yes"}',
  '{"session_id":"{{session}}","code":"{{code}}","device_label":{}}',
  '{"session_id":"{{session}}","code":"{{code}}","trust_device":true,"device_label":"\\ud800<fuzz>\\u202e"}',
  '{"session_id":"s.{{session}}","code":"{{code}}"}',
  '{"session_id":["{{session}}"],"code":"{{code}}"}',
  "[".repeat(DEEP) + "]".repeat(DEEP),
  `${'{"code":'.repeat(400)}1${"}".repeat(400)}`,
  "[".repeat(4096),
  `{"code":"${"1".repeat(5000)}"}`,
  `{"code":"{{code}}"${" ".repeat(4000)}}`,
  utf8(`\ufeff${code}`),
  utf8('{"code":"１２３４５６"}'),
  utf8('{"code":"\u200b{{code}}\u202e"}'),
  '{"code":"\xff\xfe\xc0\x80"}',
  "code={{code}}",
  "code={{wrong}}&code={{code}}",
  "code[]={{code}}&code[a]=1&__proto__[code]=1&__proto__={{code}}",
  "code=%E0%A4%A&code=%",
  "&=&=&&==%00=%00",
  `${"a=1&".repeat(1100)}code={{code}}`,
  "key={{secret}}&code=<fuzz>&to=//evil.example",
  "to=/%22><fuzz>&code={{wrong}}&key={{secret}}",
  "to=/%0d%0aSet-Cookie:%20a=b&code={{code}}",
  "to=/\xff\xfe&code={{code}}",
  "id=<fuzz>&id=__proto__",
  '--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n{{code}}\r\n--x--\r\n',
  bytes(Buffer.from(code, "utf16le")),
].map((text) => ({ text }));

const COMPRESSED: Body[] = [
  { text: bytes(gzipSync('{"code":"123456"}')), encoding: "gzip" },
  { text: bytes(deflateSync("code=123456")), encoding: "deflate" },
  { text: bytes(brotliCompressSync('{"code":"123456"}')), encoding: "br" },
  { text: `\x1f\x8b${"\0".repeat(20)}`, encoding: "gzip" },
  { text: bytes(gzipSync("{}")), encoding: "identity" },
  { text: bytes(gzipSync("{}")) },
];

const TYPES = [
  "application/json; charset=utf-8",
  "application/json; charset=utf-16",
  "application/json; charset=utf-32",
  "application/json; charset=latin1",
  'application/json; charset="',
  "application/json;charset=x-unknown",
  "application/json; charset=utf-8; charset=utf-7",
  "application/problem+json",
  "APPLICATION/JSON",
  "application/json,text/html",
  "application/jsonp",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded; charset=utf-16",
  "application/x-www-form-urlencoded; charset=iso-8859-1",
  "application/x-www-form-urlencoded;charset=",
  "application/octet-stream",
  "",
  ";",
  "\xff",
];
const ENCODINGS = ["gzip", "deflate", "br", "zstd", "identity", "gzip, gzip", "x", "\xff", ""];

/** Any bytes, and JSON of any shape. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }).map(utf8),
  fc.uint8Array({ maxLength: 60 }).map(bytes),
  fc.jsonValue().map((value) => utf8(JSON.stringify({ code: value }))),
  fc.jsonValue().map((value) => utf8(JSON.stringify(value))),
  fc
    .string({ unit: "grapheme", maxLength: 140 })
    .map((text) => utf8(JSON.stringify({ session_id: "{{session}}", code: text }))),
);

export const bodies: fc.Arbitrary<Body> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...ODD) },
      { weight: 3, arbitrary: anyText.map((text): Body => ({ text })) },
      { weight: 1, arbitrary: fc.constantFrom(...COMPRESSED) },
      { weight: 1, arbitrary: fc.constantFrom(...BOMBS) },
    ),
    fc.option(fc.constantFrom(...TYPES), { nil: undefined, freq: 4 }),
    fc.option(fc.constantFrom(...ENCODINGS), { nil: undefined, freq: 4 }),
  )
  .map(([body, type, encoding]) => ({
    ...body,
    ...(type !== undefined && { type }),
    ...(encoding !== undefined && { encoding }),
  }));
