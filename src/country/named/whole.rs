//! What follows a name and says which place it is: "Paris, Texas", "Adel in West Yorkshire".

use super::{LARGE, Place, Reader};
use crate::country::evidence::{RIVAL, sure};
use crate::country::gazetteer::{Kind, Sense};
use crate::country::support::Observation;
use crate::language::class::Class;
use crate::text::Gap;

/// Thousands of inhabitants of a city that a state may be called like.
const METROPOLIS: u32 = 1000;

fn is_town(sense: &Sense) -> bool {
    matches!(sense.kind, Kind::City | Kind::Capital)
}

impl Reader<'_> {
    /// "Paris, Texas": what follows the comma settles what precedes it.
    pub(super) fn settle(&self, places: &mut [Place]) {
        let text = &self.part.text;
        for i in 1..places.len() {
            let (left, right) = places.split_at_mut(i);
            let town = &mut left[i - 1];
            let whole = &right[0];
            // "Adel in *West* Yorkshire", though West is a town
            let behind = right.get(1).filter(|p| p.tokens.start == whole.tokens.end);
            let near = self.part_of_town(town, whole);
            if let Some(near) = near.or_else(|| behind.and_then(|behind| self.part_of_town(town, behind))) {
                town.senses = vec![near];
                town.settled = true;
                continue;
            }
            let whole = &mut right[0];
            let adjacent = town.tokens.end + 1 == whole.tokens.start
                && matches!(text.tokens[town.tokens.end].first, ',' | '(')
                && text.tokens[whole.tokens.start].gap != Gap::Paragraph;
            if !adjacent {
                continue;
            }
            let mut holders: Vec<Sense> = whole
                .senses
                .iter()
                .filter(|s| matches!(s.kind, Kind::Country | Kind::Region | Kind::Abbreviation))
                .copied()
                .collect();
            // "in Cuba, New York, on Friday": a state is called like its city
            if holders.is_empty() && self.is_called_like_country(town, whole) {
                holders
                    .extend(whole.senses.iter().filter(|s| s.region != [0; 2] && s.population >= METROPOLIS));
            }
            let inside = |s: &Sense| {
                (is_town(s) || s.kind == Kind::Region)
                    && holders.iter().any(|h| {
                        let whole = h.region == [0; 2] && (s.kind != Kind::Region || s.region != [0; 2]);
                        let state = h.region == s.region && s.kind != Kind::Region;
                        h.country == s.country && (whole || state)
                    })
            };
            // "China, Japan and Mexico" is a list, though Japan has a town called China
            let listed = town.senses.iter().any(|s| s.kind == Kind::Country)
                && holders.iter().any(|h| h.kind == Kind::Country);
            let fitting: Vec<Sense> = town
                .senses
                .iter()
                .filter(|s| inside(s) && !(listed && s.kind == Kind::City))
                .copied()
                .collect();
            if let Some(best) = fitting.iter().max_by_key(|s| s.population) {
                let country = best.country;
                whole.senses.retain(|s| s.country == country && (holders.contains(s) || !is_town(s)));
                town.senses = fitting;
            } else if let Some(state) = holders.iter().find(|h| h.region != [0; 2])
                && (town.senses.iter().all(is_town) || self.is_called_like_country(town, whole))
            {
                // a town too small for the gazetteer
                town.senses = vec![Sense { kind: Kind::City, population: 1, ..*state }];
                let state = *state;
                whole.senses.retain(|s| *s == state);
            } else {
                continue;
            }
            for place in [town, whole] {
                place.settled = true;
                place.support = place.support.max(self.weight(Observation::Settled));
            }
        }
        // "Elbow Lake, Minn.": only the short form
        for place in
            places.iter_mut().filter(|p| !p.settled && p.senses.iter().all(|s| s.kind == Kind::Abbreviation))
        {
            let written = text.slice(&place.tokens);
            if written.contains('.') || !self.loud {
                place.settled = true;
                place.support = self.weight(Observation::Settled);
            }
        }
    }

    /// Whether a country's name is that of a town too small for the gazetteer, as the state behind its comma shows: "in Cuba,
    /// New York, on Friday", but not in a list.
    fn is_called_like_country(&self, town: &Place, whole: &Place) -> bool {
        let country = town.senses.iter().any(|s| s.kind == Kind::Country);
        let state = |s: &Sense| s.kind == Kind::Region && s.region != [0; 2];
        // Washington may be the government
        let one = whole.senses.iter().all(|s| !matches!(s.kind, Kind::Country | Kind::Capital));
        country && one && !town.senses.iter().any(state) && self.is_where(&town.tokens) && self.closes(whole)
    }

    /// The country of a small town that the gazetteer knows only abroad, where a place behind it, in a country that shares
    /// many names with that one, says so: "Adel, Leeds", "Adel in West Yorkshire".
    fn part_of_town(&self, town: &Place, whole: &Place) -> Option<Sense> {
        let small = |s: &Sense| s.kind == Kind::City && s.population < RIVAL;
        let first = *whole.senses.first()?;
        let one = whole.senses.iter().all(|s| s.country == first.country);
        let own = if one { first } else { sure(whole)? };
        if own.kind == Kind::Country || own.kind == Kind::City && own.population < LARGE {
            return None;
        }
        let language = self.document.language;
        let far = |s: &Sense| {
            s.country != own.country && self.gazetteer.share_names(language, own.country, s.country)
        };
        let between = town.tokens.end..whole.tokens.start;
        let joins = match between.len() {
            1 if self.part.text.tokens[between.start].is(',') => self.closes(whole),
            // "in West Yorkshire"
            1 | 2 => between.clone().all(|t| self.is_where(&(t + 1..t + 2))),
            _ => false,
        };
        (joins && town.senses.iter().all(|s| small(s) && far(s))).then_some(Sense {
            kind: Kind::City,
            region: [0; 2],
            population: 1,
            ..own
        })
    }

    /// Whether what a place is in ends behind its name, so that it is not one of a list.
    fn closes(&self, whole: &Place) -> bool {
        let text = &self.part.text;
        let end = whole.tokens.end;
        let Some(next) = text.tokens.get(end).filter(|t| t.gap != Gap::Paragraph) else { return true };
        let over = matches!(next.first, '.' | ')' | ':' | ';');
        let listed = |t: usize| self.part.words[t].small.any(Class::AND) || text.tokens[t].is_capital();
        over || next.is(',') && end + 1 < text.tokens.len() && !listed(end + 1)
    }

    /// Whether a word that stands before places directly precedes a name: "in".
    pub(super) fn is_where(&self, tokens: &std::ops::Range<usize>) -> bool {
        let text = &self.part.text;
        let Some(before) = tokens.start.checked_sub(1) else { return false };
        let numbered = text.tokens.get(tokens.end).is_some_and(|t| t.kind == crate::text::Kind::Number);
        text.tokens[tokens.start].gap == Gap::Space
            && !numbered
            && self.context.is_some_and(|c| c.locative.contains(text.word(before).to_lowercase().as_str()))
    }
}
