//! Observations for and against a name's being a place, with their weights.
//!
//! The weights are in `config/lexicon/places/support.tsv`, set by hand on the scale of the logarithm of a population.

use crate::files::{Files, weights};

/// The file with the weights.
const FILE: &str = "places/support.tsv";

/// An observation about a name in its context, or about the place it would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// It is part of the name of a street, a saint, a dish or a man.
    OfAThing,
    /// A comma, a state or the spelling of the name leaves no choice.
    Settled,
    /// The kind of place precedes it: "the city of".
    KindBefore,
    /// "in", or the adjective of its country, precedes it.
    LocativeBefore,
    /// A given name precedes it.
    GivenBefore,
    /// Another capitalised word precedes it.
    CapitalBefore,
    /// The same before a large place, in a script whose languages decline titles.
    CapitalBeforeLarge,
    /// A word for an organisation follows a town's name.
    OrganisationBehind,
    /// "city" or "province" follows it.
    SettlementBehind,
    /// It is a given name, followed by another name.
    GivenName,
    /// Another capitalised word follows a town's name.
    CapitalBehind,
    /// It opens a sentence in capitals and is followed by a dash.
    CapitalsBeforeDash,
    /// It is a town in capitals within a sentence: "ICO".
    Capitals,
    /// A verb of saying follows a town's name.
    CueBehind,
    /// A town's name is neither a common word nor a given name.
    NothingElse,
    /// It is also a common word, at the start of a sentence or among capitals.
    WordAtHead,
    /// It is also a common word.
    Word,
    /// The place is a capital.
    IsCapital,
    /// It has a million inhabitants; 300,000; 100,000; 20,000.
    Million,
    /// See [`Self::Million`].
    Thousands300,
    /// See [`Self::Million`].
    Thousands100,
    /// See [`Self::Million`].
    Thousands20,
    /// The most that its size adds if the name is also a common word.
    WordOfAnySize,
    /// Its region is named in the article.
    RegionNamed,
    /// Its country is named in the article.
    CountryNamed,
}

impl Observation {
    /// All observations with their names in the file, each at its own index.
    const ALL: [(Self, &'static str); 25] = [
        (Self::OfAThing, "part of a thing's name"),
        (Self::Settled, "settled"),
        (Self::KindBefore, "before: kind of place"),
        (Self::LocativeBefore, "before: in"),
        (Self::GivenBefore, "before: given name"),
        (Self::CapitalBefore, "before: capital"),
        (Self::CapitalBeforeLarge, "before: capital, large place in another script"),
        (Self::OrganisationBehind, "behind: organisation"),
        (Self::SettlementBehind, "behind: settlement"),
        (Self::GivenName, "given name, capital behind"),
        (Self::CapitalBehind, "behind: capital"),
        (Self::CapitalsBeforeDash, "capitals before a dash"),
        (Self::Capitals, "capitals"),
        (Self::CueBehind, "behind: said"),
        (Self::NothingElse, "nothing else"),
        (Self::WordAtHead, "word: at a head"),
        (Self::Word, "word"),
        (Self::IsCapital, "size: capital"),
        (Self::Million, "size: 1000"),
        (Self::Thousands300, "size: 300"),
        (Self::Thousands100, "size: 100"),
        (Self::Thousands20, "size: 20"),
        (Self::WordOfAnySize, "size: most of a word"),
        (Self::RegionNamed, "named: region"),
        (Self::CountryNamed, "named: country"),
    ];
}

/// The weights of all observations.
#[derive(Debug, Default)]
pub struct Support([f32; Observation::ALL.len()]);

impl Support {
    /// Reads `places/support.tsv`: all observations, each once. Errors name file and thing.
    pub fn parse(files: &Files, errors: &mut Vec<String>) -> Self {
        let mut out = Self::default();
        let Some(source) = files.get(FILE) else { return out };
        let mut missing: Vec<&str> = Observation::ALL.iter().map(|(_, name)| *name).collect();
        for (name, weight) in weights(FILE, source, errors) {
            match Observation::ALL.iter().find(|(_, own)| *own == name) {
                Some((observation, _)) => out.0[*observation as usize] = weight,
                None => errors.push(format!("{FILE}: unknown observation `{name}`")),
            }
            missing.retain(|m| *m != name);
        }
        errors.extend(missing.into_iter().map(|name| format!("{FILE}: `{name}` has no weight")));
        out
    }

    /// The weight of an observation.
    #[inline]
    pub fn of(&self, observation: Observation) -> f32 {
        self.0[observation as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_observation_has_its_own_number_and_weight() {
        for (number, (observation, name)) in Observation::ALL.iter().enumerate() {
            assert_eq!(*observation as usize, number, "{name}");
        }
        let mut errors = Vec::new();
        let support = Support::parse(&Files::default(), &mut errors);
        assert!(errors.is_empty(), "{errors:?}");
        assert!(support.of(Observation::LocativeBefore) > 0.0 && support.of(Observation::GivenBefore) < 0.0);
    }

    #[test]
    fn a_wrong_file_is_told() {
        let mut files = Files::none();
        files.put(FILE, "before: in\t2\nbefore: on\t1\nword\tlittle\n");
        let mut errors = Vec::new();
        Support::parse(&files, &mut errors);
        for part in ["line 3", "`before: on`", "`settled` has no weight"] {
            assert!(errors.iter().any(|e| e.contains(part) && e.starts_with(FILE)), "{part}: {errors:?}");
        }
    }
}
