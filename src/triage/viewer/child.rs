//! The process that draws: `mifeng-triage --render KIND FONT LIMITS`, file on standard input, pixels on standard output.
//! `--render probe` draws nothing and tries what must not work instead, for the tests and for whoever runs this on a
//! kernel they do not know.

use super::limits::Limits;
use super::wire::{PROBED, Refusal, write_refusal};
use super::{Drawable, draw, sandbox};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

pub(super) const FLAG: &str = "--render";
pub(super) const PROBE: &str = "probe";
/// In place of the path of a font.
pub(super) const NO_FONT: &str = "-";

/// Draws and returns how it ended, if this process was started to draw; to be called first in `main`, before there is a
/// second thread.
#[must_use]
pub fn run_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next()? != FLAG {
        return None;
    }
    let kind = arguments.next().unwrap_or_default();
    let font = arguments.next().unwrap_or_default();
    let Some(limits) = Limits::from_arguments(arguments) else {
        return Some(ExitCode::FAILURE);
    };
    let done = if kind == PROBE {
        probe(&limits)
    } else if let Some(kind) = Drawable::named(&kind) {
        render(kind, &font, &limits)
    } else {
        return Some(ExitCode::FAILURE);
    };
    Some(match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

fn render(kind: Drawable, font: &str, limits: &Limits) -> io::Result<()> {
    let font = match kind {
        // Opened before everything is given up.
        Drawable::Pdf if font != NO_FONT => File::open(font).ok(),
        _ => None,
    };
    sandbox::confine(limits)?;
    let (mut file, mut out) = (Vec::new(), io::stdout().lock());
    io::stdin()
        .lock()
        .take(limits.input_bytes + 1)
        .read_to_end(&mut file)?;
    if u64::try_from(file.len()).is_ok_and(|size| size > limits.input_bytes) {
        return write_refusal(&mut out, Refusal::TooLarge);
    }
    match kind {
        Drawable::Pdf => draw::document(file, font, limits, &mut out),
        kind => draw::picture(kind, &file, limits, &mut out),
    }
}

/// Tries each thing that must not work, and says which did.
fn probe(limits: &Limits) -> io::Result<()> {
    sandbox::confine(limits)?;
    let tries: [fn() -> bool; 6] = [
        || File::open("/etc/hostname").is_ok(),
        || File::create("/tmp/mifeng-probe").is_ok(),
        || std::net::TcpListener::bind("127.0.0.1:0").is_ok(),
        || std::os::unix::net::UnixDatagram::unbound().is_ok(),
        || std::process::Command::new("/bin/true").status().is_ok(),
        || std::thread::Builder::new().spawn(|| ()).is_ok(),
    ];
    let bits = tries
        .iter()
        .enumerate()
        .map(|(bit, works)| u8::from(works()) << bit);
    let worked = bits.fold(0, |all, bit| all | bit);
    let mut out = io::stdout().lock();
    out.write_all(&[PROBED, worked])?;
    out.flush()
}
