mail-subject = 密封：您有 { $new } 项新事项，{ $soon } 项即将到期
mail-body = 您有 { $new } 项新事项，{ $soon } 项即将到期。请登录密封查看。
