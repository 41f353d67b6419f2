//! Citizens' messages about invented estates, roads and firms, where no list knows the names: longer, with a title,
//! many about one place and each about another matter.

use super::words::{GIVEN, SURNAMES, TOWNS};
use super::{Chance, MINUTES_A_DAY, MadeTip, Pile, edit};

const PLACE: &str = "金瑞华盛景和鼎恒泰康宁嘉御翠澜锦绣禾润星河湖岸汇康桂芙蓉梧桐橡树云锦东方润德天元御景福临紫荆玫瑰";
const ENDS: [&str; 12] = [
    "小区",
    "花园",
    "苑",
    "公馆",
    "大道",
    "路",
    "新城",
    "有限公司",
    "学校",
    "中学",
    "小学",
    "幼儿园",
];

/// A matter: what titles call it, and clauses. `{p}` is the place, `{n}` a number of the incident, `{f}` a firm, `{m}`
/// a name.
struct Matter {
    titles: &'static [&'static str],
    clauses: &'static [&'static str],
}

const MATTERS: [Matter; 14] = [
    Matter {
        titles: &[
            "{p}夜间施工扰民",
            "{p}旁工地半夜还在施工",
            "请管一管{p}的施工噪声",
            "{p}工地噪声太大",
        ],
        clauses: &[
            "工地每天干到凌晨{n}点",
            "打桩机的声音隔着两层玻璃都听得见",
            "老人心脏不好整夜睡不着",
            "孩子要中考",
            "打了城管热线没有人来",
            "施工方是{f}",
            "夜里没有看到许可证",
            "渣土车一辆接一辆",
            "我们测过有{n}多分贝",
        ],
    },
    Matter {
        titles: &["{p}经常停水", "{p}水压太低", "{p}业主用水难", "{p}又停水了"],
        clauses: &[
            "这个月停水{n}次",
            "没有任何通知",
            "{n}楼以上晚上没有水",
            "物业说是管网的事",
            "自来水公司说是水箱的事",
            "热水器点不着",
            "高温天没法洗澡",
            "二次供水由{f}管着",
            "水是黄的",
        ],
    },
    Matter {
        titles: &[
            "{p}物业乱收费",
            "{p}物业不作为",
            "{p}物业费涨价不合理",
            "投诉{p}的物业{f}",
        ],
        clauses: &[
            "物业费每平米涨到{n}元",
            "电梯坏了{n}天没人修",
            "门禁形同虚设",
            "业主委员会一直成立不了",
            "{f}把公共收益装进自己口袋",
            "绿化带改成了车位",
            "不交钱就停电",
            "楼道里堆满杂物",
            "保安打了业主{m}",
        ],
    },
    Matter {
        titles: &[
            "{p}房产证迟迟办不下来",
            "{p}办证难",
            "{p}交房{n}年没有房产证",
            "何时能办{p}的不动产证",
        ],
        clauses: &[
            "交房已经{n}年",
            "开发商{f}欠缴土地款",
            "孩子上学要用证",
            "法人{m}已经联系不上",
            "办证大厅说资料不全",
            "契税和维修基金都交了",
            "共有{n}户业主",
            "银行催着要抵押",
            "当初承诺一年内办好",
        ],
    },
    Matter {
        titles: &[
            "{p}路面破损严重",
            "{p}坑坑洼洼何时能修",
            "请修一修{p}的路",
            "{p}积水出行难",
        ],
        clauses: &[
            "坑有半米深",
            "上个月摔了{n}个人",
            "下雨就成河",
            "大货车压坏的",
            "路灯也不亮",
            "修了又挖挖了又修",
            "承建的是{f}",
            "围挡占了半边路",
            "救护车都进不来",
        ],
    },
    Matter {
        titles: &[
            "{f}拖欠{p}项目工资",
            "{p}工地欠薪",
            "请帮我们要回{p}的血汗钱",
            "{p}包工头{m}拖欠农民工工资",
        ],
        clauses: &[
            "我们{n}个人干了三个月",
            "包工头{m}电话打不通",
            "总包{f}说钱已经付了",
            "劳动监察让我们等",
            "欠条写的是{n}万",
            "家里等着钱过年",
            "去年腊月就该结清",
            "工程早就完工了",
            "没有签合同",
        ],
    },
    Matter {
        titles: &[
            "{p}幼儿园收费太高",
            "{p}配套幼儿园收费合理吗",
            "{p}的幼儿园能不能转普惠",
            "建议{p}的幼儿园改成公办",
        ],
        clauses: &[
            "一个月要{n}元",
            "说是普惠园却按民办收",
            "小区配套应该是公办",
            "园方是{f}",
            "伙食费另算",
            "没有公示标准",
            "学位不够要摇号",
            "开发商当年宣传是公办园",
            "园长{m}说不满意可以走",
        ],
    },
    Matter {
        titles: &[
            "{p}违规补课",
            "{p}假期组织补课并收费",
            "举报{p}周末补课",
            "{p}强制学生补课",
        ],
        clauses: &[
            "周六周日都要上课",
            "每人收{n}元",
            "不去的要写申请",
            "教育局明令禁止",
            "说是家长自愿",
            "年级主任{m}在群里通知",
            "早上六点半到校",
            "钱交到家委会账上",
            "作业写到半夜",
        ],
    },
    Matter {
        titles: &[
            "{p}食堂饭菜质量差",
            "{p}学生吃坏肚子",
            "{p}食堂太贵",
            "请查{p}的食堂",
        ],
        clauses: &[
            "一餐{n}元只有两个菜",
            "菜里吃出钢丝球",
            "有{n}个孩子拉肚子",
            "食堂承包给了{f}",
            "不让带饭",
            "家长进不去看",
            "米饭发馊",
            "校长{m}说已经整改",
            "强制在校用餐",
        ],
    },
    Matter {
        titles: &[
            "{p}公交太少",
            "希望增开到{p}的公交",
            "{p}出行不便请加公交线",
            "{p}末班车太早",
        ],
        clauses: &[
            "要等{n}分钟",
            "末班车六点半就没了",
            "站牌离小区两公里",
            "高峰期挤不上去",
            "{n}路绕一大圈",
            "老人看病不方便",
            "住户已经有{n}户",
            "建议延长线路",
            "公交公司回复说在研究",
        ],
    },
    Matter {
        titles: &[
            "{p}楼下餐馆油烟扰民",
            "{p}门面油烟直排",
            "{p}烧烤摊太吵",
            "请取缔{p}的夜宵摊",
        ],
        clauses: &[
            "没有烟道直接往外排",
            "开窗就是油烟味",
            "营业到凌晨{n}点",
            "喝酒划拳吵得睡不着",
            "老板{m}态度很差",
            "环保来了就关走了又开",
            "衣服都不敢晾",
            "一共有{n}家店",
            "污水直接倒进下水道",
        ],
    },
    Matter {
        titles: &[
            "{p}开发商虚假宣传",
            "{p}房屋质量问题",
            "{p}精装房偷工减料",
            "{f}欺骗{p}业主",
        ],
        clauses: &[
            "说好的学校没有了",
            "墙体开裂漏水",
            "精装标准每平{n}元实际一半都不到",
            "样板间拆得很快",
            "合同里补了一条免责",
            "容积率偷偷改了",
            "业主{n}人联名",
            "销售{m}当时拍着胸脯保证",
            "{f}拒不见面",
        ],
    },
    Matter {
        titles: &[
            "{p}入学划片不合理",
            "{p}的孩子该上哪个学校",
            "{p}学区问题",
            "请公开{p}的学区划分",
        ],
        clauses: &[
            "离家{n}米的学校不让上",
            "要走{n}里路",
            "去年还是划在这边",
            "买房时开发商{f}承诺了学区",
            "片区内有{n}个适龄儿童",
            "没有听证",
            "教育局说学位饱和",
            "统筹到很远的地方",
            "招生老师{m}说明年再看",
        ],
    },
    Matter {
        titles: &[
            "{p}车位只卖不租",
            "{p}车位捆绑销售",
            "{p}停车难停车贵",
            "{p}地下车库不开放",
        ],
        clauses: &[
            "车位一个要{n}万",
            "不买就不给办手续",
            "地库空着一大半",
            "路边停车天天被贴条",
            "月租涨到{n}元",
            "人防车位也拿来卖",
            "{f}说产权是他们的",
            "充电桩不让装",
            "消防通道停满了车",
        ],
    },
];

