mail-subject = Mifeng: you have { $new } new item(s), { $soon } due soon
mail-body = You have { $new } new item(s), { $soon } due soon. Please sign in to Mifeng to read them.
trail-subject = Mifeng: the trail has { $count } rows
trail-body = The trail has { $count } rows and ends with { $head }. Keep this mail; to check it later: mifeng trail verify --head { $head }
