//! Reads each place name in context: whether it means a place there at all, and in which country.
//!
//! A name's senses come from the gazetteer. Names that can mean only one country are read first, and they help to
//! decide the others, along with what follows the comma, the towns and states nearby, the paper's own country and the
//! number of inhabitants. Small towns need something next to them that says "place"; the weight of each observation is
//! in `config/lexicon/places/support.tsv`.

mod beside;
mod state;
mod surname;
mod tongue;
mod whole;

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use surname::surnames;

use super::dateline::Line;
use super::evidence::{Evidence, home};
use super::form::{Form, nearest, whole};
use crate::country::gazetteer::{Context, Kind, Name, Places, Sense, one_i};
use crate::country::support::Observation;
use crate::document::{Document, Meaning, Mention, Scanned};
use crate::official::Person;
use crate::text::{Case, Field, Gap, Kind as Token};

/// A place named in the article.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub mention: Mention,
    pub country: u16,
    pub kind: Kind,
    pub dateline: bool,
}

/// A name in the text.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "what stands around a name, each by itself")]
pub(super) struct Place {
    pub field: Field,
    pub tokens: Range<usize>,
    pub senses: Vec<Sense>,
    pub word: bool,
    /// How much its context supports reading it as a place.
    pub support: f32,
    /// Whether the words after the comma settled the sense.
    pub settled: bool,
    pub dateline: bool,
    /// Whether it may be a common word in an all-caps headline; only another name of the same country makes it a name.
    pub shouted: bool,
    /// Whether the words beside it make it a state rather than the country of the same name.
    pub state: bool,
    /// In lower case, for one sense per text.
    pub key: String,
}

/// Thousands of inhabitants from which a town's name after a capitalised word is no man's.
const LARGE: u32 = 100;

/// Support from which a town is believed.
const BELIEVED: f32 = 1.5;

/// Support up to which no kind of place is believed.
pub(super) const DOUBTED: f32 = -2.0;

/// Currency signs that directly follow a country's short name.
const CURRENCY: [char; 4] = ['$', '€', '£', '¥'];

/// Finds all place names, those of the title first.
pub(super) fn named(
    document: &Document,
    gazetteer: &Places,
    people: &[Person],
    line: Option<&Line>,
) -> Vec<Named> {
    let mut places = Vec::new();
    let surnames = surnames(document, people);
    for part in document.parts() {
        let line = line.filter(|_| part.text.field == Field::Text);
        let reader = Reader::new(document, part, gazetteer, people, line);
        reader.read(&mut places);
    }
    // "Jordan" is the man if Michael Jordan is named, unless something next to it says "place"
    places.retain(|p| p.settled || p.support >= 2.0 || p.tokens.len() > 1 || !surnames.contains(&p.key));
    state::everywhere(&mut places);
    let evidence = Evidence::new(document, gazetteer, &places);
    let chosen: Vec<Sense> = places.iter().map(|place| evidence.choose(place)).collect();
    let mut settled: FxHashMap<&str, Sense> = FxHashMap::default();
    let mut supported: FxHashSet<&str> = FxHashSet::default();
    for (place, sense) in places.iter().zip(&chosen) {
        if place.settled {
            settled.entry(&place.key).or_insert(*sense);
        }
        if place.support + evidence.support(sense, place.word) >= BELIEVED {
            supported.insert(&place.key);
        }
    }
    // "TELL US WHAT YOU THINK" counts only if the country is named elsewhere, too
    let elsewhere = |country: u16| {
        let mut others = places.iter().zip(&chosen).filter(|(p, s)| !p.shouted && s.country == country);
        others.any(|(p, _)| p.support > DOUBTED)
    };
    let out = places.iter().zip(&chosen).filter_map(|(place, sense)| {
        if place.shouted && !elsewhere(sense.country) {
            return None;
        }
        let sense =
            if place.settled { *sense } else { settled.get(place.key.as_str()).copied().unwrap_or(*sense) };
        if sense.kind == Kind::Hint {
            return None;
        }
        let town = matches!(sense.kind, Kind::City | Kind::Capital);
        let believed = if town {
            supported.contains(place.key.as_str()) && place.support > DOUBTED
        } else {
            place.support > DOUBTED
        };
        believed.then(|| Named {
            mention: Mention { field: place.field, tokens: place.tokens.clone() },
            country: sense.country,
            kind: sense.kind,
            dateline: place.dateline,
        })
    });
    out.collect()
}

