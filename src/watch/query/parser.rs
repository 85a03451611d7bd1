//! Pieces → tree, by recursive descent. Refuses what readers of other languages would misread (AND next to OR), what
//! asks for nothing, and what can't be found.

use super::error::{QueryError, Wrong};
use super::lex::{Kind, Piece, lex};
use super::{
    Expr, MOST_CHARS, MOST_DEPTH, MOST_LEVELS, MOST_NEAR, MOST_PLACES, Part, Scope, Tag, TagKind, Term, Value,
};
use crate::text::{self, Gap, fold};
use crate::watch::words::Words;

type Result<T> = std::result::Result<T, Wrong>;

const OPERATORS: [&str; 3] = ["AND", "OR", "NOT"];

/// A tree and its depth.
struct Tree {
    expr: Expr,
    levels: usize,
}

pub(in crate::watch) struct Parser<'q> {
    query: &'q str,
    pieces: Vec<Piece<'q>>,
    next: usize,
    depth: usize,
    /// How many QUOTE( ) are open.
    quotes: usize,
    /// Whether bare words match all their forms.
    forms: bool,
    words: &'q Words,
}

impl<'q> Parser<'q> {
    pub fn new(query: &'q str, forms: bool, words: &'q Words) -> std::result::Result<Self, QueryError> {
        if query.len() > MOST_CHARS && query.chars().count() > MOST_CHARS {
            let hint = "make several watches of it";
            return Err(Wrong::new(0, format!("more than {MOST_CHARS} characters"), hint).of(query));
        }
        let pieces = lex(query).map_err(|wrong| wrong.of(query))?;
        Ok(Self { query, pieces, next: 0, depth: 0, quotes: 0, forms, words })
    }

    pub fn parse(mut self) -> std::result::Result<Expr, QueryError> {
        self.whole().map_err(|wrong| wrong.of(self.query))
    }

    fn whole(&mut self) -> Result<Expr> {
        if self.peek().kind == Kind::End {
            return Err(Wrong::new(0, "the query is empty", "write a word, a phrase or a tag"));
        }
        let expr = self.expr()?.expr;
        let end = self.peek();
        if end.kind != Kind::End {
            let hint = if end.kind == Kind::Close { "no bracket is open here" } else { "" };
            return Err(Wrong::new(end.at, format!("{} is not expected here", written(&end.kind)), hint));
        }
        if expr.asks_nothing(true) {
            let hint = "add a word, phrase or tag that must be there";
            return Err(Wrong::new(0, "nothing is asked for, only excluded", hint));
        }
        Ok(expr)
    }

