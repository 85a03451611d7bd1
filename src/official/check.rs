//! Checks the rows of office holders for errors and outdated facts: `presswatch officials check`.

use std::collections::BTreeMap;

use super::holders::{Holder, Holding, Officials};
use super::titles::Kind;

/// Days from which a list is outdated: governments change faster than that.
const OLD_DAYS: i64 = 180;
/// Days that the terms of two heads of a state may overlap: one is acting, the other is sworn in.
const HANDOVER_DAYS: i64 = 45;

/// What a check found, one line each.
#[derive(Debug, Default)]
pub struct Report {
    /// Facts that can't all be true.
    pub contradictions: Vec<String>,
    /// Facts that may no longer be true.
    pub aged: Vec<String>,
}

impl Officials {
    /// Checks the rows as of a given day.
    pub fn check(&self, today: jiff::civil::Date) -> Report {
        let mut report = Report::default();
        self.shared_ids(&mut report);
        self.two_heads(&mut report);
        self.overlapping_terms(&mut report);
        self.old_lists(today, &mut report);
        self.old_rows(today, &mut report);
        report
    }

    fn rows(&self) -> impl Iterator<Item = (&Holder, &Holding)> {
        self.holders().iter().flat_map(|holder| holder.offices.iter().map(move |office| (holder, office)))
    }

    fn shared_ids(&self, report: &mut Report) {
        let mut by_id: BTreeMap<&str, Vec<&Holder>> = BTreeMap::new();
        for holder in self.holders() {
            if let Some(id) = holder.id.as_deref() {
                by_id.entry(id).or_default().push(holder);
            }
        }
        for (id, holders) in by_id.iter().filter(|(_, holders)| holders.len() > 1) {
            let names: Vec<String> =
                holders.iter().map(|h| format!("{} ({})", h.name, h.offices[0].row)).collect();
            report.contradictions.push(format!("{id} is the id of {}", names.join(" and of ")));
        }
    }

    /// Reports states with two presidents, or two heads of government, at a time.
    fn two_heads(&self, report: &mut Report) {
        let mut by_office: BTreeMap<(&str, &str), Vec<(&Holder, &Holding)>> = BTreeMap::new();
        for (holder, office) in self.rows() {
            // someone known only for a year may have left on any day; captains regent come in pairs
            let dated = office.seen.is_none() && office.from.is_some();
            let title = office.title.as_ref();
            if let Some(country) = office.country.as_deref().filter(|_| dated && is_one(office)) {
                by_office.entry((country, title)).or_default().push((holder, office));
            }
        }
        for ((country, title), mut rows) in by_office {
            rows.sort_by_key(|(_, office)| office.from.clone());
            for pair in rows.windows(2) {
                let [(a, first), (b, second)] = pair else { continue };
                if a.slug == b.slug {
                    continue;
                }
                // of what the dates can mean, the reading with the least overlap
                let (Some(from), until) =
                    (day(second.from.as_deref(), true), day(first.to.as_deref(), false))
                else {
                    continue;
                };
                let clash = match until {
                    None => first.to.is_none(),
                    Some(until) => days_from(from, until) > HANDOVER_DAYS,
                };
                if clash {
                    report.contradictions.push(format!(
                        "{country}: {} ({}) is {title} when {} ({}) becomes it",
                        a.name, first.row, b.name, second.row
                    ));
                }
            }
        }
    }

    /// Reports overlapping terms of one person in one office.
    fn overlapping_terms(&self, report: &mut Report) {
        for holder in self.holders() {
            for (at, a) in holder.offices.iter().enumerate() {
                for b in &holder.offices[at + 1..] {
                    if a.title != b.title || a.country != b.country {
                        continue;
                    }
                    // latest first, so `b` began before `a`
                    let over = match (b.to.as_deref(), a.from.as_deref()) {
                        (Some(to), Some(from)) => {
                            *to > *from && !from.starts_with(to) && !to.starts_with(from)
                        }
                        (None, _) => b.seen.is_none(),
                        (Some(_), None) => a.seen.is_none(),
                    };
                    if over {
                        report.contradictions.push(format!(
                            "{}: two terms as {} overlap ({} and {})",
                            holder.name, a.title, b.row, a.row
                        ));
                    }
                }
            }
        }
    }

