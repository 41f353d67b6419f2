mail-subject = 密封：您有 { $new } 项新事项，{ $soon } 项即将到期
mail-body = 您有 { $new } 项新事项，{ $soon } 项即将到期。请登录密封查看。
trail-subject = 密封：操作记录已有 { $count } 行
trail-body = 操作记录已有 { $count } 行，末端值 { $head }。请保存本邮件；以后核对时用 mifeng trail verify --head { $head }。
