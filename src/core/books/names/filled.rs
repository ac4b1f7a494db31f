//! What is put into a customer of the books when its account has something to say.
//!
//! A field that somebody has filled is that person's work and stays. Only where the shop's owner says so the shop has the last word,
//! and even then nothing is emptied, nothing is renamed and nothing is merged.

use crate::model::draft::{CustomerChange, CustomerDraft, CustomerInBooks};
use crate::model::order::Address;
use crate::model::rules::CustomersUpdate;

/// QuickBooks takes no longer ones; half a number or half an address is none.
const EMAIL_MAX: usize = 100;
const PHONE_MAX: usize = 21;

/// What to put there. Empty where there is nothing to do.
pub fn filled(
    stands: &CustomerInBooks,
    wanted: &CustomerDraft,
    update: CustomersUpdate,
) -> CustomerChange {
    let overwrites = update == CustomersUpdate::On;
    let text = |stands: &str, wanted: &str| {
        let (stands, wanted) = (stands.trim(), wanted.trim());
        let is_news = !wanted.is_empty() && wanted.to_lowercase() != stands.to_lowercase();
        (is_news && (overwrites || stands.is_empty())).then(|| wanted.to_owned())
    };
    let number = |stands: &str, wanted: &str| {
        text(stands, wanted).filter(|number| number.chars().count() <= PHONE_MAX)
    };
    let address = |stands: &Address, wanted: &Address| {
        let is_news = says_where(wanted) && trimmed(wanted) != trimmed(stands);
        (is_news && (overwrites || !says_where(stands))).then(|| trimmed(wanted))
    };
    // Half of a name that a person wrote is not completed with half of another.
    let named = !stands.first_name.trim().is_empty() || !stands.last_name.trim().is_empty();
    let name = |stands: &str, wanted: &str| text(stands, wanted).filter(|_| overwrites || !named);
    CustomerChange {
        first_name: name(&stands.first_name, &wanted.first_name),
        last_name: name(&stands.last_name, &wanted.last_name),
        company: text(&stands.company, &wanted.company),
        email: text(&stands.email, &wanted.email)
            .filter(|email| email.contains('@') && email.chars().count() <= EMAIL_MAX),
        phone: number(&stands.phone, &wanted.phone),
        mobile: number(&stands.mobile, &wanted.mobile),
        // The shop has no notes on people: what it would say is ours, and what stands there is somebody's.
        note: text(&stands.note, &wanted.note).filter(|_| stands.note.trim().is_empty()),
        website: text(&stands.website, &wanted.website),
        billing: address(&stands.billing, &wanted.billing),
        shipping: address(&stands.shipping, &wanted.shipping),
    }
}

/// A country alone is where a shop's form began, and no address.
fn says_where(address: &Address) -> bool {
    [
        &address.line_1,
        &address.line_2,
        &address.city,
        &address.postcode,
    ]
    .iter()
    .any(|part| !part.trim().is_empty())
}

fn trimmed(address: &Address) -> Address {
    let part = |part: &String| part.trim().to_owned();
    Address {
        line_1: part(&address.line_1),
        line_2: part(&address.line_2),
        city: part(&address.city),
        state: part(&address.state),
        postcode: part(&address.postcode),
        country: part(&address.country),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::plan::{Remote, RemoteKind};

    fn in_books() -> CustomerInBooks {
        CustomerInBooks {
            remote: Remote {
                entity: RemoteKind::Customer,
                id: "7".into(),
                revision: "3".into(),
            },
            first_name: "Ann".into(),
            last_name: String::new(),
            company: String::new(),
            email: "ann@example.com".into(),
            phone: "1".into(),
            mobile: String::new(),
            note: String::new(),
            website: String::new(),
            billing: Address {
                country: "CA".into(),
                ..Address::default()
            },
            shipping: Address {
                line_1: "1 Own Way".into(),
                ..Address::default()
            },
            active: true,
            changed_at: None,
        }
    }

    fn wanted() -> CustomerDraft {
        let address = |line: &str| Address {
            line_1: line.into(),
            ..Address::default()
        };
        CustomerDraft {
            display_name: "Somebody Else".into(),
            first_name: "Anna".into(),
            last_name: "Lee".into(),
            company: "Lee Ltd".into(),
            email: "ANN@example.com".into(),
            phone: "2".into(),
            mobile: "3".repeat(22),
            billing: address("2 Shop St"),
            shipping: address("2 Shop St"),
            ..CustomerDraft::default()
        }
    }

    #[test]
    fn only_what_is_empty_is_filled() {
        let change = filled(&in_books(), &wanted(), CustomersUpdate::Off);
        let billing = wanted().billing;
        assert_eq!(
            change,
            CustomerChange {
                company: Some("Lee Ltd".into()),
                billing: Some(billing),
                ..CustomerChange::default()
            }
        );
    }

    #[test]
    fn when_told_the_shop_has_the_last_word_but_empties_nothing() {
        let change = filled(&in_books(), &wanted(), CustomersUpdate::On);
        assert_eq!(change.first_name.as_deref(), Some("Anna"));
        assert_eq!(change.phone.as_deref(), Some("2"));
        assert_eq!(change.email, None, "letter case is no difference");
        assert_eq!(change.mobile, None, "half a number is no number");
        assert!(change.shipping.is_some());
        let nothing = filled(&in_books(), &CustomerDraft::default(), CustomersUpdate::On);
        assert!(nothing.is_empty());
    }
}
