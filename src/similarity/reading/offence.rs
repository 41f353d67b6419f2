//! What kind of wrong a tip tells of, by the words of the field.

use mifeng_names::Folded;
use mifeng_sealing::tip::Category;

/// A kind of wrong: the bit it has in a sketch is its place here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offence {
    /// Paid tutoring.
    Tutoring,
    /// Gifts and money.
    Gifts,
    /// Fees and selling.
    Fees,
    /// Harm to a child by a teacher.
    Harm,
    /// Canteen and meals.
    Food,
    /// Exams and enrolment.
    Enrolment,
    /// Wages and treatment of staff.
    Staff,
    /// Timetable, homework and holidays.
    Timetable,
    /// Sexual misconduct.
    Indecency,
    /// Bullying among pupils.
    Bullying,
    /// Buildings, buses, safety.
    Safety,
}

impl Offence {
    /// Every kind, in the order of their bits.
    pub const ALL: [Self; 11] = [
        Self::Tutoring,
        Self::Gifts,
        Self::Fees,
        Self::Harm,
        Self::Food,
        Self::Enrolment,
        Self::Staff,
        Self::Timetable,
        Self::Indecency,
        Self::Bullying,
        Self::Safety,
    ];

    /// The end of the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Tutoring => "tutoring",
            Self::Gifts => "gifts",
            Self::Fees => "fees",
            Self::Harm => "harm",
            Self::Food => "food",
            Self::Enrolment => "enrolment",
            Self::Staff => "staff",
            Self::Timetable => "timetable",
            Self::Indecency => "indecency",
            Self::Bullying => "bullying",
            Self::Safety => "safety",
        }
    }
}

/// Words of each kind, in both languages. Folded: lower case, simplified.
const WORDS: [(Offence, &[&str]); 11] = [
    (
        Offence::Tutoring,
        &[
            "补课",
            "补习",
            "辅导班",
            "培训班",
            "校外辅导",
            "课后辅导",
            "家教",
            "补课班",
            "晚辅",
            "托管",
            "课上不讲",
            "留到",
            "小课",
            "私教",
            "tutor",
            "extra class",
            "extra lesson",
            "private class",
            "private lesson",
            "cram",
        ],
    ),
    (
        Offence::Gifts,
        &[
            "送礼",
            "收礼",
            "红包",
            "礼品",
            "礼金",
            "购物卡",
            "请客",
            "吃请",
            "烟酒",
            "受贿",
            "收受",
            "凑钱买",
            "礼物",
            "宴请",
            "红苞",
            "gift",
            "bribe",
            "red envelope",
            "present",
            "shopping card",
            "banquet",
        ],
    ),
    (
        Offence::Fees,
        &[
            "乱收费",
            "不交",
            "要交",
            "交钱",
            "收钱",
            "违规收费",
            "收费",
            "班费",
            "资料费",
            "校服费",
            "订资料",
            "教辅",
            "不开发票",
            "发票",
            "强制购买",
            "保险",
            "收据",
            "fee",
            "charges",
            "charged",
            "receipt",
            "invoice",
        ],
    ),
    (
        Offence::Harm,
        &[
            "体罚",
            "打孩子",
            "打学生",
            "殴打",
            "扇",
            "耳光",
            "打手",
            "手心",
            "罚站",
            "罚跪",
            "跪",
            "辱骂",
            "骂学生",
            "踢",
            "巴掌",
            "变相体罚",
            "掐",
            "揪",
            "hit ",
            "hits",
            "beat",
            "slap",
            "bruise",
            "kneel",
            "corporal",
            "punish",
            "insult",
            "humiliat",
        ],
    ),
    (
        Offence::Food,
        &[
            "食堂",
            "饭菜",
            "伙食",
            "餐费",
            "饭费",
            "冻肉",
            "变质",
            "拉肚子",
            "食物中毒",
            "午餐",
            "营养餐",
            "canteen",
            "cafeteria",
            "meal",
            "lunch",
            "food",
            "stomach",
        ],
    ),
    (
        Offence::Enrolment,
        &[
            "招生",
            "入学",
            "学位",
            "学区",
            "择校",
            "分班",
            "作弊",
            "泄题",
            "考试",
            "录取",
            "重点班",
            "转学",
            "中考",
            "高考",
            "enrol",
            "admission",
            "cheat",
            "exam",
        ],
    ),
    (
        Offence::Staff,
        &[
            "编制",
            "绩效",
            "工资",
            "职称",
            "教龄",
            "代课",
            "津贴",
            "公积金",
            "salary",
            "wages",
        ],
    ),
    (
        Offence::Timetable,
        &[
            "作业",
            "放假",
            "上课时间",
            "早自习",
            "双休",
            "课后服务",
            "减负",
            "寒假补",
            "周六上课",
            "开学",
            "homework",
            "timetable",
        ],
    ),
    (
        Offence::Indecency,
        &[
            "猥亵",
            "性骚扰",
            "摸学生",
            "不雅",
            "裸照",
            "molest",
            "harass",
            "indecen",
        ],
    ),
    (
        Offence::Bullying,
        &["霸凌", "欺凌", "被同学打", "校园暴力", "bully", "bullied"],
    ),
    (
        Offence::Safety,
        &[
            "校车",
            "消防",
            "甲醛",
            "危房",
            "安全隐患",
            "塑胶跑道",
            "school bus",
            "formaldehyde",
        ],
    ),
];

/// What was read: bits of [`Offence`], and the one that was said most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offences {
    /// One bit a kind.
    pub bits: u16,
    /// The kind said most, or chosen by the reporter.
    pub main: Option<Offence>,
}

impl Offence {
    fn of_category(category: Category) -> Option<Self> {
        use Category as C;
        match category {
            C::Tutoring
            | C::TutoringSchool
            | C::TutoringAgency
            | C::TutoringPremises
            | C::TutoringTeacher
            | C::TutoringOutside
            | C::TutoringReferral
            | C::ClassWithheld => Some(Self::Tutoring),
            C::Gifts
            | C::GiftMoney
            | C::GiftBanquet
            | C::GiftTravel
            | C::GiftPrivateCost
            | C::GiftSales
            | C::GiftOther => Some(Self::Gifts),
            C::ChildHarm => Some(Self::Harm),
            C::ExamEnrolment => Some(Self::Enrolment),
            C::SchoolFees => Some(Self::Fees),
            C::OfficeStaff | C::Other => None,
        }
    }

    /// Its bit.
    #[must_use]
    pub fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// How much more a reporter's own choice weighs than a word of the text.
const CHOICE_VOTES: usize = 6;

pub(super) fn read(category: Option<Category>, texts: &[&Folded]) -> Offences {
    let chosen = category.and_then(Offence::of_category);
    let mut votes = [0; WORDS.len()];
    for text in texts {
        for (offence, words) in WORDS {
            votes[offence as usize] += words
                .iter()
                .map(|word| text.find(word).count().min(3))
                .sum::<usize>();
        }
    }
    if let Some(chosen) = chosen {
        votes[chosen as usize] += CHOICE_VOTES;
    }
    let mut offences = Offences::default();
    let mut most = 0;
    for (offence, _) in WORDS {
        let said = votes[offence as usize];
        if said > 0 {
            offences.bits |= offence.bit();
        }
        if said > most {
            (most, offences.main) = (said, Some(offence));
        }
    }
    offences
}
