//! What the whole text says for each country, and which sense of each name follows from it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::named::{DOUBTED, Place};
use crate::country::gazetteer::{Kind, Places, Sense};
use crate::country::sense::Observation as Of;
use crate::country::support::Observation;
use crate::document::Document;
use crate::text::Language;

/// What the whole text says for each country.
pub(super) struct Evidence<'p> {
    gazetteer: &'p Places,
    language: Language,
    /// By country: names, adjectives and towns.
    countries: FxHashMap<u16, f32>,
    /// By country: only its regions and towns.
    local: FxHashMap<u16, f32>,
    regions: FxHashSet<(u16, [u8; 2])>,
    /// Where the source is published.
    home: Option<u16>,
    /// Names that are part of the source's domain.
    papers: FxHashSet<String>,
    /// By country: the only name that speaks for it; empty if there are several.
    only: FxHashMap<u16, String>,
}

/// Thousands of inhabitants from which a town at home is meant rather than a larger namesake abroad.
pub(super) const RIVAL: u32 = 50;
/// Thousands of inhabitants below which a town abroad may be a namesake at home.
const FAR: u32 = 1200;

/// Thousands of inhabitants below which a town is no rival to a country or region of the same name.
const VILLAGE: u32 = 15;

/// Thousands of inhabitants from which a town needs no other evidence, if all places of its name are in one country, or
/// if it is far larger than those in others.
const TOWN: u32 = 50;
/// See [`TOWN`].
const LARGE: u32 = 400;
/// How many times as large as those in other countries.
const LARGER: u32 = 8;
/// How many times as large as the town at home a metropolis abroad must be to be meant.
const METROPOLIS: u32 = 30;

impl<'p> Evidence<'p> {
    pub(super) fn new(document: &Document, gazetteer: &'p Places, places: &[Place]) -> Self {
        let home = home(document, gazetteer);
        let mut out = Self {
            gazetteer,
            language: document.language,
            countries: FxHashMap::default(),
            local: FxHashMap::default(),
            regions: FxHashSet::default(),
            home,
            papers: FxHashSet::default(),
            only: FxHashMap::default(),
        };
        let mut doubtful = places.iter().all(|p| !p.dateline); // wire stories are read abroad
        for place in places.iter().filter(|p| p.support > DOUBTED) {
            let Some(sense) = sure(place) else { continue };
            let weight = gazetteer.senses.of(named(sense.kind));
            *out.countries.entry(sense.country).or_default() += weight;
            doubtful &= matches!(sense.kind, Kind::City | Kind::Capital)
                && place.senses.iter().any(|s| s.country != sense.country);
            let only = out.only.entry(sense.country).or_insert_with(|| place.key.clone());
            if *only != place.key {
                only.clear();
            }
            if !matches!(sense.kind, Kind::Country | Kind::Adjective | Kind::Seat) {
                *out.local.entry(sense.country).or_default() += weight;
            }
            if sense.region != [0; 2] {
                out.regions.insert((sense.country, sense.region));
            }
        }
        if let Some(home) = home {
            let weight = gazetteer.senses.of(Of::Home);
            *out.countries.entry(home).or_default() += weight;
            *out.local.entry(home).or_default() += weight;
        } else if label(document).is_some()
            && let Some(probable) = gazetteer.doubtful_home(document.language)
        {
            // most local papers in English with a domain of no country are American
            let hints = || out.countries.values().all(|w| *w < gazetteer.senses.of(Of::NamesTown));
            let observed =
                if doubtful { Some(Of::ProbableHome) } else { hints().then_some(Of::ProbableHomeAlone) };
            let weight = observed.map_or(0.0, |observed| gazetteer.senses.of(observed));
            *out.local.entry(probable).or_default() += weight;
        }
        let us = gazetteer.by_code("US");
        if home.is_none()
            && let Some(label) = label(document)
        {
            for place in places.iter().filter(|p| p.key.len() >= 5) {
                // "parisbeacon.com" is not printed in the capital
                if let Some(sense) = place.senses.iter().find(|s| Some(s.country) == us)
                    && label.contains(&place.key.replace(' ', ""))
                {
                    let [for_towns, weight] =
                        [Of::DomainNamesTownLocally, Of::DomainNamesTown].map(|o| gazetteer.senses.of(o));
                    *out.local.entry(sense.country).or_default() += for_towns;
                    *out.countries.entry(sense.country).or_default() += weight;
                    out.papers.insert(place.key.clone());
                }
            }
        }
        out
    }

