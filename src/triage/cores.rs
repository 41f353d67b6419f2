//! Work that is the same for many things, divided among the cores.

/// Does the same with many things on every core, in their order. A panic of one is the caller's.
pub(crate) fn on_every_core<T: Send, U: Send>(
    things: Vec<T>,
    work: impl Fn(T) -> U + Sync,
) -> Vec<U> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let each = things.len().div_ceil(cores).max(1);
    if things.len() <= 1 {
        return things.into_iter().map(work).collect();
    }
    let mut things = things.into_iter();
    let parts = std::iter::from_fn(|| {
        let part: Vec<T> = things.by_ref().take(each).collect();
        (!part.is_empty()).then_some(part)
    });
    let parts: Vec<Vec<T>> = parts.collect();
    let work = &work;
    std::thread::scope(|scope| {
        let threads = parts
            .into_iter()
            .map(|part| scope.spawn(move || part.into_iter().map(work).collect::<Vec<U>>()));
        let threads: Vec<_> = threads.collect();
        let done = threads.into_iter().map(|thread| match thread.join() {
            Ok(done) => done,
            Err(cause) => std::panic::resume_unwind(cause),
        });
        done.flatten().collect()
    })
}