const FILLERS: [&str; 24] = [
    "尊敬的领导,您好",
    "打扰您了",
    "我们是普通老百姓",
    "写这封信也是没有办法",
    "此前已经反映过多次",
    "得到的答复都是推诿",
    "希望能引起重视",
    "恳请有关部门核实",
    "盼望早日解决",
    "祝工作顺利",
    "附近的居民都可以作证",
    "我们愿意配合调查",
    "照片可以提供",
    "请不要再把信转给被投诉的单位",
    "网上也有很多人在说",
    "这关系到千家万户",
    "作为纳税人我很失望",
    "听说别的地方早就解决了",
    "政府的公信力在哪里",
    "希望这次不是石沉大海",
    "感谢您百忙之中看完",
    "具体情况如下",
    "还有一点要说明",
    "望尽快回复为盼",
];

struct Incident {
    number: u32,
    place: String,
    town: &'static str,
    matter: usize,
    firm: String,
    name: String,
    numbers: [usize; 2],
    /// What only those who were there can tell.
    details: Vec<String>,
    first_minute: i64,
}

/// `incidents` matters at invented places, in order of arrival.
#[must_use]
pub fn street_tips(seed: u64, incidents: usize) -> Vec<MadeTip> {
    let mut chance = Chance::new(seed);
    let mut pile = Pile::default();
    let mut before: Vec<Incident> = Vec::new();
    for number in 0..incidents {
        let mut new = incident(number, incidents, &mut chance);
        if !before.is_empty() && chance.percent(30) {
            // The same place, another matter: what neighbours write about is seldom one thing.
            let other = &before[chance.below(before.len())];
            new.place.clone_from(&other.place);
            new.town = other.town;
            if chance.percent(60) {
                new.firm.clone_from(&other.firm);
            }
            new.matter = (other.matter + 1 + chance.below(MATTERS.len() - 1)) % MATTERS.len();
            new.first_minute =
                other.first_minute + i64::try_from(chance.below(120 * 1440)).unwrap_or(0);
        }
        let count = [1, 1, 1, 1, 1, 1, 2, 2, 3, 4][chance.below(10)];
        let (mut minute, mut last) = (new.first_minute, None::<(String, String)>);
        for _ in 0..count {
            let (kind, (title, text)) = match last.take() {
                Some((title, text)) if chance.percent(30) => {
                    ("edited", (title, edit::slips(&text, 2, &mut chance)))
                }
                _ => ("para", message(&new, &mut chance)),
            };
            last = Some((title.clone(), text.clone()));
            let (tip, submitted) = (String::new(), String::new());
            pile.put(
                minute,
                MadeTip {
                    tip,
                    submitted,
                    title,
                    text,
                    incident: new.number,
                    campaign: None,
                    kind,
                    lang: "zh",
                },
            );
            minute +=
                i64::try_from([1, 1, 2, 5, 15, 40, 90][chance.below(7)] * 1440 + chance.below(900))
                    .unwrap_or(0);
        }
        before.push(new);
    }
    pile.in_order()
}

