//! Work that is the same for many things, divided among the cores.

use parking_lot::Mutex;

/// Does the same with many things on every core, in their order. A core that is done with one takes the next, since one may take
/// many times as long as another. A panic of one is the caller's.
pub(crate) fn on_every_core<T: Send, U: Send>(
    things: Vec<T>,
    work: impl Fn(T) -> U + Sync,
) -> Vec<U> {
    if things.len() <= 1 {
        return things.into_iter().map(work).collect();
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let others = cores.min(things.len()) - 1;
    let left = Mutex::new(things.into_iter().enumerate());
    let does = || {
        let mut done = Vec::new();
        loop {
            let next = left.lock().next();
            let Some((at, thing)) = next else {
                return done;
            };
            done.push((at, work(thing)));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..others).map(|_| scope.spawn(does)).collect();
        let mut done = does();
        for thread in threads {
            match thread.join() {
                Ok(more) => done.extend(more),
                Err(cause) => std::panic::resume_unwind(cause),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::on_every_core;

    #[test]
    fn what_is_made_stands_in_the_order_of_what_it_was_made_of() {
        for count in [0, 1, 2, 3, 100] {
            let made = on_every_core((0..count).collect(), |number: u32| number * 2);
            assert_eq!(
                made,
                (0..count).map(|number| number * 2).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    #[should_panic(expected = "the seventh")]
    fn a_panic_of_one_is_the_callers() {
        on_every_core((0..16).collect(), |number: u32| {
            assert!(number != 7, "the seventh");
        });
    }
}
