//! Who is who: gathers the sightings of one article into persons and looks them up in the data.

mod lone;

use std::cell::OnceCell;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Data;
use super::described::Told;
use super::marks::Marked;
use super::office::Phrase;
use super::sighting::{Seen, Sighting};
use super::who::is_called;
use super::{Office, Person};
use crate::document::Mention;
use crate::language::class::Class;
use crate::language::slug::slug;
use crate::official::holders::When;
use crate::text::{Case, Field, Kind};

/// Most persons of one surname to keep apart; only hostile text has more.
const NAMESAKES: usize = 8;

/// A person as known so far.
#[derive(Debug)]
pub(super) struct Draft<'d> {
    /// Keys of the fullest form.
    pub keys: Vec<String>,
    /// Other keys that its surname may have: "petrosyan" beside "petrosya" of "Petrosyanın".
    others: Vec<String>,
    pub lady: bool,
    /// Part and tokens of the fullest form.
    pub fullest: (usize, Range<usize>),
    pub office: Option<Phrase<'d>>,
    /// What the text says about them apart from an office.
    pub told: Told,
    /// Part and tokens of a crowned title with the name of one word behind it.
    pub ruler: Option<(usize, Range<usize>)>,
    pub holder: Option<u32>,
    mentions: Vec<Mention>,
}

/// The persons of an article as they are gathered. Part 0 is the title, part 1 the body.
pub(super) struct Gathering<'d> {
    pub parts: [Marked<'d>; 2],
    pub data: Data<'d>,
    pub day: Option<String>,
    /// Whether the text names members of a parliament.
    pub members_named: bool,
    /// Whether the text names firms but no public office.
    pub business: bool,
    /// Countries and organisations that the text names.
    pub countries: FxHashSet<&'d str>,
    /// Countries whose parliaments, ministries and other bodies the text names.
    pub bodies_of: FxHashSet<&'d str>,
    /// The capitalised words of the text, once a name to be shown depends on them.
    pub capitals: OnceCell<FxHashSet<&'d str>>,
    people: Vec<Draft<'d>>,
    /// By every key that may refer to a person on its own.
    families: FxHashMap<String, Vec<usize>>,
}

impl<'d> Gathering<'d> {
    pub fn new(parts: [Marked<'d>; 2], data: Data<'d>, day: Option<String>) -> Self {
        let offices_named = parts.iter().any(Marked::names_office);
        let members_named = parts.iter().any(Marked::names_member);
        let business = !offices_named && parts.iter().any(Marked::names_firm);
        let countries = parts.iter().flat_map(Marked::countries).collect();
        let bodies_of = parts.iter().flat_map(Marked::bodies).collect();
        Self {
            parts,
            data,
            day,
            members_named,
            business,
            countries,
            bodies_of,
            capitals: OnceCell::new(),
            people: Vec::new(),
            families: FxHashMap::default(),
        }
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

    /// Takes names of several words and titled ones. Names without evidence wait for the second round, when it is known
    /// whether their surname is used alone.
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
                    && !self.data.holders.by_name(&sighting.keys, &self.data.vocabulary.names).is_empty();
            if let Some(who) = self.known(part, sighting) {
                self.join(who, part, sighting);
            } else if certain
                && (sighting.keys.len() > 1
                    || sighting.office.is_some()
                    || sighting.lady
                    || sighting.sovereign
                    || self.honoured(part, sighting))
            {
                self.create(part, sighting);
            }
        }
    }

    /// Whether "Mr" makes a single word a person.
    fn honoured(&self, part: usize, sighting: &Sighting) -> bool {
        let marked = &self.parts[part];
        let before = sighting.tokens.start.saturating_sub(1);
        let word = if marked.is(before, '.') { before.saturating_sub(1) } else { before };
        sighting.tokens.start > 0 && marked.small(word).any(Class::HONORIFIC)
    }

    /// The person a sighting refers to, with the same surname and no conflicting given name; the latest if there are
    /// several.
    fn known(&self, part: usize, sighting: &Sighting) -> Option<usize> {
        if let Some(who) = self.known_as(sighting.keys.last()?, part, sighting) {
            return Some(who);
        }
        let others = self.other_keys(part, &sighting.tokens);
        others.iter().find_map(|family| self.known_as(family, part, sighting))
    }

    /// Other keys that the last word of a name may have.
    fn other_keys(&self, part: usize, name: &Range<usize>) -> Vec<String> {
        let marked = &self.parts[part];
        self.data.vocabulary.names.other_keys(marked.text.word(name.end - 1), marked.language)
    }

