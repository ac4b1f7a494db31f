//! Batches: which rows go into which request, and what a setback makes of them. It decides and sends nothing.
//!
//! One planner for both ways into the database. Requests are as large as the database answers in a second or two. Too large or too
//! slow: in halves. A value that the database refuses takes its whole request with it, so that is cut in halves too, until the row is
//! found that holds it; the others go in. What may have been done is sent again, because the same row twice is one row.

use std::collections::VecDeque;
use std::time::Duration;

use super::setback::RowsSetback;
use crate::model::fault::{Fault, Reason, Remedy};
use crate::model::row::RowFate;

/// What a request may hold at most, whatever the database would take.
const ROWS_MAX: usize = 500;
const BYTES_MAX: usize = 2_000_000;

/// A request shall take about so long.
const QUICK: Duration = Duration::from_secs(1);
const SLOW: Duration = Duration::from_secs(2);

/// How often in a row a request may be too slow before it is the database that is, and not the request.
const SLOW_IN_A_ROW: u32 = 6;

/// Something that takes its place in a request.
pub trait WaitingItem {
    fn bytes(&self) -> usize;
}

/// How large requests are just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    rows: usize,
    bytes: usize,
    /// More was refused as too large, so it is not tried again.
    bytes_max: usize,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            rows: ROWS_MAX,
            bytes: BYTES_MAX,
            bytes_max: BYTES_MAX,
        }
    }
}

impl Pace {
    /// Where requests can hold less from the start.
    pub fn of_bytes(bytes: usize) -> Pace {
        Pace {
            rows: ROWS_MAX,
            bytes,
            bytes_max: bytes,
        }
    }

    fn done(&mut self, rows: usize, bytes: usize, took: Duration) {
        if took > SLOW {
            // So many of them as would have taken a second and a half.
            let part = |whole: usize| {
                let fit = whole as u128 * 1_500 / took.as_millis().max(1);
                usize::try_from(fit).unwrap_or(whole)
            };
            self.rows = self.rows.min(part(rows)).max(1);
            self.bytes = self.bytes.min(part(bytes)).max(1);
        } else if took < QUICK && (rows * 2 > self.rows || bytes * 2 > self.bytes) {
            self.rows = (self.rows * 2).min(ROWS_MAX);
            self.bytes = (self.bytes * 2).min(self.bytes_max);
        }
    }

    fn too_large(&mut self, bytes: usize) {
        self.bytes_max = self.bytes_max.min(bytes / 2).max(1);
        self.bytes = self.bytes.min(self.bytes_max);
    }

    fn too_slow(&mut self, rows: usize, bytes: usize) {
        self.rows = self.rows.min(rows / 2).max(1);
        self.bytes = self.bytes.min(bytes / 2).max(1);
    }
}

/// How long, and how often, the same is tried again.
#[derive(Clone, Copy, Debug)]
pub struct RowPatience {
    /// Before the second try; the others wait twice as long each.
    pub first: Duration,
    pub tries: u32,
    /// A pause that the other side asks for, and that is waited for at most.
    pub longest: Duration,
}

impl Default for RowPatience {
    fn default() -> RowPatience {
        RowPatience {
            first: Duration::from_secs(1),
            tries: 6,
            longest: Duration::from_secs(60),
        }
    }
}

/// A description that is out of date is read again within seconds.
const STALE_TRIES: u32 = 3;

/// A try of the same, counted from one. `chance`, of a thousand, keeps two writers from meeting again. `Err`: patience is over.
pub fn pause(
    setback: RowsSetback,
    tries: u32,
    patience: &RowPatience,
    chance: u32,
) -> Result<Duration, Fault> {
    let spread = |pause: Duration| pause + pause * chance.min(1_000) / 4_000;
    match setback {
        RowsSetback::Stop(_) | RowsSetback::Refused(_) => Err(setback.into_fault()),
        RowsSetback::Stale(fault) if tries > STALE_TRIES => Err(fault),
        // One, one and a half, and two and a half seconds.
        RowsSetback::Stale(_) => Ok(patience.first * (tries * tries + 3) / 5 + patience.first / 5),
        RowsSetback::Again { fault, after } => {
            let too_long = after.is_some_and(|after| after > patience.longest);
            if too_long || tries >= patience.tries {
                return Err(match after {
                    Some(after) => Fault {
                        remedy: Remedy::Wait(after),
                        ..fault
                    },
                    None => fault,
                });
            }
            let doubled = patience.first * 2_u32.saturating_pow(tries - 1);
            Ok(spread(after.unwrap_or(doubled)))
        }
        RowsSetback::Clash(fault) if tries >= patience.tries * 2 => Err(fault),
        RowsSetback::Clash(_) => Ok(patience.first * tries * (chance.min(1_000) + 100) / 5_000),
        RowsSetback::TooLarge(fault) | RowsSetback::TooSlow(fault) if tries >= patience.tries => {
            Err(fault)
        }
        RowsSetback::TooLarge(_) | RowsSetback::TooSlow(_) => {
            Ok(spread(patience.first * 2_u32.saturating_pow(tries - 1)))
        }
    }
}

