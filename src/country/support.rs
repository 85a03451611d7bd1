//! Observations for and against a name's being a place, with their weights.
//!
//! The weights are in `config/lexicon/places/support.tsv`, set by hand on the scale of the logarithm of a population.

use super::weights::Observed;

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

impl Observed for Observation {
    const FILE: &'static str = "places/support.tsv";
    const ALL: &'static [(Self, &'static str)] = &[
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

    fn number(self) -> usize {
        self as usize
    }
}
