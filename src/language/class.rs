//! What a word does in the name of an office or of a person, in any language.

use std::ops::{BitOr, BitOrAssign};

/// What a word can do in the name of an office. A set, as "vice president" is an office here and a job there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Class(u32);

impl Class {
    /// Head of an office that is always public ("minister").
    pub const STRONG: Self = Self(1);
    /// Head of an office that is public only with a public institution ("chairman").
    pub const WEAK: Self = Self(1 << 1);
    /// "deputy", "acting".
    pub const MODIFIER: Self = Self(1 << 2);
    /// "former", "-elect".
    pub const PAST: Self = Self(1 << 3);
    /// "foreign affairs".
    pub const PORTFOLIO: Self = Self(1 << 4);
    /// A public body.
    pub const INSTITUTION: Self = Self(1 << 5);
    /// A firm, university or association.
    pub const PRIVATE: Self = Self(1 << 6);
    /// "King": an office that is part of the name.
    pub const RULER: Self = Self(1 << 7);
    /// "General", "Professor".
    pub const RANK: Self = Self(1 << 8);
    /// "analyst": describes a person who holds no office.
    pub const ROLE: Self = Self(1 << 9);
    /// "Mr".
    pub const HONORIFIC: Self = Self(1 << 10);
    /// "of", "the".
    pub const LINK: Self = Self(1 << 11);
    /// "and".
    pub const AND: Self = Self(1 << 17);
    /// "administration" after a surname.
    pub const BELONGS: Self = Self(1 << 12);
    /// "region", after the adjective that names it ("Омской области").
    pub const TERRITORY: Self = Self(1 << 18);
    /// "Monday", "However".
    pub const NOT_NAME: Self = Self(1 << 13);
    /// Head of an office that is public with a country, too ("president").
    pub const OF_COUNTRY: Self = Self(1 << 14);
    /// Head of an office that is public with a portfolio, too ("secretary").
    pub const OF_MATTER: Self = Self(1 << 15);
    /// Head of an office that is public even without either, directly before a name ("President").
    pub const BARE: Self = Self(1 << 16);
    /// "plumber": a trade that office holders are not called by.
    pub const TRADE: Self = Self(1 << 19);
    /// "brother": somebody else's kin.
    pub const KIN: Self = Self(1 << 20);
    /// "for matters of": what follows is the portfolio, in any words.
    pub const OPENER: Self = Self(1 << 21);
    /// "aéroport": what comes after it is its name, not a person.
    pub const THING_BEFORE: Self = Self(1 << 22);
    /// "Airport": what comes before it is its name, not a person.
    pub const THING_BEHIND: Self = Self(1 << 23);
    /// "spokesman": may serve a person who is named after it, in the genitive.
    pub const SERVES: Self = Self(1 << 24);
    /// A party.
    pub const PARTY: Self = Self(1 << 25);
    /// Head of an office that is none in a party: "general secretary".
    pub const PARTY_POST: Self = Self(1 << 26);
    /// Things named after persons.
    const THING: Self = Self(Self::THING_BEFORE.0 | Self::THING_BEHIND.0);
    /// Any head.
    pub const HEAD: Self =
        Self(Self::STRONG.0 | Self::WEAK.0 | Self::OF_COUNTRY.0 | Self::OF_MATTER.0 | Self::BARE.0);
    /// Any head, and titles that are part of the name.
    pub const OFFICE: Self = Self(Self::HEAD.0 | Self::RULER.0);

    /// What a small word can do, by its role name in `[words]` of `language.toml`. A word that joins two is a link,
    /// too.
    pub fn named(role: &str) -> Option<Self> {
        Some(match role {
            "link" => Self::LINK,
            "and" => Self::AND | Self::LINK,
            "honorific" => Self::HONORIFIC,
            "belongs" => Self::BELONGS,
            "territory" => Self::TERRITORY,
            "not_name" => Self::NOT_NAME,
            _ => return None,
        })
    }

    /// Whether it says anything about offices or persons: a thing merely named after a person does not.
    #[inline]
    pub fn of_office(self) -> bool {
        self.0 & !Self::THING.0 != 0
    }

    /// Whether the two have a class in common.
    #[inline]
    pub fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }
}

impl BitOr for Class {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Class {
    #[inline]
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
