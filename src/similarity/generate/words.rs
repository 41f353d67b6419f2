//! The words invented tips are made of.

pub(super) const TOWNS: [&str; 16] = [
    "云溪", "枫桥", "大河", "白沙", "长岭", "水口", "望江", "松林", "莲塘", "古城", "三江", "银杏",
    "沙湾", "鹿角", "新桥", "凤台",
];
pub(super) const KINDS: [(&str, &[&str]); 5] = [
    ("镇中心小学", &["小学", "中心小学", "镇小学", "中心校"]),
    ("镇中学", &["中学", "镇中"]),
    ("乡九年一贯制学校", &["九年制学校", "学校"]),
    ("第一幼儿园", &["幼儿园", "一幼"]),
    ("实验学校", &["实验", "实验学校"]),
];
pub(super) const SURNAMES: &str = "王李张刘陈杨黄赵周吴徐孙朱胡郭何林罗梁宋郑谢韩唐冯董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪田任姜范姚廖邹熊陆郝孔崔康毛邱秦史顾侯邵孟龙段雷钱汤尹黎常武乔贺赖龚文";
pub(super) const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红梅鑫波斌宇浩凯健俊帆雪琳琴云洁莹倩岩晨兰凤珍莉荣飞鹏辉";
pub(super) const SUBJECTS: [&str; 8] = [
    "语文", "数学", "英语", "物理", "化学", "历史", "生物", "地理",
];
pub(super) const GRADES: [&str; 9] = [
    "一年级",
    "二年级",
    "三年级",
    "四年级",
    "五年级",
    "六年级",
    "初一",
    "初二",
    "初三",
];
pub(super) const VENUES: [&str; 12] = [
    "学校后门的居民楼里",
    "自己家",
    "菜市场旁边的门面",
    "一个叫启航的机构",
    "老街的茶楼",
    "他亲戚家的空房",
    "县城的写字楼",
    "学校对面的托管班",
    "宾馆的会议室",
    "小区地下室",
    "书店二楼",
    "网上直播",
];
pub(super) const VENUES_EN: [&str; 4] = [
    "a flat behind the school",
    "his own home",
    "an agency in the county town",
    "a day-care opposite the gate",
];
pub(super) const GIFTS: [&str; 9] = [
    "两条中华烟",
    "一张超市卡",
    "两瓶白酒",
    "一部手机",
    "一盒茶叶",
    "一只皮包",
    "现金",
    "一箱海鲜",
    "一套护肤品",
];
pub(super) const ACTS: [&str; 8] = [
    "用教鞭抽学生的腿",
    "当着全班骂学生是猪",
    "揪着孩子耳朵拖出教室",
    "让学生在太阳底下站了两节课",
    "一脚踢在学生肚子上",
    "把书砸在孩子脸上",
    "逼学生互相打耳光",
    "罚抄课文到半夜",
];

pub(super) const OPENINGS: [&str; 12] = [
    "领导好,",
    "教育局的同志:",
    "我想说一件事。",
    "我是{school}{grade}学生的妈妈,",
    "我家娃在{school}上{grade},",
    "实在忍不下去了,",
    "关于{school}的情况,",
    "向你们反映{school}的事。",
    "{school}的家长给你们写信。",
    "不知道该找谁,只好写在这里。",
    "麻烦查一查{school}。",
    "作为{school}学生的爷爷,我说几句:",
];
pub(super) const CLOSINGS: [&str; 14] = [
    "盼回复。",
    "请你们派人来看看。",
    "千万别让学校知道是我说的。",
    "孩子还要在班里待几年,我们不敢出面。",
    "再不管我们就去市里。",
    "谢谢你们。",
    "麻烦尽快查。",
    "家长们都有意见,只是没人敢讲。",
    "我说的句句是真。",
    "有录音可以提供。",
    "群里的截图我都存着。",
    "别的班也是这样。",
    "这样的老师怎么教得好书。",
    "我们农村家庭挣钱不容易。",
];