    /// The likeliest sense; a [`Kind::Hint`], which names nothing, if two are about as likely.
    pub(super) fn choose(&self, place: &Place) -> Sense {
        if self.papers.contains(&place.key)
            && let Some(sense) = place.senses.iter().find(|s| s.region != [0; 2] && !place.settled)
        {
            return *sense;
        }
        let best = self.best(place);
        // "an Edmonton man", in a London paper that says nothing of Canada: it may be the part of London
        match self.home {
            Some(home)
                if best.kind == Kind::City
                    && best.population < FAR
                    && !place.settled
                    && self.only.get(&best.country).is_none_or(|key| *key == place.key)
                    && best.country != home
                    && self.gazetteer.share_names(self.language, home, best.country) =>
            {
                Sense { kind: Kind::Hint, ..best }
            }
            _ => best,
        }
    }

    pub(super) fn best(&self, place: &Place) -> Sense {
        let weight = |observed| self.gazetteer.senses.of(observed);
        let score = |s: &Sense| {
            // a name is no evidence for itself
            let itself = Some(s.country) != self.home && self.only.get(&s.country) == Some(&place.key);
            let of = |map: &FxHashMap<u16, f32>| match map.get(&s.country) {
                Some(told) if !itself => told.min(weight(Of::MostOfArticle)),
                _ => 0.0,
            };
            let seen =
                f32::from(u8::from(s.region != [0; 2] && self.regions.contains(&(s.country, s.region))));
            match s.kind {
                Kind::Country => weight(Of::Country) + of(&self.countries),
                Kind::Adjective | Kind::Seat => weight(Of::Adjective) + of(&self.countries),
                Kind::Region | Kind::Abbreviation => {
                    let state = place.state && s.region != [0; 2];
                    let told = if state { weight(Of::OfState) } else { 0.0 };
                    weight(Of::Region) + of(&self.local) + weight(Of::RegionSeen) * seen + told
                }
                Kind::Capital => size(s) + weight(Of::Capital) + of(&self.countries),
                Kind::City => {
                    let country = weight(Of::CountryOfTown) * of(&self.countries);
                    size(s) + country + of(&self.local) + weight(Of::RegionOfTown) * seen
                }
                Kind::Hint | Kind::Nothing => 0.0,
            }
        };
        if let Some(own) = self.namesake_at_home(place) {
            return own;
        }
        let first = place.senses[0];
        // a country's own name yields to a town only at home
        let country = place.senses.iter().any(|s| s.kind == Kind::Country);
        let possible = |s: &&Sense| !country || s.kind != Kind::City || Some(s.country) == self.home;
        let (best, most) = place.senses.iter().filter(possible).fold((first, f32::MIN), |best, s| {
            let score = score(s);
            if score > best.1 { (*s, score) } else { best }
        });
        // its size alone speaks for it
        let alone = best.kind == Kind::City && most <= size(&best) && !place.settled && !place.dateline;
        let rival = |s: &Sense| s.country != best.country && score(s) + weight(Of::Margin) > most;
        let capital =
            best.kind == Kind::Capital && most <= size(&best) + weight(Of::Capital) && !place.dateline;
        let equal = |s: &Sense| {
            s.kind == Kind::Country
                && s.country != best.country
                && score(s) + weight(Of::CapitalMargin) > most
        };
        if alone && place.senses.iter().filter(possible).any(rival)
            || capital && place.senses.iter().any(equal)
        {
            return Sense { kind: Kind::Hint, ..best };
        }
        best
    }

    /// The town in the paper's own country, if only the name itself speaks for a larger one abroad: London, Ontario, in
    /// a Canadian paper that says nothing of Britain. A village at home is no rival to a metropolis.
    fn namesake_at_home(&self, place: &Place) -> Option<Sense> {
        let home = self.home?;
        let towns = place.senses.iter().all(|s| matches!(s.kind, Kind::City | Kind::Capital));
        let largest = place.senses.iter().max_by_key(|s| s.population)?;
        let own = place.senses.iter().filter(|s| s.country == home).max_by_key(|s| s.population)?;
        let alone = |country| self.only.get(&country).is_none_or(|key| *key == place.key);
        (towns && !place.settled && largest.country != home && alone(largest.country))
            .then_some(*own)
            .filter(|own| own.population >= RIVAL && own.population * METROPOLIS >= largest.population)
    }

