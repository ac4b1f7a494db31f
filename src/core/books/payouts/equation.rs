//! An equation: two figures that should be the same.

use serde::Serialize;

use crate::model::money::Money;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EquationState {
    Holds,
    Differs,
    Unchecked,
}

/// What the service says on one side, and what stands against it on the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Equation {
    pub name: &'static str,
    pub words: &'static str,
    pub gateway: Money,
    pub other: Money,
    /// `other` less `gateway`.
    pub difference: Money,
    pub state: EquationState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Compares two figures.
pub fn equation(name: &'static str, words: &'static str, gateway: Money, other: Money) -> Equation {
    Equation {
        name,
        words,
        gateway,
        other,
        difference: other - gateway,
        state: match gateway == other {
            true => EquationState::Holds,
            false => EquationState::Differs,
        },
        why: None,
    }
}

impl Equation {
    pub fn unchecked(name: &'static str, words: &'static str, why: impl Into<String>) -> Equation {
        Equation {
            state: EquationState::Unchecked,
            why: Some(why.into()),
            ..equation(name, words, Money::ZERO, Money::ZERO)
        }
    }
}
