// The tables of a JPEG: read to their last byte, and held until a scan says which of them it uses. The twin of tables.rs.

import { at, join, number } from "./bytes";

const DHT = 0xc4;
const DAC = 0xcc;
const DQT = 0xdb;
const DRI = 0xdd;
const COMPONENTS_MAX = 4;

export interface Component {
  id: number;
  across: number;
  down: number;
  quantization: number;
  begun: boolean;
}

export interface Frame {
  code: number;
  width: number;
  height: number;
  components: Component[];
}

export interface Scan {
  parts: { component: number; dc: number; ac: number }[];
  first: number;
  last: number;
  refines: boolean;
}

/** Lengths and symbols of a Huffman table: by the next eight bits, and by length. */
export interface Huffman {
  short: Uint16Array;
  long: (readonly [end: number, start: number, place: number])[];
  symbols: Uint8Array;
}

/** A segment that passes whole, or DQT or DHT table by table. */
type Held = { code: number; whole: Uint8Array } | { code: number; tables: [number, Uint8Array][] };

export function segment(code: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = payload.length + 2;
  return join([Uint8Array.of(0xff, code, length >> 8, length & 255), payload]);
}

export class Tables {
  frame: Frame | undefined;
  /** By class and number: `class * 4 + number`. */
  readonly huffman: (Huffman | undefined)[] = [];
  restart = 0;
  /** Of a progressive picture, by component: which coefficients of each block are not zero, in two halves. */
  history: Uint32Array[] = [];
  private held: Held[] = [];

  static isOne(code: number): boolean {
    return (code >= 0xc0 && code <= 0xcf && code !== 0xc8) || code === DQT || code === DRI;
  }

  /** A segment of another kind that passes in its place among the tables. */
  keep(whole: Uint8Array): void {
    this.held.push({ code: 0, whole });
  }

  /** Whether the segment took the place of another that no scan had used; undefined where it is not as it must be. */
  take(code: number, payload: Uint8Array): boolean | undefined {
    if (code === DQT) return this.quantization(payload);
    if (code === DHT) return this.codes(payload);
    const whole = segment(code, payload);
    if (code === DRI) {
      if (payload.length !== 2) return undefined;
      this.restart = number(payload, 0, 2);
      const before = this.held.length;
      this.held = this.held.filter((held) => held.code !== DRI);
      const replaced = this.held.length < before;
      this.held.push({ code, whole });
      return replaced;
    }
    if (code !== DAC) {
      const frame = this.frame ? undefined : frameOf(code, payload);
      if (!frame) return undefined;
      this.history = frame.components.map(() => new Uint32Array(0));
      this.frame = frame;
    }
    this.held.push({ code, whole });
    // Arithmetic coding: its conditions are two bytes each.
    const sound = payload.length <= 32 && payload.length % 2 === 0 && payload.every((byte, place) => place % 2 === 1 || (byte & ~0x13) === 0);
    return code === DAC && !sound ? undefined : false;
  }

  private quantization(payload: Uint8Array): boolean | undefined {
    return this.list(DQT, payload, (rest) => {
      const head = at(rest, 0);
      const size = 1 + 64 * (1 + (head >> 4));
      return head >> 4 > 1 || (head & 15) > 3 || rest.length < size ? undefined : [head & 15, size];
    });
  }

  private codes(payload: Uint8Array): boolean | undefined {
    return this.list(DHT, payload, (rest) => {
      const head = at(rest, 0);
      if (rest.length < 17) return undefined;
      const size = 17 + rest.subarray(1, 17).reduce((sum, count) => sum + count, 0);
      if (rest.length < size || head >> 4 > 1 || (head & 15) > 3) return undefined;
      return huffmanOf(head >> 4, rest.subarray(1, 17), rest.subarray(17, size)) && [head, size];
    });
  }

  private list(code: number, payload: Uint8Array, one: (rest: Uint8Array) => [number, number] | undefined): boolean | undefined {
    const tables: [number, Uint8Array][] = [];
    let replaced = false;
    for (let rest = payload; rest.length > 0;) {
      const found = one(rest);
      if (!found) return undefined;
      const [key, size] = found;
      for (const held of this.held) {
        if (!("tables" in held) || held.code !== code) continue;
        const kept = held.tables.filter(([other]) => other !== key);
        replaced ||= kept.length < held.tables.length;
        held.tables = kept;
      }
      tables.push([key, rest.slice(0, size)]);
      rest = rest.subarray(size);
    }
    replaced ||= new Set(tables.map(([key]) => key)).size < tables.length;
    this.held.push({ code, tables });
    return replaced;
  }

