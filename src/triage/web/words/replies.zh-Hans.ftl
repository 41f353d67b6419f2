# 举报人后来说的话：哪一种，是不是本人
said-kind-addition = 补充或回答
said-kind-objection = 不同意结果
said-kind-correction = 更正
said-kind-withdrawal = 撤回
said-kind-aftercare = 回访
said-kind-read = 说已读
said-kind-farewell = 要求删除往来
unproven = 不能证明出自举报人
unproven-author = 来源不明
unproven-lead = 没有取件码的签名。只供参考：没有据此作任何改动，也没有通知任何人。
unproven-case = 有留言不能证明出自举报人，见“与举报人往来”。请不要当作举报人的话处理。
withdrawn = 举报人已撤回
corrected = 举报人有更正
history-reporter-corrected = 更正了举报内容
history-reporter-withdrew = 表示撤回举报（已记下，办理不因此停止）
history-reply-unproven = 收到一条不能证明出自举报人的留言，没有据此作任何改动
message-asks = 这是一个问题，请对方回答（回答之前，对方一打开就先看到它）
