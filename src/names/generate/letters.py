#!/usr/bin/env python3
"""Makes the tables of letters that names are compared by, from the Unicode data that Debian's package `unicode-data` installs.

    letters.py [--data /usr/share/unicode] [--check]

writes `letters.txt` and `lookalikes.txt` beside this folder, or with --check says whether they are what it would write.
The same data give the same bytes, whatever the machine.
"""

import argparse
import bz2
import collections
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent

# GB 18030 gave 80 letters private-use numbers before Unicode had them (U+E815 to U+E864, bytes FE50 to FEA0). Old programs
# still write those. The six above U+FFFF and the eight from U+9FB4 came last.
PRIVATE_USE_FIRST = 0xE815
PRIVATE_USE = """2E81 20087 20089 200CC 2E84 3473 3447 2E88 2E8B 9FB4 359E 361A 360E 2E8C 2E97 396E 3918 9FB5 39CF 39DF
3A73 39D0 9FB6 9FB7 3B4E 3C6E 3CE0 2EA7 215D7 9FB8 2EAA 4056 415F 2EAE 4337 2EB3 2EB6 2EB7 2298F 43B1 43AC 2EBB 43DD
44D6 4661 464C 9FB9 4723 4729 477C 478D 2ECA 4947 497A 497D 4982 4983 4985 4986 499F 499B 49B7 49B6 9FBA 241FE
4CA3 4C9F 4CA0 4CA1 4C77 4CA2 4D13 4D14 4D15 4D16 4D17 4D18 4D19 4DAE 9FBB"""

# What people type for one another, joined whatever the lists say.
SAID_FOR = "妳你 牠它 娘孃 佔占 僱雇 癡痴 擡抬 纔才 週周 儘尽 衆众 脣唇 牀床 闆板 溼湿 兇凶 昇升 祕秘 籤签 託托 豔艳 遊游"

# The data call these simplified forms of one another, though as names they are two.
APART = {("苧", "苎"), ("蘋", "苹")}

# Letters that are taken for one another on paper, on a screen and from a photograph.
LOOK_ALIKE = """己已巳 戊戌戍 末未 日曰 土士 千干于 人入八 大太犬 天夭 白自 田由甲申 目且 今令 免兔 鸟乌 刀刃 刀力刁 温湿 贝见 王玉主
住佳往 晴睛 炜玮 玟玫 萍苹 杨扬 场汤 陈阵 赵赴 季李秀 宁宇字 问间闻 晓晚 侯候 徽微 徐除 帅师 史吏 仑仓 孙孔 崔雀 柏拍 洁浩
亨享 茶荼 汨汩 冶治 壮状 折拆 胄胃 洒酒 竞竟 崇祟 沓杳 析折 券卷 辨辩瓣 祗祇 毫亳 颖颍 斌赋 岚凤风 凤风 韦书 丰韦 娜挪 莉荆
婷停 琳淋 梅悔海 敏繁 玲铃 芳芬 兰三 军车 杰木 磊晶品 鑫森 淼森 晶品 伟纬 强弦 勇男 辉晖 燕燕 薛薜 荀苟 段叚 肖尚 庄压 余佘
母毋 汪江 沈沉 姚桃 卢芦 闫闰 严产 常裳 武式 牛午 左右 孟盂 秦泰奏 奉秦 尹伊 毛手 邱岳 郭廓 谢射 冯凭 曾鲁 彭膨 袁哀 邓郑 唐康
许汗 傅博 潘播 董重 程呈 苏办 魏巍 吕昌 任仁 姜美 谭潭 廖寥 石右 贾费 夏复 方万 白百 江红 邵郡 钱线 黎藜 陶淘 贺加 赖懒"""


def read(data, name):
    """Lines of a file, without comments."""
    path = data / name
    if name.endswith(".bz2"):
        text = bz2.decompress(path.read_bytes()).decode()
    else:
        text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def unihan(data, name, *fields):
    """Letter, field and value of each line with one of the fields."""
    for line in read(data, f"Unihan_{name}.txt.bz2"):
        letter, field, value = line.split("\t")
        if field in fields:
            yield chr(int(letter[2:], 16)), field, value


def variants(data, *fields):
    """Pairs of letters, sorted. A pair that says it is another word (<…:F, S) counts as the data has it."""
    pairs = set()
    for letter, _, value in unihan(data, "Variants", *fields):
        for other in value.split():
            other = chr(int(other.split("<")[0][2:], 16))
            if letter != other and not {(letter, other), (other, letter)} & APART:
                pairs.add((min(letter, other), max(letter, other)))
    return sorted(pairs)


def compatible(data):
    """Letters that Unicode has twice for the sake of an older standard, with what they stand for."""
    for line in read(data, "UnicodeData.txt"):
        fields = line.split(";")
        number, parts = int(fields[0], 16), fields[5].split()
        if len(parts) == 1 and 0xF900 <= number <= 0xFAFF or len(parts) == 1 and 0x2F800 <= number <= 0x2FA1F:
            yield chr(number), chr(int(parts[0], 16))