/// Reads the names of one part of the document.
struct Reader<'d> {
    part: &'d Scanned,
    gazetteer: &'d Places,
    context: Option<&'d Context>,
    /// Tokens of persons' names.
    persons: Vec<Range<usize>>,
    line: Option<&'d Line>,
    /// Whether nearly every word has a capital, so that capitals mean nothing.
    loud: bool,
    /// Whether the language only appends endings to names.
    hangs_on: bool,
    document: &'d Document,
}

impl<'d> Reader<'d> {
    fn new(
        document: &'d Document,
        part: &'d Scanned,
        gazetteer: &'d Places,
        people: &[Person],
        line: Option<&'d Line>,
    ) -> Self {
        let field = part.text.field;
        let of_field = people.iter().flat_map(|p| &p.mentions).filter(|m| m.field == field);
        let mut persons: Vec<Range<usize>> = of_field.map(|m| m.tokens.clone()).collect();
        persons.sort_by_key(|r| r.start);
        let loud = field == Field::Title && {
            let words = part.text.tokens.iter().filter(|t| t.kind == Token::Word && t.end - t.start > 3);
            let (all, capital) = words.fold((0, 0), |(a, c), t| (a + 1, c + u32::from(t.is_capital())));
            capital * 10 >= all * 7
        };
        Self {
            part,
            gazetteer,
            context: gazetteer.context(document.language),
            persons,
            line,
            loud,
            hangs_on: document.hangs_on,
            document,
        }
    }

    fn read(&self, out: &mut Vec<Place>) {
        let first = out.len();
        let hits = &self.part.hits;
        let mut covered = 0;
        let mut at = 0;
        while at < hits.len() {
            let start = hits[at].start;
            let mut longest = 0;
            let from = at;
            while at < hits.len() && hits[at].start == start {
                if matches!(hits[at].meaning, Meaning::Place(_)) && self.is_whole(hits[at].end as usize) {
                    longest = longest.max(hits[at].end);
                }
                at += 1;
            }
            if longest == 0 || (start as usize) < covered {
                continue;
            }
            covered = longest as usize;
            let tokens = start as usize..longest as usize;
            let longest = hits[from..at].iter().filter(|h| h.end == longest);
            let mut names: Vec<Name<'_>> = longest
                .filter_map(|h| match h.meaning {
                    Meaning::Place(n) => Some(self.gazetteer.name(n)),
                    _ => None,
                })
                .collect();
            let bare = self.hangs_on && whole(self.form(&tokens), self.gazetteer, &mut names);
            nearest(self.part.text.slice(&tokens), &mut names);
            // what the language calls a country goes before what others do: "CAR", in Azerbaijani South Africa
            let own =
                |name: &Name| name.only.is_some() && name.senses.iter().all(|s| s.kind == Kind::Country);
            if names.iter().any(own) {
                names.retain(own);
            }
            if !self.hangs_on && self.is_common(&tokens, &names) {
                continue;
            }
            let word = bare || names.iter().any(|name| name.word);
            let mut senses: Vec<Sense> = Vec::with_capacity(names.iter().map(|name| name.senses.len()).sum());
            for sense in names.iter().flat_map(|name| name.senses) {
                if !senses.contains(sense) {
                    senses.push(*sense);
                }
            }
            if !senses.iter().any(|s| s.kind == Kind::Nothing)
                && let Some(place) = self.place(tokens, senses, word, bare)
            {
                out.push(place);
            }
        }
        self.settle(&mut out[first..]);
        self.among_states(&mut out[first..]);
        let mut i = first;
        while i < out.len() {
            // a state's short form that settled nothing is a common word
            if out[i].senses.iter().all(|s| s.kind == Kind::Abbreviation) && !out[i].settled {
                out.remove(i);
            } else {
                i += 1;
            }
        }
    }

