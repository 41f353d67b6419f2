//! Surnames, the commonest first, and how each is written in Latin letters.

/// Surname and pinyin. The first hundred cover some 85 in 100 people. Rare ones that are everyday words (水, 时, 席) are
/// left out.
const SURNAMES: &str = "王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 林lin 高gao 罗luo \
郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 邓deng 冯feng 曹cao 彭peng 曾zeng 肖xiao 萧xiao 田tian 董dong 潘pan 袁yuan 蔡cai 蒋jiang \
余yu 于yu 杜du 叶ye 程cheng 魏wei 苏su 吕lv 丁ding 任ren 卢lu 姚yao 沈shen 钟zhong 姜jiang 崔cui 谭tan 陆lu 范fan 汪wang \
廖liao 石shi 金jin 韦wei 贾jia 夏xia 付fu 傅fu 方fang 邹zou 熊xiong 白bai 孟meng 秦qin 邱qiu 侯hou 江jiang 尹yin 薛xue 闫yan \
段duan 雷lei 龙long 黎li 史shi 陶tao 贺he 毛mao 郝hao 顾gu 龚gong 邵shao 万wan 覃qin 武wu 钱qian 戴dai 严yan 莫mo 孔kong \
向xiang 常chang 汤tang 康kang 易yi 乔qiao 赖lai 文wen 施shi 洪hong 辛xin 柯ke 庄zhuang 温wen 鲁lu 葛ge 阎yan 殷yin 章zhang 倪ni \
牛niu 樊fan 梅mei 童tong 伍wu 鲍bao 尤you 翟zhai 左zuo 安an 齐qi 聂nie 欧ou 涂tu 祝zhu 岳yue 柳liu 骆luo 关guan 俞yu \
申shen 华hua 裴pei 苗miao 阮ruan 甘gan 焦jiao 柴chai 盛sheng 霍huo 单shan 古gu 耿geng 凌ling 费fei 纪ji 饶rao 包bao 管guan 穆mu \
柏bai 戚qi 滕teng 岑cen 毕bi 邬wu 卞bian 卜bu 湛zhan 祁qi 禹yu 狄di 贝bei 臧zang 伏fu 茅mao 庞pang 舒shu 屈qu 蓝lan 闵min \
季ji 娄lou 颜yan 刁diao 虞yu 昝zan 裘qiu 缪miao 宗zong 郁yu 吉ji 钮niu 嵇ji 邢xing 荣rong 翁weng 荀xun 惠hui 甄zhen 曲qu \
封feng 芮rui 储chu 靳jin 汲ji 糜mi 巫wu 牧mu 隗wei 谷gu 宓mi 郗xi 仲zhong 伊yi 宫gong 宁ning 仇qiu 栾luan 厉li 戎rong \
符fu 景jing 詹zhan 韶shao 郜gao 薄bo 蒲pu 邰tai 鄂e 索suo 卓zhuo 蔺lin 屠tu 蒙meng 池chi 胥xu 闻wen 莘shen 劳lao 逄pang \
姬ji 冉ran 雍yong 桑sang 桂gui 濮pu 扈hu 燕yan 冀ji 浦pu 尚shang 晏yan 瞿qu 慕mu 茹ru 艾ai 暨ji 衡heng 匡kuang 寇kou \
阙que 沃wo 隆long 巩gong 晁chao 勾gou 敖ao 冷leng 阚kan 简jian 沙sha 鞠ju 巢chao 荆jing 竺zhu 桓huan 佟tong 亢kang \
牟mou 佘she 谌chen 丛cong 苟gou 冼xian 麦mai 邝kuang 揭jie 粟su 隋sui 郎lang 亓qi 邸di 栗li 楚chu 迟chi 晋jin 苑yuan \
游you 项xiang";

/// Characters that are surnames, yet far more often stand for something else before a title.
const DOUBTFUL: &str = "向常文安于万古单关管方白高石江金马任游项简沙冷景池";

/// Surnames that given names end with as well (李华, 张林); hardly a given name ends with any other.
const GIVEN_TOO: &str = "华林江文梅龙荣安金石洪康宁凌燕雷童夏方武卓景蓝盛隆惠桂柳柏叶苗晋茹冉艾贝岳章辛易尚晏伊舒秦乔楚吉\
衡温柯颜桑郎苑牧谷仲韶闻麦栗鲁耿纪穆禹季宗郁封慕丛齐贺庄";

/// Words of two characters that end with a surname, or with what may follow one in a name, and stand before a title or a name
/// without being part of it: 任何老师, 上周王老师, 周六林老师.
pub(super) const WORDS: [&str; 91] = [
    "任何", "如何", "为何", "其余", "业余", "剩余", "多余", "每周", "上周", "本周", "这周", "那周",
    "下周", "一周", "两周", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "周天", "周末",
    "感谢", "谢谢", "致谢", "多谢", "红包", "书包", "收费", "学费", "课费", "免费", "付费", "交费",
    "收钱", "要钱", "给钱", "交钱", "花钱", "课程", "过程", "全程", "清楚", "允许", "也许", "分钟",
    "儿童", "女童", "高段", "低段", "中段", "学段", "时段", "阶段", "主任", "班任", "科任", "现任",
    "前任", "历任", "原任", "责任", "信任", "担任", "语文", "英文", "中文", "外文", "作文", "历史",
    "托管", "宿管", "主管", "分管", "不管", "有关", "相关", "机关", "校方", "对方", "由于", "关于",
    "对于", "至于", "属于", "位于", "经常", "非常", "名单",
];

/// The pinyin of a surname.
#[must_use]
pub(super) fn pinyin(surname: char) -> Option<&'static str> {
    SURNAMES
        .split_whitespace()
        .find(|entry| entry.starts_with(surname))
        .map(|entry| &entry[surname.len_utf8()..])
}

/// Whether it is a surname that is one wherever it stands before a name.
#[must_use]
pub(super) fn is_clear(c: char) -> bool {
    pinyin(c).is_some() && !DOUBTFUL.contains(c)
}

/// Whether it is a surname.
#[must_use]
pub(super) fn is_surname(c: char) -> bool {
    pinyin(c).is_some()
}

/// Whether it is a surname that ends given names as well.
#[must_use]
pub(super) fn is_given_too(c: char) -> bool {
    GIVEN_TOO.contains(c)
}

/// Whether these letters spell a surname.
#[must_use]
pub(super) fn is_pinyin(word: &str) -> bool {
    word.len() >= 2
        && SURNAMES
            .split_whitespace()
            .any(|entry| entry.trim_start_matches(|c: char| !c.is_ascii()) == word)
}