    fn peek(&self) -> &Piece<'q> {
        &self.pieces[self.next]
    }

    /// The next piece; at the end, the end again.
    fn take(&mut self) -> Piece<'q> {
        let piece = self.pieces[self.next].clone();
        self.next = (self.next + 1).min(self.pieces.len() - 1);
        piece
    }

    fn deeper(&mut self, message: &str) -> Result<()> {
        self.depth += 1;
        if self.depth > MOST_DEPTH { Err(Wrong::new(self.peek().at, message, "")) } else { Ok(()) }
    }

    fn expr(&mut self) -> Result<Tree> {
        self.deeper("too many brackets within brackets")?;
        let first = self.unary()?;
        let mut levels = first.levels;
        let mut parts = vec![first.expr];
        let mut kind: Option<&str> = None;
        loop {
            let Piece { kind: piece, at } = self.peek();
            let at = *at;
            let joint = match piece {
                Kind::End | Kind::Close | Kind::Comma => break,
                Kind::Word("AND" | "NOT") => "AND",
                Kind::Word("OR") => "OR",
                Kind::Word(w @ ("and" | "or" | "not")) => {
                    let hint = format!("write {}", w.to_uppercase());
                    return Err(Wrong::new(at, format!("`{w}` is a word here"), hint));
                }
                _ => {
                    let hint = "write AND or OR, or put a phrase in quotation marks";
                    return Err(Wrong::new(at, "two terms without an operator between them", hint));
                }
            };
            // `a NOT b` is `a AND NOT b`
            if *piece != Kind::Word("NOT") {
                self.take();
            }
            if kind.is_some_and(|kind| kind != joint) {
                let hint = "put brackets around the part that belongs together";
                return Err(Wrong::new(at, "AND and OR are mixed without brackets", hint));
            }
            kind = Some(joint);
            let part = self.unary()?;
            levels = levels.max(part.levels);
            parts.push(part.expr);
        }
        self.depth -= 1;
        match kind {
            None => Ok(Tree { expr: parts.remove(0), levels }),
            Some(joint) => {
                let at = self.peek().at;
                over(if joint == "AND" { Expr::And(parts) } else { Expr::Or(parts) }, levels, at)
            }
        }
    }

    fn unary(&mut self) -> Result<Tree> {
        if self.peek().kind != Kind::Word("NOT") {
            return self.near();
        }
        self.deeper("too many NOT")?;
        let at = self.take().at;
        let inner = self.unary()?;
        self.depth -= 1;
        over(Expr::Not(Box::new(inner.expr)), inner.levels, at)
    }

    fn near(&mut self) -> Result<Tree> {
        let mut left = self.primary()?;
        while let Kind::Word(word) = self.peek().kind
            && let Some((ordered, number)) = near_of(word).filter(|(_, n)| *n != Some(""))
        {
            let at = self.take().at;
            let Some(number) = number else {
                return Err(Wrong::new(at, "NEAR needs a number of words", format!("write {word}/5")));
            };
            let words = number.parse::<u32>().ok().filter(|n| *n <= MOST_NEAR).ok_or_else(|| {
                Wrong::new(at, format!("at most NEAR/{MOST_NEAR}"), "use SENTENCE( ), PARAGRAPH( ) or AND")
            })?;
            let right = self.primary()?;
            if !(left.expr.has_places() && right.expr.has_places()) {
                let message = "NEAR joins words, phrases, tags found in the text and ORs of them";
                return Err(Wrong::new(at, message, "use SENTENCE( ) to join more"));
            }
            let levels = left.levels.max(right.levels);
            let (left_part, right_part) = (Box::new(left.expr), Box::new(right.expr));
            left = over(Expr::Near { ordered, words, left: left_part, right: right_part }, levels, at)?;
        }
        Ok(left)
    }

    fn primary(&mut self) -> Result<Tree> {
        let Piece { kind, at } = self.take();
        match kind {
            Kind::Open => {
                let inner = self.expr()?;
                self.close(at)?;
                Ok(inner)
            }
            Kind::Quoted(text, mark) => term(&text, mark, at).map(leaf),
            Kind::Name(name) => self.named(name, at),
            Kind::Word(word) => self.word(word, at),
            Kind::End => {
                Err(Wrong::new(at, "something is missing at the end", "write a word, a phrase or a tag"))
            }
            other => Err(Wrong::new(at, format!("{} is not expected here", written(&other)), "")),
        }
    }

    fn word(&mut self, word: &str, at: usize) -> Result<Tree> {
        if word == "NOT" {
            return Err(Wrong::new(at, "NOT is not expected here", "write it before what NEAR joins"));
        }
        if OPERATORS.contains(&word) || near_of(word).is_some() {
            return Err(Wrong::new(at, format!("{word} has nothing before it"), "write a term on each side"));
        }
        let count = word.strip_prefix("ATLEAST").map(|rest| rest.strip_prefix('/').unwrap_or(rest));
        let count =
            count.filter(|n| word == "ATLEAST" || word.len() > 8 && n.bytes().all(|b| b.is_ascii_digit()));
        let scope = Scope::of_name(word);
        if (scope.is_some() || count.is_some()) && self.peek().kind == Kind::Open {
            if count == Some("") {
                return Err(Wrong::new(at, "ATLEAST needs a number", "write ATLEAST/3( )"));
            }
            return self.scope(scope, count, at);
        }
        let name = word
            .split_once(':')
            .map(|(name, _)| name)
            .filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        if let Some(name) = name {
            let all =
                TagKind::ALL.iter().map(|(n, _)| *n).chain(Part::ALL.iter().map(|(n, _)| *n)).chain(["raw"]);
            let mut all: Vec<String> = all.map(|name| format!("{name}:")).collect();
            all.sort();
            return Err(Wrong::new(
                at,
                format!("there is no `{name}:`"),
                format!("one of {}", all.join(" ")),
            ));
        }
        let mark = word.chars().last().filter(|c| matches!(c, '*' | '~'));
        let bare = &word[..word.len() - usize::from(mark.is_some())];
        if bare.contains(['*', '?']) {
            return Err(Wrong::new(
                at,
                "a star stands at the end of a word only",
                "list the words, joined by OR",
            ));
        }
        term(bare, mark.or(self.forms.then_some('~')), at).map(leaf)
    }

    fn scope(&mut self, scope: Option<Scope>, count: Option<&str>, at: usize) -> Result<Tree> {
        self.take();
        let in_quote = usize::from(scope == Some(Scope::Quote));
        self.quotes += in_quote;
        let inner = self.expr()?;
        self.quotes -= in_quote;
        self.close(at)?;
        if let Some(scope) = scope {
            return over(Expr::Scope(scope, Box::new(inner.expr)), inner.levels, at);
        }
        let count = count.and_then(|n| n.parse().ok()).filter(|n| (1..=MOST_PLACES).contains(n));
        let Some(count) = count else {
            return Err(Wrong::new(at, format!("ATLEAST takes 1 to {MOST_PLACES}"), ""));
        };
        if !inner.expr.has_places() {
            let message = "ATLEAST counts words, phrases, tags found in the text and ORs of them";
            return Err(Wrong::new(at, message, "write one ATLEAST for each"));
        }
        over(Expr::AtLeast(count, Box::new(inner.expr)), inner.levels, at)
    }

    fn close(&mut self, opened: usize) -> Result<()> {
        let piece = self.take();
        match piece.kind {
            Kind::Close => Ok(()),
            Kind::End => Err(Wrong::new(opened, "this bracket is never closed", "write `)`")),
            _ => Err(Wrong::new(piece.at, "`)` expected", "")),
        }
    }

    /// A string that is the value of something.
    fn string(&mut self, what: &str) -> Result<(String, usize)> {
        let piece = self.take();
        match piece.kind {
            Kind::Quoted(text, None) => Ok((text.into_owned(), piece.at)),
            Kind::Word(word) => Ok((word.to_owned(), piece.at)),
            _ => Err(Wrong::new(piece.at, format!("{what} expected"), "")),
        }
    }

    /// What follows the name of a field or a tag.
    fn named(&mut self, name: &str, at: usize) -> Result<Tree> {
        if let Some(part) = Part::of_name(name) {
            self.deeper("too many fields within fields")?;
            let inner = self.primary()?;
            self.depth -= 1;
            return over(Expr::Within(part, Box::new(inner.expr)), inner.levels, at);
        }
        let Some(kind) = TagKind::of_name(name) else { return self.raw().map(leaf) };
        let (text, place) = self.string(&format!("a value of {name}:"))?;
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
        Err(Wrong::new(at, format!("{name}: asks of a quote"), format!("write QUOTE({name}:… AND …)")))
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
            return Err(Wrong::new(piece.at, "raw: needs text", "write raw:\"…\""));
        }
        let written = |t: &text::Token| text[t.start as usize..t.end as usize].to_owned();
        Ok(Expr::Term(Term::Raw(tokens.iter().map(|t| (written(t), t.gap > Gap::None)).collect())))
    }

    fn office(&mut self, at: usize, place: usize) -> Result<Value> {
        self.take();
        let (office, _) = self.string("an office")?;
        let mut country = None;
        if self.peek().kind == Kind::Comma {
            self.take();
            let piece = self.take();
            let Kind::Word(word) = piece.kind else {
                return Err(Wrong::new(piece.at, "country:XX expected", ""));
            };
            country = Some(word.strip_prefix("country:").unwrap_or(word).to_uppercase());
        }
        self.close(at)?;
        let words = folded(&office);
        if words.is_empty() {
            return Err(Wrong::new(place, "an office needs a word", "office(\"foreign minister\")"));
        }
        Ok(Value::Office { words, country })
    }

    /// The value of a tag, normalised for comparison, if it is valid.
    fn checked(&self, kind: TagKind, text: String, at: usize) -> Result<String> {
        match kind {
            TagKind::Topic => self.words.topic(&text).map(str::to_owned).ok_or_else(|| {
                let hint =
                    self.words.topic_like(&text).map_or(String::new(), |name| format!("there is `{name}`"));
                Wrong::new(at, format!("there is no topic `{text}`"), hint)
            }),
            TagKind::About | TagKind::Mentions | TagKind::From
                if !(text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())) =>
            {
                Err(Wrong::new(at, "a country is two letters", "AZ, US"))
            }
            TagKind::Is if !matches!(text.as_str(), "first" | "copy" | "update") => {
                Err(Wrong::new(at, "is: takes copy, first, update", ""))
            }
            _ => Ok(text),
        }
    }
}

