//! Files of the tool: written whole or not at all, secrets readable by their owner only, and a passphrase
//! read from a file or from the terminal without echo.

use super::OperatorError;
use secrecy::SecretString;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use zeroize::Zeroizing;

const SECRET_MODE: u32 = 0o600;
const PUBLIC_MODE: u32 = 0o644;
const FOLDER_MODE: u32 = 0o700;

/// Longest text file that is read, in bytes.
const TEXT_MAX_BYTES: u64 = 1024 * 1024;

/// Makes a folder, and those above it, that only its owner can enter.
///
/// # Errors
/// [`OperatorError::File`].
pub fn make_folder(path: &Path) -> Result<(), OperatorError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
        .map_err(OperatorError::at(path))
}

/// Writes a file that only its owner can read; the file is there whole or not at all.
///
/// # Errors
/// [`OperatorError::File`].
pub fn write_secret(path: &Path, content: &[u8]) -> Result<(), OperatorError> {
    write(path, content, SECRET_MODE)
}

/// Writes a file that anyone can read; the file is there whole or not at all.
///
/// # Errors
/// [`OperatorError::File`].
pub fn write_public(path: &Path, content: &[u8]) -> Result<(), OperatorError> {
    write(path, content, PUBLIC_MODE)
}

fn write(path: &Path, content: &[u8], mode: u32) -> Result<(), OperatorError> {
    // Beside the target, since a rename is atomic only within one file system.
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let result = write_part(&part, content, mode).and_then(|()| fs::rename(&part, path));
    if result.is_err() {
        let _ = fs::remove_file(&part);
    }
    result.map_err(OperatorError::at(path))?;
    sync_folder(path).map_err(OperatorError::at(path))
}

fn write_part(part: &Path, content: &[u8], mode: u32) -> std::io::Result<()> {
    // What an interrupted run left could have other rights.
    match fs::remove_file(part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(part)?;
    file.write_all(content)?;
    file.sync_all()
}

/// The name of a new file is durable only with its folder.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

/// Refuses to go on where a file is there already.
///
/// # Errors
/// [`OperatorError::Exists`].
pub fn refuse_existing(path: &Path) -> Result<(), OperatorError> {
    if path.symlink_metadata().is_ok() {
        return Err(OperatorError::Exists(path.to_owned()));
    }
    Ok(())
}

/// Reads a text file.
///
/// # Errors
/// [`OperatorError::File`]; [`OperatorError::Malformed`] over 1 MiB.
pub fn read_text(path: &Path) -> Result<String, OperatorError> {
    let size_bytes = fs::metadata(path).map_err(OperatorError::at(path))?.len();
    if size_bytes > TEXT_MAX_BYTES {
        return Err(OperatorError::malformed(
            path,
            "larger than any file of this kind",
        ));
    }
    fs::read_to_string(path).map_err(OperatorError::at(path))
}

/// Reads the first line of a file that holds a passphrase or a password.
///
/// # Errors
/// [`OperatorError::File`]; [`OperatorError::Malformed`] for an empty line.
pub fn read_secret(path: &Path) -> Result<SecretString, OperatorError> {
    let text = Zeroizing::new(read_text(path)?);
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(OperatorError::malformed(path, "its first line is empty"));
    }
    Ok(line.into())
}

/// Asks for a new passphrase twice, at the terminal, without echo.
///
/// # Errors
/// [`OperatorError::File`] where there is no terminal, [`OperatorError::Argument`] if the two differ or are empty.
pub fn ask_new_secret(what: &str) -> Result<SecretString, OperatorError> {
    let first = ask(&format!("New {what}: "))?;
    let second = ask(&format!("The same {what} again: "))?;
    if *first != *second {
        return Err(OperatorError::Argument("the two differ".to_owned()));
    }
    if first.is_empty() {
        return Err(OperatorError::Argument(format!("the {what} is empty")));
    }
    Ok(first.as_str().into())
}

/// Asks for a passphrase that is known, at the terminal, without echo.
///
/// # Errors
/// [`OperatorError::File`] where there is no terminal.
pub fn ask_secret(prompt: &str) -> Result<SecretString, OperatorError> {
    Ok(ask(prompt)?.as_str().into())
}

fn ask(prompt: &str) -> Result<Zeroizing<String>, OperatorError> {
    mifeng_foundation::terminal::ask(prompt).map_err(OperatorError::at(Path::new("/dev/tty")))
}
