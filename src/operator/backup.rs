//! `mifeng backup`: a copy of triage's store, checked before anyone relies on it.

use super::OperatorError;
use super::audit::record;
use super::files::{read_text, refuse_existing};
use mifeng_foundation::blobs::BlobConfig;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::storage::{StoreError, StoreUrl, sqlite_options};
use mifeng_triage::audit::{Act, Kind};
use mifeng_triage::engine::open_stores;
use serde::Deserialize;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use tokio::process::Command;
use zeroize::Zeroizing;

/// Of triage's configuration, what a backup needs.
#[derive(Deserialize)]
struct StoreOf {
    store_url: String,
    #[serde(default)]
    attachments: BlobConfig,
}

/// Where the triage configured in `config` keeps its store.
///
/// # Errors
/// [`OperatorError`].
pub(super) fn store_url(config: &Path) -> Result<StoreUrl, OperatorError> {
    Ok(store_of(config)?.store_url.parse()?)
}

fn store_of(config: &Path) -> Result<StoreOf, OperatorError> {
    toml::from_str(&read_text(config)?)
        .map_err(|error| OperatorError::malformed(config, error.message()))
}

/// Copies the store that the triage configured in `config` uses to `to`, and checks the copy: SQLite by
/// `VACUUM INTO` and `integrity_check`, PostgreSQL by `pg_dump` in its custom format, read back by `pg_restore`.
/// Files in a folder are copied beside it, into a folder named like it with the ending `attachments`; a bucket's own
/// copies are its owner's business. Returns the size of all that in bytes. Services may go on running.
///
/// # Errors
/// [`OperatorError`]; a copy that fails its check is removed.
pub async fn backup(config: &Path, to: &Path, clock: &dyn Clock) -> Result<u64, OperatorError> {
    refuse_existing(to)?;
    let files_to = to.with_added_extension("attachments");
    refuse_existing(&files_to)?;
    let store = store_of(config)?;
    let url: StoreUrl = store.store_url.parse()?;
    if let StoreUrl::Sqlite(path) = &url
        && !path.exists()
    {
        return Err(OperatorError::malformed(path, "there is no such store"));
    }
    // What is stored from here on waits for the next backup.
    let marks = open_stores(&url).await?.cases;
    record(marks.as_ref(), clock, Act::new(Kind::BackedUp)).await?;
    let period = marks.begin_backup().await?;
    let part = to.with_added_extension("part");
    let copied = match &url {
        StoreUrl::Sqlite(path) => copy_sqlite(path, &part).await,
        StoreUrl::Postgres(url) => copy_postgres(url, &part).await,
    };
    if let Err(error) = copied {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    let mut size_bytes = finish(&part, to).map_err(OperatorError::at(to))?;
    if let Some(files) = store
        .attachments
        .folder(&url)
        .filter(|files| files.exists())
    {
        let copied = tokio::task::spawn_blocking({
            let files_to = files_to.clone();
            move || copy_files(&files, &files_to)
        });
        let copied = copied.await.expect("copying does not panic");
        size_bytes += copied.map_err(OperatorError::at(&files_to))?;
    }
    // Only now may intake delete what the copy holds.
    marks.mark_backup(period).await?;
    Ok(size_bytes)
}

/// Makes the checked copy durable under its name.
fn finish(part: &Path, to: &Path) -> std::io::Result<u64> {
    let file = fs::File::open(part)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.sync_all()?;
    fs::rename(part, to)?;
    Ok(file.metadata()?.len())
}

/// Copies every finished file, durably. What is sealed does not change once it is finished, so a copy of the same length
/// is the same.
fn copy_files(from: &Path, to: &Path) -> std::io::Result<u64> {
    DirBuilder::new().mode(0o700).create(to)?;
    let mut total = 0;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.extension().is_some() {
            continue;
        }
        let copy = to.join(path.file_name().unwrap_or_default());
        let copied = fs::copy(&path, &copy)?;
        if copied != fs::metadata(&path)?.len() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        fs::File::open(&copy)?.sync_all()?;
        total += copied;
    }
    fs::File::open(to)?.sync_all()?;
    Ok(total)
}

async fn copy_sqlite(from: &Path, to: &Path) -> Result<(), OperatorError> {
    let target = to
        .to_str()
        .ok_or_else(|| OperatorError::malformed(to, "the path is not Unicode"))?;
    // Made first, so that no moment passes in which others could read it; SQLite takes an empty file as new.
    super::write_secret(to, b"")?;
    let options = sqlite_options(from).create_if_missing(false);
    let mut source = connect(&options).await?;
    sqlx::query("VACUUM INTO ?")
        .bind(target)
        .execute(&mut source)
        .await
        .map_err(StoreError::from)?;
    let _ = source.close().await;
    check_sqlite(to).await
}

async fn connect(options: &SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    Ok(SqliteConnection::connect_with(options).await?)
}

async fn check_sqlite(copy: &Path) -> Result<(), OperatorError> {
    let options = SqliteConnectOptions::new().filename(copy).read_only(true);
    let mut connection = connect(&options).await?;
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await
        .map_err(StoreError::from)?;
    let _ = connection.close().await;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::Damaged("the copy fails SQLite's integrity check").into())
    }
}

async fn copy_postgres(url: &str, to: &Path) -> Result<(), OperatorError> {
    super::write_secret(to, b"")?;
    let (url, password) = without_password(url);
    let mut dump = Command::new("pg_dump");
    dump.args([
        "--format=custom",
        "--no-password",
        "--dbname",
        &url,
        "--file",
    ]);
    dump.arg(to);
    if let Some(password) = password {
        // In the environment, since a command line can be read by every user of the machine.
        dump.env("PGPASSWORD", password.as_str());
    }
    finish_program("pg_dump", dump).await?;
    let mut list = Command::new("pg_restore");
    list.arg("--list").arg(to);
    finish_program("pg_restore", list).await
}

async fn finish_program(name: &str, mut command: Command) -> Result<(), OperatorError> {
    let failed = |reason: String| OperatorError::Program {
        program: name.to_owned(),
        reason,
    };
    let output = command.output().await.map_err(|e| failed(e.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    // The first line names the trouble; it can hold a database's name but no row.
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(failed(errors.lines().next().unwrap_or("failed").to_owned()))
}

/// The URL for a command line, and the password that stood in it.
fn without_password(url: &str) -> (String, Option<Zeroizing<String>>) {
    let Ok(mut parsed) = reqwest::Url::parse(url) else {
        return (url.to_owned(), None);
    };
    let password = parsed.password().map(percent_decoded);
    if password.is_some() && parsed.set_password(None).is_err() {
        return (url.to_owned(), None);
    }
    (parsed.to_string(), password)
}

fn percent_decoded(text: &str) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = tail
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|digits| hex::decode(digits).ok());
        if let Some(byte) = escaped {
            bytes.extend_from_slice(&byte);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_leaves_the_command_line() {
        let (url, password) = without_password("postgres://u:p%40ss%25@db.example:5433/mifeng");
        assert_eq!(url, "postgres://u@db.example:5433/mifeng");
        assert_eq!(password.as_deref().map(String::as_str), Some("p@ss%"));
        let plain = "postgres://u@db.example/mifeng";
        assert_eq!(without_password(plain), (plain.to_owned(), None));
    }
}
