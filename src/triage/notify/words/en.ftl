mail-subject = Mifeng: you have { $new } new item(s), { $soon } due soon
mail-body = You have { $new } new item(s), { $soon } due soon. Please sign in to Mifeng to read them.
