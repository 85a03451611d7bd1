//! Who is who: gathers the sightings of one article into persons, and finds those that the data knows.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::Data;
use super::marks::Marked;
use super::office::{Phrase, one_line};
use super::sighting::{Seen, Sighting};
use super::{Office, Person};
use crate::document::Mention;
use crate::language::class::Class;
use crate::language::names::slug;
use crate::official::holders::When;
use crate::text::{Case, Field, Kind, Script};

/// Persons of one surname that are kept apart; hostile text has more, an article never.
const NAMESAKES: usize = 8;

/// A person as far as the walk has got.
#[derive(Debug)]
struct Draft<'d> {
    /// Keys of the fullest form.
    keys: Vec<String>,
    lady: bool,
    /// Where the fullest form stands, and how much it counts.
    fullest: (usize, Range<usize>),
    office: Option<Phrase<'d>>,
    ruler: Option<(usize, Range<usize>)>,
    holder: Option<u32>,
    mentions: Vec<Mention>,
}

/// The persons of an article while they are being gathered. Part 0 is the title, part 1 the body.
pub(super) struct Gathering<'d> {
    parts: [Marked<'d>; 2],
    data: Data<'d>,
    day: Option<String>,
    /// The text knows firms and no public office.
    business: bool,
    people: Vec<Draft<'d>>,
    /// By every key that may stand for a person alone.
    families: FxHashMap<String, Vec<usize>>,
}