def radicals(data):
    """Radicals and strokes, with the letters that look like them."""
    for line in read(data, "EquivalentUnifiedIdeograph.txt"):
        left, right = (part.strip() for part in line.split("#")[0].split(";"))
        first, _, last = left.partition("..")
        for number in range(int(first, 16), int(last or first, 16) + 1):
            yield chr(number), chr(int(right, 16))


class Classes:
    """Letters that are one."""

    def __init__(self, standard):
        self.parent = {}
        self.standard = standard
        self.members = {}

    def find(self, letter):
        self.parent.setdefault(letter, letter)
        self.members.setdefault(letter, {letter})
        while self.parent[letter] != letter:
            letter = self.parent[letter]
        return letter

    def join(self, one, other):
        one, other = self.find(one), self.find(other)
        if one != other:
            self.parent[other] = one
            self.members[one] |= self.members.pop(other)

    def both_standard(self, one, other):
        """Whether joining them would make one of two letters that the standard list of 2013 keeps apart."""
        sides = [self.members[self.find(letter)] for letter in (one, other)]
        return all(any(letter in self.standard for letter in side) for side in sides)


def first_of(letters, standard, longer):
    """The letter that stands for its class: of the standard list, one that has no simplified form, the first of the list."""
    return min(letters, key=lambda letter: (letter not in standard, letter in longer, standard.get(letter, 0), letter))


def letter_classes(data, standard):
    """Classes of equivalent letters, and pairs that are variants but both in the standard list."""
    classes, apart = Classes(standard), []
    for pair in variants(data, "kSimplifiedVariant", "kTraditionalVariant", "kZVariant"):
        classes.join(*pair)
    for one, other in list(compatible(data)) + list(radicals(data)):
        classes.join(other, one)
    for offset, number in enumerate(PRIVATE_USE.split()):
        classes.join(chr(int(number, 16)), chr(PRIVATE_USE_FIRST + offset))
    for pair in SAID_FOR.split():
        classes.join(*pair)
    for pair in variants(data, "kSemanticVariant"):
        if classes.find(pair[0]) == classes.find(pair[1]):
            continue
        if classes.both_standard(*pair):
            apart.append(pair)
        else:
            classes.join(*pair)
    apart += variants(data, "kSpecializedSemanticVariant", "kSpoofingVariant")
    return classes, apart


def near_in_shape(data, standard):
    """Pairs of standard letters whose Cangjie codes differ in one place, and whose four corners do too or not at all."""
    codes, corners = {}, {}
    for letter, field, value in unihan(data, "DictionaryLikeData", "kCangjie", "kFourCornerCode"):
        if letter in standard:
            (codes if field == "kCangjie" else corners)[letter] = value.split()[0]
    places = collections.defaultdict(list)
    for letter, code in sorted(codes.items()):
        if len(code) >= 3:
            for at in range(len(code)):
                places[code[:at] + "?" + code[at + 1 :]].append(letter)
    for letters in places.values():
        for at, one in enumerate(letters):
            for other in letters[at + 1 :]:
                pair = corners.get(one), corners.get(other)
                if all(pair) and sum(a != b for a, b in zip(pair[0][:4], pair[1][:4])) <= 1:
                    yield one, other


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--data", type=pathlib.Path, default=pathlib.Path("/usr/share/unicode"))
    options.add_argument("--check", action="store_true")
    options = options.parse_args()
    data = options.data
    standard = {}
    for letter, _, value in unihan(data, "OtherMappings", "kTGH"):
        standard[letter] = int(value.split(":")[1].split()[0])
    classes, pairs = letter_classes(data, standard)

    simplified = unihan(data, "Variants", "kSimplifiedVariant")
    longer = {letter for letter, _, value in simplified if chr(int(value.split()[0][2:], 16)) != letter}
    lines = []
    for members in classes.members.values():
        first = first_of(members, standard, longer)
        rest = sorted(members - {first})
        if rest:
            lines.append(first + "".join(rest))
    letters = "\n".join(sorted(lines)) + "\n"

    representative = {letter: line[0] for line in lines for letter in line}
    alike = collections.defaultdict(set)
    for group in LOOK_ALIKE.split():
        pairs += [(one, other) for one in group for other in group]
    for one, other in pairs + list(near_in_shape(data, standard)):
        one, other = (representative.get(letter, letter) for letter in (one, other))
        if one != other and one in standard and other in standard:
            alike[one].add(other)
            alike[other].add(one)
    lookalikes = "".join(f"{one}{''.join(sorted(others))}\n" for one, others in sorted(alike.items()))

    wrong = []
    for name, text in (("letters.txt", letters), ("lookalikes.txt", lookalikes)):
        path = HERE / name
        if not options.check:
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            wrong.append(name)
    if wrong:
        sys.exit(f"not what the generator makes of {data}: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
