mail-subject = 密封：您有 { $new } 项新事项，{ $soon } 项即将到期
mail-body = 您有 { $new } 项新事项，{ $soon } 项即将到期。请登录密封查看。
trail-subject = 密封：操作记录已有 { $count } 行
trail-body = 操作记录已有 { $count } 行，末端值 { $head }。请保存本邮件；以后核对时用 mifeng trail verify --head { $head }。
daily-subject = 密封：{ $soon } 项即将到期，{ $late } 项超期，{ $climbed } 项超期上报，{ $tasks } 项任务
daily-body = 由您承办的：{ $soon } 项三天内到期，{ $late } 项超期。他人承办、超期后上报到您的：{ $climbed } 项。您超期或三天内到期的任务：{ $tasks } 项。请登录密封查看。
parent-subject = 密封：下级单位有 { $climbed } 项长期超期
parent-body = 下级单位有 { $climbed } 项已超期多日，请督促办理。本邮件不含举报内容。
