//! What the adjacent words say for or against a place: "in", "the city of", a title, a given name, a street.

use std::ops::Range;

use super::{LARGE, Reader};
use crate::country::gazetteer::{Context, Kind, Sense};
use crate::country::support::Observation;
use crate::document::Meaning;
use crate::text::{Case, Gap, Kind as Token, Script};

/// Most tokens between a street's name and the start of its kind: "avenue de l'".
const LEAD: usize = 4;

/// How far before a street "any" may be: "una concurrida calle de Quito".
const ANY: usize = 2;

impl Reader<'_> {
    /// How much the adjacent words support reading a name as a place.
    pub(super) fn support(&self, tokens: &Range<usize>, senses: &[Sense], word: bool) -> f32 {
        let text = &self.part.text;
        let Some(context) = self.context else { return 0.0 };
        if self.names_a_thing(tokens, senses, context) {
            return self.weight(Observation::OfAThing);
        }
        let touching =
            |i: usize| text.tokens.get(i).is_some_and(|t| t.kind == Token::Word && t.gap != Gap::Paragraph);
        let mut support = 0.0;
        let sentence = text.sentences.get(text.sentence_of(tokens.start)).map_or(0, |s| s.start);
        let opens = tokens.start == sentence;
        let single = tokens.len() == 1;
        support += self.said_before(tokens, senses, context, sentence);
        let next = tokens.end;
        if touching(next) {
            let word = text.word(next);
            if context.organisation.contains(word) {
                if !matches!(senses[0].kind, Kind::Country | Kind::Adjective) {
                    support += self.weight(Observation::OrganisationBehind);
                }
            } else if context.settlement.contains(word) {
                support += self.weight(Observation::SettlementBehind);
            } else if text.tokens[next].is_capital()
                && !self.loud
                && (!self.is_place(next) || self.is_man(tokens, senses))
                && text.tokens[next].case == Case::Title
            {
                let latin = Script::of(text.tokens[tokens.start].first) == Script::Latin;
                let given = single && self.part.words[tokens.start].given;
                let office = self.is_title(next);
                support += match senses[0].kind {
                    Kind::Adjective | Kind::Seat => 0.0,
                    // "Chad President Deby"
                    Kind::Country if office || !latin => 0.0,
                    _ if given => self.weight(Observation::GivenName),
                    Kind::Country | Kind::City if self.is_surname_behind(tokens, context, opens) => {
                        self.weight(Observation::GivenName)
                    }
                    Kind::Country | Kind::Region => 0.0,
                    _ => self.weight(Observation::CapitalBehind),
                };
            }
        }
        // "ICO" is no town of Brazil
        let shout = single && text.tokens[tokens.start].case == Case::Upper && tokens.start > 0;
        let dash = text
            .tokens
            .get(tokens.end)
            .is_some_and(|t| t.gap != Gap::None && matches!(t.first, '-' | '–' | '—'));
        if opens && dash && text.tokens[tokens.start].case == Case::Upper {
            support += self.weight(Observation::CapitalsBeforeDash);
        } else if shout && !self.loud && matches!(senses[0].kind, Kind::City | Kind::Capital | Kind::Region) {
            support += self.weight(Observation::Capitals);
        }
        // "Robertson said" is about a man, "Moscow said" about a government, "the man from Ludlow said" about neither
        if single
            && !self.is_where(tokens)
            && senses[0].kind == Kind::City
            && self.part.hits_at(next).any(|h| matches!(h.meaning, Meaning::Cue(_)))
        {
            support += self.weight(Observation::CueBehind);
        }
        // a name that is nothing else
        let given = self.part.words[tokens.start].given;
        if senses[0].kind == Kind::City && !word && (!single || !given) {
            support += self.weight(Observation::NothingElse);
        }
        if word && single {
            let head = opens || self.loud;
            support += self.weight(if head { Observation::WordAtHead } else { Observation::Word });
        }
        support
    }

    /// Whether a surname and no more of a name follows a place's at the head of a sentence, as behind a given name:
    /// "Georgia Smith won", "Denver Hayes plays".
    fn is_surname_behind(&self, tokens: &Range<usize>, context: &Context, opens: bool) -> bool {
        let (text, next) = (&self.part.text, tokens.end);
        let over = text.tokens.get(next + 1).is_none_or(|t| !t.is_capital());
        let title = text.tokens[tokens.start].case == Case::Title;
        let sorts = opens && !self.hangs_on && !context.capital_nouns;
        sorts && tokens.len() == 1 && title && over && self.part.words[next].family
    }

    /// Whether a town's name is a given name, so that a place right behind it is a surname: "Santiago Córdoba".
    fn is_man(&self, tokens: &Range<usize>, senses: &[Sense]) -> bool {
        let town = |s: &Sense| matches!(s.kind, Kind::City | Kind::Capital);
        tokens.len() == 1 && self.part.words[tokens.start].given && senses.iter().all(town)
    }

    /// The weight of an observation.
    pub(super) fn weight(&self, observation: Observation) -> f32 {
        self.gazetteer.support.of(observation)
    }

    /// Whether a name is part of the name of something else: a street, a saint, a dish, a man.
    fn names_a_thing(&self, tokens: &Range<usize>, senses: &[Sense], context: &Context) -> bool {
        let text = &self.part.text;
        let sentence = text.sentences.get(text.sentence_of(tokens.start)).map_or(0, |s| s.start);
        let (before, next) = (tokens.start.checked_sub(1).filter(|i| *i >= sentence), tokens.end);
        let spaced = |i: usize| text.tokens.get(i).is_some_and(|t| t.gap == Gap::Space);
        let title = |i: usize| spaced(i) && text.tokens[i].case == Case::Title;
        let street = |i: usize| context.street.contains(text.word(i));
        let reach = if self.loud { 1 } else { 3 };
        if (next..next + reach).take_while(|i| title(*i)).any(street) {
            return true;
        }
        let adjective = senses.iter().all(|s| s.kind == Kind::Adjective);
        // "мадридский «Реал»" is a club
        let opens = text.tokens.get(next).is_some_and(|t| matches!(t.first, '«' | '"' | '“' | '„'));
        if adjective && opens && spaced(next) && senses.iter().all(Sense::is_local) {
            return true;
        }
        // "Минское шоссе"
        if spaced(next) && (context.possessed.contains(text.word(next)) || adjective && street(next)) {
            return true;
        }
        if self.is_quoted(tokens, senses, context, sentence)
            || self.is_called_by(tokens, senses, context, sentence)
        {
            return true;
        }
        // "St. Mary's High School" and "St. John's Health System", but not "in St. John's"
        let saint = before.is_some_and(|dot| {
            text.tokens[dot].is('.') && dot > sentence && context.saint_short.contains(text.word(dot - 1))
        });
        let named_for_saint = context.saint.contains(text.word(tokens.start)) && {
            let own = tokens.len() > 2 && text.word(next - 1) == "s" && title(next);
            let possessive = text.tokens.get(next).is_some_and(|t| matches!(t.first, '\'' | '’'))
                && text.tokens.get(next + 1).is_some_and(|t| t.first == 's' && t.gap == Gap::None)
                && title(next + 2);
            own || possessive
        };
        if saint || named_for_saint {
            return true;
        }
        if adjective && self.is_spoken(tokens, context, sentence) {
            return true;
        }
        if adjective && spaced(next) && context.thing.contains(text.word(next)) {
            return true;
        }
        let called = if context.pact_by_adjective { adjective } else { true };
        if called && senses.iter().all(Sense::is_local) && self.names_a_pact(next, context) {
            return true;
        }
        // "Moscow said" is about a government, "Douglas said" about a man
        let small = |s: &Sense| matches!(s.kind, Kind::Capital | Kind::City) && s.population < 100;
        let free = before.is_none_or(|i| text.tokens[i].kind == Token::Mark);
        tokens.len() == 1
            && !self.is_where(tokens)
            && spaced(next)
            && context.said.contains(text.word(next))
            && (adjective && free || senses.iter().all(small))
    }

    /// Whether a treaty or the like stands behind a name, perhaps with a hyphen between: "Kyoto-Protokoll".
    fn names_a_pact(&self, next: usize, context: &Context) -> bool {
        let text = &self.part.text;
        let joined = |i: usize| text.tokens.get(i).is_some_and(|t| t.gap == Gap::None);
        let hyphen = joined(next) && joined(next + 1) && text.tokens[next].is('-');
        let at = next + usize::from(hyphen);
        (hyphen || text.tokens.get(next).is_some_and(|t| t.gap == Gap::Space))
            && context.pact.contains(text.word(at).to_lowercase().as_str())
    }

    /// Whether a name stands alone in quotation marks: beside what it is the name of ("отель «Украина»") or, if it is that of a
    /// town, a region or an adjective, anywhere, since nobody quotes a town ("«Бавария»", a club; the cheese "Голландский").
    fn is_quoted(&self, tokens: &Range<usize>, senses: &[Sense], context: &Context, sentence: usize) -> bool {
        let text = &self.part.text;
        let mark = |i: usize| {
            text.tokens.get(i).is_some_and(|t| matches!(t.first, '"' | '«' | '»' | '“' | '”' | '„'))
        };
        let is_thing = |i: usize| context.quoted.contains(text.word(i).to_lowercase().as_str());
        let Some(open) = tokens.start.checked_sub(1).filter(|open| *open >= sentence) else { return false };
        let local = |s: &Sense| s.is_local() || s.kind == Kind::Adjective;
        // "аэропорт «Борисполь»" stands in the town; a letter may be a kind cut short, or a preposition
        let told = open > sentence
            && text.word(open - 1).chars().nth(1).is_some()
            && self.is_kind(open - 1, context);
        // «Московский комсомолец», a newspaper
        if mark(open)
            && mark(tokens.end + 1)
            && senses.iter().all(|s| s.kind == Kind::Adjective && s.is_local())
        {
            return true;
        }
        mark(open)
            && mark(tokens.end)
            && (senses.iter().all(local) && !told
                || open > sentence && is_thing(open - 1)
                || text.tokens.get(tokens.end + 1).is_some_and(|_| is_thing(tokens.end + 1)))
    }

    /// Whether a street, a square or a house before a name is called by it: "calle Ecuador", "rue de Rome", but not
    /// "una calle de Quito".
    fn is_called_by(
        &self,
        tokens: &Range<usize>,
        senses: &[Sense],
        context: &Context,
        sentence: usize,
    ) -> bool {
        let text = &self.part.text;
        let adjective = senses.iter().all(|s| s.kind == Kind::Adjective);
        if adjective && text.tokens[tokens.start].case == Case::Lower {
            return false;
        }
        // "на площі Львівській"
        if adjective && tokens.start > sentence && context.street.contains(text.word(tokens.start - 1)) {
            return true;
        }
        let least = sentence.max(tokens.start.saturating_sub(LEAD));
        (least..tokens.start).rev().any(|at| {
            let lead = text.slice(&(at..tokens.start)).replace('’', "'");
            let any = || {
                let before = sentence.max(at.saturating_sub(ANY))..at;
                before.into_iter().any(|i| context.any_street.contains(text.word(i).to_lowercase().as_str()))
            };
            (context.is_called(&lead) || context.is_called(&lead.to_lowercase())) && !any()
        })
    }

    /// The weight of the word before a name.
    fn said_before(
        &self,
        tokens: &Range<usize>,
        senses: &[Sense],
        context: &Context,
        sentence: usize,
    ) -> f32 {
        let text = &self.part.text;
        let single = tokens.len() == 1;
        let Some(before) = tokens.start.checked_sub(1).filter(|i| *i >= sentence) else { return 0.0 };
        if self.is_kind(before, context) {
            return self.weight(Observation::KindBefore);
        }
        let word = text.word(before).to_lowercase();
        if text.tokens[before].kind != Token::Word {
            return 0.0;
        }
        if context.locative.contains(word.as_str()) || self.is_adjective_of(before, senses) {
            return self.weight(Observation::LocativeBefore);
        }
        let capital = text.tokens[before].case == Case::Title && before > sentence && !self.loud;
        // "le Sénat américain" is not a name, nor does a name continue after a whole one: "Hakan Fidan Almanya'da"
        let apart = || {
            let told = self.persons.partition_point(|p| p.end < tokens.start);
            let whole = |p: &Range<usize>| p.len() > 1 || p.start > 0 && self.is_title(p.start - 1);
            self.hangs_on && self.persons.get(told).is_some_and(|p| p.end == tokens.start && whole(p))
        };
        if !capital || text.tokens[tokens.start].case == Case::Lower || apart() {
            return 0.0;
        }
        // names decline in other scripts: "Посла Японии" is no man called Japan
        let latin = Script::of(text.tokens[tokens.start].first) == Script::Latin;
        let country = senses.iter().all(|s| s.kind == Kind::Country && s.country == senses[0].country);
        let large = |s: &Sense| match s.kind {
            Kind::Region => !latin,
            kind => kind == Kind::Capital || s.population >= LARGE,
        };
        let large = senses.iter().any(large);
        let given = self.part.words[tokens.start].given;
        if country && (!latin || !given && !self.part.words[before].given) {
            0.0
        } else if single && self.part.words[before].given {
            self.weight(Observation::GivenBefore)
        } else if self.is_place(before) || context.capital_nouns && (large || !self.is_title(before)) {
            0.0
        } else if !latin && large {
            self.weight(Observation::CapitalBeforeLarge)
        } else {
            self.weight(Observation::CapitalBefore)
        }
    }

    /// Whether a name that ends here is whole: one with a hyphen goes on behind it ("Franco-German"), unlike "Franco - a dictator".
    pub(super) fn is_whole(&self, end: usize) -> bool {
        let text = &self.part.text;
        let joined = |i: usize| text.tokens.get(i).is_some_and(|t| t.gap == Gap::None);
        !text.tokens[end - 1].is('-') || joined(end - 1) && joined(end)
    }

    /// Whether a name in an all-caps headline may be a common word: "US" after "WITH", but not as the first word.
    pub(super) fn is_shouted(&self, tokens: &Range<usize>) -> bool {
        let text = &self.part.text;
        let short = self.context.is_some_and(|c| c.shouted.contains(text.slice(tokens)));
        short
            && self.loud
            && tokens.start.checked_sub(1).is_some_and(|before| {
                let before = &text.tokens[before];
                before.kind == Token::Word && before.case == Case::Upper
            })
    }

    /// Whether the kind of place is stated directly before a name.
    pub(super) fn is_told(&self, tokens: &Range<usize>) -> bool {
        let before = tokens.start.checked_sub(1);
        self.context.zip(before).is_some_and(|(context, before)| self.is_kind(before, context))
    }

    /// Whether a kind of place ends here: "the city of X", "м. X".
    fn is_kind(&self, before: usize, context: &Context) -> bool {
        let text = &self.part.text;
        let word = text.word(before);
        match before.checked_sub(1) {
            // a capital with a dot is an initial
            Some(first) if text.tokens[before].is('.') => context.kinds.contains(text.word(first)),
            Some(first) if context.kind_links.contains(word) => {
                context.is_kind(&text.word(first).to_lowercase())
            }
            _ => context.is_kind(&word.to_lowercase()),
        }
    }

    /// Whether a word is the adjective of the country that a name is in: "im britischen Sunderland".
    fn is_adjective_of(&self, token: usize, senses: &[Sense]) -> bool {
        let country =
            |s: &Sense| s.kind == Kind::Adjective && senses.iter().any(|own| own.country == s.country);
        self.part.hits_at(token).any(|hit| match hit.meaning {
            Meaning::Place(n) => hit.tokens().len() == 1 && self.gazetteer.name(n).senses.iter().any(country),
            _ => false,
        })
    }

    fn is_title(&self, token: usize) -> bool {
        self.part.hits_at(token).any(|h| matches!(h.meaning, Meaning::Title(_)))
    }

    fn is_place(&self, token: usize) -> bool {
        self.part
            .hits_at(token)
            .any(|h| matches!(h.meaning, Meaning::Place(n) if self.gazetteer.name(n).is_firm()))
    }
}
