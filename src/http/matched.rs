//! How often each watch matched in the last day, and when it last did.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

/// Hours counted.
const HOURS: usize = 24;

/// Watches tracked: there may be hundreds of thousands, of which few match.
const MOST: usize = 50_000;

/// Matches by the id of a watch. Memory is bounded; a watch beyond the bound appears never to have matched.
#[derive(Debug, Default)]
pub(super) struct Matched(FxHashMap<String, Row>);

#[derive(Debug)]
struct Row {
    last: Timestamp,
    /// The newest hour counted.
    hour: u64,
    /// Indexed by the hour modulo [`HOURS`].
    counts: [u32; HOURS],
}

/// The recent matches of a watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// When the newest matching article was received.
    pub last: Timestamp,
    /// Matches of the last 24 hours, including the current one.
    pub day: u64,
}

impl Matched {
    /// Counts a match by an article received at `when`; articles need not come in order.
    pub fn note(&mut self, id: &str, when: Timestamp) {
        let hour = hour(when);
        if !self.0.contains_key(id) {
            if self.0.len() >= MOST {
                return;
            }
            self.0.insert(id.to_owned(), Row { last: when, hour, counts: [0; HOURS] });
        }
        let Some(row) = self.0.get_mut(id) else { return };
        row.last = row.last.max(when);
        // hours without a match are as empty as those not counted yet
        for skipped in (row.hour + 1..=hour).take(HOURS) {
            row.counts[place(skipped)] = 0;
        }
        row.hour = row.hour.max(hour);
        if hour + HOURS as u64 > row.hour {
            row.counts[place(hour)] += 1;
        }
    }

    /// The matches of each watch, as of now.
    pub fn seen(&self, now: Timestamp) -> FxHashMap<String, Seen> {
        let now = hour(now);
        let day = |row: &Row| {
            let from = (now.max(row.hour) + 1).saturating_sub(HOURS as u64);
            (from..=row.hour).map(|hour| u64::from(row.counts[place(hour)])).sum()
        };
        self.0.iter().map(|(id, row)| (id.clone(), Seen { last: row.last, day: day(row) })).collect()
    }
}

fn hour(time: Timestamp) -> u64 {
    u64::try_from(time.as_second() / 3600).unwrap_or_default()
}

fn place(hour: u64) -> usize {
    (hour % HOURS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_counted_and_forgotten() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600 + 7).unwrap();
        let mut matched = Matched::default();
        // when read back from a log, they come newest first
        for hour in [1010, 1010, 1001, 990, 1013] {
            matched.note("oil", at(hour));
        }
        let day = |matched: &Matched, now: i64| matched.seen(at(now))["oil"].day;
        assert_eq!(matched.seen(at(1013))["oil"], Seen { last: at(1013), day: 5 });
        assert_eq!(day(&matched, 1014), 4, "990 is a day ago");
        assert_eq!(day(&matched, 1036), 1);
        assert_eq!(day(&matched, 1037), 0);
        // hours wrap around to the same places
        matched.note("oil", at(1034));
        assert_eq!(day(&matched, 1034), 2, "the one of 1013 besides; 1010 is a day ago");
        matched.note("oil", at(2000));
        assert_eq!(matched.seen(at(2000))["oil"], Seen { last: at(2000), day: 1 });
    }
}
