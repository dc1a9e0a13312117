//! Work done by several threads on pieces that are read in order and written in the same order.

use std::num::NonZero;
use std::panic;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::Result;

/// How many threads to work with, where not said otherwise.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Read pieces with `next` on this thread, turn each into another with a worker of one of the threads, and give the results to
/// `take` in the order of the pieces. No more than a few pieces for each thread are held at a time.
///
/// After an error of `next`, what was read before it is still taken.
pub(crate) fn run<I, O, W>(
    threads: usize,
    mut next: impl FnMut() -> Result<Option<I>>,
    worker: impl Fn() -> W + Sync,
    mut take: impl FnMut(O) -> Result<()> + Send,
) -> Result<()>
where
    I: Send,
    O: Send,
    W: FnMut(I) -> O,
{
    thread::scope(|scope| {
        let (work, works) = sync_channel::<(I, SyncSender<O>)>(threads);
        let (order, orders) = sync_channel::<Receiver<O>>(2 * threads);
        let works = Arc::new(Mutex::new(works));
        for _ in 0..threads {
            let (works, worker) = (works.clone(), &worker);
            scope.spawn(move || {
                let mut worker = worker();
                let one = || works.lock().ok()?.recv().ok();
                while let Some((piece, done)) = one() {
                    // Nobody waits for it any more where writing has failed.
                    let _ = done.send(worker(piece));
                }
            });
        }
        drop(works);
        let writer = scope.spawn(move || {
            // A worker that is gone without an answer has panicked, which the scope passes on.
            orders.iter().filter_map(|order| order.recv().ok()).try_for_each(&mut take)
        });
        let mut read = || {
            while let Some(piece) = next()? {
                let (done, order_of_it) = sync_channel(1);
                if order.send(order_of_it).is_err() || work.send((piece, done)).is_err() {
                    break;
                }
            }
            Ok(())
        };
        let read = read();
        drop((order, work));
        writer.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked)).and(read)
    })
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn pieces_leave_in_the_order_they_came() {
        for threads in [1, 2, 7] {
            let (mut n, mut taken) = (0_u64, Vec::new());
            let next = || {
                n += 1;
                if n > 100 { bail!("no more") } else { Ok(Some(n)) }
            };
            let slow = || {
                |n: u64| {
                    thread::sleep(std::time::Duration::from_micros(n * 7919 % 500));
                    n
                }
            };
            let result = run(threads, next, slow, |n| {
                taken.push(n);
                Ok(())
            });
            assert_eq!(result.unwrap_err().to_string(), "no more");
            assert_eq!(taken, (1..=100).collect::<Vec<u64>>());
        }
    }

    #[test]
    fn an_error_of_writing_stops_reading() {
        let mut n = 0_u64;
        let next = || {
            n += 1;
            Ok(Some(n))
        };
        let result = run(2, next, || |n: u64| n, |n| if n == 5 { bail!("full") } else { Ok(()) });
        assert_eq!(result.unwrap_err().to_string(), "full");
        assert!(n < 50);
    }
}