    /// The support that a sense gets from the whole text and from the town's size.
    pub(super) fn support(&self, sense: &Sense, word: bool) -> f32 {
        let known = self.countries.get(&sense.country).copied().unwrap_or(0.0);
        let near = self.regions.contains(&(sense.country, sense.region)) && sense.region != [0; 2];
        let size = match sense.population {
            _ if sense.kind == Kind::Capital => Some(Observation::IsCapital),
            1000.. => Some(Observation::Million),
            300.. => Some(Observation::Thousands300),
            100.. => Some(Observation::Thousands100),
            20.. => Some(Observation::Thousands20),
            _ => None,
        };
        let around = if near {
            Some(Observation::RegionNamed)
        } else {
            (known >= self.gazetteer.senses.of(Of::NamesTown)).then_some(Observation::CountryNamed)
        };
        let weight = |of: Option<Observation>| of.map_or(0.0, |of| self.gazetteer.support.of(of));
        let most = if word { self.gazetteer.support.of(Observation::WordOfAnySize) } else { f32::INFINITY };
        weight(size).min(most) + weight(around)
    }
}

/// What a name of a kind says for its country.
fn named(kind: Kind) -> Of {
    match kind {
        Kind::Hint => Of::NamesHint,
        Kind::Country => Of::NamesCountry,
        Kind::Adjective | Kind::Seat | Kind::Region | Kind::Abbreviation => Of::NamesPart,
        Kind::Capital | Kind::City | Kind::Nothing => Of::NamesTown,
    }
}

fn size(s: &Sense) -> f32 {
    ((s.population + 1) as f32).ln()
}

/// The sense of a name that is almost certain: its only one, or a town far larger than its namesakes.
pub(super) fn sure(place: &Place) -> Option<Sense> {
    let first = *place.senses.first()?;
    if place.settled || place.senses.iter().all(|s| s.country == first.country) {
        let town = matches!(first.kind, Kind::City);
        return (!town || place.settled || place.dateline || first.population >= TOWN && !place.word)
            .then_some(first);
    }
    // Egypt, Texas, is a village: the name means the country
    let mut wide = place.senses.iter().filter(|s| !matches!(s.kind, Kind::City | Kind::Capital));
    if let (Some(only), None) = (wide.next(), wide.next())
        && place.senses.iter().all(|s| s == only || s.population < VILLAGE)
    {
        return Some(*only);
    }
    let largest = place.senses.iter().max_by_key(|s| s.population)?;
    let only_towns = place.senses.iter().all(|s| matches!(s.kind, Kind::City | Kind::Capital));
    let far = place
        .senses
        .iter()
        .filter(|s| s.country != largest.country)
        .all(|s| s.population * LARGER < largest.population);
    (only_towns && far && largest.population >= LARGE).then_some(*largest)
}

/// The country where the source is published, as stated or from the last label of its domain.
pub(super) fn home(document: &Document, gazetteer: &Places) -> Option<u16> {
    let places = gazetteer;
    if let Some(code) = &document.source.country {
        return places.by_code(&code.to_uppercase());
    }
    let label = document.source.domain.as_deref()?.rsplit('.').next()?.to_uppercase();
    match label.as_str() {
        "UK" => places.by_code("GB"),
        "GOV" | "MIL" => places.by_code("US"),
        // sold worldwide
        "IO" | "TV" | "ME" | "CO" | "AI" | "FM" | "LY" | "WS" | "CC" | "TO" => None,
        _ => places.by_code(&label),
    }
}

/// The part before the last label of the source's domain: "parisbeacon".
fn label(document: &Document) -> Option<&str> {
    let domain = document.source.domain.as_deref()?;
    let mut labels = domain.rsplit('.');
    matches!(labels.next()?, "com" | "net" | "org" | "info" | "us").then(|| labels.next()).flatten()
}
