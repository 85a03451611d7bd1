//! The grammar of offices: a sequence of title words around a head, before or after a name.

mod after;

use std::ops::Range;

use super::marks::{Mark, Marked};
use super::titles::Kind;
use crate::language::class::Class;
use crate::language::word::Word;
use crate::text::{Gap, Text};

/// Most tokens in an office; "minister of state at the ministry of … and …" has about twenty.
const LONGEST: usize = 24;

/// An office mentioned in the text.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is told by other words of the phrase")]
pub(super) struct Phrase<'l> {
    pub text: &'l Text,
    pub tokens: Range<usize>,
    pub head: Range<usize>,
    /// Whether it is a public office, by its own words.
    pub public: bool,
    /// Whether it is no longer held, or not yet.
    pub past: bool,
    /// Whether it is a head of state's bare title directly before the name, without a firm in the phrase: "President
    /// X".
    pub bare: bool,
    /// Whether its head is a president.
    pub presides: bool,
    pub country: Option<&'l str>,
    /// The countries of a shared office ("ministers of A and B"), in order; empty for any other.
    pub countries: Vec<&'l str>,
    /// Whether several people hold it.
    pub plural: bool,
    /// A conjunction that is written as one with its first word.
    pub joined: Option<&'l str>,
    /// The kind of office.
    pub kind: Option<Kind>,
}

impl Phrase<'_> {
    /// Its words on one line.
    pub fn words(&self) -> String {
        let words = one_line(self.text.slice(&self.tokens));
        self.joined.and_then(|joined| words.strip_prefix(joined)).map(str::to_owned).unwrap_or(words)
    }

    /// Its words up to the head, for comparison.
    pub fn core(&self) -> String {
        one_line(self.text.slice(&(self.tokens.start..self.head.end))).to_lowercase()
    }
}

