//! Words around names: surnames, titles, what follows a name and what a name may be besides. All as [folded](super::fold_letter).

use std::collections::HashSet;
use std::sync::LazyLock;

type Words = LazyLock<HashSet<&'static str>>;

fn words(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

fn letters(list: &'static str) -> HashSet<char> {
    list.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Surnames of one letter.
pub(super) static SURNAMES: LazyLock<HashSet<char>> = LazyLock::new(|| {
    letters(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石\
        金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪辛柯庄温鲁葛阎殷章倪牛樊梅童伍鲍尤翟\
        左安齐聂欧涂祝岳柳骆关俞申华裴苗阮甘焦柴盛霍单古耿凌费纪饶包管穆柏戚滕岑毕邬卞卜湛祁禹狄贝臧伏茅庞舒屈蓝闵季娄颜刁虞昝裘缪宗郁吉钮\
        嵇邢荣翁荀惠甄曲封芮储靳汲糜巫牧隗谷宓郗仲伊宫宁仇栾厉戎符景詹韶郜薄蒲邰鄂索卓蔺屠蒙池胥闻莘劳逄姬冉雍桑桂濮扈燕冀浦尚晏瞿慕茹艾\
        暨衡匡寇阙沃隆巩晁勾敖冷阚简沙鞠巢荆竺桓佟亢牟佘谌丛苟冼麦邝揭粟隋郎亓邸栗楚迟晋苑游项商苗阎解查区盖朴乐员种应车束容路花强支水阳时",
    )
});

/// Surnames of two letters.
pub(super) const COMPOUND: &str = "欧阳 司马 上官 诸葛 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 司空 东方 夏侯 南宫 独孤 百里 轩辕 端木 西门 东郭 呼延 钟离 万俟 \
赫连 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 鲜于 闾丘 拓跋 闻人 梁丘 左丘 东门 南门 第五";

/// Letters before which a surname of two letters may end and no surname begin: 公司马…, 山东方….
pub(super) const BEFORE_COMPOUND: &str = "公山广河上打令官团门关江";

/// What people are called after their names.
pub(super) const TITLES: &str = "老师 教师 主任 校长 园长 局长 副局长 副校长 副主任 副科长 副股长 科长 股长 处长 部长 院长 所长 组长 队长 站长 书记 干事 科员 \
会计 出纳 司机 班主任 教练 教导 教导主任 年级组长 督学 同志 先生 女士 小姐 阿姨 大姐 大哥 本人 夫妇 夫妻 两口子 同学 家长 领导 laoshi 这个人 这人 其人 这位 这种人 一家";

/// Longest of [`TITLES`], in letters.
pub(super) const TITLE_MAX: usize = 6;

static TITLE_SET: Words = LazyLock::new(|| words(TITLES));

/// Whether a title begins here, and how many letters it has.
pub(super) fn title_at(letters: &[char]) -> Option<usize> {
    let longest = letters.len().min(TITLE_MAX);
    (2..=longest).rev().find(|length| {
        let word: String = letters[..*length].iter().collect();
        TITLE_SET.contains(word.as_str())
    })
}

/// Words that follow a name and begin with a letter that given names have too.
static FOLLOWING: Words = LazyLock::new(|| {
    words(
        "利用 平时 明知 明确 明明 明目 明天 今天 天天 强迫 强行 强制 强拉 强烈 经常 常常 常年 安排 组织 公开 公然 正在 正是 正好 长期 长年 多次 多年 立即 立刻 \
        家长 家里 家中 家属 家住 家的 文化 英语 语文 数学 美术 音乐 体育 思想 光明 华东 国庆 春节 春季 秋季 冬季 夏天 春天 秋天 冬天 元旦 新学 新来 新生 新年 新任 \
        德育 学生 学校 学习 永远 玉米 真是 真的 真不 可以 可能 可是 可谓 成立 成为 成天 成了 志愿 海口 山上 云南 龙年 宝宝 清楚 清明 东西 贵族 荣获 荣誉 伟大 勇敢 \
        静静 亲自 亲戚 亲口 良心 良知 善于 信用 信息 信口 义务 仁义 忠告 理应 理所 理由 理直 理会 理论 卫生 建议 建群 建立 建了 建微 振振 超过 超时 超出 超级 超标 \
        飞快 飞扬 胜任 胜过 中午 中学 中考 中心 中途 中秋 初中 初一 初二 初三 高中 高一 高二 高三 高价 高考 高额 小学 大学 大量 大肆 大声 大概 大约 大骂 大额 大班 \
        红包 红着 雪天 月底 月初 月月 月薪 年前 年底 年初 年年 年级 生日 生活 生病 生气 心理 心里 心情 心黑 喜欢 喜好 乐于 欣然 思路 思维 洋洋 晚上 晚自 晚托 晚间 \
        晨读 晨会 朝着 阳光 雨天 露天 波及 涛涛 松手 柏油 林场 森林 楠木 梅花 兰花 菊花 竹子 莲花 玲珑 珍惜 珍贵 宝贵 金额 金钱 银行 钢琴 铁青 铭记 锋利 \
        全部 全年 全班 全校 全体 全程 全家 全权 全都 全然 先后 先收 先是 先前 先让 生前 会同 会上 会说 会让 会在 会给 会把 会对 会向 会收 会打 会骂 和他 和她 和其 \
        佳节 仪式 依然 依旧 依仗 依靠 依据 依法 依次 倚仗 俊俏 保护 保证 保持 保留 传播 传授 传言 达到 达成 达标 进行 进入 进而 进校 远在 远超 远近 运用 运作 通过 通知 通常 \
        道德 道歉 选择 选用 迎合 近期 近日 近年 近几 近两 近三 宣传 宣布 宣称 定期 定时 定价 定点 定下 宽松 宏大 实际 实在 实施 实名 实行 家教 容忍 富有 \
        根本 根据 格外 桂花 梦想 权力 极其 极为 极度 极力 果然 果真 杰出 来自 来到 来我 来校 来收 来家 帆船 希望 常态 常去 常在 常说 常常 常来 康复 庆祝 \
        彬彬 影响 彩排 必须 必要 怀疑 怡然 恒久 恩师 惠及 慧眼 慈善 敏感 敬请 敬业 教学 教育 教室 教书 教材 教英 教语 教数 教我 教他 教孩 教了 旭日 昌盛 昊天 春游 \
        星期 晓得 景象 智力 曼妙 有时 有意 有人 有个 有权 有收 有关 有违 有一 有两 有在 有没 有些 有钱 朋友 朗读 望着 望您 望能 望有 望上 武断 武力 水平 永久 江湖 沛县 \
        法律 法院 泽被 洁身 浩大 海外 海量 涵盖 淑女 深夜 深知 深受 清晨 清白 清早 清高 源自 源于 满口 满意 满足 满脸 潇洒 炎热 然后 然而 熙熙 燕子 爱好 爱人 爱财 爱钱 \
        爽快 琪琪 琳琅 瑞雪 璐璐 甜言 申请 申报 画室 画画 直接 直到 直至 真实 真心 睿智 祥和 福利 秀气 科任 科学 科目 秋后 程度 稳定 童年 竞赛 笑着 素质 素来 纯粹 纯属 \
        纪律 经济 经营 经查 经过 经手 经人 经核 继续 维护 维持 罗列 美名 美其 群里 群发 翔实 耀眼 育人 胜利 至今 至少 至于 舒服 艺术 艺考 芳名 芳龄 苗头 若干 若不 若有 \
        英文 茂盛 荣幸 莉莉 虎视 行为 行贿 行政 裕华 西装 观念 言行 言语 言辞 言而 诗歌 诚信 诚实 语言 语气 贤惠 贵重 超前 路上 路过 跃跃 轩然 辉煌 迅速 逸夫 都是 都在 \
        重要 重复 重男 钧鉴 锐减 镇上 镇里 镇中 长时 长得 长达 长大 阅卷 阳台 陆续 隆重 雅思 雨后 雪上 霞光 露出 青年 青春 静坐 韵律 顺便 顺利 顺手 领导 领着 领取 颖悟 风评 \
        风气 飘飘 香烟 馨香 骄傲 骏马 鸣笛 鹏程 麟凤 龙头 一直 一次 一再 一人 一边 一个 一家 一年 一学 一周 一对 一手 一贯 一向 一天 一位 一名 一样 一事 一些 一起 一并 一到 一下 一看 一听 一说 一气 一怒 一共",
    )
});

/// Whether one of these words begins here.
pub(super) fn follows(letters: &[char]) -> bool {
    letters.len() >= 2 && {
        let word: String = letters[..2].iter().collect();
        FOLLOWING.contains(word.as_str())
    }
}

/// Letters that given names end with. Behind a whole name of two letters one of them may be its third.
pub(super) static GIVEN: LazyLock<HashSet<char>> = LazyLock::new(|| {
    letters(
        "芳丽娟娜英华玲霞艳红梅兰敏静慧琴珍莉萍燕婷雪琳倩洁蓉颖晶莹瑶璐妍欣怡婧琪薇蕾菲伟强军勇杰涛超磊刚辉鹏飞峰斌浩波凯鑫俊宇轩明亮平建国\
        志文武德民生龙海山川江河云雨雷风林森松柏春夏秋冬东西南北中金银玉宝珠福禄寿喜康宁安全成功利达发财贵荣光宗耀祖孝义仁礼智信忠良善美真诚正直\
        清秀淑贤惠雅芬菊香莲花月星晨阳旭昊天博翰哲思远航翔宏伟坤乾元亨贞祥瑞吉庆丰盛昌隆兴旺永恒久长青新立维守学家兵奇琦彤丹露晓舒悦乐雯雅萌甜琼璇\
        玥悠然子梓涵萱予诺语诗词歌心意念梦若如依可馨岚茜薇芸苗苑芮芝芷荷莎莺菁蓓蕙薰虹蝶裕衡训诚谦谨豪贤赫超越跃路轶迪逸遥道郁鉴钧铭锋锐锦镇闻\
        阔陆雄震霖霆韵顺颂飏驰骏骁骞鸣鸿鹤麒麟黎鼎齐佳依俐倩健儒先克凌凡凤力加励勤勋化卓南卫印厚友双叶合同名向君启和咏品哲善嘉园圆圣坚培城堂境士壮声\
        夫奎奕如妙姣姿娅娇媛媚嫣存季宁守宏宗官定宜宝实宣容富寒寿尚尧峻崇川州巍帅帆希帼常广庆庭延弘彦彩彬影律微必怀恒恩悟情惜惟愉愿慈懿成才扬承拓振\
        捷撷政敬文斐方旋旗日旺时昕易春是显晋晗晟景晴智暄暖曙曦曼有朋朔朗望木本杉权杭果枫柔柯柳柱标栋树根桂桃桐桥梁梧棋棠楚楠榕槐樱横欢步武毅毓水沁沐沙\
        沛法泉泓泰泽洋洪津洲流济浓涌润淇淞渊渝温湘源溪滔满漫澄澜瀚灵灿炎炜炫炳烁烈烨焕然煜照熙熠爱爽牧特献玄率王玮玫环玺珂珊珏珞珮班理琛琨琬瑜瑾璞\
        甫用田申男畅略白皓盈益盼眉真石砚硕碧社禹科程稳穆童竹笑策简粒素纪纯纲绍经维绮绢绪继缘罡羽群翠翼老耕聪肖育胜至致舟良艺节芃",
    )
});

/// Those of them that hardly ever stand for a word of their own.
pub(super) static GIVEN_ONLY: LazyLock<HashSet<char>> = LazyLock::new(|| {
    letters(
        "芳丽娟娜玲燕婷琳倩洁蓉颖莹瑶璐妍怡婧琪薇蕾萍莉琴斌鑫轩旭坤琦彤雯萌琼璇玥梓涵萱馨岚茜芸芮芷莎菁蓓蕙霖麟俐媛嫣彬晗晟楠榕泓炜炫焕玮珂珊琛瑾磊鹏凯",
    )
});

/// Letters that stand after a name and are part of none: what people do, and little words.
pub(super) static AFTER: LazyLock<HashSet<char>> = LazyLock::new(|| {
    letters(
        "在于的是和与跟及或同对把被给让叫要收拿打骂罚说讲问答办默纵向送开去来到从往为以因由就也都又还才却将已曾会能不没无未每我你他她它们这那其此该了着过得地吗\
        呢吧啊做干吃喝卖买推拉踢抓扯掐带教当任职退辞换调请找带用有很太最更并且但而则即再逼催骗索吞贪污占借欠赌嫖住坐站走跑写看听想知认承否威恐吓辱侮殴欺虐待违规\
        擅私竟另等者某课补班级校局科股组系部所院室组群号个位名年月日时点元周晚早上下左右里外前后间内第副女男身作父母妻丈儿孩老小大",
    )
});

/// Whether what stands here can follow a whole name: no letter, or one of those.
pub(super) fn is_after(letters: &[char]) -> bool {
    letters.first().is_none_or(|c| AFTER.contains(c))
        || title_at(letters).is_some()
        || follows(letters)
}

/// Words that end with a surname, before which no name begins: 国王, 提高, 大江.
pub(super) static ENDING: Words = LazyLock::new(|| {
    words(
        "国王 大王 女王 帝王 霸王 天王 君王 魔王 称王 猴王 龙王 鸽王 桃李 行李 夸张 紧张 主张 慌张 开张 一张 两张 三张 几张 每张 嚣张 扩张 白杨 金黄 土黄 泛黄 橙黄 蛋黄 扫黄 四周 每周 上周 \
        下周 本周 一周 两周 三周 这周 那周 圆周 子孙 儿孙 公孙 木马 骑马 罗马 上马 下马 人马 白马 黑马 车马 号码 干马 兵马 斑马 出马 犬马 如何 任何 为何 几何 奈何 树林 森林 园林 园林 竹林 \
        提高 升高 很高 更高 最高 太高 身高 较高 不高 过高 抬高 拔高 增高 崇高 海高 栋梁 桥梁 脊梁 感谢 谢谢 多谢 致谢 答谢 酬谢 允许 也许 或许 不许 少许 准许 期许 兴许 不曾 未曾 何曾 农田 \
        良田 种田 油田 其余 业余 多余 剩余 课余 结余 富余 由于 关于 对于 至于 属于 位于 等于 处于 终于 基于 鉴于 敢于 勇于 善于 用于 在于 出于 大于 小于 低于 高于 介于 源于 便于 忠于 \
        枝叶 树叶 茶叶 落叶 课程 过程 全程 工程 章程 日程 路程 进程 议程 行程 复苏 江苏 园丁 壮丁 主任 责任 信任 担任 现任 前任 历任 原任 胜任 班任 科任 放任 重任 离任 上任 就任 委任 时钟 \
        分钟 闹钟 敲钟 大陆 登陆 着陆 模范 师范 规范 示范 防范 典范 石石 化石 岩石 钻石 现金 资金 基金 奖金 押金 罚金 租金 黄金 公积金 定金 美金 违约金 酬金 佣金 保证金 重金 淘金 华夏 \
        初夏 支付 交付 对付 应付 偿付 托付 给付 预付 师傅 地方 对方 校方 官方 警方 双方 多方 各方 东方 南方 西方 北方 远方 前方 平方 大方 药方 处方 一方 男方 女方 家方 立方 比方 白白 表白 \
        明白 坦白 空白 雪白 清白 漂白 黑白 江江 长江 珠江 大江 松江 一段 阶段 手段 片段 地段 时段 学段 分段 两段 惊雷 打雷 地雷 合龙 沙龙 恐龙 水龙 舞龙 历史 羽毛 鸿毛 眉毛 毫毛 三毛 五毛 \
        顾顾 照顾 回顾 不顾 兼顾 光顾 主顾 一万 两万 三万 五万 十万 百万 千万 上万 几万 动武 威武 英武 收钱 要钱 给钱 交钱 花钱 价钱 金钱 赚钱 捞钱 多少钱 零钱 本钱 要钱 骗钱 严严 威严 庄严 尊严 森严 戒严 \
        方向 倾向 导向 走向 定向 一向 趋向 意向 面向 志向 经常 非常 日常 正常 平常 通常 常常 异常 反常 时常 照常 往常 家常 健康 小康 安康 容易 交易 简易 贸易 轻易 平易 语文 作文 英文 中文 外文 \
        课文 散文 论文 公文 正文 原文 措施 实施 设施 村庄 端庄 气温 体温 保温 高温 低温 文章 规章 印章 公章 盖章 违章 勋章 黄牛 吹牛 水牛 儿童 学童 女童 男童 安安 食安 公安 治安 保安 平安 \
        不安 早安 晚安 西安 整齐 对齐 看齐 补齐 庆祝 机关 有关 相关 无关 海关 公关 把关 攸关 开关 清华 精华 繁华 才华 豪华 中华 年华 麦苗 树苗 疫苗 火苗 旺盛 茂盛 简单 名单 账单 菜单 \
        成单 清单 订单 收费 学费 课费 免费 付费 交费 经费 缴费 浪费 消费 自费 公费 餐费 红包 书包 钱包 面包 承包 背包 打包 接管 不管 尽管 主管 分管 托管 监管 宿管 保管 看管 城管 吸管 \
        松柏 完毕 毕毕 埋伏 宝贝 四季 一季 花季 旺季 忧郁 光荣 繁荣 虚荣 恩惠 优惠 实惠 歌曲 弯曲 信封 密封 查封 山谷 稻谷 报仇 记仇 复仇 安宁 列宁 南宁 辽宁 符符 相符 不符 背景 情景 风景 前景 \
        高景 单薄 探索 勒索 摸索 线索 搜索 新闻 丑闻 传闻 见闻 绯闻 勤劳 疲劳 操劳 代劳 高尚 时尚 风尚 崇尚 羡慕 爱慕 平衡 均衡 兴隆 寒冷 冰冷 制冷 书简 精简 从简 泥沙 小麦 燕麦 清楚 苦楚 \
        延迟 推迟 上网游 旅游 郊游 春游 秋游 导游 网游 项项 事项 款项 选项 各项 一项 两项 多项 此项 单项 强项 智商 经商 招商 协商 电商 了解 理解 讲解 调解 解解 谅解 分解 见解 检查 调查 核查 抽查 \
        清查 审查 考查 督查 彻查 严查 巡查 地区 小区 社区 城区 校区 片区 景区 掩盖 覆盖 快乐 音乐 娱乐 官员 学员 人员 成员 党员 教员 职员 店员 科员 各种 这种 那种 一种 多种 某种 播种 \
        品种 反应 适应 响应 供应 答应 效应 骑车 开车 坐车 停车 校车 豪车 公车 私家车 停车 客车 汽车 结束 约束 内容 形容 容容 美容 面容 公路 道路 马路 走路 线路 一路 铁路 思路 网路 开花 鲜花 \
        棉花 雪花 坚强 加强 勉强 顽强 增强 富强 支支 开支 收支 一支 喝水 薪水 墨水 口水 泪水 汗水 油水 太阳 阳阳 及时 小时 按时 平时 当时 同时 有时 课时 学时 这时 那时 随时 临时 准时 何时 \
        顿时 暂时 届时 超时 老舍 房舍 宿舍 校舍",
    )
});

/// Names that are words besides, most as they are, some of them only as long as nothing says that a person is meant.
pub(super) static WORDS: Words = LazyLock::new(|| {
    words(
        "安全 高兴 马上 成功 方圆 江山 石头 文明 常青 安静 安心 安宁 安康 安定 安然 安排 安装 平安 和平 平静 高洁 高明 高远 高尚 高大 高山 高峰 高原 高超 高考 高中 高一 高二 高三 高低 高手 \
        高度 高级 高价 高额 高温 成立 成就 成长 成果 成绩 成员 成年 成本 成为 成绩 方向 方正 方法 方便 方式 方面 方针 方案 方言 方块 向阳 向前 向上 向往 向来 时光 时新 时间 时候 时代 时常 时时 \
        时刻 时髦 文静 文化 文采 文章 文字 文件 文学 文艺 文武 文科 文凭 文雅 强大 强迫 强烈 强调 强行 强化 强项 严明 严肃 严谨 严格 严重 严厉 严禁 严查 严惩 金星 金秋 金额 金钱 金融 金属 金牌 \
        金华 石林 石油 石材 明亮 明星 明白 明天 明显 明年 明确 明月 于是 万里 万千 万一 万元 万物 万能 万分 万事 常常 常年 常规 常识 常用 常务 常见 常态 白雪 白云 白天 白板 白色 白白 白酒 花园 花朵 \
        花钱 花费 花样 花红 花生 路边 路过 路上 路口 路程 路线 路费 雷雨 雷达 雷锋 江河 江南 江北 江西 江苏 江湖 江水 水平 水仙 水果 水费 水泥 水库 田野 田园 田地 田径 关系 关键 关心 关注 关于 关爱 \
        关照 关怀 关闭 温暖 温和 温柔 温度 温习 温馨 温泉 包容 包涵 包括 包庇 包装 包车 祝愿 祝贺 祝福 祝您 康健 康乐 康复 喜悦 乐观 乐意 乐于 乐器 简单 简明 简洁 简直 简历 简称 宁静 宁愿 宁可 党员 \
        古典 古怪 古代 古诗 古文 车站 车子 车费 车辆 车间 焦急 焦点 焦虑 左右 章程 章节 武术 武力 武器 国庆 国家 国际 陆续 陆地 程度 程序 元旦 顾问 顾客 顾虑 毛巾 毛笔 毛病 段落 施工 施教 施压 孔子 \
        经常 解放 解答 解决 解释 解散 解除 应用 应当 应该 应付 应聘 应届 符合 费用 费力 费心 许多 许可 华丽 华夏 华人 华语 季节 季度 牛肉 牛奶 牛年 年轻 年级 年度 年年 舒服 舒畅 连忙 连续 连累 单位 \
        单独 单纯 单一 单元 单亲 全部 全体 全面 全校 全班 全年 全程 全家 全额 师傅 师范 师德 师生 游戏 游泳 游玩 商量 商业 商店 商场 商品 阳光 阳台 燕子 巩固 边界 边防 习惯 习题 容易 容忍 容貌 周一 \
        周二 周三 周四 周五 周六 周日 周末 周边 周围 周期 周年 周岁 周密 周到 池塘 池子 冷静 冷漠 冷淡 冷暴 冷水 冷饭 冷落 沙子 沙发 沙龙 尚未 尚且 尚可 查处 查实 查明 查看 查封 查清 查询 查找 \
        区别 区域 区教 员工 种种 种类 种植 项目 项链 项款 支付 支持 支部 支出 支教 束手 束缚 易懂 易怒 易拉 向导 向学 任何 任职 任课 任教 任务 任意 任性 任命 任期 何时 何处 何况 何必 何以 何种 何地 余下 \
        余额 余生 余地 计划 计算 计较 包子 黄金 黄色 黄昏 黄河 黄牛 黄山 马路 马虎 马桶 马甲 马车 马年 白杨 丁香 石榴 杨柳 杨树 杨梅 梅花 桂花 桂林 荷花 兰花 苗条 苗木 柳树 童年 童话 童心 童真 童装 \
        龙舟 龙门 龙头 龙年 龙虾 熊猫 侯门 公平 公正 公开 公道 公安 和气 和谐 和睦 和善 和蔼 光明 光荣 光彩 荣誉 荣幸 荣光 富强 富贵 富裕 健康 健美 健身 英雄 英语 英明 英勇 英俊 红军 红旗 红星 红梅 \
        东风 东方 春天 春风 春雨 春光 春晓 春节 秋天 秋水 秋月 夏天 夏日 夏雨 夏季 冬天 冬梅 冬雪 雪花 雪梅 晨光 晨曦 朝阳 朝霞 星星 星光 月亮 月光 云彩 云海 海洋 海燕 海龙 海涛 山川 山峰 山林 \
        美丽 美好 美满 美女 美国 幸福 吉祥 吉利 如意 顺利 顺心 顺风 友好 友爱 友谊 善良 善意 诚实 诚信 诚恳 真诚 真实 真心 忠诚 忠实 勇敢 勇气 勇于 坚强 坚定 坚持 坚决 勤劳 勤奋 勤俭 朴素 朴实 \
        智慧 聪明 聪慧 思想 思考 思维 理想 理由 理解 进步 进取 前进 前程 胜利 胜任 凯旋 凯歌 建设 建国 建军 建议 建立 爱国 爱民 爱军 为民 利民 利益 利用 利息 新民 新华 新年 新闻 开心 开明 开朗 \
        达到 达成 达标 万分 多多 晴天 晴朗 天真 天明 天亮 天气 乐天 知足 知名 知识 若干 如果 如何 如实 毕业 毕竟 冉冉 欧洲 欧元 盛大 盛夏 盛开 甘心 甘愿 甘肃 辛苦 辛勤 辛辣 苏醒 苏州 苏联 林场 林业 林地 \
        林立 郎君 乔木 乔迁 谷子 谷雨 谢谢 谢意 谢绝 谢师 麦子 麦田 席位 管理 管教 管住 管控 管用 管家 管制 蒙骗 蒙蔽 蒙古 巫师 牧羊 牧民 屠夫 屠杀 贺卡 贺礼 贺词 戴着 戴上 戴罪 充分 充满",
    )
});

/// Given names of one letter that are little words or numbers: with them even a surname is no name by itself.
pub(super) const LITTLE: &str = "一二三四五六七八九十百千万大小上下中多少个的了是不在人来去天年月日时分元点里外前后就要会能到说可没有无为和与或之";

/// What is counted or dated: behind a number that is a given name it says that no name stands there.
pub(super) const COUNTED: &str = "元块个次年月日天点分名位人百千万十张份本斤条件班楼中";

/// Labels after which a person is named.
pub(super) const LABELS: &str = "被举报人 被投诉人 被反映人 举报对象 涉事人员 当事人 姓名 名叫 名字叫 叫做 叫 叫作 举报 检举 控告 投诉 反映 揭发 实名举报 我要举报 老师叫 他叫 她叫 老师是 一个叫";

/// What people do: behind a name that is a word it says that a person is meant.
pub(super) const DEEDS: &str = "收了 收受 收礼 收钱 收取家长 收红包 收家长 收学生 收我 打了 打骂 打人 打学生 打孩子 骂了 骂学生 骂孩子 骂人 体罚 威胁 逼迫 逼家长 逼学生 逼我 \
私下 私自 索要 索取 索贿 吃拿 受贿 贪污 贪了 接受家长 接受吃请 利用职 在家补 在家办 在家里 在家开 在外补 在外办 在校外 办补习 办了 开补习 开了 推销 拿了 吃了 喝了 说了 说我 说他 说她 让家长 让学生 让我 \
叫家长 叫学生 叫我 找家长 找了 向家长 向学生 补课收 违规 乱收 经手 强迫 强制 包庇 侵吞 挪用 虚报 辱骂 侮辱 殴打 猥亵 骚扰";

/// Words that describe doing and stand before it: 马上收钱 is no person's deed, 马上收了钱 may be.
pub(super) const ADVERBS: &str = "马上 经常 常常 时常 时时 当然 全部 连忙 连续 陆续 向来 白白 任意 简直 毕竟 尚未 公开 公然 单独 强行 坚决 如何 如实 明明 严厉 万一 于是 何时 周末 周一 周二 周三 \
周四 周五 周六 周日 明天 国庆 元旦 夏天 冬天 春天 秋天 春节 明年 常年 全年 关于 任何 应该 应当 高三 高二 高一 高中 全校 全班 全体 年级 单位 员工 师傅 国家";

/// English words, and places, that are also syllables of names: in an English account "he ran" is no name.
pub(super) static ENGLISH: Words = LazyLock::new(|| {
    words(
        "a an ban bang can den die fan fun gang gun hang he hen her hi i in lie long lung ma man me men mi mine no on pan pang pen pin ping ran rang run sang see she song \
        sun sung tan ten tie to tong too wan you change dance manage range chance hunan henan hainan yunnan jinan dalian beijing nanjing shanghai wuhan xian tianjin lanzhou \
        hangzhou suzhou wenzhou shenzhen changsha fuzhou guangzhou taiwan anhui hubei hebei jiangxi jiangsu shanxi shaanxi sichuan gansu guizhou qinghai xinjiang ningxia china \
        tanning danger canada panda linger binge ginger mango tango lingo bingo banana human woman hanging tangent lined panting",
    )
});

/// Other bureaus, and words that end like them: a title behind these is not of this office.
pub(super) const OTHER_BUREAUS: &str = "公安 警察 财政 税务 国税 地税 卫健 卫生 健康 市监 监管 监督 民政 人社 社保 劳动 人事 司法 交通 运输 住建 建设 城管 执法 水利 水务 农业 农村 林业 \
环保 环境 资源 国土 审计 统计 文旅 文化 广电 旅游 气象 邮政 电力 供电 烟草 医保 保障 应急 消防 信访 档案 发改 工信 商务 粮食 房管 规划 监察 供销 药监 质监 安监 计生 招商 干部 事务 审批 \
数据 金融 铁路 公路 海关 物价 盐业 电信 水电 体育总 饭 牌 当 结 全 布 大 开 骗 僵 定 败 残 时 政 赌 棋";
