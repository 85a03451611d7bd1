//! Reads and checks the rows of `officials/*.tsv`.

use std::collections::BTreeMap;

use super::holders::{COLUMNS, Holder, Holding};
use crate::files::rows;
use crate::language::slug::slug;

/// An optional last column.
const WHOLE: &str = "whole";

/// The day after "reviewed" in the comments of a file.
pub(super) fn reviewed(source: &str) -> Option<jiff::civil::Date> {
    let comments = source.lines().take_while(|line| line.starts_with('#'));
    comments.flat_map(|line| line.split("eviewed ").skip(1)).find_map(|rest| rest.get(..10)?.parse().ok())
}

/// Reads a file into people by slug, each with other spellings. Errors name file, line and thing.
pub(super) fn read(
    path: &str,
    source: &str,
    people: &mut BTreeMap<String, (Holder, Vec<String>)>,
    errors: &mut Vec<String>,
) {
    let mut header = false;
    for (number, line) in rows(source) {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        if !header {
            header = true;
            if cells.strip_suffix(&[WHOLE]).unwrap_or(&cells) != COLUMNS {
                errors.push(format!("{path} line {number}: the columns must be {}", COLUMNS.join(", ")));
                return;
            }
            continue;
        }
        let (whole, cells) = match cells.split_last() {
            Some((whole, rest)) if rest.len() == COLUMNS.len() => (*whole, rest),
            _ => ("", cells.as_slice()),
        };
        let Ok([name, aliases, office, country, from, to, seen, wikidata, lone, namesake]) =
            <[&str; 10]>::try_from(cells)
        else {
            errors.push(format!("{path} line {number}: not {} columns", COLUMNS.len()));
            continue;
        };
        let mut wrong = |what: String| errors.push(format!("{path} line {number}: {what}"));
        if name.is_empty() || office.is_empty() {
            wrong("a row needs name and office".into());
            continue;
        }
        for date in [from, to, seen] {
            if !date.is_empty() && !is_date(date) {
                wrong(format!("`{date}` is not a date like 2025, 2025-01 or 2025-01-20"));
            }
        }
        if !from.is_empty() && !to.is_empty() && from > to {
            wrong(format!("the office of `{name}` ends before it begins"));
        }
        if !country.bytes().all(|b| b.is_ascii_uppercase()) || country.len() == 1 {
            wrong(format!("unknown country `{country}`"));
        }
        if !wikidata.is_empty()
            && !wikidata.strip_prefix('Q').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
        {
            wrong(format!("`{wikidata}` is not a Wikidata id"));
        }
        for (column, cell) in [("lone", lone), (WHOLE, whole)] {
            if !matches!(cell, "" | "yes") {
                wrong(format!("`{column}` is `yes` or empty, not `{cell}`"));
            }
        }
        let given = |cell: &str| (!cell.is_empty()).then(|| Box::from(cell));
        let slug = slug(&format!("{name} {namesake}"));
        let id = given(wikidata).map(|q: Box<str>| format!("wd:{q}").into_boxed_str());
        let (holder, known) = people.entry(slug.clone()).or_insert_with(|| {
            let holder = Holder {
                name: name.into(),
                aliases: Vec::new(),
                slug: slug.into(),
                id: None,
                lone: false,
                offices: Vec::new(),
            };
            (holder, Vec::new())
        });
        if let (Some(a), Some(b)) = (&holder.id, &id)
            && a != b
        {
            wrong(format!("`{name}` is {a} in another row: two people need different `namesake`s"));
        }
        holder.id = holder.id.take().or(id);
        holder.lone |= lone == "yes";
        holder.offices.push(Holding {
            title: office.into(),
            country: given(country),
            from: given(from),
            to: given(to),
            seen: given(seen),
            kind: None,
            crowned: false,
            presides: false,
            row: format!("{path} line {number}").into(),
            whole: whole == "yes",
        });
        known.extend(aliases.split('|').map(str::trim).filter(|a| !a.is_empty()).map(str::to_owned));
    }
}

pub(super) fn is_date(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).and_then(|d| d.bytes().all(|b| b.is_ascii_digit()).then(|| d.parse::<u32>().ok())?)
    };
    let month = || text.as_bytes()[4] == b'-' && digits(5..7).is_some_and(|m| (1..=12).contains(&m));
    let day = || text.as_bytes()[7] == b'-' && digits(8..10).is_some_and(|d| (1..=31).contains(&d));
    digits(0..4).is_some()
        && match text.len() {
            4 => true,
            7 => month(),
            10 => month() && day(),
            _ => false,
        }
}