fn leaf(expr: Expr) -> Tree {
    Tree { expr, levels: 1 }
}

/// A tree one level above another.
fn over(expr: Expr, levels: usize, at: usize) -> Result<Tree> {
    if levels >= MOST_LEVELS {
        return Err(Wrong::new(at, "too many terms within each other", "make several watches of it"));
    }
    Ok(Tree { expr, levels: levels + 1 })
}

/// Whether a word is NEAR or ONEAR, with what follows its slash.
fn near_of(word: &str) -> Option<(bool, Option<&str>)> {
    let rest = word.strip_prefix('O').unwrap_or(word).strip_prefix("NEAR")?;
    let number = if rest.is_empty() { None } else { Some(rest.strip_prefix('/')?) };
    let digits = number.is_none_or(|n| n.bytes().all(|b| b.is_ascii_digit()));
    digits.then_some((word.starts_with('O'), number))
}

/// The words and numbers of a text, folded.
pub(in crate::watch) fn folded(text: &str) -> Vec<String> {
    // most are one plain word
    if text.bytes().all(|b| b.is_ascii_lowercase()) && !text.is_empty() {
        return vec![text.to_owned()];
    }
    let mut out = Vec::new();
    for token in text::tokens(text).iter().filter(|t| t.kind != text::Kind::Mark) {
        let mut word = String::new();
        fold(&text[token.start as usize..token.end as usize], &mut word);
        out.push(word);
    }
    out
}

