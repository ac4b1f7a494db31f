//! Reading back: what both sides say after a write decides what was agreed, and nothing else does: neither the intent nor an answer
//! without an error.

use rust_decimal::Decimal;

use super::decide::FieldWrite;
use crate::model::agreed::AgreedPair;

/// What became of the write of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldReadBack {
    /// It stands, perhaps in the service's own spelling: this is the pair from now on.
    Agreed(AgreedPair),
    /// Everything is as it was.
    NotDone,
    /// Somebody else wrote meanwhile: it is decided again from the beginning.
    Moved,
    /// The service made something else of it.
    NotKept,
}

/// Compares what was written with what stands there now. `before` is what the decision was made from.
pub fn read_back(before: &AgreedPair, write: &FieldWrite, after: &AgreedPair) -> FieldReadBack {
    let sides = [
        (&before.shop, write.to_shop.as_ref(), &after.shop),
        (&before.books, write.to_books.as_ref(), &after.books),
    ];
    let mut not_done = false;
    for (before, wrote, after) in sides {
        match wrote {
            None if before == after => {}
            None => return FieldReadBack::Moved,
            Some(wrote) if is_same(wrote, after) => {}
            Some(_) if before == after => not_done = true,
            Some(_) => return FieldReadBack::NotKept,
        }
    }
    match not_done {
        true => FieldReadBack::NotDone,
        false => FieldReadBack::Agreed(after.clone()),
    }
}

/// The same but for what services do to every text: blanks, letter case, marks between letters, zeros behind a point.
fn is_same(wrote: &str, stands: &str) -> bool {
    if wrote.contains('.')
        && let (Ok(wrote), Ok(stands)) = (wrote.parse::<Decimal>(), stands.parse::<Decimal>())
    {
        return wrote == stands;
    }
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    wrote == stands || (!stands.is_empty() && letters(wrote) == letters(stands))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(shop: &str, books: &str) -> AgreedPair {
        AgreedPair {
            shop: shop.to_owned(),
            books: books.to_owned(),
        }
    }

    fn to_books(value: &str) -> FieldWrite {
        FieldWrite {
            to_books: Some(value.to_owned()),
            to_shop: None,
            decided: None,
        }
    }

    #[test]
    fn what_the_service_spells_in_its_own_way_is_the_new_pair() {
        let read = read_back(&pair("a  b", "x"), &to_books("a  b"), &pair("a  b", "A b"));
        assert_eq!(read, FieldReadBack::Agreed(pair("a  b", "A b")));
    }

    #[test]
    fn an_answer_without_an_error_proves_nothing() {
        let before = pair("new", "old");
        let read = |after: &AgreedPair| read_back(&before, &to_books("new"), after);
        assert_eq!(read(&pair("new", "old")), FieldReadBack::NotDone);
        assert_eq!(read(&pair("new", "odd")), FieldReadBack::NotKept);
        assert_eq!(read(&pair("newer", "new")), FieldReadBack::Moved);
    }
}
