mail-subject = Mifeng: you have { $new } new item(s), { $soon } due soon
mail-body = You have { $new } new item(s), { $soon } due soon. Please sign in to Mifeng to read them.
trail-subject = Mifeng: the trail has { $count } rows
trail-body = The trail has { $count } rows and ends with { $head }. Keep this mail; to check it later: mifeng trail verify --head { $head }
daily-subject = Mifeng: { $soon } due soon, { $late } late, { $climbed } climbed, { $tasks } task(s)
daily-body = Of yours { $soon } are due within three days and { $late } are late. Of others' { $climbed } are late and have climbed to you. Your tasks that are late or due within three days: { $tasks }. Please sign in to Mifeng.
parent-subject = Mifeng: { $climbed } long overdue at the office below
parent-body = At the office below { $climbed } cases have been late for days. Please see that they are handled. This mail has no content of a tip.
