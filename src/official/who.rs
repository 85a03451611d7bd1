//! Which holder in the data a person of the article is, if any: by name, by what the text says about them, by date.

use super::identity::{Draft, Gathering};
use super::matching::Fit;
use super::office::Phrase;
use crate::official::holders::{Holder, Holding, When, is_organisation};
use crate::official::titles::Kind;

impl Gathering<'_> {
    /// Whether the article can mean a holder: it is not decades older than their first office.
    pub fn alive(&self, holder: u32) -> bool {
        let Some(day) = &self.day else { return true };
        let year = |date: &str| date.get(..4).and_then(|y| y.parse::<i32>().ok());
        let offices = &self.data.holders.holder(holder).offices;
        let first =
            offices.iter().filter_map(|o| o.from.as_deref().or(o.seen.as_deref()).and_then(year)).min();
        match (year(day), first) {
            (Some(now), Some(first)) => now + 15 >= first,
            _ => true,
        }
    }

    /// The holder that a person is, by full name, or by surname with a fitting office.
    pub fn holder(&self, person: &Draft) -> Option<u32> {
        if person.holder.is_some() {
            return person.holder;
        }
        if person.keys.len() > 1 {
            return self.by_full_name(person);
        }
        if person.ruler.is_some() {
            return self.sovereign(person);
        }
        let family = person.keys.last()?;
        let officials = &self.data.holders;
        let Some(office) = &person.office else {
            // "Mr Putin"
            let known = |h: &u32| officials.holder(*h).lone && self.alive(*h);
            let man = !(person.lady || person.told.kin || person.told.trade);
            return officials.by_family(family).iter().copied().find(known).filter(|_| man);
        };
        if !office.public {
            // a lower-case title takes nothing away from a surname that means one person in any article
            let list = officials.by_family(family).iter().copied().filter(|h| office.bare && self.alive(*h));
            return list
                .clone()
                .find(|h| officials.holder(*h).lone)
                .or_else(|| only(list.filter(|h| self.heads(*h))));
        }
        let day = self.day.as_deref();
        let of = |in_time: &'static [When]| {
            let held = move |h: &u32| {
                let offices = &officials.holder(*h).offices;
                offices.iter().any(|o| day.is_none_or(|d| in_time.contains(&o.when(d))))
            };
            let list = officials.by_family(family).iter().copied();
            // "President Charles" is not the king
            list.filter(|h| self.fits(*h, office) && !clashes(office, officials.holder(*h)))
                .filter(|h| !officials.holder(*h).is_crowned())
                .filter(held)
                .filter(|h| !self.is_dim(*h) || self.is_named(*h))
                .collect::<Vec<u32>>()
        };
        let now = of(&[When::During]);
        let found =
            if now.is_empty() || office.past { of(&[When::During, When::After, When::Unknown]) } else { now };
        only(found.into_iter())
    }

    fn by_full_name(&self, person: &Draft) -> Option<u32> {
        let officials = &self.data.holders;
        let office = person.office.as_ref().filter(|o| o.public);
        let named = officials.by_name(&person.keys, &self.data.vocabulary.names);
        let may = |(h, fit): &(u32, Fit)| {
            let holder = officials.holder(*h);
            let fits = person.office.as_ref().is_none_or(|o| self.fits(*h, o));
            let clash = !holder.lone && !self.heads_now(*h) && office.is_some_and(|o| clashes(o, holder));
            let son = self.is_son(person) && !self.is_suffixed(*h);
            fits && self.alive(*h) && !clash && !son && self.believed(person, *h, *fit)
        };
        let list: Vec<(u32, Fit)> = named.into_iter().filter(may).collect();
        let of = |fit: Fit| list.iter().filter(move |(_, f)| *f == fit).map(|(h, _)| *h);
        let day = self.day.as_deref();
        let now = |h: &u32| {
            day.is_some_and(|d| officials.holder(*h).offices.iter().any(|o| o.when(d) == When::During))
        };
        [Fit::Whole, Fit::Near]
            .into_iter()
            .find_map(|fit| only(of(fit)).or_else(|| only(of(fit).filter(now))))
    }

    /// Whether a suffix sets a person apart from a namesake: "Donald Trump Jr.", but not "Joseph R. Biden Jr.".
    fn is_son(&self, person: &Draft) -> bool {
        let (part, tokens) = &person.fullest;
        person.keys.len() == 2 && self.parts[*part].has_suffix(tokens)
    }

    /// Whether a holder's name has a suffix in the data.
    fn is_suffixed(&self, holder: u32) -> bool {
        let holder = self.data.holders.holder(holder);
        let mut names = holder.aliases.iter().chain([&holder.name]);
        let suffix = |word: &str| self.data.vocabulary.names.is_suffix(word.trim_matches([',', '.']));
        names.any(|name| name.split(' ').skip(1).any(suffix))
    }

    /// Whether the text supports a person's being this holder, and nothing in it contradicts it.
    fn believed(&self, person: &Draft, holder: u32, fit: Fit) -> bool {
        let known = self.data.holders.holder(holder);
        if person.office.as_ref().is_some_and(|o| o.public) {
            return true;
        }
        if person.told.trade {
            return false;
        }
        if known.lone {
            return !person.told.kin || self.is_named(holder);
        }
        // another bearer of the name, unless they head a state: "Xi Jinping met executives of Boeing Co"
        let in_business = self.business && person.office.as_ref().is_none_or(|o| !o.bare);
        if in_business && !self.heads_now(holder) {
            return false;
        }
        let doubted = fit == Fit::Near || person.told.kin || person.told.aged || self.is_dim(holder);
        if doubted {
            return self.is_named(holder);
        }
        // parliaments have hundreds of members, many with common names: "la teoría de Adam Smith" is about another
        let seat = known.offices.iter().all(|o| o.kind == Some(Kind::Parliament));
        !seat || self.members_named || self.is_named(holder)
    }

    /// Whether a holder is known to have held office only in a past year.
    fn is_dim(&self, holder: u32) -> bool {
        let holder = self.data.holders.holder(holder);
        match self.day.as_deref() {
            Some(day) => holder.office(Some(day)).1 == When::Unknown,
            None => holder.offices[0].seen.is_some(),
        }
    }

    /// Whether the text names the country of one of a holder's offices.
    pub fn is_named(&self, holder: u32) -> bool {
        let offices = &self.data.holders.holder(holder).offices;
        offices.iter().any(|o| o.country.as_deref().is_some_and(|c| self.countries.contains(c)))
    }

    /// Whether a holder heads a state or a government, or ever did and the text names its country.
    fn heads(&self, holder: u32) -> bool {
        let day = self.day.as_deref();
        let offices = &self.data.holders.holder(holder).offices;
        let mut heads = offices.iter().filter(|o| o.kind == Some(Kind::Head));
        heads.any(|o| day.is_some_and(|d| o.when(d) == When::During) || self.is_named(holder))
    }

    /// Whether a holder heads a state or a government on the day, as far as the data shows.
    fn heads_now(&self, holder: u32) -> bool {
        let heads = self.data.holders.holder(holder).offices.iter().filter(|o| o.kind == Some(Kind::Head));
        let mut heads = heads.filter(|o| o.seen.is_none());
        match self.day.as_deref() {
            Some(day) => heads.any(|o| o.when(day) == When::During),
            None => heads.any(|o| o.to.is_none()),
        }
    }

    /// Whether the country of an office in the text is one of the holder's.
    pub fn fits(&self, holder: u32, office: &Phrase) -> bool {
        let theirs = &self.data.holders.holder(holder).offices;
        // someone known to everybody may also preside over an organisation
        let besides = |c: &str| is_organisation(c) && self.data.holders.holder(holder).lone;
        let own = |c| besides(c) || theirs.iter().any(|o| o.country.as_deref().is_none_or(|t| t == c));
        self.alive(holder) && office.country.is_none_or(own)
    }

    /// The country of an office that states none: that of the parliament or ministry in the text, if all bodies it
    /// names are of one country, and it names no other country at all. For a member of parliament other countries may
    /// be named.
    pub fn country_of_text(&self, office: &Phrase) -> Option<&str> {
        let country = self.bodies_of.iter().next().copied().filter(|_| self.bodies_of.len() == 1)?;
        let seat = office.kind == Some(Kind::Parliament);
        let alone = seat || self.countries.iter().all(|c| *c == country);
        let head = office.kind == Some(Kind::Head);
        (alone && !head).then_some(country)
    }

    /// The text's words for an office that differs from the one in the data for that day.
    pub fn office_of_text(&self, person: &Draft, holder: &Holder) -> Option<String> {
        let office = person.office.as_ref().filter(|o| o.public)?;
        let (_, when) = holder.office(self.day.as_deref());
        let other = clashes(office, holder) && when != When::During;
        (other || when == When::Before).then(|| office.words())
    }
}

/// Whether the text calls a person by an office of the data, as one still held.
pub(super) fn is_called(person: &Draft, held: &Holding) -> bool {
    let office = person.office.as_ref().filter(|o| o.public && !o.past && o.kind.is_some());
    office.is_some_and(|o| {
        let country = o.country.is_none_or(|c| held.country.as_deref() == Some(c));
        held.seen.is_none() && country && o.kind == held.kind && o.presides == held.presides
    })
}

/// Whether the text's office is of another kind than all offices of a holder.
fn clashes(office: &Phrase, holder: &Holder) -> bool {
    office.kind.is_some_and(|kind| holder.offices.iter().all(|o| o.kind.is_some_and(|k| k != kind)))
}

/// The only item of an iterator, or `None` if it yields none or several.
pub(super) fn only<T>(mut of: impl Iterator<Item = T>) -> Option<T> {
    let first = of.next()?;
    of.next().is_none().then_some(first)
}
