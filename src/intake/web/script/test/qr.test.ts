// The symbol is read back by somebody else's reader, creased and whole.
import assert from "node:assert/strict";
import test from "node:test";
import jsQR from "jsqr";
import { makeCode } from "../src/pickup_code";
import { qrOf } from "../src/qr";

const MODULE_PX = 4;
const QUIET_PX = 16;

function read(modules: boolean[][]): string | undefined {
  const side = modules.length * MODULE_PX + 2 * QUIET_PX;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const dark = modules[Math.floor((y - QUIET_PX) / MODULE_PX)]?.[Math.floor((x - QUIET_PX) / MODULE_PX)];
      if (dark) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  const decode = (typeof jsQR === "function" ? jsQR : (jsQR as { default: typeof jsQR }).default);
  return decode(pixels, side, side)?.data;
}

test("the symbol says the code and nothing else", () => {
  for (let i = 0; i < 50; i += 1) {
    const code = makeCode();
    assert.equal(read(qrOf(code)), code);
  }
  assert.equal(read(qrOf("0".repeat(28))), "0".repeat(28));
});

test("it still does with a crease through it", () => {
  const code = makeCode();
  const modules = qrOf(code);
  for (let x = 9; x < 25; x += 1) {
    const row = modules[13];
    if (row) row[x] = true;
  }
  assert.equal(read(modules), code);
});

test("nothing but a code is made into a symbol", () => {
  for (const bad of ["", "1".repeat(27), "1".repeat(29), "https://example.org/12345678"]) assert.throws(() => qrOf(bad));
});
