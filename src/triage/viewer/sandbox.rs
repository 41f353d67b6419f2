//! Giving up everything a decoder does not need, for good.

use super::limits::Limits;
use libc::c_long;
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};
use std::collections::BTreeMap;
use std::io;

/// Standard input, output and error, and one font.
const OPEN_FILES: u64 = 4;
const STDOUT: u64 = 1;
/// `PROT_EXEC`: memory that can be run.
const EXECUTABLE: u64 = 4;

/// What reading, computing, writing and ending need; memory calls have a rule of their own.
const CALLS: &[c_long] = &[
    libc::SYS_read,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_close,
    libc::SYS_sigaltstack,
    // Without it the handler of a fault cannot step aside, and a process that aborts would fault without end.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_sched_yield,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Confines this process, which has one thread. There is no way back.
///
/// # Errors
/// Where the system refuses: nothing may be decoded then.
pub(super) fn confine(limits: &Limits) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // Nobody else's debugger, and no core file.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    let bounds = [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nproc, 0),
        (Resource::Nofile, OPEN_FILES),
        (Resource::Cpu, limits.cpu_s),
        (Resource::As, limits.memory_bytes),
    ];
    for (resource, bound) in bounds {
        let limit = Rlimit {
            current: Some(bound),
            maximum: Some(bound),
        };
        setrlimit(resource, limit)?;
    }
    let program = filter().map_err(io::Error::other)?;
    apply_filter(&program).map_err(io::Error::other)
}

/// All other calls fail as not permitted; calls of another architecture kill.
fn filter() -> Result<BpfProgram, seccompiler::Error> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for call in CALLS {
        rules.insert(*call, Vec::new());
    }
    let data_only = || {
        let mask = SeccompCmpOp::MaskedEq(EXECUTABLE);
        let condition = SeccompCondition::new(2, SeccompCmpArgLen::Dword, mask, 0)?;
        SeccompRule::new(vec![condition])
    };
    rules.insert(libc::SYS_mmap, vec![data_only()?]);
    rules.insert(libc::SYS_mprotect, vec![data_only()?]);
    let stdout = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, STDOUT)?;
    rules.insert(libc::SYS_write, vec![SeccompRule::new(vec![stdout])?]);
    let refused = u32::try_from(libc::EPERM).expect("error numbers are positive");
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::Errno(refused),
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?;
    Ok(filter.try_into()?)
}
