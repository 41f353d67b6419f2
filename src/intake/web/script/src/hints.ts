// Where a text singles out the child or its writer. Looks for a few plain patterns in Chinese (both scripts) and English;
// nothing of it leaves the page. A hint too many costs a glance, so the patterns are kept narrow all the same.

export type HintKind = "child-name" | "seat" | "payment" | "phone" | "id-number";

export interface Hint {
  kind: HintKind;
  /** Where the passage stands, in UTF-16 units. */
  start: number;
  end: number;
}

/** Common surnames, in both scripts; those that are also everyday words in this place are left out. */
const SURNAME =
  "(?:欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|皇甫|尉迟|尉遲|慕容|令狐|" +
  "[王李张張刘劉陈陳杨楊赵趙黄黃吴吳徐孙孫胡朱林郭罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭肖蔡潘田董袁余叶葉蒋蔣" +
  "杜苏蘇魏吕呂丁任沈姚卢盧姜崔钟鐘谭譚陆陸汪范石廖贾賈韦韋夏付傅邹鄒熊孟秦邱侯江尹薛闫閻段雷龙龍黎史陶贺賀毛郝" +
  "顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯康易乔喬赖賴文庞龐樊兰蘭殷施周高马馬何方金白安成温溫])";

/** What begins like a name after "my child" but is none: 马上, 周一, 高三, 李老师 … */
const NO_NAME =
  "(?!马上|馬上|周[一二三四五六日末]|高[一二三中考]|何[时時必况況]|方[便才]|安[排全心]|成[绩績天了为為]|常常|白天|金[额額]|" +
  "任[何课課]|万一|萬一|许多|許多|严重|嚴重|石[头頭]|文[化具]|钱[都是被给給]|錢[都是被給]|江边|江邊|向|易|" +
  SURNAME + "[一-鿿]?(?:老师|老師|校长|校長|主任|教练|教練|某))";

const OWN_CHILD_ZH =
  "(?:我|我们|我們|我家|咱家|本人)的?(?:孩子|小孩|儿子|兒子|女儿|女兒|闺女|閨女|娃|孙子|孫子|孙女|孫女|外孙|外孫)";

const NAME_EN = "[A-Z][a-z]+(?:[ -][A-Z][a-z]+)+";
const OWN_CHILD_EN = "\\b[Mm]y (?:own |elder |younger |little )?(?:child|son|daughter|kid|boy|girl|grandson|granddaughter)";

const CHILD_NAMES = [
  new RegExp(`${OWN_CHILD_ZH}(?:名字)?(?:名叫|叫做|叫|是|：|:|，|,|“|（|\\()${NO_NAME}${SURNAME}[一-鿿]{1,2}`, "g"),
  new RegExp(`${OWN_CHILD_ZH}${NO_NAME}${SURNAME}[一-鿿]{2}`, "g"),
  new RegExp(`我是${SURNAME}[一-鿿]{1,2}(?:同学|同學)?的?(?:妈妈|媽媽|母亲|母親|爸爸|父亲|父親|家长|家長|奶奶|爷爷|爺爺|外婆|外公)`, "g"),
  new RegExp(`${OWN_CHILD_EN}(?:'s name is|,? (?:is )?(?:called|named)|,)? ${NAME_EN}`, "g"),
  new RegExp(`\\bI am (?:the (?:mother|father|parent|grandmother|grandfather) of ${NAME_EN}|${NAME_EN}'s (?:mother|father|mum|mom|dad|parent))`, "g"),
];

const SEATS = [
  /第?[0-9一二三四五六七八九十]{1,3}排(?:第?[0-9一二三四五六七八九十]{1,3}[列座个個位])?/g,
  /(?:座位|座号|座號|学号|學號|考号|考號)(?:号|號)?(?:是|为|為|：|:)?\s*[0-9一二三四五六七八九十]{1,12}/g,
  /[0-9一二三四五六七八九十]{1,3}[号號]座位?/g,
  /\b(?:[Ss]eat|[Dd]esk)(?: number| no\.?)? ?[0-9]{1,3}\b|\b(?:[Rr]ow) [0-9]{1,2}\b|\b[Ss]tudent (?:number|no\.?|ID) ?[A-Z]?[0-9]+/g,
];

const SUM =
  /(?:[¥￥]\s?[0-9][0-9,.]*)|(?:(?:RMB|CNY)\s?[0-9][0-9,.]*)|(?:[0-9][0-9,.]*\s?(?:多|余|餘)?[万萬千百]?(?:元|块|塊|圆|圓|yuan|RMB))|(?:[一二两兩三四五六七八九十百千万萬]{2,}(?:元|块|塊))/;
const DATE =
  /(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})月(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号號]|20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|\b(?:[0-9]{1,2}(?:st|nd|rd|th)?(?: of)? (?:January|February|March|April|May|June|July|August|September|October|November|December)|(?:January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{1,2})\b/;

const PHONE = /[0-9](?:[ -]?[0-9]){10,}/g;
const MOBILE = /^1[3-9][0-9]{9}$/;
/** Another person's number is a clue; one's own is a signature. */
const SOMEBODY_ELSES = /(?:老师|老師|校长|校長|主任|机构|機構|他|她|对方|對方|teacher|school|his|her|their)[^。！？\n]{0,12}$/i;
const OWN_WORDS = /(?:我|本人|联系我|聯繫我|聯絡我|my|me|mine)[^。！？\n]{0,12}$/i;
const ID_NUMBER = /[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]/g;

/** Every passage to look at again, in the order of the text. */
export function findHints(text: string): Hint[] {
  // One unit for one unit, so that what is found here stands at the same place there.
  const plain = text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  const hints = [
    ...CHILD_NAMES.flatMap((pattern) => all(plain, pattern, "child-name")),
    ...SEATS.flatMap((pattern) => all(plain, pattern, "seat")),
    ...payments(plain),
    ...all(plain, ID_NUMBER, "id-number").filter((hint) => isIdNumber(plain.slice(hint.start, hint.end))),
    ...all(plain, PHONE, "phone").filter((hint) => isOwnPhone(plain, hint)),
  ];
  hints.sort((a, b) => a.start - b.start || b.end - a.end);
  // What stands within an earlier passage is not said again.
  let reach = 0;
  return hints.filter((hint) => {
    const inside = hint.end <= reach;
    reach = Math.max(reach, hint.end);
    return !inside;
  });
}

function all(text: string, pattern: RegExp, kind: HintKind): Hint[] {
  return [...text.matchAll(pattern)].map((match) => ({ kind, start: match.index, end: match.index + match[0].length }));
}

/** A sum and a date in one sentence. */
function payments(text: string): Hint[] {
  return [...text.matchAll(/[^。！？!?\n]+/g)].flatMap((sentence) => {
    const found = [SUM, DATE].map((pattern) => pattern.exec(sentence[0]));
    const [sum, date] = found;
    if (!sum || !date) return [];
    const start = sentence.index + Math.min(sum.index, date.index);
    const end = sentence.index + Math.max(sum.index + sum[0].length, date.index + date[0].length);
    return [{ kind: "payment" as const, start, end }];
  });
}

function isOwnPhone(text: string, hint: Hint): boolean {
  if (!MOBILE.test(text.slice(hint.start, hint.end).replace(/[ -]/g, ""))) return false;
  const before = text.slice(Math.max(0, hint.start - 24), hint.start);
  return OWN_WORDS.test(before) || !SOMEBODY_ELSES.test(before);
}

/** Resident identity numbers end in a check character (GB 11643). */
function isIdNumber(text: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
  return "10X98765432"[sum % 11] === text[17]?.toUpperCase();
}
