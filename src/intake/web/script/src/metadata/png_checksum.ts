// The CRC-32 that stands behind each chunk of a PNG. The twin of png/checksum.rs.

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let sum = index;
  for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  return sum;
});

/** CRC-32 of what had the sum `sum`, and `bytes` behind it. */
export function checksum(sum: number, bytes: Uint8Array): number {
  let next = ~sum;
  for (const byte of bytes) next = (next >>> 8) ^ (CRC_TABLE[(next ^ byte) & 255] ?? 0);
  return ~next >>> 0;
}
