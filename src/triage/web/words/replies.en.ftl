# What a reporter says later: of which kind, and whether it is the reporter's
said-kind-addition = addition or answer
said-kind-objection = objection
said-kind-correction = correction
said-kind-withdrawal = withdrawal
said-kind-aftercare = aftercare
said-kind-read = said to have read
said-kind-farewell = asked to delete the mailbox
unproven = Not proven to be the reporter's
unproven-author = Unknown source
unproven-lead = It has no signature by the pickup code. For information only: nothing was changed because of it, and nobody was notified.
unproven-case = Something arrived that is not proven to be the reporter's; see the messages. Please do not treat it as the reporter's words.
withdrawn = Withdrawn by the reporter
corrected = Corrected by the reporter
history-reporter-corrected = corrected the tip
history-reporter-withdrew = withdrew the tip (noted; handling does not stop because of it)
history-reply-unproven = something arrived that is not proven to be the reporter's; nothing was changed because of it
message-asks = This is a question to be answered (until then it is the first thing the reporter sees)
