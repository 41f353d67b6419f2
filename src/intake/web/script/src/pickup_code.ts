// The pickup code: 27 random digits and a Damm check digit. The same as src/sealing/pickup_code.rs.

export const CODE_DIGITS = 28;

/** The quasigroup of order ten from Damm's thesis (2004), a row a string. */
const QUASIGROUP = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];

/** The check digit of `digits`; 0 over digits that end in their own. */
export function damm(digits: string): number {
  let interim = 0;
  for (const digit of digits) interim = Number(QUASIGROUP[interim]?.[Number(digit)]);
  return interim;
}

/** A new code. */
export function makeCode(): string {
  let digits = "";
  const bytes = new Uint8Array(64);
  while (digits.length < CODE_DIGITS - 1) {
    crypto.getRandomValues(bytes);
    for (const byte of bytes) {
      // Bytes of 250 and above are thrown back, or low digits would come more often.
      if (byte < 250 && digits.length < CODE_DIGITS - 1) digits += String(byte % 10);
    }
  }
  bytes.fill(0);
  return digits + String(damm(digits));
}

/** The seven groups of four, as shown. */
export function groupsOf(code: string): string[] {
  return code.match(/.{4}/g) ?? [];
}

/** The zeros of the decimal digits that keyboards write; a number in a circle counts a list and is no digit. */
const ZEROS = [0x30, 0xff10, 0x660, 0x6f0, 0xf20, 0x1810];

function digitOf(character: string): string {
  const zero = ZEROS.find((from) => character.charCodeAt(0) >= from && character.charCodeAt(0) < from + 10);
  return zero === undefined ? "" : String(character.charCodeAt(0) - zero);
}

/** The digits in what someone typed, with everything else left out. */
export function digitsOf(typed: string): string {
  return [...typed].map(digitOf).join("");
}

interface Run {
  digits: string;
  /** Whether a letter stands between the row before and this one. */
  afterLetter: boolean;
}

/** Rows of digits with nothing between them that can be seen. */
function runsIn(typed: string): Run[] {
  const runs: Run[] = [];
  let [inRun, letter] = [false, false];
  for (const character of typed.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g, "")) {
    const digit = digitOf(character);
    const last = runs[runs.length - 1];
    if (!digit) letter ||= /\p{Alphabetic}/u.test(character);
    else if (inRun && last) last.digits += digit;
    else {
      runs.push({ digits: digit, afterLetter: letter });
      letter = false;
    }
    inRun = digit !== "";
  }
  return runs;
}

/** The first of `runs` that together have as many digits as a code, with no letter between them. */
function joined(runs: readonly Run[]): string {
  let digits = "";
  for (const [at, run] of runs.entries()) {
    if (at > 0 && run.afterLetter) break;
    digits += run.digits;
    if (digits.length >= CODE_DIGITS) break;
  }
  return digits;
}

/** The code in what someone typed or pasted, or the key of what is wrong: the same as src/sealing/typed_code.rs. */
export function codeIn(typed: string): { code: string; wrong: "" | "problem-code-shape" | "problem-code-mistyped" } {
  const runs = runsIn(typed);
  const fours = runs.filter((run) => run.digits.length === 4).map((run) => run.digits);
  const found = [
    ...runs.map((_, first) => joined(runs.slice(first))),
    ...fours.map((_, first) => fours.slice(first, first + CODE_DIGITS / 4).join("")),
  ].filter((digits) => digits.length === CODE_DIGITS);
  const code = found.find((digits) => damm(digits) === 0);
  if (code !== undefined) return { code, wrong: "" };
  return { code: "", wrong: found.length > 0 ? "problem-code-mistyped" : "problem-code-shape" };
}
