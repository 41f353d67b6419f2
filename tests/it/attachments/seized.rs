//! What the disk itself says of the order in which files came.

use super::today;
use crate::support::order::concordance;
use mifeng_foundation::blobs::{BlobStore as _, FolderBlobs};
use mifeng_foundation::entropy::{SystemEntropy, random_id};
use std::os::unix::fs::MetadataExt as _;

const FILES: usize = 200;

#[tokio::test]
async fn times_on_disk_say_the_day_and_no_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let blobs = FolderBlobs::new(folder.path().join("files"));
    // As the service does at its start: from then on there are spare files.
    blobs.settle(&SystemEntropy).await.expect("settled");
    let mut ids = Vec::new();
    for _ in 0..FILES {
        let id = random_id(&SystemEntropy);
        let mut writer = blobs.begin(id, today()).await.expect("a folder");
        writer.write(b"sealed".to_vec()).await.expect("a disk");
        writer.finish().await.expect("a disk");
        ids.push(id);
    }
    let look = || -> Vec<std::fs::Metadata> {
        let path = |id| folder.path().join("files").join(hex::encode(id));
        ids.iter()
            .map(|id| path(id).metadata().expect("it is there"))
            .collect()
    };
    let changed = |all: &[std::fs::Metadata]| -> Vec<(i64, i64)> {
        all.iter()
            .map(|one| (one.ctime(), one.ctime_nsec()))
            .collect()
    };
    assert!(
        concordance(&changed(&look())) > 0.75,
        "the measure can tell an order"
    );
    blobs.settle(&SystemEntropy).await.expect("settled");
    let after = look();
    let order = concordance(&changed(&after));
    assert!((0.3..0.7).contains(&order), "{order}");
    let made: Vec<_> = after
        .iter()
        .map(|one| one.created().expect("Linux tells"))
        .collect();
    let numbers: Vec<u64> = after.iter().map(std::fs::Metadata::ino).collect();
    for order in [concordance(&made), concordance(&numbers)] {
        assert!((0.3..0.7).contains(&order), "{order}");
    }
    for one in &after {
        let midnight = i64::from(today().number()) * 86_400;
        assert_eq!((one.mtime(), one.mtime_nsec()), (midnight, 0));
        assert_eq!((one.atime(), one.atime_nsec()), (midnight, 0));
        assert_eq!(one.mode() & 0o777, 0o600);
    }
}