/// Joins words with single spaces.
pub(super) fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl<'d> Marked<'d> {
    /// The office that ends where a name starts, or at the comma before it.
    pub fn office_before(&self, end: usize) -> Option<Phrase<'d>> {
        let least = end.saturating_sub(LONGEST);
        let mut start = end;
        let (mut firm, mut strangers) = (false, 0);
        // whether a head was passed; whether words of the portfolio directly precede the name
        let (mut headed, mut described) = (false, false);
        while start > least && !self.breaks(start) && (start == end || !self.starts_sentence(start)) {
            let t = start - 1;
            if let Some(mark) = self.mark(t).filter(|_| !self.addressee(t)) {
                if mark.class.any(Class::PRIVATE) && !mark.class.any(Class::HEAD | Class::PORTFOLIO) {
                    firm = true;
                    break;
                }
                // "дружина депутата Юрія Орлова": the office is Orlov's
                let serves = headed && mark.class.any(Class::SERVES | Class::KIN);
                if serves && self.may_be_either(mark.end, end) {
                    return None;
                }
                if headed && mark.class.any(Class::KIN) && !self.in_first_case(end) {
                    // "жена мэра Линда Пайк": the case of her name is not known
                    let linked = self.small(mark.end).any(Class::AND);
                    if !linked && (self.uncased() || self.case_unknown(end)) {
                        return None;
                    }
                    break;
                }
                // "пресс-секретарь президента Ивана Орлова": the president is Orlov
                if mark.class.any(Class::SERVES) && self.is_served(mark.start, start, end) {
                    if headed {
                        break;
                    }
                    return None;
                }
                if headed && self.ends_before(mark, start) {
                    break;
                }
                headed |= mark.class.any(Class::OFFICE | Class::ROLE | Class::RANK);
                start = mark.start;
                continue;
            }
            if t > least && self.genitive(t - 1) == 2 {
                start = t - 1;
                continue;
            }
            // "the president of Turkey Ann Roe and the minister Tom Alder": the office of the other person
            if headed
                && self.head_first()
                && self.small(t).any(Class::AND)
                && t > least
                && self.mark(t - 1).is_none()
            {
                break;
            }
            if self.genitive(t) == 1
                || self.small(t).any(Class::LINK)
                || self.is(t, '-')
                || self.is(t, '/')
                || self.lists_places(t, least)
            {
                start = t;
                continue;
            }
            // "ministre de l'Intérieur"
            if let Some(article) = self.elision(t) {
                start = article;
                continue;
            }
            if self.is(t, ')')
                && let Some(open) = self.opening(t, least)
            {
                start = open;
                continue;
            }
            if !headed && let Some(from) = self.complement(t, least) {
                described |= start == end;
                start = from;
                continue;
            }
            // "the mayor of Vale Novo, Ines Pinto": the place has no mark
            if start == end
                && !self.head_first()
                && let Some(link) = self.owner_before(end, least)
            {
                start = link;
                strangers += 1;
                continue;
            }
            // "told journalists President Orlov"
            if self.addressee(t) {
                break;
            }
            // "the GM Chairman", "Economic Council Minister": `weigh` decides whose office it is
            let stranger = (self.capital(t) || self.belongs_to(t)) && !self.small(t).any(Class::NOT_NAME);
            if stranger && self.head_first() {
                if headed || strangers == 3 {
                    // "FC-Präsident"
                    firm = self.is(start, '-') && self.text.tokens[start].gap == Gap::None;
                    break;
                }
                // "президент Татарстана", "глава Газпрома": the head is further to the left
                strangers += 1;
                start = t;
                continue;
            }
            firm = stranger;
            break;
        }
        let start = start.max(least);
        let head = if self.head_first() { self.first_head(start, end) } else { self.last_head(start, end) }?;
        // a dangling link: "an aide to Baker" gives Baker no office
        let final_word = end - 1;
        let closed = self.mark(final_word).is_some()
            || self.is(final_word, ')')
            || described
            || strangers > 0 && (self.capital(final_word) || self.belongs_to(final_word));
        if !closed {
            return None;
        }
        let from = self.left_edge(start, head.start);
        let firm = firm && from == start || strangers > 0;
        let from = self.trim(from);
        // "Chancellor of the Exchequer (Finance Minister) Nigel Field": the office is in the brackets
        let inner = self.is(final_word, ')') && !(from..final_word).any(|t| self.is(t, '('));
        let mut phrase = self.weigh(from..end - usize::from(inner), head, firm, false);
        if phrase.country.is_none() {
            phrase.country = self.country_before(phrase.tokens.start);
        }
        Some(phrase)
    }

    /// The country of another office of the same person, before a comma: "Turkmenistan's deputy premier, foreign
    /// minister Ann Roe".
    fn country_before(&self, start: usize) -> Option<&'d str> {
        let comma = start.checked_sub(1).filter(|t| *t > 0 && self.is(*t, ','))?;
        let mut t = comma;
        let mut headed = false;
        while t > 0 && comma - t < LONGEST && !self.breaks(t) {
            let mark = self.mark(t - 1)?;
            headed |= t == comma && mark.class.any(Class::HEAD);
            if mark.country.is_some() || !headed {
                return mark.country.filter(|_| headed);
            }
            t = mark.start;
        }
        None
    }

    /// The link to a capitalised possessor that ends at `end` after a strong head: "mayor *of Vale Novo*".
    fn owner_before(&self, end: usize, least: usize) -> Option<usize> {
        let mut t = end;
        while t > least && end - t < 3 && self.capital(t - 1) && self.mark(t - 1).is_none() {
            t -= 1;
        }
        let link = t.checked_sub(1).filter(|l| t < end && *l > least && self.small(*l).any(Class::LINK))?;
        self.class(link - 1).any(Class::STRONG).then_some(link)
    }

    /// Whether a word is an addressee: "журналистам".
    fn addressee(&self, t: usize) -> bool {
        self.lower(t) && self.function_word(t).any(Word::ADDRESSEE)
    }

    /// The opening bracket that matches a closing one, if the content is short.
    fn opening(&self, close: usize, least: usize) -> Option<usize> {
        (least..close).rev().take(4).find(|open| self.is(*open, '('))
    }

    /// The article that an apostrophe joins to the next word: "l'".
    fn elision(&self, t: usize) -> Option<usize> {
        let article = t.checked_sub(1)?;
        let joined = |t: usize| self.text.tokens.get(t).is_some_and(|k| k.gap == Gap::None);
        ((self.is(t, '\'') || self.is(t, '’'))
            && joined(t)
            && joined(t + 1)
            && self.lower(article)
            && self.text.word(article).chars().count() == 1)
            .then_some(article)
    }

    /// The first token of a stretch that is a word and not a genitive ending.
    fn trim(&self, from: usize) -> usize {
        let genitive = self.genitive(from);
        if genitive > 0 {
            from + genitive
        } else if self.is(from, '-') || self.is(from, '/') {
            from + 1
        } else {
            from
        }
    }

    pub fn head_first(&self) -> bool {
        self.data.titles.head_first(self.language)
    }

    fn first_head(&self, start: usize, end: usize) -> Option<Range<usize>> {
        (start..end).find(|t| self.class(*t).any(Class::OFFICE | Class::ROLE | Class::RANK)).map(|t| {
            let mark = self.mark(t).expect("its class was just read");
            mark.start..mark.end
        })
    }

    fn last_head(&self, start: usize, end: usize) -> Option<Range<usize>> {
        (start..end).rev().find(|t| self.class(*t).any(Class::OFFICE | Class::ROLE | Class::RANK)).map(|t| {
            let mark = self.mark(t).expect("its class was just read");
            mark.start..mark.end
        })
    }

    /// How far the words to the left of the head belong to it: up to an "of", a comma or the start.
    fn left_edge(&self, start: usize, head: usize) -> usize {
        let mut from = head;
        while from > start {
            let t = from - 1;
            if let Some(mark) = self.mark(t) {
                if !self.stands_before_head(mark) || self.is_where_they_met(mark, from, head) {
                    break;
                }
                from = mark.start;
            } else if t > start && self.genitive(t - 1) == 2 {
                from = t - 1;
            } else if self.genitive(t) == 1
                || self.lists_places(t, start)
                || self.is(t, '-')
                || self.is(t, '/')
                // "of Denmark and Grand Duke Guillaume": the duke's is another office
                || self.small(t).any(Class::AND)
                    && t > start
                    && self.mark(t - 1).is_some()
                    && !self.class(head).any(Class::RULER)
            {
                from = t;
            } else if self.is(t, ')')
                && let Some(open) = self.opening(t, start)
                && self.class(open.saturating_sub(1)).any(Class::INSTITUTION)
            {
                // "International Monetary Fund (IMF) head"
                from = open;
            } else {
                break;
            }
        }
        from.max(start)
    }

    /// Whether a phrase belongs to the head after it; where heads come first, only a modifier does.
    fn stands_before_head(&self, mark: &Mark) -> bool {
        !self.head_first()
            || self.uncased()
            || mark.class.any(Class::MODIFIER | Class::PAST | Class::OFFICE | Class::ROLE | Class::RANK)
            || mark.place && (!self.capital(mark.start) || self.starts_sentence(mark.start))
    }

    /// Determines from its words whose office it is and whether it is public.
    fn weigh(&self, tokens: Range<usize>, head: Range<usize>, firm: bool, apposed: bool) -> Phrase<'d> {
        let class = self.class(head.start);
        let (mut of_place, mut of_body, mut of_matter, mut private, mut past) =
            (false, false, false, false, false);
        let party_post = class.any(Class::PARTY_POST);
        let plural = self.is_plural(&head);
        let mut country = None;
        let mut countries = Vec::new();
        let mut t = tokens.start;
        while t < tokens.end {
            let Some(mark) = self.mark(t) else {
                t += 1;
                continue;
            };
            if mark.start != head.start {
                // "Bayern-Präsident": a club's, where the place is no country
                let club = mark.place
                    && mark.country.is_none()
                    && mark.end + 1 == head.start
                    && self.is(mark.end, '-');
                private |= club && class.any(Class::BARE);
                of_place |= mark.place;
                // whoever leads a party holds no public office by it
                of_body |= mark.class.any(Class::INSTITUTION) && !mark.class.any(Class::PARTY);
                // a general secretary of a state's party is one of the state in no other way
                private |= party_post && mark.class.any(Class::PARTY);
                of_matter |= mark.class.any(Class::PORTFOLIO);
                private |=
                    mark.class.any(Class::PRIVATE) && !mark.class.any(Class::INSTITUTION | Class::PORTFOLIO);
                past |= mark.class.any(Class::PAST);
            }
            // "*Լատվիայում* Շվեդիայի դեսպան": where, not whose
            let local = mark.place
                && self.data.vocabulary.names.attaches_article(self.language)
                && self.ends_like_owner(mark.start);
            country = country.or(mark.country.filter(|_| !local));
            countries.extend(mark.country.filter(|c| plural && !countries.contains(c)));
            t = mark.end.max(t + 1);
        }
        let adjacent = !apposed && head.end == tokens.end;
        let bare = !private && !firm && class.any(Class::BARE) && adjacent;
        let public = !private
            && (class.any(Class::STRONG)
                || class.any(Class::RULER) && (adjacent || of_place)
                || of_body && class.any(Class::HEAD)
                || !firm && of_place && class.any(Class::OF_COUNTRY)
                || of_matter && class.any(Class::OF_MATTER)
                || bare && (self.capital(head.start) || self.uncased()) && !self.firm_near(&tokens));
        let kind = self.mark(head.start).and_then(|m| m.kind);
        let joined = self.data.titles.joined_to(self.language, self.text.word(tokens.start));
        let presides = class.any(Class::BARE);
        let text = self.text;
        Phrase { text, tokens, head, public, past, bare, presides, country, countries, plural, joined, kind }
    }

    /// Whether the same sentence names a firm or a university nearby, or "the company's" precedes the office.
    fn firm_near(&self, tokens: &Range<usize>) -> bool {
        let sentence =
            self.text.sentences.get(self.text.sentence_of(tokens.start)).cloned().unwrap_or_default();
        let from = tokens.start.saturating_sub(12).max(sentence.start);
        let to = (tokens.end + 12).min(sentence.end);
        let private = |t: usize| {
            let class = self.class(t);
            class.any(Class::PRIVATE) && !class.any(Class::INSTITUTION | Class::PORTFOLIO)
        };
        (from..to).any(|t| {
            private(t) && (self.capital(t) || (tokens.start.saturating_sub(4)..tokens.start).contains(&t))
        })
    }
}

#[cfg(test)]
mod tests;
