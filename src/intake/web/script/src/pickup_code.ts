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

/** What someone typed, with full-width digits made plain and everything that is no digit left out. */
export function digitsOf(typed: string): string {
  return typed.normalize("NFKC").replace(/[^0-9]/g, "");
}