    /// The person with this surname that a sighting refers to.
    fn known_as(&self, family: &String, part: usize, sighting: &Sighting) -> Option<usize> {
        let list = self.families.get(family)?;
        // "Donald Trump" and "Donald Trump Jr."
        let suffix = self.parts[part].has_suffix(&sighting.tokens);
        let fits = |who: &&usize| {
            let person = &self.people[**who];
            if sighting.keys.len() == 1 {
                return !(sighting.lady && self.is_man(person));
            }
            let family = person.keys.last() == Some(family) || person.others.contains(family);
            if person.keys.len() == 1 {
                return family;
            }
            let (other, tokens) = &person.fullest;
            let short = person.keys.len() == 2 && sighting.keys.len() == 2;
            if short && suffix != self.parts[*other].has_suffix(tokens) {
                return false;
            }
            family && self.same_given(&person.keys[0], &sighting.keys[0])
        };
        let both_public = |who: &usize, alike: fn(&Phrase, &Phrase) -> bool| {
            let offices = self.people[*who].office.as_ref().zip(sighting.office.as_ref());
            offices.is_some_and(|(a, b)| a.public && b.public && alike(a, b))
        };
        let same_office = |who: &&usize| both_public(who, |a, b| a.core() == b.core());
        // "Senator Cruz" behind "Sen. Ted Cruz" and "Heidi Cruz"
        let same_kind = |who: &&usize| both_public(who, |a, b| a.kind.is_some() && a.kind == b.kind);
        let fitting = || list.iter().rev().filter(fits);
        fitting()
            .find(same_office)
            .or_else(|| fitting().find(same_kind))
            .or_else(|| fitting().next())
            .copied()
    }

    /// Whether two given names may be one person's: the same, one short for the other, or one the other's initial.
    fn same_given(&self, a: &str, b: &str) -> bool {
        let names = &self.data.vocabulary.names;
        a == b
            || names.formal(a) == names.formal(b)
            || (a.chars().count() == 1 || b.chars().count() == 1) && a.chars().next() == b.chars().next()
    }

    fn is_man(&self, person: &Draft) -> bool {
        let mut all = self.data.vocabulary.names.all_given(&person.keys[0]).peekable();
        person.keys.len() > 1 && all.peek().is_some() && all.all(|given| given.female == Some(false))
    }

    fn join(&mut self, who: usize, part: usize, sighting: &Sighting<'d>) {
        let longer = sighting.keys.len() > self.people[who].keys.len();
        // the nominative shows the name as it is
        let plainer = sighting.keys == self.people[who].keys && {
            let (at, tokens) = &self.people[who].fullest;
            self.parts[*at].in_other_case(tokens.start)
                && self.parts[part].in_first_case(sighting.tokens.start)
        };
        self.mention(who, part, sighting.tokens.clone());
        let ruler = self.ruler(part, sighting);
        let others = (longer || plainer).then(|| self.other_keys(part, &sighting.tokens));
        let person = &mut self.people[who];
        if let Some(others) = others {
            person.keys.clone_from(&sighting.keys);
            person.others = others;
            person.fullest = (part, sighting.tokens.clone());
        }
        person.lady |= sighting.lady;
        person.told |= sighting.told;
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
            others: self.other_keys(part, &sighting.tokens),
            lady: sighting.lady,
            fullest: (part, sighting.tokens.clone()),
            office: sighting.office.clone(),
            told: sighting.told,
            ruler,
            holder: None,
            mentions: Vec::new(),
        });
        self.mention(who, part, sighting.tokens.clone());
        self.enter(who);
    }

    /// Indexes a person by surname, by middle names that are not known given names, and by a surname that comes first.
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
        alone.extend(self.people[who].others.iter().cloned());
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
            let (name, office) = if let Some(h) = holder {
                by_holder.insert(h, out.len());
                self.of_holder(h, person)
            } else {
                let Some(name) = self.display(person) else { continue };
                let office = person.office.as_ref().filter(|o| o.public).map(|o| Office {
                    id: None,
                    slug: slug(&name),
                    title: o.words(),
                    country: o.country.or_else(|| self.country_of_text(o)).map(str::to_owned),
                    kind: o.kind,
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

    /// Name and office of a holder in the data.
    fn of_holder(&self, index: u32, person: &Draft) -> (String, Option<Office>) {
        let holder = self.data.holders.holder(index);
        let day = self.day.as_deref();
        let of_text = self.office_of_text(person, holder);
        let (held, when) = holder.office_told(day, |office| is_called(person, office));
        // nobody holds an office before its first day
        if of_text.is_none() && when == When::Before {
            return (holder.name.to_string(), None);
        }
        let office = Office {
            kind: held.kind,
            id: holder.id.as_deref().map(str::to_owned),
            slug: holder.slug.to_string(),
            title: of_text.unwrap_or_else(|| held.called(when)),
            country: held.country.as_deref().map(str::to_owned),
        };
        (holder.name.to_string(), Some(office))
    }
}

/// Whether most words of a title have capitals, so that a capital means nothing.
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
