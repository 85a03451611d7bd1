//! Imports queries from other services' languages, noting what can't be converted.
//!
//! [`lex`] splits a query by the marks of its own language, with its operators in [`joint`], its fields in [`field`] and
//! its words in [`term`]; this module builds a tree by that language's precedence and writes it with brackets, so that it
//! means the same here.

mod field;
mod joint;
mod lex;
mod term;
#[cfg(test)]
mod tests;

use joint::Joint;
use lex::{Piece, Spelling, lex};

/// The service whose language a query is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the services")]
pub enum Dialect {
    Meltwater,
    Brandwatch,
    Lexis,
    Factiva,
}

impl Dialect {
    /// The dialect of a name in lower case.
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "meltwater" => Some(Self::Meltwater),
            "brandwatch" => Some(Self::Brandwatch),
            "lexis" => Some(Self::Lexis),
            "factiva" => Some(Self::Factiva),
            _ => None,
        }
    }

    /// Whether OR binds tightest, as in Lexis; elsewhere it binds loosest.
    fn or_binds_first(self) -> bool {
        self == Self::Lexis
    }

    /// Whether a minus excludes what follows it.
    fn has_minus(self) -> bool {
        matches!(self, Self::Meltwater | Self::Brandwatch)
    }

    /// Whether adjacent words are a phrase.
    fn joins_words(self) -> bool {
        matches!(self, Self::Lexis | Self::Factiva)
    }
}

/// An imported query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// In the language of watches; not parsed yet.
    pub when: String,
    /// What could not be carried over, or now means something slightly different.
    pub notes: Vec<String>,
}

/// Imports a query. An error says what could not be understood at all.
pub fn import(query: &str, dialect: Dialect) -> Result<Imported, String> {
    let mut notes = Vec::new();
    let pieces = lex(query, dialect, &mut notes);
    let mut reader = Reader { dialect, pieces, next: 0, depth: 0, rows: 0, notes };
    let tree = reader.expr(0)?;
    if reader.next < reader.pieces.len() {
        return Err("a bracket is closed that was never opened".to_owned());
    }
    let mut notes = reader.notes;
    if matches!(tree, Tree::Lost) {
        return Err(format!("nothing in it can be converted: {}", notes.join("; ")));
    }
    let when = written(&tree, &mut notes);
    notes.sort();
    notes.dedup();
    Ok(Imported { when, notes })
}

/// Maximum depth of brackets, and number of proximity operators.
const MOST_DEPTH: usize = 60;

#[derive(Debug)]
enum Tree {
    /// What could not be carried over: it adds no condition.
    Lost,
    /// A term or tag in this syntax.
    Leaf(String),
    /// Adjacent words.
    Phrase(Vec<String>),
    /// Two operands, or several joined by AND or OR.
    Joined(Joint, Vec<Tree>),
    Not(Box<Tree>),
    /// A field or ATLEAST in this syntax, and its operand.
    Inside(String, Box<Tree>),
}

struct Reader {
    dialect: Dialect,
    pieces: Vec<Piece>,
    next: usize,
    depth: usize,
    /// Proximity operators so far.
    rows: usize,
    notes: Vec<String>,
}

impl Reader {
    /// How tightly an operator binds: the higher, the tighter.
    fn strength(&self, joint: Joint) -> u8 {
        match (joint, self.dialect.or_binds_first()) {
            (Joint::Or, true) | (Joint::Near { .. } | Joint::Same(_) | Joint::Apart, false) => 3,
            (Joint::Near { .. } | Joint::Same(_) | Joint::Apart, true)
            | (Joint::And | Joint::AndNot, false) => 2,
            (Joint::And | Joint::AndNot, true) | (Joint::Or, false) => 1,
        }
    }