/// Length of the benchmark's tips, in characters.
const BENCH_CHARS: usize = 180;

/// An account of about 180 characters, each with particulars of its own.
#[must_use]
pub fn bench_tip(chance: &mut Chance) -> String {
    let incident = incident(0, 0, chance);
    let mut text = String::new();
    while text.chars().count() < BENCH_CHARS {
        text.push_str(&message(&incident, chance).1);
    }
    text.chars().take(BENCH_CHARS).collect()
}

fn name_of(chance: &mut Chance, letters: usize) -> String {
    (0..letters).map(|_| chance.letter(PLACE)).collect()
}

fn incident(number: usize, incidents: usize, chance: &mut Chance) -> Incident {
    let length = chance.within(2, 5);
    let town = chance.pick(&TOWNS);
    let details = chance.within(4, 14);
    Incident {
        number: u32::try_from(number).unwrap_or(0),
        place: format!("{}{}", name_of(chance, length), chance.pick(&ENDS)),
        town,
        matter: chance.below(MATTERS.len()),
        firm: format!("{}公司", name_of(chance, 3)),
        name: (0..3)
            .map(|at| chance.letter(if at == 0 { SURNAMES } else { GIVEN }))
            .collect(),
        numbers: [chance.within(2, 30), chance.within(30, 900)],
        details: (0..details).map(|_| term(chance)).collect(),
        first_minute: i64::try_from(chance.below(incidents / 2 + 60)).unwrap_or(0) * MINUTES_A_DAY,
    }
}