    fn old_lists(&self, today: jiff::civil::Date, report: &mut Report) {
        for list in self.lists() {
            match list.reviewed {
                None => report.aged.push(format!("{}: says nowhere when it was reviewed", list.path)),
                Some(day) => {
                    let days = days_from(day, today);
                    if days > OLD_DAYS {
                        report.aged.push(format!("{}: reviewed {days} days ago, on {day}", list.path));
                    }
                }
            }
        }
    }

    /// Reports, by list, offices known only for a past year: they may have ended since.
    fn old_rows(&self, today: jiff::civil::Date, report: &mut Report) {
        let mut by_list: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (_, office) in self.rows() {
            let year = office.seen.as_deref().and_then(|seen| seen.get(..4));
            if let Some(year) =
                year.filter(|y| office.to.is_none() && y.parse().is_ok_and(|y: i16| y < today.year()))
            {
                let list = office.row.split(" line ").next().unwrap_or_default();
                *by_list.entry((list, year)).or_default() += 1;
            }
        }
        for ((list, year), count) in by_list {
            report.aged.push(format!("{list}: {count} offices are known for {year} only"));
        }
    }
}

fn days_from(from: jiff::civil::Date, to: jiff::civil::Date) -> i64 {
    // the difference of two dates is in days unless larger units are requested
    i64::from((to - from).get_days())
}

/// Whether only one person at a time holds such an office.
fn is_one(office: &Holding) -> bool {
    office.kind == Some(Kind::Head)
        && matches!(office.title.as_ref(), "President" | "Prime Minister" | "Chancellor")
}

/// The first or last day that a date of any precision can mean.
fn day(date: Option<&str>, last: bool) -> Option<jiff::civil::Date> {
    let date = date?;
    let whole = match (date.len(), last) {
        (4, false) => format!("{date}-01-01"),
        (4, true) => format!("{date}-12-31"),
        (7, _) => format!("{date}-01"),
        _ => date.to_owned(),
    };
    let day: jiff::civil::Date = whole.parse().ok()?;
    Some(if date.len() == 7 && last { day.last_of_month() } else { day })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;
    use crate::knowledge::Knowledge;

    const HEAD: &str = "name\taliases\toffice\tcountry\tfrom\tto\tseen\twikidata\tlone\tnamesake\n";

    fn report(rows: &str) -> Report {
        let mut files = Files::default();
        files.put("officials/own.tsv", format!("# Reviewed 2026-01-02.\n{HEAD}{rows}"));
        Knowledge::parse(&files).unwrap().officials.check(jiff::civil::date(2026, 11, 28))
    }

    #[test]
    fn our_own_rows_do_not_contradict_each_other() {
        let report = report("");
        assert!(report.contradictions.is_empty(), "{}", report.contradictions.join("\n"));
    }

    #[test]
    fn contradictions_and_age_are_told() {
        let rows = "Ann Roe\t\tPresident\tXX\t2001-01-01\t2005-01-01\t\tQ11\t\t\n\
                    Tom Alder\t\tPresident\tXX\t2003-01-01\t\t\tQ11\t\t\n\
                    Lena Ortiz\t\tMayor\tXX\t2001-01-01\t2006-01-01\t\t\t\t\n\
                    Lena Ortiz\t\tMayor\tXX\t2005-01-01\t\t\t\t\t\n\
                    Jan Kowalik\t\tMayor\tXX\t\t\t2020\t\t\t\n";
        let report = report(rows);
        let text = report.contradictions.join("\n");
        assert!(text.contains("wd:Q11 is the id of Ann Roe"), "{text}");
        assert!(text.contains("Ann Roe (officials/own.tsv line 3) is President when Tom Alder"), "{text}");
        assert!(text.contains("Lena Ortiz: two terms as Mayor overlap"), "{text}");
        let text = report.aged.join("\n");
        assert!(text.contains("officials/own.tsv: reviewed 330 days ago, on 2026-01-02"), "{text}");
        assert!(text.contains("officials/own.tsv: 1 offices are known for 2020 only"), "{text}");
    }
}
