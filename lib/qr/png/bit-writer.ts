/** Packs bits into bytes as deflate does (RFC 1951, 3.1.1): the first bit becomes the lowest of a byte. */
export class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #waiting = 0;
  #waitingBits = 0;

  /** Expects to write so many bytes; more cost a little time. */
  constructor(expectedBytes: number) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  /** Up to 24 bits. */
  put(value: number, width: number): void {
    this.#waiting |= value << this.#waitingBits;
    this.#waitingBits += width;
    while (this.#waitingBits >= 8) {
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length++] = this.#waiting;
      this.#waiting >>>= 8;
      this.#waitingBits -= 8;
    }
  }

  /** Fills up the last byte with zeros. */
  align(): void {
    this.put(0, -this.#waitingBits & 7);
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const bytes = new Uint8Array(2 * this.#length + 64);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** Prefix codes are told with the first bit the highest, and written with the first bit the lowest. */
export function reverseBits(value: number, width: number): number {
  let reversed = 0;
  for (let bit = 0; bit < width; bit++) reversed |= ((value >> bit) & 1) << (width - 1 - bit);
  return reversed;
}