    fn expr(&mut self, least: u8) -> Result<Tree, String> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err("too many brackets within brackets".to_owned());
        }
        let mut left = self.primary()?;
        loop {
            let joint = match self.pieces.get(self.next) {
                None | Some(Piece::Close) => break,
                Some(Piece::Joint(joint)) => *joint,
                Some(_) => {
                    self.notes.push("terms side by side are taken as both: AND".to_owned());
                    if self.strength(Joint::And) <= least {
                        break;
                    }
                    let right = self.expr(self.strength(Joint::And))?;
                    left = self.joined(Joint::And, left, right)?;
                    continue;
                }
            };
            let strength = self.strength(joint);
            if strength <= least {
                break;
            }
            self.next += 1;
            let right = self.expr(strength)?;
            left = match joint {
                Joint::AndNot => self.joined(Joint::And, left, not(right))?,
                Joint::Apart => self.joined(Joint::Same("SENTENCE"), left, not(right))?,
                joint => self.joined(joint, left, right)?,
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn joined(&mut self, joint: Joint, left: Tree, right: Tree) -> Result<Tree, String> {
        match (left, right) {
            (Tree::Lost, other) | (other, Tree::Lost) => Ok(other),
            (Tree::Joined(own @ (Joint::And | Joint::Or), mut parts), right) if own == joint => {
                parts.push(right);
                Ok(Tree::Joined(own, parts))
            }
            (left, right) => {
                self.rows += usize::from(!matches!(joint, Joint::And | Joint::Or));
                if self.rows > MOST_DEPTH {
                    return Err("too many terms near each other".to_owned());
                }
                Ok(Tree::Joined(joint, vec![left, right]))
            }
        }
    }

    /// An operand with what follows it.
    fn primary(&mut self) -> Result<Tree, String> {
        let mut tree = self.bare()?;
        loop {
            tree = match self.pieces.get(self.next) {
                Some(Piece::Early) if matches!(tree, Tree::Lost) => tree,
                Some(Piece::Early) => Tree::Inside("lead:".to_owned(), Box::new(tree)),
                Some(Piece::Loose(words)) => {
                    let words = *words;
                    self.loose(tree, words)?
                }
                _ => return Ok(tree),
            };
            self.next += 1;
        }
    }

    /// What is joined by AND, by NEAR instead.
    fn loose(&mut self, tree: Tree, words: u32) -> Result<Tree, String> {
        let Tree::Joined(Joint::And, parts) = tree else { return Ok(tree) };
        let mut parts = parts.into_iter();
        let mut near = parts.next().unwrap_or(Tree::Lost);
        for part in parts {
            near = self.joined(Joint::Near { ordered: false, words }, near, part)?;
        }
        Ok(near)
    }

    /// The operand of a field or ATLEAST.
    fn inside(&mut self) -> Result<Tree, String> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err("too many fields within fields".to_owned());
        }
        let inner = self.primary();
        self.depth -= 1;
        inner
    }

    fn bare(&mut self) -> Result<Tree, String> {
        let piece = self.pieces.get(self.next).cloned();
        self.next += 1;
        match piece {
            Some(Piece::Open) => {
                let inner = self.expr(0)?;
                if self.pieces.get(self.next) != Some(&Piece::Close) {
                    return Err("a bracket is never closed".to_owned());
                }
                self.next += 1;
                Ok(inner)
            }
            Some(Piece::Joint(Joint::AndNot)) => self.expr(self.strength(Joint::AndNot)).map(not),
            Some(Piece::Inside(name)) => Ok(match self.inside()? {
                Tree::Lost => Tree::Lost,
                inner => Tree::Inside(name, Box::new(inner)),
            }),
            Some(Piece::Written(spelling)) => Ok(spelt(self.inside()?, spelling, &mut self.notes)),
            Some(Piece::Lost | Piece::Nothing | Piece::Loose(_) | Piece::Early) => Ok(Tree::Lost),
            Some(Piece::Leaf(text)) => Ok(Tree::Leaf(text)),
            Some(Piece::Word(word)) => {
                let mut words = vec![word];
                while self.dialect.joins_words()
                    && let Some(Piece::Word(next)) = self.pieces.get(self.next)
                {
                    words.push(next.clone());
                    self.next += 1;
                }
                Ok(if words.len() == 1 { Tree::Leaf(words.remove(0)) } else { Tree::Phrase(words) })
            }
            Some(Piece::Joint(_)) => Err("an operator has nothing before it".to_owned()),
            Some(Piece::Close) => Err("brackets with nothing in them".to_owned()),
            None => Err("something is missing at the end".to_owned()),
        }
    }
}

fn not(inner: Tree) -> Tree {
    if matches!(inner, Tree::Lost) { inner } else { Tree::Not(Box::new(inner)) }
}

