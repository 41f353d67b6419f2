// A file's name, made safe to show and to save: src/sealing/tip/attachment.rs, `clean_name`.

const NAME_MAX_CHARS = 120;
const ENDING_MAX_CHARS = 10;

/** Characters without a shape of their own that change how others are read. */
const INVISIBLE =
  /[\p{Cc}\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

export function cleanName(name: string): string {
  const last = /[^/\\]*$/.exec(name)?.[0] ?? "";
  const shown = last.normalize("NFC").replace(INVISIBLE, "").replace(/[<>:"|?*%]/g, "_").replace(/\p{White_Space}/gu, " ");
  const trimmed = shown.replace(/^[. ]+|[. ]+$/g, "");
  const [, before = "", ending = ""] = /^(.*)\.([^.]*)$/.exec(trimmed) ?? [];
  const hasEnding = ending !== "" && [...ending].length <= ENDING_MAX_CHARS;
  const room = NAME_MAX_CHARS - ENDING_MAX_CHARS - 1;
  const stem = [...(hasEnding ? before : trimmed)].slice(0, room).join("").replace(/[. ]+$/, "") || "file";
  return hasEnding ? `${stem}.${ending}` : stem;
}