    /// Whether it is a common word as written, and neither a capital letter nor a country suggests a name.
    fn is_common(&self, tokens: &Range<usize>, names: &[Name<'_>]) -> bool {
        let form = self.form(tokens);
        let capital = self.part.text.tokens[tokens.start].is_capital();
        let town = names.iter().flat_map(|name| name.senses).all(|s| s.kind == Kind::City);
        // "in Essen": a common noun would have an article; a Valencia is in Spain and in Venezuela
        let large = || {
            let mut all = names.iter().flat_map(|name| name.senses).filter(|s| s.population >= LARGE);
            all.next().is_some_and(|first| all.all(|s| s.country == first.country))
        };
        if self.is_told(tokens) || town && capital && self.is_where(tokens) && large() {
            return false;
        }
        self.gazetteer.is_word(form.language, &one_i(form.written)) && (town || form.any_capital || !capital)
    }

    fn form(&self, tokens: &Range<usize>) -> Form<'_> {
        let text = &self.part.text;
        let next = text.tokens.get(tokens.end);
        let sentence = text.sentences.get(text.sentence_of(tokens.start));
        Form {
            written: text.slice(tokens),
            language: self.document.language,
            apostrophe: next.is_some_and(|t| t.gap == Gap::None && matches!(t.first, '\'' | '’')),
            any_capital: self.loud || sentence.is_none_or(|s| s.start == tokens.start),
        }
    }

    fn place(&self, tokens: Range<usize>, mut senses: Vec<Sense>, word: bool, listed: bool) -> Option<Place> {
        let person = self.persons.partition_point(|p| p.end <= tokens.start);
        if self.persons.get(person).is_some_and(|p| p.start < tokens.end) {
            return None;
        }
        let text = &self.part.text;
        // "US$42 million" is a sum of money
        if text.tokens.get(tokens.end).is_some_and(|t| t.gap == Gap::None && CURRENCY.contains(&t.first)) {
            return None;
        }
        let dateline = self.line.is_some_and(|l| tokens.end <= l.all.end);
        let behind_comma = tokens.start > 1
            && text.tokens[tokens.start - 1].is(',')
            && text.tokens[tokens.start - 2].is_capital();
        // "CA" after a town is California; alone, "CA" and "IN" are something else
        // without its dot, a comma must follow: "CANTON, Mass, March 4", but not "in Accra, Mass was said"
        let dotless = text.tokens[tokens.end - 1].case == Case::Title
            && text.tokens.get(tokens.end).is_none_or(|t| !t.is(','));
        if !behind_comma || dotless {
            senses.retain(|s| s.kind != Kind::Abbreviation);
        }
        if senses.iter().any(|s| s.kind != Kind::Hint) {
            senses.retain(|s| s.kind != Kind::Hint);
        }
        // three letters are far more often an acronym or a month than a town
        if tokens.len() == 1 && !self.is_told(&tokens) && text.word(tokens.start).chars().count() < 4 {
            senses.retain(|s| s.kind != Kind::City || s.population >= 500);
        }
        if senses.is_empty() {
            return None;
        }
        let own = self.line.is_some_and(|l| tokens.start == 0 && tokens.end <= l.all.end);
        // "Fulton County, Georgia" lies in a state
        if behind_comma
            && self.context.is_some_and(|context| context.county.contains(text.word(tokens.start - 2)))
            && senses.iter().any(|s| s.region != [0; 2] && s.kind == Kind::Region)
        {
            senses.retain(|s| s.kind == Kind::Region);
        }
        let county = text.tokens.get(tokens.end).is_some_and(|t| t.gap == Gap::Space)
            && self.context.is_some_and(|context| context.county.contains(text.word(tokens.end)));
        if county
            && let Some(us) = self.gazetteer.doubtful_home(self.document.language)
            && home(self.document, self.gazetteer).is_none()
        {
            // the island of Guernsey is no county, nor is the country Jordan
            senses.retain(|s| matches!(s.kind, Kind::City | Kind::Region));
            if !senses.iter().any(|s| s.country == us) {
                senses.push(Sense { country: us, kind: Kind::City, region: [0; 2], population: 300 });
            }
        }
        // a town may share its name with a thing and a country; the country needs nothing next to it
        let doubtful = listed || word && !senses.iter().any(|s| s.kind == Kind::Country);
        let support =
            if own { self.weight(Observation::Settled) } else { self.support(&tokens, &senses, doubtful) };
        let key = text.slice(&tokens).to_lowercase();
        let shouted = self.is_shouted(&tokens);
        let state = self.is_of_state(tokens.end);
        Some(Place {
            field: text.field,
            tokens,
            senses,
            word,
            support,
            settled: false,
            dateline,
            shouted,
            state,
            key,
        })
    }
}