/// Sentences of each kind of wrong. The first word of a line says nothing; slots are filled in.
pub(super) const TUTORING: [&str; 9] = [
    "{who}每到{when}就在{venue}开班补课,一人{sum}",
    "{who}叫班里的孩子去{venue}上辅导,一学期{sum}",
    "要去{venue}听{who}的课才学得到东西,交了{sum}",
    "课堂上讲一半,剩下的{who}留到{venue}讲,收{sum}",
    "不去{who}那里补习的,座位就给调到最后",
    "{who}在{venue}办的补习班有二三十个学生",
    "{who}让家委会出面组织去{venue}补课,每家{sum}",
    "我们交了{sum}给{who},说是{when}的辅导费",
    "{when}我亲眼看见{who}在{venue}给学生上课",
];
pub(super) const GIFTING: [&str; 8] = [
    "{who}过生日,班里家长给送了{gift}",
    "{who}{when}收了{gift},值{sum}",
    "有家长给{who}送{gift},孩子就当了班长",
    "{who}在群里说自己缺{gift},大家就凑了{sum}",
    "想换座位要给{who}{gift}",
    "我也给{who}送过{gift},花了{sum}",
    "{when}{who}叫几个家长请吃饭,还收了{gift}",
    "{who}明里暗里要东西,上次是{gift}",
];
pub(super) const CHARGING: [&str; 8] = [
    "{school}{when}又收了{sum}的资料费,什么票据也没有",
    "{who}在班上收班费{sum},账从来不公布",
    "每个学生交{sum}校服费,不买不行",
    "{school}要求统一买平板,{sum}一台",
    "课后服务说是自愿,其实不交{sum}就不让留校",
    "{who}指定一家店买教辅,一套{sum}",
    "保险费{sum}是{who}代收的,没见到保单",
    "开学收的{sum}到现在没有收据",
];
pub(super) const HURTING: [&str; 7] = [
    "{who}{when}{act}",
    "我孩子因为没写完作业,{who}{act}",
    "{who}不止一次{act},好几个孩子都怕他",
    "{act},这就是{who}干的事",
    "孩子回来一直哭,问了才说{who}{act}",
    "{when}的事,{who}{act},到现在没道歉",
    "监控里能看到{who}{act}",
];
pub(super) const FEEDING: [&str; 7] = [
    "{school}食堂{when}的菜里有虫子,收费却要{sum}",
    "孩子吃了{school}的饭拉了两天肚子",
    "{school}食堂老板是{who}的亲戚",
    "一个月{sum}伙食,天天是土豆和剩菜",
    "{when}{school}好几个学生吃完饭吐了",
    "{school}的肉是臭的,{who}说没事",
    "餐费{sum}涨了两次,饭菜越来越差",
];
pub(super) const ENGLISH: [(&str, &[&str]); 5] = [
    (
        "tutoring",
        &[
            "{name} of {school} gives paid lessons at {venue_en}, {num} yuan a term.",
            "My son is at {school}. Teacher {name} makes the class pay {num} yuan for tutoring.",
            "Paid tutoring by {name}, {school}: {num} yuan per child, held at {venue_en}.",
        ],
    ),
    (
        "gift",
        &[
            "{name} at {school} took presents from parents, about {num} yuan.",
            "Parents at {school} had to buy a gift worth {num} yuan for teacher {name}.",
        ],
    ),
    (
        "fee",
        &[
            "{school} collected {num} yuan and gave no receipt. {name} handled the money.",
            "We were charged {num} yuan at {school}, nobody says what for. Ask {name}.",
        ],
    ),
    (
        "hit",
        &[
            "{name}, a teacher at {school}, hits children in class.",
            "My daughter was slapped by {name} at {school}.",
        ],
    ),
    (
        "food",
        &[
            "The canteen of {school} serves bad meat; {name} knows it. Meals cost {num} yuan.",
            "Children got stomach ache after lunch at {school}, {num} yuan a month. {name} did nothing.",
        ],
    ),
];
pub(super) const FORMS: [&str; 2] = [
    "举报信\n单位名称:{school}\n当事教师:{name}\n所在年级:{grade}\n反映事项:{what}。根据《新时代中小学教师职业行为十项准则》,上述行为应予查处。{line}。以上反映真实,本人对内容负责,恳请依规处理并为我保密。",
    "敬启者:现就{school}教师{name}的有关问题反映如下。一、基本事实:{line}。二、违反规定:教育部严禁此类行为的通知三令五申,各地均有明文。三、诉求:请贵局调查核实({what}),退还款项,公开处理结果。此致敬礼。",
];
pub(super) const FORWARDS: [&str; 6] = [
    "转发:",
    "顶一下。",
    "大家都来说!",
    "我也是这个班的。",
    "同上,",
    "",
];
