# Everywhere
tagline = Case enquiries
quick-exit = Leave quickly
quick-exit-note = To a weather page at once. Your history remains; clear it yourself.
skip = Skip to the text
large-text = Large text
normal-text = Normal text
languages = Language
footer-note = This page uses no cookies and loads nothing from anyone else.
link-help = Protect yourself
link-start = Start page
link-check = Check with your code
back = Back
error-title = Error: { $title }

# Start
start-title = Report paid tutoring, gifts and the like
start-lead = No name or phone needed. At the end you get a pickup code; with it you see what became of your report and can add to it.
start-write = Start
start-time = About 5 minutes. Nothing is saved if you leave halfway, so have your facts ready.
start-danger = Is a child being harmed now?
start-danger-call = Call { $phone } at once. This is not an emergency service.
start-protect = How we protect you
start-protect-1 = Encrypted before it is stored; only those handling it can open it. The server that stores it cannot.
start-protect-2 = No IP address, no cookies, dates by day.
start-protect-3 = Those you report never receive it and take no part in handling it.
start-limits = What we cannot do
start-limits-1 = If only you knew, they may guess who told.
start-limits-2 = We cannot see whether your phone or network is safe. Do not use the school's or your employer's.
start-limits-3 = The outcome depends on facts and cannot be promised.
start-next = What happens next
start-next-1 = You send it and get your code on the spot.
start-next-1-note = Write it down. It cannot be recovered.
start-next-2 = By { $day } at the latest we tell you whether we take it up.
start-next-2-note = Check with your code; we have no other way to reach you.
start-next-3 = Normally by { $day } it is concluded and you are told the outcome.
start-next-3-note = If we need longer we tell you why, and the new date.
start-wechat = Opened inside WeChat?
start-wechat-note = Tap ··· at the top right and choose the browser: it is safer.
start-other = Rather not online
start-other-phone = Telephone { $phone } ({ $hours })
start-other-box = Letter box: { $place }
start-other-person = Or come in person. You get a code all the same.
start-fingerprint = Fingerprint of the public keys

# Form
write-title = What do you want to tell us
write-note = Only what says “required” must be filled in. Leave the rest empty if you do not know.
write-part = Part { $number } of { $of }
write-kind = What kind of matter
write-required = required
write-kind-hint = If unsure, choose the nearest. We check it.
write-what = What happened
write-text = What happened, in your words
write-text-hint = Who, when, where, how, how much. Write what you know; it need not be formal.
write-school = School or body
write-subject = Who it is about
write-subject-hint = Name, subject, class. If you do not know the name, how you would recognise them.
write-when = Roughly when
write-when-hint = For instance “Saturday mornings this term”
write-before = Before sending
write-reread = Please read again: any detail only you know, or your or your child's name? You can make it more general.
write-identity = A name helps us check, but those handling it will know you. Without one we handle it all the same.
write-send = Encrypt and send
write-server-seals = The server encrypts this in memory, wipes it afterwards and writes none of it to disk.
write-honest = Please tell it as it was. Being mistaken is fine; making things up on purpose is against the law.
category-tutoring = Serving teachers tutoring for pay, or sending pupils to it
category-gifts = Gifts, money, banquets
category-class-withheld = Held back in class, sold after class
category-child-harm = Harm to a child, in body or mind
category-exam-enrolment = Exams or enrolment
category-school-fees = School fees
category-office-staff = The education office's own staff
category-office-staff-hint = Only the level above ({ $parent }) can open these.
category-other = Something else

# Code
code-title = Write down your code now
code-lead = It is the only way back; it is not shown again and we cannot recover it.
code-label = Your code, seven groups of four
code-copy = Copy
code-copied = Copied
code-print = Print this card
code-keep = Paper is safest. Screenshots reach albums and clouds; whoever has the code can read.
code-next = Received on { $day }. You can check in about 10 minutes; by { $due } we tell you whether we take it up.
code-done = I have written it down
code-sealed-by-server = Your report was encrypted by the server in memory and stored.

# Pickup
check-title = Check with your code
check-field = Pickup code
check-hint = 28 digits. Spaces and dashes are fine.
check-send = Show