/// A tree whose words are found only as they are written, or in the form that they have.
fn spelt(tree: Tree, spelling: Spelling, notes: &mut Vec<String>) -> Tree {
    let word = |text: &str| {
        let bare = text.trim_end_matches('~').trim_matches('"');
        match spelling {
            _ if text.ends_with('*') || text.contains(':') => None,
            Spelling::Capitals => Some(format!("raw:\"{}\"", bare.to_uppercase())),
            Spelling::Small => Some(format!("raw:\"{}\"", bare.to_lowercase())),
            Spelling::Form if bare.contains(' ') => Some(format!("\"{bare}\"")),
            Spelling::Form => Some(bare.to_owned()),
        }
    };
    match tree {
        Tree::Leaf(text) => Tree::Leaf(word(&text).unwrap_or_else(|| {
            notes.push(format!("`{text}` is found in any case and form"));
            text
        })),
        Tree::Phrase(words) => {
            let bare: Vec<&str> = words.iter().map(|word| word.trim_end_matches(['~', '*'])).collect();
            Tree::Leaf(word(&bare.join(" ")).unwrap_or_default())
        }
        Tree::Joined(joint, parts) => {
            Tree::Joined(joint, parts.into_iter().map(|part| spelt(part, spelling, notes)).collect())
        }
        Tree::Not(inner) => Tree::Not(Box::new(spelt(*inner, spelling, notes))),
        Tree::Inside(name, inner) => Tree::Inside(name, Box::new(spelt(*inner, spelling, notes))),
        Tree::Lost => Tree::Lost,
    }
}

/// A tree in the language of watches, with brackets around all that is joined.
fn written(tree: &Tree, notes: &mut Vec<String>) -> String {
    match tree {
        Tree::Leaf(text) => text.clone(),
        Tree::Phrase(words) => phrase(words, notes),
        Tree::Not(inner) => format!("NOT {}", bracketed(inner, notes)),
        Tree::Inside(name, inner) => format!("{name}({})", written(inner, notes)),
        Tree::Joined(joint, parts) => {
            let told: Vec<String> = parts.iter().map(|part| bracketed(part, notes)).collect();
            match joint {
                Joint::And | Joint::AndNot | Joint::Apart => told.join(" AND "),
                Joint::Or => told.join(" OR "),
                Joint::Same(scope) => format!("{scope}({})", told.join(" AND ")),
                Joint::Near { ordered, words } if parts.iter().all(stands) => {
                    if *words > 100 {
                        notes.push(format!("at most 100 words lie between here, not {words}"));
                    }
                    let near = format!(" {}NEAR/{} ", if *ordered { "O" } else { "" }, (*words).min(100));
                    told.join(&near)
                }
                Joint::Near { .. } => {
                    notes.push("nearness of what is joined by AND or NOT became one sentence".to_owned());
                    format!("SENTENCE({})", told.join(" AND "))
                }
            }
        }
        Tree::Lost => String::new(),
    }
}

/// Whether NEAR can join it.
fn stands(tree: &Tree) -> bool {
    match tree {
        Tree::Leaf(text) => !text.contains(':') || text.starts_with("raw:"),
        Tree::Phrase(_) => true,
        Tree::Joined(Joint::Or | Joint::Near { .. }, parts) => parts.iter().all(stands),
        _ => false,
    }
}

fn bracketed(tree: &Tree, notes: &mut Vec<String>) -> String {
    match tree {
        Tree::Joined(Joint::Same(_), ..) => written(tree, notes),
        Tree::Joined(..) => format!("({})", written(tree, notes)),
        _ => written(tree, notes),
    }
}

/// Adjacent words, each of which may match its forms or be a prefix.
fn phrase(words: &[String], notes: &mut Vec<String>) -> String {
    if words.iter().any(|w| w.ends_with('*')) {
        notes.push("a phrase with an open word became ONEAR/0".to_owned());
        return format!("({})", words.join(" ONEAR/0 "));
    }
    let forms = words.iter().any(|w| w.ends_with('~'));
    let bare: Vec<&str> = words.iter().map(|w| w.trim_end_matches('~')).collect();
    format!("\"{}\"{}", bare.join(" "), if forms { "~" } else { "" })
}
