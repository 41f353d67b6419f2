// What is pointed out while writing, and what is left alone.
import assert from "node:assert/strict";
import test from "node:test";
import { findHints } from "../src/hints";

function found(text: string): string[] {
  return findHints(text).map((hint) => `${hint.kind}:${text.slice(hint.start, hint.end)}`);
}

const POINTED_OUT: [string, string[]][] = [
  ["我儿子王小明在三年级", ["child-name:我儿子王小明"]],
  ["我家孩子叫李雷，被老师点名", ["child-name:我家孩子叫李雷"]],
  ["我女兒歐陽婷婷每週六去補課", ["child-name:我女兒歐陽婷婷"]],
  ["我的孫子名叫張偉", ["child-name:我的孫子名叫張偉"]],
  ["我是陈小红的妈妈", ["child-name:我是陈小红的妈妈"]],
  ["Then my son Wang Xiaoming was told", ["child-name:my son Wang Xiaoming"]],
  ["My daughter is called Mary Ann Smith.", ["child-name:My daughter is called Mary Ann Smith"]],
  ["I am the mother of Li Hua, and", ["child-name:I am the mother of Li Hua"]],
  ["她坐在第三排第二座", ["seat:第三排第二座"]],
  ["座位号是12", ["seat:座位号是12"]],
  ["学号：20230117", ["seat:学号：20230117"]],
  ["坐在１７号座位", ["seat:１７号座位"]],
  ["學號20230117", ["seat:學號20230117"]],
  ["He sits at desk 14 in row 3.", ["seat:desk 14", "seat:row 3"]],
  ["3月5日我转了1800元给他", ["payment:3月5日我转了1800元"]],
  ["三月五號交了三千塊", ["payment:三月五號交了三千塊"]],
  ["On 5 March I paid 1,800 yuan to her", ["payment:5 March I paid 1,800 yuan"]],
  ["2026-03-05 转账 ¥1800", ["payment:2026-03-05 转账 ¥1800"]],
  ["我的电话是13812345678", ["phone:13812345678"]],
  ["請聯絡我 138 1234 5678", ["phone:138 1234 5678"]],
  ["Call me at 138-1234-5678", ["phone:138-1234-5678"]],
  ["我身份证 11010519491231002X", ["id-number:11010519491231002X"]],
];

const LEFT_ALONE = [
  "我儿子马上要中考了，我孩子周末补课，我女儿高三",
  "我孩子李老师班上的，我儿子在学校",
  "我孩子成绩不好，老师说要补课",
  "李老师每周六上午收180元一次",
  "3月5日开始补课。每次180元。",
  "李老师的手机是13812345678",
  "her number is 13812345678",
  "The teacher's My Little School said so, and my son said no",
  "my son is in grade three; My child Was hurt",
  "订单 110105194912310021，电话 0570-1234567",
  "一共二十三个学生",
  "",
];

for (const [text, expected] of POINTED_OUT) {
  test(`points out in: ${text}`, () => assert.deepEqual(found(text), expected));
}

for (const text of LEFT_ALONE) {
  test(`leaves alone: ${text}`, () => assert.deepEqual(found(text), []));
}

test("a long text is looked through in no time", () => {
  const text = "我孩子第三排，3月5日交了一千八百元，电话13812345678。".repeat(3000);
  const start = process.hrtime.bigint();
  assert.ok(findHints(text).length > 1000);
  // Ten times what it takes on a slow machine; a pattern that backtracks would take minutes.
  assert.ok(process.hrtime.bigint() - start < 10_000_000_000n);
});
