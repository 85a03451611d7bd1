//! Finds names in scripts without case (Arabic, Hebrew, Georgian): people in the data, and a known given name directly
//! after an office, or after a word of speech if the name ends there.

use std::ops::Range;

use super::marks::{Mark, Marked};
use super::sighting::{Seen, Sighting};
use crate::document::Meaning;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::{Gap, Kind, Script};

/// Most words in a name: "محمد بن سلمان آل سعود" has five.
const MOST_WORDS: usize = 5;
/// Letters from which a word may be a surname on its own.
const SURNAME: usize = 4;

impl<'d> Marked<'d> {
    /// Whether the part's language is written without case.
    pub fn uncased(&self) -> bool {
        matches!(
            self.data.vocabulary.names.scripts.of(self.language),
            Script::Arabic | Script::Hebrew | Script::Georgian
        )
    }

    /// Finds the names of a part whose script has no case, in order.
    pub fn uncased_sightings(&self) -> Seen<'d> {
        let mut seen = Seen::default();
        let mut t = 0;
        let mut hits = self.part.hits.iter().filter(|h| matches!(h.meaning, Meaning::Official(_))).peekable();
        while t < self.text.tokens.len() {
            while hits.next_if(|h| (h.start as usize) < t).is_some() {}
            let here = hits.clone().take_while(|h| h.start as usize == t);
            let listed = here.map(|h| t..h.end as usize).max_by_key(|name| name.end);
            let name = listed.or_else(|| self.behind_office(t)).or_else(|| self.behind_cue(t));
            let Some(name) = name else {
                if self.may_be_surname(t) {
                    seen.lone.push(t);
                }
                t += 1;
                continue;
            };
            if self.is_of_thing(&name) {
                t = name.end;
                continue;
            }
            let keys = self.keys(&name);
            let office = self.office_before(name.start).filter(|_| t > 0 && !self.breaks(t));
            t = name.end;
            let speaks = name.start > 0 && self.cue(name.start - 1);
            let told = self.told(&name);
            seen.names.push(Sighting {
                tokens: name,
                keys,
                office,
                lady: false,
                sovereign: false,
                certain: true,
                speaks,
                turn: 0,
                told,
            });
        }
        seen
    }

    fn may_be_surname(&self, t: usize) -> bool {
        let token = &self.text.tokens[t];
        token.kind == Kind::Word
            && self.mark(t).is_none()
            && !self.cue(t)
            && self.text.word(t).chars().count() >= SURNAME
            && (!self.is_given(t) || t > 0 && self.cue(t - 1))
    }

    /// Whether a word is an adjective with an article that says whose office it is: "المصري", "المصرية".
    pub fn belongs_to(&self, t: usize) -> bool {
        let word = self.text.word(t);
        self.uncased() && self.data.vocabulary.names.is_adjective(word)
    }

    /// Whether an office ends before another one that follows it: "استقبل *الرئيس المصري* وزير الخارجية". A country or
    /// an article ends the first, unless the second has an article, too, and may be a rank.
    pub fn ends_before(&self, before: &Mark, next: usize) -> bool {
        if !self.uncased() || !self.class(next).any(Class::HEAD | Class::MODIFIER) {
            return false;
        }
        let article = |t: usize| self.data.vocabulary.names.has_article(self.text.word(t));
        before.place && !before.class.of_office() || article(before.end - 1) && !article(next)
    }

    fn is_given(&self, t: usize) -> bool {
        self.with_key(t, |key| self.data.vocabulary.names.given(key).is_some())
    }

    /// The name that starts at a token with a given name, if an office ends there.
    fn behind_office(&self, t: usize) -> Option<Range<usize>> {
        // "نادية" has the stem of "نادي", a club
        let free = self.mark(t).is_none_or(|m| m.end == t + 1 && !m.place && !m.class.any(Class::OFFICE));
        let before = t.checked_sub(1).filter(|_| free && !self.breaks(t))?;
        let office = Class::OFFICE | Class::INSTITUTION | Class::PORTFOLIO | Class::MODIFIER | Class::PAST;
        let of_office = |t: usize| self.class(t).any(office) || self.mark(t).is_some_and(|m| m.place);
        // "المحامي سامر": with an article, the noun is the person's own
        let called = self.class(before).any(Class::ROLE | Class::RANK)
            && self.data.vocabulary.names.has_article(self.text.word(before));
        let owned = self.belongs_to(before) && before > 0 && of_office(before - 1);
        let titled = of_office(before) || owned || called;
        if titled { self.name_from(t) } else { None }
    }

    /// "قال محمد البرغوثي إن": the name between a word of speech and a small word, a mark or a cue. Without an office,
    /// only these tell where it ends: "أكد محمد أهمية الحوار".
    fn behind_cue(&self, t: usize) -> Option<Range<usize>> {
        let before = t.checked_sub(1).filter(|before| !self.breaks(t) && self.cue(*before))?;
        let name = self.name_from(t).filter(|_| self.mark(before).is_none())?;
        let ends = self.text.tokens.get(name.end).is_none_or(|next| match next.kind {
            Kind::Word => self.is_small(name.end) || self.cue(name.end),
            // "أكد سعيد نجاح التجربة، وقال": the name may go on with what the verb is about
            _ => name.len() == 2,
        });
        ends.then_some(name)
    }

    fn is_small(&self, t: usize) -> bool {
        self.function_word(t) != Word::default()
    }

    /// The name of at least two words that starts at a token with a given name.
    fn name_from(&self, t: usize) -> Option<Range<usize>> {
        if !self.is_given(t) {
            return None;
        }
        let mut end = t + 1;
        let names = &self.data.vocabulary.names;
        let mut words = usize::from(!names.is_half(self.text.word(t)));
        while end < self.text.tokens.len() && end - t < MOST_WORDS && self.text.tokens[end].gap == Gap::Space
        {
            let word = self.text.word(end);
            let article = names.has_article(word);
            // "أحمد حداد": surnames that are also trades
            let other =
                Class::OFFICE | Class::INSTITUTION | Class::PORTFOLIO | Class::PRIVATE | Class::MODIFIER;
            let trade = words == 1 && self.class(end).any(Class::TRADE) && !self.class(end).any(other);
            let stops = self.text.tokens[end].kind != Kind::Word
                || self.is_small(end)
                || self.cue(end)
                || self.mark(end).is_some() && !trade;
            let joins = names.is_particle(self.text.word(end - 1)) || names.is_half(self.text.word(end - 1));
            // "زارت مريم هولم الميناء": behind a surname, the article is of the next phrase
            let half = names.is_half(self.text.word(end - 2));
            let surname = article && (words == 1 || half || self.is_given(end - 1));
            if stops || words > 1 && !(joins || surname || self.is_given(end)) {
                break;
            }
            words += usize::from(!names.is_particle(word) && !names.is_half(word));
            end += 1;
            if article && !joins {
                break;
            }
        }
        while end > t + 1 && names.is_particle(self.text.word(end - 1)) {
            end -= 1;
        }
        (end > t + 1).then_some(t..end)
    }
}
