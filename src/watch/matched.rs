//! How often each watch matched in the last day and before, and when it last did.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

/// Hours of the last day.
const HOURS: usize = 24;

/// Watches that are followed: there may be hundreds of thousands, of which few match.
const MOST: usize = 50_000;

/// Hours before the last day from which on they give a forecast.
const ENOUGH: u64 = 24;

/// What an hour weighs in a forecast beside the one after it: half as much after three days, so that a week counts, and
/// the latest days more than the others.
const DECAY: f32 = 0.990_419; // 0.5^(1/72)

/// By the id of a watch, from a time on. Memory is bounded; a watch beyond the bound is as one that never matched.
#[derive(Debug)]
pub struct Matched {
    since: Timestamp,
    rows: FxHashMap<String, Row>,
}

#[derive(Debug)]
struct Row {
    last: Timestamp,
    /// The newest hour that is counted.
    hour: u64,
    /// Of the day up to that hour, by the hour modulo their number.
    counts: [u32; HOURS],
    /// Matches before that day, each weighed by its age, see [`DECAY`].
    before: f32,
}

/// What is known of a watch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// When the newest article that matched came in.
    pub last: Timestamp,
    /// Matches of the last 24 hours, the one that is running included.
    pub day: u64,
    /// Matches that a day has by those before the last 24 hours; `None` until 24 hours were counted before them.
    pub forecast: Option<f32>,
}

impl Matched {
    /// Nothing yet, counted from a time on.
    pub fn new(since: Timestamp) -> Self {
        Self { since, rows: FxHashMap::default() }
    }

    /// The time from which on matches are counted.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// Notes that what came in from an earlier time on was counted too.
    pub fn reach(&mut self, since: Timestamp) {
        self.since = self.since.min(since);
    }

    /// Counts a match by an article that came in at `when`; articles need not come in order.
    pub fn note(&mut self, id: &str, when: Timestamp) {
        let hour = hour(when);
        if !self.rows.contains_key(id) {
            if self.rows.len() >= MOST {
                return;
            }
            self.rows.insert(id.to_owned(), Row { last: when, hour, counts: [0; HOURS], before: 0.0 });
        }
        let Some(row) = self.rows.get_mut(id) else { return };
        row.last = row.last.max(when);
        // hours without a match are as empty as those not counted yet
        for over in (row.hour + 1..=hour).take(HOURS) {
            let count = std::mem::take(&mut row.counts[place(over)]);
            row.before = row.before * DECAY + count as f32;
        }
        row.before *= decay(hour.saturating_sub(row.hour + HOURS as u64));
        row.hour = row.hour.max(hour);
        match (row.hour - hour).checked_sub(HOURS as u64) {
            None => row.counts[place(hour)] += 1,
            Some(age) => row.before += decay(age),
        }
    }

    /// What is known of each now.
    pub fn seen(&self, now: Timestamp) -> FxHashMap<String, Seen> {
        let now = hour(now);
        // what the hours before the last day weigh together
        let hours = (now + 1).saturating_sub(HOURS as u64).saturating_sub(hour(self.since));
        let weight = (1.0 - decay(hours)) / (1.0 - DECAY);
        let seen = |row: &Row| {
            let from = (now.max(row.hour) + 1).saturating_sub(HOURS as u64);
            let of = |hour: u64| row.counts[place(hour)];
            let day = (from..=row.hour).map(|hour| u64::from(of(hour))).sum();
            let oldest = (row.hour + 1).saturating_sub(HOURS as u64);
            let over: f32 =
                (oldest..from.min(row.hour + 1)).map(|h| of(h) as f32 * decay(from - 1 - h)).sum();
            let before = row.before * decay(from - oldest) + over;
            let forecast = (hours >= ENOUGH).then(|| before / weight * HOURS as f32);
            Seen { last: row.last, day, forecast }
        };
        self.rows.iter().map(|(id, row)| (id.clone(), seen(row))).collect()
    }
}

fn hour(time: Timestamp) -> u64 {
    u64::try_from(time.as_second() / 3600).unwrap_or_default()
}

fn place(hour: u64) -> usize {
    (hour % HOURS as u64) as usize
}

fn decay(hours: u64) -> f32 {
    DECAY.powi(i32::try_from(hours).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600 + 7).unwrap()
    }

    #[test]
    fn a_day_is_counted_and_forgotten() {
        let mut matched = Matched::new(at(1013));
        // read back from a log they come the newest first
        for hour in [1010, 1010, 1001, 990, 1013] {
            matched.note("oil", at(hour));
        }
        let day = |matched: &Matched, now: i64| matched.seen(at(now))["oil"].day;
        assert_eq!(matched.seen(at(1013))["oil"], Seen { last: at(1013), day: 5, forecast: None });
        assert_eq!(day(&matched, 1014), 4, "990 is a day ago");
        assert_eq!(day(&matched, 1036), 1);
        assert_eq!(day(&matched, 1037), 0);
        // hours come round to the same places
        matched.note("oil", at(1034));
        assert_eq!(day(&matched, 1034), 2, "the one of 1013 besides; 1010 is a day ago");
        matched.note("oil", at(2000));
        assert_eq!((matched.seen(at(2000))["oil"].last, day(&matched, 2000)), (at(2000), 1));
    }

    #[test]
    fn a_forecast_is_what_the_days_before_had() {
        let mut matched = Matched::new(at(1000));
        for hour in 1000..1096 {
            matched.note("oil", at(hour));
            if hour % 24 == 0 {
                matched.note("gas", at(hour));
            }
        }
        let of = |matched: &Matched, id: &str, now: i64| matched.seen(at(now))[id].forecast;
        let about = |forecast: Option<f32>, wanted: f32| (forecast.unwrap() - wanted).abs() < 0.15 * wanted;
        let mut early = Matched::new(at(1000));
        (1000..1047).for_each(|hour| early.note("oil", at(hour)));
        assert_eq!(of(&early, "oil", 1046), None, "23 hours before the last day");
        assert!(about(of(&early, "oil", 1047), 24.0));
        assert!(about(of(&matched, "oil", 1095), 24.0) && about(of(&matched, "gas", 1095), 1.0));
        // in a quiet week it falls, half in three days, and the same for one that a match brings up to date
        let later = of(&matched, "oil", 1096 + 24 + 72).unwrap();
        assert!((6.0..14.0).contains(&later), "{later}");
        matched.note("oil", at(1096 + 24 + 72));
        assert!((of(&matched, "oil", 1096 + 24 + 72).unwrap() - later).abs() < 0.01);
        // one that came late counts where it belongs
        let before = of(&matched, "gas", 1095).unwrap();
        matched.note("gas", at(1060));
        assert!(of(&matched, "gas", 1095).unwrap() > before);
    }
}
