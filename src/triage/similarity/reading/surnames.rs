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

/// Whether these letters spell a surname.
#[must_use]
pub(super) fn is_pinyin(word: &str) -> bool {
    word.len() >= 2
        && SURNAMES
            .split_whitespace()
            .any(|entry| entry.trim_start_matches(|c: char| !c.is_ascii()) == word)
}