# Status
status-stored = Encrypted and stored, waiting for the office
status-received = Received
status-accepted = Taken up
status-declined = Not taken up
status-referred = Passed on
status-under-inquiry = Being looked into
status-concluded = Concluded
status-due = We answer you by { $day }.
status-due-provisional = We answer you by { $day } (may move once that year's holidays are published).
status-late = We missed { $day }. We are sorry. It has gone to a supervisor.
status-stored-note = What was just sent is usually collected within 10 minutes.
step-1 = Received
step-2 = Taken up
step-3 = Looked into
step-4 = Concluded
step-now = now
messages-title = Messages
messages-none = Nothing to tell you yet.
message-from-office = Office
message-result = Outcome
reply-title = Add or answer
reply-hint = Nothing that identifies you, unless you want to.
reply-send = Encrypt and send
reply-sent = Your addition was encrypted and sent.
status-clear = Clear and leave

# Help
help-title = Protect yourself
help-1 = Use your own phone, away from school. Not the school's or your employer's computer or network.
help-2 = Close the page and clear your history afterwards. Leaving quickly changes the page, not the history.
help-3 = Leave out what only you know. Your child's name is not needed.
help-4 = Keep the code on paper, in a safe place. Whoever has it can read the answers.
help-how = How we handle it
help-how-1 = Every report has a number, a handler and dates. Late ones are reported upwards by themselves.
help-how-2 = Anyone involved steps aside and cannot see it.
help-how-3 = Outcomes are: upheld, partly upheld, not upheld, not provable, cleared.
help-other = Other ways
month-day = { $day }/{ $month }

# When something is wrong
problem-summary = One thing needs changing
problem-text-kept = What you wrote is still below and was not sent.
problem-empty-text = Please write what happened
problem-text-too-long = The account is too long: { $max } characters at most. Send a part now and add the rest with your code.
problem-field-too-long = This answer is too long: { $field-max } characters at most. The rest can go into the account.
problem-no-category = Please choose a kind
problem-unknown-category = There is no such kind; please choose one that is listed
problem-unknown-language = There is no such language; use zh-Hans or en
problem-control-character = The text had characters that cannot be kept. We took them out; please read it again and send.
problem-code-mistyped = A digit is wrong or two are swapped. Please check what you wrote down.
problem-code-shape = A code has 28 digits. Please check what you wrote down.
problem-code-unknown = Nothing under this code. If just sent, try in 10 minutes. You may report again.
problem-unknown-office = There is no such office. Please check the address.
problem-not-found = There is no such page. Please begin at the start page.
problem-malformed = It did not arrive whole and was not sent. Please send it again.
problem-too-large = Too large; nothing was sent. At most { $max } characters of text: please shorten it.
problem-code-used = This page was sent once already. To add something, use your code.
problem-away = Not receiving now; nothing was sent. Please call, or return tomorrow.
problem-too-many = Try in { $minutes } minutes. What you wrote was not sent.
problem-internal = Something broke on our side and nothing was sent. Please try later, or call.

# Files
files-label = Photos, recordings, documents
files-hint = Photos, sound, video, PDF and office documents; at most { $max }.
files-sizes = Each up to { $each } MB, together up to { $together } MB.
files-identify = Pictures, nicknames and voices can identify you. Where and with what a photo was taken often stands inside the file, and it stays there.
files-kept = These have arrived, encrypted, and go with your text. Untick what shall not.
size-kilobytes = { $number } KB
size-megabytes = { $number } MB
code-files = Files encrypted and sent with it: { $number }. Nothing was taken out of them: what they say of place, device and author is in them still.

# When something is wrong with a file
problem-file-malformed = A file was not described as it must be; nothing was sent.
problem-file-empty = A file is empty. Please choose it again, or leave it out.
problem-file-wrong-kind = A file is of a kind that we do not take. Photos, sound, video, PDF and office documents are fine.
problem-file-not-as-named = A file is something else than its name says. Please check it and choose it again.
problem-file-two-things = Something else is hidden in a file. For the safety of those who open it we do not take it.
problem-file-too-large = A file is too large: { $number } MB at most. For a video, send the part that matters.
problem-file-too-many = Too many files: { $number } at most. Send the rest afterwards with your code.
problem-file-together-too-large = The files are too large together: { $number } MB at most. Send the rest afterwards with your code.
problem-file-not-sealed = A file did not arrive encrypted as it must be. Please try again.
problem-file-cut-short = A file did not arrive whole. Please choose it again.
problem-file-no-addressee = Please choose a kind first, then choose the files again.
problem-file-gone = A file that was sent before is no longer there. Please choose the files again.
problem-file-not-taken = No files are taken here. Please describe what they show; the office can ask for them.
problem-file-busy = Too many files are arriving just now. Please choose it again in a few minutes, or send your text without it and add it later with your code.
problem-file-away = Files cannot be stored just now. Please try later, or send your text without them and add them later with your code.