impl<'d> Gathering<'d> {
    pub fn new(parts: [Marked<'d>; 2], data: Data<'d>, day: Option<String>) -> Self {
        let business = parts.iter().any(Marked::names_firm) && !parts.iter().any(Marked::names_office);
        Self { parts, data, day, business, people: Vec::new(), families: FxHashMap::default() }
    }

    /// All persons of the article.
    pub fn gather(mut self) -> Vec<Person> {
        let body = self.parts[1].sightings();
        let headline = is_headline(&self.parts[0]);
        let title = if headline { Seen::default() } else { self.parts[0].sightings() };
        self.take_names(1, &body);
        self.take_names(0, &title);
        self.take_lone(1, &body.lone);
        if headline {
            self.take_headline();
        } else {
            self.take_lone(0, &title.lone);
        }
        self.finish()
    }

    /// Names of several words and titled ones. Those that nothing speaks for wait for the second round: by then it
    /// is known whether their surname is used alone.
    fn take_names(&mut self, part: usize, seen: &Seen<'d>) {
        let mut alone: FxHashMap<String, usize> = FxHashMap::default();
        if seen.names.iter().any(|n| !n.certain && n.speaks) {
            for t in &seen.lone {
                let marked = &self.parts[part];
                let key = self.data.vocabulary.names.key(marked.text.word(*t), marked.language);
                *alone.entry(key).or_default() += 1;
            }
        }
        for sighting in &seen.names {
            let family = sighting.keys.last().expect("a sighting has a word");
            let certain = sighting.certain
                || sighting.speaks && alone.contains_key(family)
                || sighting.keys.len() > 1
                    && !self
                        .data
                        .holders
                        .by_name(&self.data.vocabulary.names.full_key(&sighting.keys))
                        .is_empty();
            if let Some(who) = self.known(sighting) {
                self.join(who, part, sighting);
            } else if certain
                && (sighting.keys.len() > 1
                    || sighting.office.is_some()
                    || sighting.lady
                    || self.honoured(part, sighting))
            {
                self.create(part, sighting);
            }
        }
    }

    /// Whether "Mr" makes a person of a single word.
    fn honoured(&self, part: usize, sighting: &Sighting) -> bool {
        let marked = &self.parts[part];
        let before = sighting.tokens.start.saturating_sub(1);
        let word = if marked.is(before, '.') { before.saturating_sub(1) } else { before };
        sighting.tokens.start > 0 && marked.small(word).any(Class::HONORIFIC)
    }

    /// The person that a sighting is of: same surname, and nothing in the given names against it; the latest of several.
    fn known(&self, sighting: &Sighting) -> Option<usize> {
        let family = sighting.keys.last()?;
        let list = self.families.get(family)?;
        let fits = |who: &&usize| {
            let person = &self.people[**who];
            if sighting.keys.len() == 1 {
                return !(sighting.lady && self.is_man(person));
            }
            if person.keys.len() == 1 {
                return person.keys.last() == Some(family);
            }
            person.keys.last() == Some(family) && self.same_given(&person.keys[0], &sighting.keys[0])
        };
        let same_office = |who: &&usize| {
            let theirs = self.people[**who].office.as_ref();
            theirs
                .zip(sighting.office.as_ref())
                .is_some_and(|(a, b)| a.public && b.public && a.core() == b.core())
        };
        let fitting = || list.iter().rev().filter(fits);
        fitting().find(same_office).or_else(|| fitting().next()).copied()
    }

    /// Whether two given names may be one person's: the same, one short for the other, or one an initial of the other.
    fn same_given(&self, a: &str, b: &str) -> bool {
        let names = &self.data.vocabulary.names;
        a == b
            || names.formal(a) == names.formal(b)
            || (a.chars().count() == 1 || b.chars().count() == 1) && a.chars().next() == b.chars().next()
    }

    fn is_man(&self, person: &Draft) -> bool {
        person.keys.len() > 1
            && self.data.vocabulary.names.given(&person.keys[0]).is_some_and(|g| g.female == Some(false))
    }

    fn join(&mut self, who: usize, part: usize, sighting: &Sighting<'d>) {
        let longer = sighting.keys.len() > self.people[who].keys.len();
        self.mention(who, part, sighting.tokens.clone());
        let ruler = self.ruler(part, sighting);
        let person = &mut self.people[who];
        if longer {
            person.keys.clone_from(&sighting.keys);
            person.fullest = (part, sighting.tokens.clone());
        }
        person.lady |= sighting.lady;
        person.ruler = person.ruler.take().or(ruler);
        if let Some(office) = &sighting.office {
            let better = match &person.office {
                None => true,
                Some(old) => (office.public, !office.past) > (old.public, !old.past),
            };
            if better {
                person.office = Some(office.clone());
            } else if let Some(old) = &mut person.office
                && old.country.is_none()
                && office.public
            {
                old.country = office.country;
            }
        }
        if longer {
            self.enter(who);
        }
    }

    fn create(&mut self, part: usize, sighting: &Sighting<'d>) {
        let who = self.people.len();
        let ruler = self.ruler(part, sighting);
        self.people.push(Draft {
            keys: sighting.keys.clone(),
            lady: sighting.lady,
            fullest: (part, sighting.tokens.clone()),
            office: sighting.office.clone(),
            ruler,
            holder: None,
            mentions: Vec::new(),
        });
        self.mention(who, part, sighting.tokens.clone());
        self.enter(who);
    }

    fn ruler(&self, part: usize, sighting: &Sighting) -> Option<(usize, Range<usize>)> {
        let head = &sighting.office.as_ref()?.head;
        let marked = &self.parts[part];
        (head.end == sighting.tokens.start && marked.class(head.start).any(Class::RULER))
            .then_some((part, head.start..sighting.tokens.end))
    }

    /// Makes a person findable by surname, by a middle name that is none's given name, and by a surname in front.
    fn enter(&mut self, who: usize) {
        let keys = &self.people[who].keys;
        let mut alone: Vec<String> = keys
            .iter()
            .skip(1)
            .rev()
            .filter(|k| k.chars().count() > 2)
            .filter(|k| self.data.vocabulary.names.given(k).is_none())
            .cloned()
            .collect();
        let family = keys.last().expect("a person has a name");
        if !alone.contains(family) {
            alone.push(family.clone());
        }
        if keys.len() > 1 && self.data.vocabulary.names.is_family_first(&keys[0]) {
            alone.push(keys[0].clone());
        }
        for key in alone {
            let list = self.families.entry(key).or_default();
            if !list.contains(&who) {
                if list.len() == NAMESAKES {
                    list.remove(0);
                }
                list.push(who);
            }
        }
    }

    fn mention(&mut self, who: usize, part: usize, tokens: Range<usize>) {
        let field = if part == 0 { Field::Title } else { Field::Text };
        self.people[who].mentions.push(Mention { field, tokens });
    }

    /// Surnames alone: of the person of that surname who was named last before.
    fn take_lone(&mut self, part: usize, lone: &[usize]) {
        for &t in lone {
            if let Some(who) = self.bearer(part, t) {
                self.mention(who, part, t..t + 1);
            }
        }
    }

    /// In a headline any word may have a capital, so each is asked for itself; a given name before it is taken along.
    fn take_headline(&mut self) {
        let mut t = 0;
        while t < self.parts[0].text.tokens.len() {
            if let Some(who) = self.parts[0].capital(t).then(|| self.bearer(0, t)).flatten() {
                let marked = &self.parts[0];
                let before = t > 0
                    && !marked.breaks(t)
                    && marked.capital(t - 1)
                    && self.people[who].keys.len() > 1
                    && marked.data.vocabulary.names.key(marked.text.word(t - 1), marked.language)
                        == self.people[who].keys[0];
                self.mention(who, 0, t - usize::from(before)..t + 1);
            }
            t += 1;
        }
    }

    fn bearer(&mut self, part: usize, t: usize) -> Option<usize> {
        let marked = &self.parts[part];
        if self.families.is_empty() && !marked.family(t) {
            return None;
        }
        let (officials, families) = (&self.data.holders, &self.families);
        let (list, holders) = marked.with_key(t, |key| (families.get(key), officials.by_family(key)));
        if let Some(list) = list {
            // the last one named before this place; the mentions of the body come in order only within a kind
            let field = if part == 0 { Field::Title } else { Field::Text };
            let near = |who: &usize| {
                let before = |m: &&Mention| m.field == field && m.tokens.start < t;
                self.people[*who].mentions.iter().rev().filter(before).map(|m| m.tokens.start).max()
            };
            return if list.len() == 1 { Some(list[0]) } else { list.iter().copied().max_by_key(near) };
        }
        let holder = holders.iter().copied().find(|h| officials.holder(*h).lone && self.alive(*h))?;
        let key = marked.with_key(t, str::to_owned);
        let who = self.people.len();
        self.people.push(Draft {
            keys: vec![key],
            lady: false,
            fullest: (part, t..t + 1),
            office: None,
            ruler: None,
            holder: Some(holder),
            mentions: Vec::new(),
        });
        self.enter(who);
        Some(who)
    }

    /// Whether the article can mean somebody of the data: it is not decades older than their first office.
    fn alive(&self, holder: u32) -> bool {
        let Some(day) = &self.day else { return true };
        let year = |date: &str| date.get(..4).and_then(|y| y.parse::<i32>().ok());
        let first = self
            .data
            .holders
            .holder(holder)
            .offices
            .iter()
            .filter_map(|o| o.from.as_deref().or(o.seen.as_deref()).and_then(year))
            .min();
        match (year(day), first) {
            (Some(now), Some(first)) => now + 15 >= first,
            _ => true,
        }
    }

    /// The holder that a person is, by full name, or by surname with an office that fits.
    fn holder(&self, person: &Draft) -> Option<u32> {
        if person.holder.is_some() {
            return person.holder;
        }
        let officials = &self.data.holders;
        let country = person.office.as_ref().and_then(|o| o.country);
        let fits = |h: &u32| {
            let theirs = &officials.holder(*h).offices;
            self.alive(*h)
                && country.is_none_or(|c| theirs.iter().any(|o| o.country.as_deref().is_none_or(|t| t == c)))
        };
        if person.keys.len() > 1 {
            if self.in_business(person) {
                return None;
            }
            let list = officials.by_name(&self.data.vocabulary.names.full_key(&person.keys));
            let day = self.day.as_deref();
            let now = |h: &u32| {
                day.is_some_and(|d| officials.holder(*h).offices.iter().any(|o| o.when(d) == When::During))
            };
            let named = || list.iter().copied().filter(fits);
            return only(named()).or_else(|| only(named().filter(now)));
        }
        let Some(office) = person.office.as_ref().filter(|o| o.public) else {
            // a title in small letters takes nothing from a surname that means one person in any article
            let titled = person.office.as_ref().is_some_and(|o| o.bare);
            let list = officials.by_family(person.keys.last()?);
            return list.iter().copied().find(|h| titled && officials.holder(*h).lone && self.alive(*h));
        };
        let day = self.day.as_deref();
        let held = |h: &u32, in_time: &[When]| {
            let offices = &officials.holder(*h).offices;
            offices.iter().any(|o| day.is_none_or(|d| in_time.contains(&o.when(d))))
        };
        let list = officials.by_family(person.keys.last()?);
        let of = |in_time: &'static [When]| {
            list.iter().copied().filter(fits).filter(move |h| held(h, in_time)).collect::<Vec<u32>>()
        };
        let now = of(&[When::During]);
        let found =
            if now.is_empty() || office.past { of(&[When::During, When::After, When::Unknown]) } else { now };
        only(found.into_iter())
    }

