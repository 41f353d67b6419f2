// Reads as much TOML as a signed manifest is written in: tables, lists of tables, strings in four quotations, whole numbers
// (as text), lists of strings. What is anything else is refused, and with it the manifest.

export type Toml = Map<string, string | string[]>;

/** Keys of tables are joined with a dot, those of listed tables with their place too: `parent.slug`, `lines.0.phone`. */
export function readToml(text: string): Toml {
  return new Reader(text).read();
}

const ESCAPES = new Map([
  ["b", "\b"], ["t", "\t"], ["n", "\n"], ["f", "\f"], ["r", "\r"], ["e", "\u001b"], ['"', '"'], ["\\", "\\"],
]);

class Reader {
  private at = 0;
  private readonly rows = new Map<string, number>();

  constructor(private readonly text: string) {}

  read(): Toml {
    const found: Toml = new Map();
    let table = "";
    for (;;) {
      this.skip(/[\s]*/y);
      if (this.at >= this.text.length) return found;
      const header = this.skip(/(\[\[?)([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)(\]\]?)[ \t]*(?=\n|$)/y);
      if (header) {
        table = this.table(header[2] ?? "", header[1]?.length ?? 0, header[3]?.length ?? 0);
        continue;
      }
      const key = this.skip(/([A-Za-z0-9_-]+)[ \t]*=[ \t]*/y);
      if (!key) throw new Error("not a manifest");
      const name = table + key[1];
      if (found.has(name)) throw new Error("not a manifest");
      found.set(name, this.value());
      if (!this.skip(/[ \t]*(?=\n|$)/y)) throw new Error("not a manifest");
    }
  }

  /** Where a table's keys go; `[[lines]]` begins the next row of its list, `[lines.name]` stands in the last one. */
  private table(path: string, opened: number, closed: number): string {
    if (opened !== closed) throw new Error("not a manifest");
    if (opened === 2) this.rows.set(path, (this.rows.get(path) ?? -1) + 1);
    let plain = "";
    let place = "";
    for (const part of path.split(".")) {
      plain += part;
      const row = this.rows.get(plain);
      place += row === undefined ? `${part}.` : `${part}.${row}.`;
      plain += ".";
    }
    return place;
  }

  private value(): string | string[] {
    const number = this.skip(/[0-9]+(?=[ \t]*(?:\n|$))/y);
    if (number) return number[0];
    if (!this.skip(/\[\s*/y)) return this.string();
    const list: string[] = [];
    while (!this.skip(/\]/y)) {
      list.push(this.string());
      if (!this.skip(/\s*(,\s*|(?=\]))/y)) throw new Error("not a manifest");
    }
    return list;
  }

  private string(): string {
    const long = this.skip(/'''\n?([^]*?)'''|"""\n?((?:[^\\]|\\[^])*?)"""/y);
    const short = long ?? this.skip(/'([^'\n]*)'|"((?:[^"\\\n]|\\[^])*)"/y);
    if (!short) throw new Error("not a manifest");
    return short[1] ?? unescape(short[2] ?? "");
  }

  private skip(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match) this.at = pattern.lastIndex;
    return match;
  }
}

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g, (_, short, long, other) => {
    const hex = (short ?? long) as string | undefined;
    const plain = hex === undefined ? ESCAPES.get(other as string) : String.fromCodePoint(parseInt(hex, 16));
    if (plain === undefined) throw new Error("not a manifest");
    return plain;
  });
}
