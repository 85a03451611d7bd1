//! What speaks for a name's being a place, and what against it: observations with their weights.
//!
//! The weights lie in `config/lexicon/places/support.tsv`, set by hand on the scale of the logarithm of a population.

use crate::files::{Files, weights};

/// The file with the weights.
const FILE: &str = "places/support.tsv";

/// What is to be seen of a name where it stands, or of the place that it would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// It is part of the name of a street, a saint, a dish, a man.
    OfAThing,
    /// A comma, a state or the writing of the name leaves no choice.
    Settled,
    /// Before it stands what the place is: "the city of".
    KindBefore,
    /// Before it stands "in", or the adjective of its country.
    LocativeBefore,
    /// Before it stands a given name.
    GivenBefore,
    /// Before it stands another word with a capital.
    CapitalBefore,
    /// The same before a large place in a script in which titles decline.
    CapitalBeforeLarge,
    /// Behind a town's name stands a word for an organisation.
    OrganisationBehind,
    /// Behind it stands "city", "province".
    SettlementBehind,
    /// It is a given name, with another name behind it.
    GivenName,
    /// Behind a town's name stands another word with a capital.
    CapitalBehind,
    /// It opens a sentence in capitals, with a dash behind it.
    CapitalsBeforeDash,
    /// It is a town in capitals within a sentence: "ICO".
    Capitals,
    /// A verb of saying stands behind a town's name.
    CueBehind,
    /// A town's name is no word and no given name.
    NothingElse,
    /// It is a common word too, at the head of a sentence or among capitals.
    WordAtHead,
    /// It is a common word too.
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
    /// The most that its size adds where the name is a common word too.
    WordOfAnySize,
    /// Its region is named in the article.
    RegionNamed,
    /// Its country is named in the article.
    CountryNamed,
}

impl Observation {
    /// All with their names in the file, each at its own number.
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

    /// What an observation weighs.
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
