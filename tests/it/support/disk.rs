//! What lies on a disk.

use std::path::PathBuf;

/// Every file under the given ones, with its content.
pub fn files(paths: &[PathBuf]) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).expect("our own folder");
            let inside: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
            found.extend(files(&inside));
        } else if let Ok(bytes) = std::fs::read(path) {
            // A socket, or a file that went meanwhile, is none.
            found.push((path.clone(), bytes));
        }
    }
    found
}
