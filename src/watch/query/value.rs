//! What follows the name of a field or a tag: the values that each takes.

use super::error::Wrong;
use super::lex::Kind;
use super::parser::{Parser, Result, Tree, folded, leaf, over};
use super::{Expr, Part, Scope, Tag, TagKind, Term, Value, hint};
use crate::text::{self, Gap};

impl Parser<'_> {
    /// What follows the name of a field or a tag.
    pub(super) fn named(&mut self, name: &str, at: usize) -> Result<Tree> {
        if let Some(part) = Part::of_name(name) {
            self.deeper("too many fields within fields")?;
            let inner = self.primary()?;
            self.depth -= 1;
            return over(Expr::Within(part, Box::new(inner.expr)), inner.levels, at);
        }
        let Some(kind) = TagKind::of_name(name) else { return self.raw().map(leaf) };
        let (text, place) = self.value(name)?;
        let of_person = matches!(kind, TagKind::Named | TagKind::Said | TagKind::By);
        let value = if of_person && text == "office" && self.peek().kind == Kind::Open {
            self.office(at, place)?
        } else {
            Value::Text(self.checked(kind, text, place)?)
        };
        let tag = Expr::Tag(Tag { kind, value });
        if !kind.is_of_quote() || self.quotes > 0 {
            return Ok(leaf(tag));
        }
        if kind == TagKind::Cue {
            return over(Expr::Scope(Scope::Quote, Box::new(tag)), 1, at);
        }
        let (message, hint) = (format!("{name}: asks of a quote"), format!("write QUOTE({name}:… AND …)"));
        Err(Wrong::new(at, message, "by:, cue: and kind: within QUOTE( )", hint))
    }

    /// The value of a tag, as written.
    fn value(&mut self, name: &str) -> Result<(String, usize)> {
        let expected = format!("a value of {name}:");
        let piece = self.take();
        match piece.kind {
            Kind::Quoted(text, None) => Ok((text.into_owned(), piece.at)),
            Kind::Word(word) => Ok((word.to_owned(), piece.at)),
            Kind::Quoted(_, Some(mark)) => {
                let (message, hint) = (format!("a value has no `{mark}`"), format!("leave out the `{mark}`"));
                Err(Wrong::new(piece.at, message, expected, hint))
            }
            Kind::Open => {
                let message = format!("{name}: takes one value, no brackets");
                Err(Wrong::new(piece.at, message, expected, hint::values(name, &self.pieces, self.next)))
            }
            _ => {
                let message = format!("{name}: has no value");
                Err(Wrong::new(piece.at, message, expected, "write it right after the colon"))
            }
        }
    }

    fn raw(&mut self) -> Result<Expr> {
        let piece = self.take();
        let text = match piece.kind {
            Kind::Quoted(text, _) => text,
            Kind::Word(word) => word.into(),
            _ => "".into(),
        };
        let tokens = text::tokens(&text);
        if tokens.is_empty() {
            let expected = "text as it is to be found";
            return Err(Wrong::new(piece.at, "raw: needs text", expected, "write raw:\"…\""));
        }
        let written = |t: &text::Token| text[t.start as usize..t.end as usize].to_owned();
        Ok(Expr::Term(Term::Raw(tokens.iter().map(|t| (written(t), t.gap > Gap::None)).collect())))
    }

    /// An office in brackets: its title, and perhaps its country.
    fn office(&mut self, at: usize, place: usize) -> Result<Value> {
        const HINT: &str = "write office(\"foreign minister\", country:AM)";
        self.take();
        let title = self.take();
        let office = match title.kind {
            Kind::Quoted(office, None) => office.into_owned(),
            Kind::Word(office) => office.to_owned(),
            _ => return Err(Wrong::new(title.at, "office( ) has no title", "the title of an office", HINT)),
        };
        let mut country = None;
        if self.peek().kind == Kind::Comma {
            self.take();
            let piece = self.take();
            let Kind::Word(word) = piece.kind else {
                return Err(Wrong::new(piece.at, "country:XX is missing after the comma", "a country", HINT));
            };
            let code = match (word.strip_prefix("country:").unwrap_or(word), &self.peek().kind) {
                ("", Kind::Quoted(code, None)) => {
                    let code = code.to_uppercase();
                    self.take();
                    code
                }
                (code, _) => code.to_uppercase(),
            };
            country = Some(code);
        }
        if !matches!(self.peek().kind, Kind::Close | Kind::End) {
            return Err(Wrong::new(
                self.peek().at,
                "this is not part of an office",
                "`)`, or `,` and a country",
                HINT,
            ));
        }
        self.close(at)?;
        let words = folded(&office);
        if words.is_empty() {
            return Err(Wrong::new(place, "an office needs a word", "the title of an office", HINT));
        }
        Ok(Value::Office { words, country })
    }

    /// The value of a tag, normalised for comparison, if it is valid.
    fn checked(&self, kind: TagKind, text: String, at: usize) -> Result<String> {
        match kind {
            TagKind::Topic => self.words.topic(&text).map(str::to_owned).ok_or_else(|| {
                let (message, expected) =
                    (format!("there is no topic `{text}`"), "a code or a name of IPTC Media Topics");
                Wrong::new(at, message, expected, self.topics_like(&text))
            }),
            TagKind::About | TagKind::Mentions | TagKind::From
                if !(text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())) =>
            {
                let like = self.words.codes.country_like(&text);
                let hint = like.map_or_else(
                    || "write AZ, US".to_owned(),
                    |country| format!("write {}:{}", kind.name(), country.code),
                );
                Err(Wrong::new(
                    at,
                    "a country is two letters",
                    "a code of ISO 3166-1, such as AZ or US",
                    hint,
                ))
            }
            TagKind::Is if !matches!(text.as_str(), "first" | "copy" | "update") => {
                let message = "is: takes first, copy or update";
                Err(Wrong::new(at, message, "first, copy or update", "write is:first to leave out copies"))
            }
            _ => Ok(text),
        }
    }

    fn topics_like(&self, text: &str) -> String {
        let codes = self.words.topics_like(text).into_iter().filter_map(|name| {
            let code = self.words.topic(name)?;
            Some(format!("topic:\"{name}\" ({})", code.strip_prefix("medtop:").unwrap_or(code)))
        });
        let codes: Vec<String> = codes.collect();
        if codes.is_empty() {
            return "`presswatch keys NAME` looks for topics by any word".to_owned();
        }
        format!("did you mean {}?", codes.join(", "))
    }
}
