// Bytes that may end anywhere.

export function at(bytes: Uint8Array, place: number): number {
  return bytes[place] ?? -1;
}

/** A number of `size` bytes at `place`; -1 where it is cut short. */
export function number(bytes: Uint8Array, place: number, size: number, little = false): number {
  if (place < 0 || place + size > bytes.length) return -1;
  let value = 0;
  for (let index = 0; index < size; index++) {
    value = value * 256 + at(bytes, little ? place + size - 1 - index : place + index);
  }
  return value;
}

/** One letter a byte: for words of ASCII only. */
export function text(bytes: Uint8Array): string {
  let out = "";
  for (let from = 0; from < bytes.length; from += 4096) {
    out += String.fromCharCode(...bytes.subarray(from, from + 4096));
  }
  return out;
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

export function starts(bytes: Uint8Array, word: string): boolean {
  return text(bytes.subarray(0, word.length)) === word;
}

/** What of a stream is held until there is enough to decide. */
export class Held {
  bytes = new Uint8Array(0);

  /** Takes from `input` until `needed` bytes are held; returns the rest, or null while there are too few. */
  gather(needed: number, input: Uint8Array): Uint8Array | null {
    const missing = Math.max(0, Math.min(needed - this.bytes.length, input.length));
    if (missing > 0) this.bytes = join([this.bytes, input.subarray(0, missing)]);
    return this.bytes.length >= needed ? input.subarray(missing) : null;
  }

  take(): Uint8Array {
    const bytes = this.bytes;
    this.bytes = new Uint8Array(0);
    return bytes;
  }
}

export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
