//! The kinds of acts that the audit log can hold. Each is a code of the program: there is no place for a person's words.

/// Declares the kinds with their codes, once.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code stored, and the end of the key of its name (`audit-<code>`).
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

kinds! {
    /// Someone signed in.
    SignedIn = "signed-in",
    /// Someone tried to; the object is the account that was meant, if there is one.
    SignInFailed = "sign-in-failed",
    /// A password was right, and the code that follows it was asked for; the object is the account.
    CodeAsked = "code-asked",
    /// Someone has her mail sealed to a key of her own, or to none any more.
    MailKeySet = "mail-key-set",
    /// Someone set up a second factor.
    SecondFactorSet = "second-factor-set",
    /// A code after a right password was refused; the object is the account.
    SecondFactorFailed = "second-factor-failed",
    /// An officer took the second factor off an account; the object is the account.
    SecondFactorReset = "second-factor-reset",
    /// A recovery code stood for the telephone, and does no more.
    RecoveryCodeUsed = "recovery-code-used",
    /// Someone signed out.
    SignedOut = "signed-out",
    /// The office's key was unlocked.
    Unlocked = "unlocked",
    /// It was not: the passphrase or the file was wrong.
    UnlockFailed = "unlock-failed",
    /// Someone entered a share of the office's key.
    ShareEntered = "share-entered",
    /// The list of cases was seen; the detail is the view.
    QueueSeen = "queue-seen",
    /// The ledger was seen.
    LedgerSeen = "ledger-seen",
    /// A member made her calendar an address; an earlier one is good for nothing.
    FeedMade = "feed-made",
    /// A member took her calendar away.
    FeedRevoked = "feed-revoked",
    /// A calendar was read: the first time of a day.
    FeedSeen = "feed-seen",
    /// A calendar was asked for at a wrong address; the detail is how many times that day so far.
    FeedRefused = "feed-refused",
    /// The dashboard's figures were seen; the detail is `outside` for those that may leave the office.
    DashboardSeen = "board-seen",
    /// Somebody searched; for what is nowhere on record.
    Searched = "searched",
    /// A filter of the ledger was saved; the object is it.
    ViewSaved = "view-saved",
    /// A saved filter was taken away; the object is it.
    ViewForgotten = "view-forgotten",
    /// A table left the office; the detail is its kind, its lines, and what they were asked for by.
    Exported = "exported",
    /// A case with its tips, messages and history was seen.
    CaseSeen = "case-seen",
    /// A file was taken out; the object is the file.
    FileSaved = "file-saved",
    /// A file was looked at as a drawing.
    FileViewed = "file-viewed",
    /// Intake said what cannot be, for the first time since the start; the detail is the kind.
    RelayRefused = "relay-refused",
    /// The list of what did not open was seen.
    QuarantineSeen = "quarantine-seen",
    /// What did not open was tried again; the object is the envelope, here and below.
    QuarantineTried = "quarantine-tried",
    /// What did not open is kept.
    QuarantineKept = "quarantine-kept",
    /// Discarding what did not open was proposed.
    DiscardProposed = "discard-proposed",
    /// It was discarded, by a second person.
    DiscardApproved = "discard-approved",
    /// The audit log was seen.
    AuditLogSeen = "trail-seen",
    /// The audit log was checked.
    AuditLogChecked = "trail-checked",
    /// A handler was named; the object is the member.
    Assigned = "assigned",
    /// A member whom a tip may name was said to be meant; the object is the member.
    PersonMeant = "person-meant",
    /// A member whom a tip may name was said not to be meant; the object is the member.
    PersonNotMeant = "person-not-meant",
    /// Someone recused himself from a case.
    RecusedOneself = "recused-oneself",
    /// Somebody was named to handle a case too; the object is the member.
    HandlerAdded = "handler-added",
    /// Somebody was taken off a case that others handle; the object is the member.
    HandlerRemoved = "handler-removed",
    /// A joint opinion was written.
    OpinionWritten = "opinion-written",
    /// A joint opinion was signed; the detail is how.
    OpinionSigned = "opinion-signed",
    /// A case was moved to another state; the detail is the state.
    StateChanged = "state-changed",
    /// A reporter was written to.
    WroteToReporter = "wrote-to-reporter",
    /// A deadline was extended.
    Extended = "extended",
    /// A late deadline was escalated, by itself; the object is the deadline, the detail the level.
    Escalated = "climbed",
    /// A deadline was counted again with a calendar, by itself; the object is the deadline.
    Recounted = "recounted",
    /// A case was concluded.
    Concluded = "concluded",
    /// How a case is handled was changed; the detail is the mode.
    ModeChanged = "mode-changed",
    /// Closing a case off the ledger was proposed.
    ClosingProposed = "closing-proposed",
    /// A closing was approved by a second person.
    ClosingApproved = "closing-approved",
    /// A closing was sent back.
    ClosingRejected = "closing-rejected",
    /// That a tip about harm to a child was declined was confirmed by a second person.
    DecliningConfirmed = "declining-confirmed",
    /// A call, a letter or a visit was typed in; the detail is which.
    TypedIn = "typed-in",
    /// Something was written into a case; the object is the paper, the detail its kind.
    PaperWritten = "paper-written",
    /// A task was done; the object is the paper.
    TaskDone = "task-done",
    /// A case was passed on with a written extract; the object is the paper.
    PassedOn = "passed-on",
    /// A case was passed up to the office above, by somebody or by itself; it is closed to everybody here.
    PassedUp = "passed-up",
    /// Somebody asked for a case to be passed up.
    PassingAsked = "passing-asked",
    /// That was sent back, or taken back.
    PassingRejected = "passing-rejected",
    /// A case goes to the office above by itself once the delay is over, since nobody here may see it or nobody else can sign.
    PassingWaits = "passing-waits",
    /// It does not any more: somebody can.
    PassingStays = "passing-stays",
    /// It showed that a case is for the office above, by itself: the deadline for it runs.
    PassingDue = "passing-due",
    /// A case that was to be passed up is handled here after all.
    KeptHere = "kept-here",
    /// What a reporter still wrote to this office was sent on to the office above, by itself.
    ReplyPassedUp = "reply-passed-up",
    /// Two tips were laid side by side; the object is the other's case.
    Compared = "compared",
    /// Two cases were joined; the object is the other.
    Joined = "joined",
    /// A case was split off; the object is the one it was joined to.
    Split = "split",
    /// Two cases were found not to be the same; the object is the other.
    HeldApart = "held-apart",
    /// The routing rules were changed; the object is the version.
    RulesChanged = "rules-changed",
    /// Routing rules were tried on the last tips.
    RulesTried = "rules-tried",
    /// An account was added; the object is the account.
    AccountAdded = "account-added",
    /// An account was closed.
    AccountClosed = "account-closed",
    /// An account got another password.
    PasswordSet = "password-set",
    /// An account was changed: role, unit, recusals.
    AccountChanged = "account-changed",
    /// A change of an account waits for an officer's signature; the object is the account, the detail what; so for each below.
    AccountChangeAsked = "account-change-asked",
    /// An officer signed it.
    AccountChangeApproved = "account-change-approved",
    /// An officer refused it.
    AccountChangeRefused = "account-change-refused",
    /// Whoever asked took it back, or took note that it was refused.
    AccountChangeWithdrawn = "account-change-withdrawn",
    /// Someone changed the days of her own leave.
    LeaveSet = "leave-set",
    /// Someone chose another password for her own account.
    PasswordChosen = "password-chosen",
    /// An officer vouched for a member's key; the object is the account.
    KeyConfirmed = "key-confirmed",
    /// Somebody got the key of a case; the object is the member.
    KeyGiven = "key-given",
    /// Somebody lost the key of a case; the object is the member.
    KeyTaken = "key-taken",
    /// A member got the keys of the cases that she may see; the object is the account.
    KeysGiven = "keys-given",
    /// A member lost keys of cases that she may not see any more; the object is the account.
    KeysTaken = "keys-taken",
    /// Somebody asked for a case to be destroyed before its time.
    DeletionAsked = "deletion-asked",
    /// That was sent back, or taken back.
    DeletionRejected = "deletion-rejected",
    /// That was approved by a second person.
    DeletionApproved = "deletion-approved",
    /// A case is kept whatever its age.
    HoldSet = "hold-set",
    /// It is not any more.
    HoldLifted = "hold-lifted",
    /// A case whose time is over is about to be destroyed, by itself.
    RetentionOver = "retention-over",
    /// A case was destroyed. The detail is its number, the rule, and how many rows and files there were; nothing else is left
    /// of it.
    Destroyed = "destroyed",
    /// The office's key was rotated: another identity shall take the place of this one.
    KeyRotated = "key-rotated",
    /// Cases and sketches were sealed to the office's new key, by itself.
    KeysRewrapped = "keys-rewrapped",
    /// An old key of the office was destroyed, by itself: nothing is left that it opened.
    OldKeyDestroyed = "old-key-destroyed",
    /// The store was copied.
    BackedUp = "backed-up",
    /// The act just recorded for this actor was not completed; the detail is its kind.
    Failed = "failed",
    /// A page that is not for the role; the detail is the page.
    RefusedRole = "refused-role",
    /// A case from which the member is recused.
    RefusedRecused = "refused-recused",
    /// A case that is not the member's.
    RefusedNotMember = "refused-not-member",
    /// A case that there is not.
    RefusedUnknown = "refused-unknown",
}