fn term(text: &str, mark: Option<char>, at: usize) -> Result<Expr> {
    let mut words = folded(text);
    if words.is_empty() {
        return Err(Wrong::new(at, "there is no word in this", "raw:\"…\" finds marks"));
    }
    if mark != Some('*') {
        return Ok(Expr::Term(Term::Words { words, forms: mark == Some('~') }));
    }
    // the word must be one word by itself too: what surrounded it may have held it together
    if words.len() > 1 || folded(&words[0]) != words {
        return Err(Wrong::new(at, "a star belongs to one word", "join words by ONEAR/0"));
    }
    let word = words.remove(0);
    if word.chars().count() < 4 {
        return Err(Wrong::new(at, "at least four letters before a star", "list the words, joined by OR"));
    }
    Ok(Expr::Term(Term::Prefix(word)))
}

/// A piece as a person wrote it.
fn written(kind: &Kind) -> String {
    match kind {
        Kind::Open => "`(`".to_owned(),
        Kind::Close => "`)`".to_owned(),
        Kind::Comma => "`,`".to_owned(),
        Kind::Quoted(text, _) => format!("`{text}`"),
        Kind::Name(name) => format!("`{name}:`"),
        Kind::Word(word) => format!("`{word}`"),
        Kind::End => "the end".to_owned(),
    }
}