/// What one request holds.
pub struct RequestPiece<T> {
    pub items: Vec<T>,
    /// Where each of them stands among all.
    places: Vec<usize>,
    tries: u32,
}

impl<T: WaitingItem> RequestPiece<T> {
    fn bytes(&self) -> usize {
        self.items.iter().map(WaitingItem::bytes).sum()
    }
}

/// Items on their way: those that wait for their request, and what became of the others.
pub struct RowBatch<I: Iterator> {
    /// Pieces that are to be sent again go before what is new.
    again: VecDeque<RequestPiece<I::Item>>,
    fresh: I,
    /// Did not fit into the last request.
    next: Option<(usize, I::Item)>,
    fates: Vec<RowFate>,
    taken: usize,
    slow_in_a_row: u32,
    end: Option<Fault>,
}

impl<T: WaitingItem, I: Iterator<Item = T>> RowBatch<I> {
    pub fn new(items: I, count: usize) -> RowBatch<I> {
        RowBatch {
            again: VecDeque::new(),
            fresh: items,
            next: None,
            fates: vec![RowFate::NotReached; count],
            taken: 0,
            slow_in_a_row: 0,
            end: None,
        }
    }

    /// What to send now. `None`: nothing is left to be begun.
    pub fn next(&mut self, pace: &Pace) -> Option<RequestPiece<T>> {
        if self.end.is_some() {
            return None;
        }
        if let Some(piece) = self.again.pop_front() {
            return Some(piece);
        }
        let mut piece = RequestPiece {
            items: Vec::new(),
            places: Vec::new(),
            tries: 0,
        };
        let mut bytes = 0;
        while piece.items.len() < pace.rows {
            let Some((place, item)) = self.next.take().or_else(|| self.take()) else {
                break;
            };
            bytes += item.bytes();
            // One that is larger than everything allowed still goes, alone.
            if bytes > pace.bytes && !piece.items.is_empty() {
                self.next = Some((place, item));
                break;
            }
            piece.places.push(place);
            piece.items.push(item);
        }
        (!piece.items.is_empty()).then_some(piece)
    }

    fn take(&mut self) -> Option<(usize, T)> {
        let item = self.fresh.next()?;
        self.taken += 1;
        Some((self.taken - 1, item))
    }

    /// What became of a request: its fates, one for each item, or a setback. Answers with the pause to make before the next.
    pub fn settle(
        &mut self,
        piece: RequestPiece<T>,
        outcome: Result<Vec<RowFate>, RowsSetback>,
        took: Duration,
        pace: &mut Pace,
        patience: &RowPatience,
        chance: u32,
    ) -> Option<Duration> {
        let rows = piece.items.len();
        let setback = match outcome {
            Ok(fates) => {
                self.slow_in_a_row = 0;
                pace.done(rows, piece.bytes(), took);
                for (place, fate) in piece.places.into_iter().zip(fates) {
                    self.fates[place] = fate;
                }
                return None;
            }
            Err(setback) => setback,
        };
        match setback {
            RowsSetback::Refused(_) if rows > 1 => self.split(piece),
            RowsSetback::Refused(reason) => self.fates[piece.places[0]] = RowFate::Refused(reason),
            RowsSetback::TooLarge(fault) if rows == 1 => {
                let reason = Reason::new("row_too_large", fault.said);
                let hint = "make the record smaller, or set `keep_raw = false` in `[supabase]`";
                self.fates[piece.places[0]] = RowFate::Refused(reason.hint(hint));
            }
            RowsSetback::TooLarge(_) => {
                pace.too_large(piece.bytes());
                self.split(piece);
            }
            RowsSetback::TooSlow(fault) if self.slow_in_a_row >= SLOW_IN_A_ROW => {
                return self.stop(fault);
            }
            RowsSetback::TooSlow(_) if rows > 1 => {
                self.slow_in_a_row += 1;
                pace.too_slow(rows, piece.bytes());
                self.split(piece);
            }
            other => return self.wait(piece, other, patience, chance),
        }
        None
    }

    fn wait(
        &mut self,
        mut piece: RequestPiece<T>,
        setback: RowsSetback,
        patience: &RowPatience,
        chance: u32,
    ) -> Option<Duration> {
        piece.tries += 1;
        match pause(setback, piece.tries, patience, chance) {
            Ok(pause) => {
                self.again.push_front(piece);
                Some(pause)
            }
            Err(fault) => self.stop(fault),
        }
    }

    /// The first reason is the one to tell.
    fn stop(&mut self, fault: Fault) -> Option<Duration> {
        self.end.get_or_insert(fault);
        None
    }

    fn split(&mut self, mut piece: RequestPiece<T>) {
        let half = piece.items.len().div_ceil(2);
        let second = RequestPiece {
            items: piece.items.split_off(half),
            places: piece.places.split_off(half),
            tries: 0,
        };
        piece.tries = 0;
        self.again.push_front(second);
        self.again.push_front(piece);
    }

    /// The fates in the order of the items, and why it ended early, if it did.
    pub fn close(self) -> (Vec<RowFate>, Option<Fault>) {
        (self.fates, self.end)
    }
}