  scan(payload: Uint8Array): Scan | undefined {
    const count = at(payload, 0);
    if (!this.frame || count < 1 || count > COMPONENTS_MAX || payload.length !== 4 + 2 * count) return undefined;
    const parts: Scan["parts"] = [];
    for (let index = 0; index < count; index++) {
      const id = at(payload, 1 + 2 * index);
      const tables = at(payload, 2 + 2 * index);
      const component = this.frame.components.findIndex((one) => one.id === id);
      const [dc, ac] = [tables >> 4, tables & 15];
      if (component < 0 || dc > 3 || ac > 3 || parts.some((part) => part.component === component)) return undefined;
      parts.push({ component, dc, ac });
    }
    const end = 1 + 2 * count;
    return { parts, first: at(payload, end), last: at(payload, end + 1), refines: at(payload, end + 2) >> 4 !== 0 };
  }

  /** Gives what the scan uses; whether anything stayed behind. What a later scan may use is held on. */
  release(scan: Scan, out: Uint8Array[]): boolean {
    const { frame } = this;
    if (!frame) return false;
    const progressive = frame.code === 0xc2;
    const wants = (key: number) => scan.parts.some((part) => {
      if (key >> 4) return !(progressive && scan.first === 0) && part.ac === (key & 15);
      return !(progressive && (scan.first > 0 || scan.refines)) && part.dc === (key & 15);
    });
    const later: Held[] = [];
    let stays = false;
    for (const held of this.held) {
      if ("whole" in held) {
        out.push(held.whole);
        continue;
      }
      const now: Uint8Array[] = [];
      const notNow: [number, Uint8Array][] = [];
      for (const [key, bytes] of held.tables) {
        const isUsed = held.code === DQT ? frame.components.some((one) => one.quantization === key && !one.begun) : wants(key);
        if (!isUsed) {
          stays = true;
          if (held.code === DHT) notNow.push([key, bytes]);
          continue;
        }
        now.push(bytes);
        if (held.code === DHT) this.huffman[(key >> 4) * 4 + (key & 15)] = huffmanOf(key >> 4, bytes.subarray(1, 17), bytes.subarray(17));
      }
      if (now.length > 0) out.push(segment(held.code, join(now)));
      if (notNow.length > 0) later.push({ code: held.code, tables: notNow });
    }
    this.held = later;
    for (const part of scan.parts) {
      const component = frame.components[part.component];
      if (component) component.begun = true;
    }
    return stays;
  }

  releaseAll(out: Uint8Array[]): void {
    for (const held of this.held) {
      out.push("whole" in held ? held.whole : segment(held.code, join(held.tables.map(([, bytes]) => bytes))));
    }
    this.held = [];
  }

  /** What no scan used stays behind; whether there was any. */
  leave(): boolean {
    const any = this.held.length > 0;
    this.held = [];
    return any;
  }
}

function frameOf(code: number, payload: Uint8Array): Frame | undefined {
  const [precision, height, width, count] = [at(payload, 0), number(payload, 1, 2), number(payload, 3, 2), at(payload, 5)];
  const sound = count >= 1 && count <= COMPONENTS_MAX && payload.length === 6 + 3 * count && width > 0 && height > 0;
  if (!sound || (precision !== 8 && precision !== 12)) return undefined;
  const components: Component[] = [];
  for (let place = 6; place < payload.length; place += 3) {
    const sides = at(payload, place + 1);
    const [across, down, quantization] = [sides >> 4, sides & 15, at(payload, place + 2)];
    if (across < 1 || across > 4 || down < 1 || down > 4 || quantization > 3) return undefined;
    components.push({ id: at(payload, place), across, down, quantization, begun: false });
  }
  return { code, width, height, components };
}

/** A table whose codes are all different, whose symbols are too, and of which each can come up. */
function huffmanOf(kind: number, counts: Uint8Array, symbols: Uint8Array): Huffman | undefined {
  const sizes = symbols.every((symbol) => (kind === 0 ? symbol : symbol & 15) <= 15);
  if (!sizes || new Set(symbols).size < symbols.length) return undefined;
  const short = new Uint16Array(256);
  const long: Huffman["long"] = [[0, 0, 0]];
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length++) {
    const count = at(counts, length - 1);
    long.push([code + count, code, place]);
    if (code + count > 1 << length) return undefined;
    for (let one = 0; one < count && length <= 8; one++) {
      const from = (code + one) << (8 - length);
      short.fill((length << 8) | at(symbols, place + one), from, from + (1 << (8 - length)));
    }
    code = (code + count) << 1;
    place += count;
  }
  return { short, long, symbols };
}