/// A clause of characters that seldom stand together: the particulars that real accounts are full of.
fn detail(chance: &mut Chance) -> String {
    let start = chance.pick(&[
        "后来",
        "当时",
        "其中",
        "据说",
        "旁边的",
        "因为",
        "到了",
        "结果",
        "而且",
        "原来的",
    ]);
    let length = chance.within(5, 14);
    let middle: String = (0..length).map(|_| chance.letter(COMMON)).collect();
    format!("{start}{middle}")
}

/// A word that only accounts of one incident have.
fn term(chance: &mut Chance) -> String {
    (0..chance.within(2, 5))
        .map(|_| chance.letter(COMMON))
        .collect()
}

/// A clause of one's own around a word that others use too.
fn around(term: &str, chance: &mut Chance) -> String {
    let part = |chance: &mut Chance| -> String {
        (0..chance.within(1, 6))
            .map(|_| chance.letter(COMMON))
            .collect()
    };
    let before = part(chance);
    format!("{before}{term}{}", part(chance))
}

/// Common characters, for particulars.
const COMMON: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运";

fn message(incident: &Incident, chance: &mut Chance) -> (String, String) {
    let matter = &MATTERS[incident.matter];
    let town = if chance.percent(60) {
        incident.town
    } else {
        ""
    };
    let title = format!("{town}{}", chance.pick(matter.titles));
    let mut clauses = vec!["{p}"; usize::from(chance.percent(85))];
    let count = chance.within(2, 6);
    clauses.extend(chance.some(matter.clauses, count));
    let details: Vec<&str> = incident.details.iter().map(String::as_str).collect();
    let own = chance.within(1, details.len());
    let own = chance.some(&details, own);
    let own: Vec<String> = own.into_iter().map(|term| around(term, chance)).collect();
    clauses.extend(own.iter().map(String::as_str));
    let private: Vec<String> = (0..chance.within(2, 16)).map(|_| detail(chance)).collect();
    clauses.extend(private.iter().map(String::as_str));
    let fillers = chance.within(1, 6);
    clauses.extend(chance.some(&FILLERS, fillers));
    let all = clauses.len();
    let mut text = String::new();
    for clause in chance.some(&clauses, all) {
        text.push_str(clause);
        text.push_str(chance.pick(&[",", ",", "。", "!"]));
    }
    (
        fill(&title, incident, chance),
        fill(&text, incident, chance),
    )
}

fn fill(text: &str, incident: &Incident, chance: &mut Chance) -> String {
    let number = incident.numbers[chance.below(2)].to_string();
    text.replace("{p}", &incident.place)
        .replace("{f}", &incident.firm)
        .replace("{m}", &incident.name)
        .replace("{n}", &number)
}
