# 公共
tagline = 办理情况查询
quick-exit = 快速离开
quick-exit-note = 立刻换到天气网页。浏览记录还在，请自己清除。
skip = 跳到正文
large-text = 大字版
normal-text = 普通字号
languages = 语言
footer-note = 本页不使用 Cookie，不加载任何第三方内容。
link-help = 怎样保护自己
link-start = 首页
link-check = 凭取件码查看
back = 返回
error-title = 错误：{ $title }

# 首页
start-title = 反映有偿补课、收受礼品礼金等问题
start-lead = 不用留姓名和电话。写完后您会得到一个取件码，凭它查看办理情况，也可以继续补充。
start-write = 开始填写
start-time = 大约 5 分钟。中途离开不会保存，请先备好要说的事。
start-danger = 孩子正在受到伤害？
start-danger-call = 请马上拨打 { $phone }。这里不是紧急服务。
start-protect = 我们怎样保护您
start-protect-1 = 内容在保存前已加密，只有办理人员能打开；保存它的服务器打不开。
start-protect-2 = 我们不记录 IP 地址，不用 Cookie，日期只记到天。
start-protect-3 = 被举报的人和单位不会收到您的举报，也不能参与办理。
start-limits = 我们做不到的
start-limits-1 = 如果只有您知道这件事，对方可能猜到是谁说的。
start-limits-2 = 我们看不到您的手机和网络是否安全。请不要用学校或单位的网络和电脑。
start-limits-3 = 结果要看事实，不能事先保证。
start-next = 接下来会怎样
start-next-1 = 您发出，当场得到取件码。
start-next-1-note = 请抄下来，丢了无法找回。
start-next-2 = 最迟 { $day }，告诉您是否受理。
start-next-2-note = 凭取件码查看，我们没有别的办法联系您。
start-next-3 = 一般最迟 { $day } 办结，告诉您结果。
start-next-3-note = 需要延期会说明理由和新的日期。
start-wechat = 在微信里打开的？
start-wechat-note = 点右上角“···”，选“在浏览器打开”，会更稳妥。
start-other = 不想在网上说
start-other-phone = 电话 { $phone }（{ $hours }）
start-other-box = 信箱 { $place }
start-other-person = 也可以当面来，同样会给您取件码。
start-fingerprint = 公开密钥指纹

# 填写
write-title = 您要反映什么
write-note = 只有标“必填”的要写，其余不知道可以空着。
write-part = 第 { $number } 部分，共 { $of } 部分
write-kind = 是哪一类问题
write-required = 必填
write-kind-hint = 拿不准就选最接近的，办理人员会核对。
write-what = 发生了什么
write-text = 事情经过
write-text-hint = 什么人、什么时候、在哪里、怎么做的、多少钱。按您知道的写，不用写得正式。
write-school = 学校或机构
write-subject = 涉及的人
write-subject-hint = 姓名、学科、班级都可以；不知道姓名就写您认得的特征。
write-when = 大概什么时候
write-when-hint = 例如“这学期每周六上午”
write-before = 发出之前
write-reread = 请再看一眼：有没有只有您才知道的细节、孩子或自己的名字？可以改得笼统些。
write-identity = 留下姓名便于核实，但办理人员会知道您是谁。不留，照样办理。
write-send = 加密并发出
write-server-seals = 本页由服务器在内存里加密，用完即清除，不写入硬盘。
write-honest = 请照实写。记错了、没查实不算；故意捏造要负法律责任。
category-tutoring = 在职老师有偿补课，或介绍学生去补课
category-gifts = 收受礼品、礼金、宴请
category-class-withheld = 课上不讲，留到课外收费讲
category-child-harm = 伤害孩子的身体或心理
category-exam-enrolment = 招生、考试违规
category-school-fees = 学校乱收费
category-office-staff = 教科局工作人员的问题
category-office-staff-hint = 这一类只有上一级（{ $parent }）能打开。
category-other = 其他

# 取件码
code-title = 请现在抄下取件码
code-lead = 这是查看的唯一办法，离开后不再显示，我们也找不回来。
code-label = 取件码，七组，每组四位
code-copy = 复制
code-copied = 已复制
code-print = 打印这张卡片
code-keep = 抄在纸上最稳妥。截图会进相册和云盘；谁有码，谁就能看。
code-next = 已于 { $day } 收下。约 10 分钟后可以查看；最迟 { $due } 告诉您是否受理。
code-done = 抄好了，去查看页
code-sealed-by-server = 内容由服务器在内存里加密后保存。

# 查看
check-title = 凭取件码查看
check-field = 取件码
check-hint = 28 位数字。空格、短横都可以，全角数字也可以。
check-send = 查看

