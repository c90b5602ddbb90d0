import { createOtpauthUri } from "express-totp-setup";

const SCRIPTS = {
  Latin: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäéîñøßł0123456789.-_",
  Cyrillic: "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙ",
  Chinese:
    "的一是不了人我在有他这中大来上国個到說們為子和你地出道也時年得就那要下以生會自著去之過家",
  Arabic: "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئ٠١٢٣",
  emoji: "😀😎🚀🔐🐘👩‍💻🇩🇪❤️🏳️‍🌈",
  special: "&?#%+ \"'/@=;,!*()[]{}<>|\\^~`$",
};

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Random numbers from 0 to 1 that are the same on every run (mulberry32), so that failures come again. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomSecret(random: () => number, length = 32): string {
  return randomName(random, BASE32, length);
}

function randomName(random: () => number, alphabet: string, length: number): string {
  const characters = Array.from(alphabet);
  return Array.from(
    { length },
    () => characters[Math.floor(random() * characters.length)] as string,
  ).join("");
}

export function otpauthUri(issuer: string, account: string, secret: string): string {
  const name = encodeURIComponent(issuer);
  return `otpauth://totp/${name}:${encodeURIComponent(account)}?secret=${secret}&issuer=${name}`;
}

/** As an app gets it. Of names that are all spaces there are none. */
function uriOf(issuer: string, account: string, secret: string): string {
  const named = (name: string) => (name.trim() === "" ? "_" : name);
  return createOtpauthUri({ secret, issuer: named(issuer), accountName: named(account) });
}

/** URIs with names in every script, in mixtures of scripts, and of 200 characters. */
export function generateUris(seed: number, count: number): string[] {
  const random = seededRandom(seed);
  const alphabets = [...Object.values(SCRIPTS), Object.values(SCRIPTS).join("")];
  const long = alphabets.map((alphabet) =>
    uriOf("Acme", randomName(random, alphabet, 200), randomSecret(random)),
  );
  const longIssuer = uriOf(
    randomName(random, SCRIPTS.Latin, 200),
    randomName(random, SCRIPTS.Latin, 200),
    randomSecret(random),
  );
  const usual = Array.from({ length: count - long.length - 1 }, (_, i) => {
    const name = () =>
      randomName(random, alphabets[i % alphabets.length] as string, 1 + Math.floor(random() * 30));
    return uriOf(name(), name(), randomSecret(random));
  });
  return [...long, longIssuer, ...usual];
}