    /// Whether a name without an office stands in a text that knows firms and no public office: another bearer of the
    /// name of somebody in the data. "President Donald Trump met executives of Boeing Co" is no such text.
    fn in_business(&self, person: &Draft) -> bool {
        self.business && person.office.as_ref().is_none_or(|o| !o.public && !o.bare)
    }

    fn finish(mut self) -> Vec<Person> {
        let holders: Vec<Option<u32>> = self.people.iter().map(|p| self.holder(p)).collect();
        let mut by_holder: FxHashMap<u32, usize> = FxHashMap::default();
        let mut out: Vec<Person> = Vec::new();
        for (who, holder) in holders.into_iter().enumerate() {
            let mentions = std::mem::take(&mut self.people[who].mentions);
            if let Some(first) = holder.and_then(|h| by_holder.get(&h)) {
                out[*first].mentions.extend(mentions);
                continue;
            }
            let person = &self.people[who];
            let name = self.display(person);
            let (name, office) = if let Some(h) = holder {
                by_holder.insert(h, out.len());
                self.of_holder(h)
            } else {
                let office = person.office.as_ref().filter(|o| o.public).map(|o| Office {
                    id: None,
                    slug: slug(&name),
                    title: o.words(),
                    country: o.country.map(str::to_owned),
                });
                (name, office)
            };
            out.push(Person { name, office, mentions });
        }
        for person in &mut out {
            person.mentions.sort_by_key(|m| (m.field, m.tokens.start));
            person.mentions.dedup();
        }
        out.retain(|p| !p.mentions.is_empty());
        out
    }