# 办理情况
status-stored = 已加密存好，等待办公室取走
status-received = 已收到
status-accepted = 已受理
status-declined = 不予受理
status-referred = 已转办
status-under-inquiry = 正在查办
status-concluded = 已办结
status-due = 最迟 { $day } 答复您。
status-due-provisional = 最迟 { $day } 答复您（当年放假安排公布后可能调整）。
status-late = 我们没有在 { $day } 前办完，对不起。已报上一级。
status-stored-note = 刚发出的一般 10 分钟内会被取走。
step-1 = 收到
step-2 = 受理
step-3 = 查办
step-4 = 办结
step-now = 现在
messages-title = 往来
messages-none = 还没有话要对您说。
message-from-office = 办公室
message-result = 结果
reply-title = 补充或回答
reply-hint = 不要写能认出您的内容，除非您愿意。
reply-send = 加密并发出
reply-sent = 您的补充已加密发出。
status-clear = 清空并退出

# 帮助
help-title = 怎样保护自己
help-1 = 用自己的手机，离开学校以后再写。不要用学校或单位的电脑和网络。
help-2 = 写完关掉页面，清除浏览记录。快速离开只换网页，清不掉记录。
help-3 = 不写只有您一个人知道的细节，孩子的名字可以不写。
help-4 = 取件码抄在纸上，放好。谁有码，谁就能看到答复。
help-how = 我们怎样办理
help-how-1 = 每件都有编号、承办人和期限，超期会自动上报。
help-how-2 = 与此事有关的人要回避，看不到这一件。
help-how-3 = 结果有：查实、部分属实、不属实、无法查实、澄清。
help-other = 其他办法
month-day = { $month }月{ $day }日

# 出错时
problem-summary = 有一处需要改
problem-text-kept = 您写的都还在下面，没有发出。
problem-empty-text = 请写发生了什么事
problem-text-too-long = 事情经过太长，最多 { $max } 字。可以先发一部分，凭取件码再补充。
problem-field-too-long = 这一栏太长，最多 { $field-max } 字。多的可以写到事情经过里。
problem-no-category = 请选一类
problem-unknown-category = 没有这一类，请从列出的里面选一类
problem-unknown-language = 没有这种语言，请用 zh-Hans 或 en
problem-control-character = 文字里有不能保存的特殊符号，已替您去掉，请再看一遍后发出
problem-code-mistyped = 有一位不对，或两位颠倒。请对照抄下的数字再看一遍。
problem-code-shape = 取件码是 28 位数字，请对照抄下的数字再看一遍。
problem-code-unknown = 没有找到这个取件码。刚发出的请 10 分钟后再试；也可以重新反映。
problem-unknown-office = 没有这个办公室。请检查网址。
problem-not-found = 没有这一页。请从首页重新开始。
problem-malformed = 内容没有传完整，没有发出。请再发一次。
problem-too-large = 内容太大，没有发出。文字最多 { $max } 字，请减短后再发。
problem-code-used = 这一页已经发出过一次。要补充内容，请用取件码。
problem-away = 暂时不能接收，内容没有发出。请改打电话，或明天再来。
problem-too-many = 请 { $minutes } 分钟后再试。您写的没有发出。
problem-internal = 我们这边出了问题，内容没有发出。请过一会儿再试，或打电话。

# 附件
files-label = 照片、录音、文件
files-hint = 可以是照片、录音、视频、PDF 和办公文档，最多 { $max } 个。
files-sizes = 每个不超过 { $each } MB，合计不超过 { $together } MB。
files-identify = 头像、昵称、声音都可能让人认出您。照片在哪里拍、用什么手机拍，常常记在文件里面，目前会原样保留。
files-kept = 这些已加密收到，会和文字一起发出。不想发的请取消勾选。
size-kilobytes = { $number } KB
size-megabytes = { $number } MB
code-files = 一起加密发出的文件：{ $number } 个。文件里记的地点、设备、作者没有去除，仍在里面。

# 附件出错时
problem-file-malformed = 有一个文件的说明不对，没有发出。
problem-file-empty = 有一个文件是空的。请重新选，或者不发它。
problem-file-wrong-kind = 有一个文件的类型我们不收。照片、录音、视频、PDF 和办公文档都可以。
problem-file-not-as-named = 有一个文件的内容和文件名对不上。请检查后重新选。
problem-file-two-things = 有一个文件里藏着别的东西。为了打开它的人的安全，我们不收。
problem-file-too-large = 有一个文件太大，最大 { $number } MB。视频可以只发要紧的一段。
problem-file-too-many = 文件太多，最多 { $number } 个。其余的可以以后凭取件码补充。
problem-file-together-too-large = 文件合计太大，最多 { $number } MB。其余的可以以后凭取件码补充。
problem-file-not-sealed = 有一个文件没有按要求加密送到，请再试一次。
problem-file-cut-short = 有一个文件没有传完整。请重新选。
problem-file-no-addressee = 请先选一类，再重新选文件。
problem-file-gone = 之前传上来的文件已经不在了。请重新选文件。
problem-file-not-taken = 这里不收文件。请用文字说明里面是什么，需要时办理人员会向您要。
problem-file-busy = 现在传文件的人太多。请过几分钟重新选；也可以先发文字，以后凭取件码补充。
problem-file-away = 暂时不能存文件。请过一会儿再试；也可以先发文字，以后凭取件码补充。
