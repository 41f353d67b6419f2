told-extended = We need more time: { $reason }. New date { $due }.
phrase-when = On which day was it, and at what time? Roughly will do.
phrase-where = Where exactly was it? Is there something nearby to know it by?
phrase-who = Who took part or was there? Write only what you want to.
phrase-proof = If you have receipts, transfers, messages or pictures, you can add them with your code; without any we handle it all the same.
phrase-safe = Please mind your own and your child's safety first. If anybody gives you trouble, tell us here.
phrase-thanks = What you added has arrived; we are following it up.