    /// Name and office of somebody of the data.
    fn of_holder(&self, index: u32) -> (String, Option<Office>) {
        let holder = self.data.holders.holder(index);
        let day = self.day.as_deref();
        let office = Office {
            id: holder.id.as_deref().map(str::to_owned),
            slug: holder.slug.to_string(),
            title: holder.title(day),
            country: holder.office(day).0.country.as_deref().map(str::to_owned),
        };
        (holder.name.to_string(), Some(office))
    }

    /// The name in its fullest and first form, on one line.
    fn display(&self, person: &Draft) -> String {
        let (part, tokens) = match &person.ruler {
            Some(ruler) if person.keys.len() == 1 => ruler,
            _ => &person.fullest,
        };
        let marked = &self.parts[*part];
        let mut written = one_line(marked.text.slice(tokens));
        if let Some(bare) = self.data.vocabulary.names.article(&written, marked.language) {
            written.truncate(bare.len());
        }
        if Script::of(marked.text.tokens[tokens.start].first) != Script::Cyrillic {
            return written;
        }
        self.first_case(marked, tokens).unwrap_or(written)
    }

    /// A Cyrillic name in the nominative: the given name from its list, the surname by its ending and gender.
    fn first_case(&self, marked: &Marked, tokens: &Range<usize>) -> Option<String> {
        let names = &self.data.vocabulary.names;
        let first = marked.text.word(tokens.start);
        let given = names.given(&names.key(first, marked.language))?;
        if given.name.as_ref() == first || tokens.len() != 2 {
            return None;
        }
        let surname = marked.text.word(tokens.end - 1);
        let key = names.key(surname, marked.language);
        let stem: String = surname.chars().take(key.chars().count()).collect();
        let ending = match stem.chars().last()? {
            _ if stem.chars().count() == surname.chars().count() => "",
            _ if stem.ends_with("ск") || stem.ends_with("цк") => {
                if given.female == Some(true) {
                    "ая"
                } else {
                    "ий"
                }
            }
            _ if given.female == Some(true)
                && (stem.ends_with("ов") || stem.ends_with("ев") || stem.ends_with("ин")) =>
            {
                "а"
            }
            'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я' => return None,
            _ => "",
        };
        Some(format!("{} {stem}{ending}", given.name))
    }
}

/// The one thing that an iterator yields, if it is one.
fn only<T>(mut of: impl Iterator<Item = T>) -> Option<T> {
    let first = of.next()?;
    of.next().is_none().then_some(first)
}

/// Whether most words of a title have capitals, so that a capital says nothing.
fn is_headline(title: &Marked) -> bool {
    let (mut capital, mut lower) = (0, 0);
    for token in title.text.tokens.iter().filter(|t| t.kind == Kind::Word && t.end - t.start > 3) {
        if token.case == Case::Lower {
            lower += 1;
        } else {
            capital += 1;
        }
    }
    capital > lower * 2
}
