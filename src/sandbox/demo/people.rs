//! The people of the demo, with and without an account.

use serde_json::{Value, json};

use crate::woocommerce::basket::ShopPerson;

/// Somebody who buys; `account` is 0 for a guest.
pub struct DemoBuyer {
    pub account: u64,
    pub person: ShopPerson,
}

/// First name, last name, e-mail, street, city, province, postal code, phone, account.
type DemoRow = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u64,
);

const PEOPLE: &[DemoRow] = &[
    (
        "Daniel",
        "Okafor",
        "daniel.okafor@example.ca",
        "10214 104 St NW",
        "Edmonton",
        "AB",
        "T5J 1B1",
        "780-555-0114",
        21,
    ),
    (
        "Priya",
        "Natarajan",
        "priya.natarajan@example.com",
        "1850 Comox St",
        "Vancouver",
        "BC",
        "V6G 1R3",
        "604-555-0131",
        22,
    ),
    (
        "Hannah",
        "McLeod",
        "hannah.mcleod@example.ca",
        "77 Gladstone Ave",
        "Ottawa",
        "ON",
        "K2P 0Y1",
        "613-555-0142",
        23,
    ),
    (
        "Claire",
        "Bergeron",
        "claire.bergeron@example.ca",
        "4120 rue Saint-Denis",
        "Montréal",
        "QC",
        "H2W 2M5",
        "514-555-0155",
        24,
    ),
    (
        "Tom",
        "Wójcik",
        "tom.wojcik@example.com",
        "532 17 Ave SW",
        "Calgary",
        "AB",
        "T2S 0B1",
        "403-555-0160",
        25,
    ),
    (
        "Étienne",
        "Lavallée",
        "etienne.lavallee@example.ca",
        "18 rue Principale",
        "Gatineau",
        "QC",
        "J9H 3K3",
        "819-555-0171",
        26,
    ),
    (
        "Joan",
        "Redfern",
        "office@foothills-guiding.example.ca",
        "210 Railway Ave",
        "Canmore",
        "AB",
        "T1W 1P4",
        "403-555-0177",
        27,
    ),
    (
        "Marcus",
        "Whitford",
        "marcus.whitford@example.com",
        "9 Bow Valley Trail",
        "Canmore",
        "AB",
        "T1W 2W8",
        "403-555-0118",
        0,
    ),
    (
        "Sofia",
        "Lindqvist",
        "sofia.lindqvist@example.com",
        "640 Fisgard St",
        "Victoria",
        "BC",
        "V8W 1R6",
        "250-555-0123",
        0,
    ),
    (
        "Jamal",
        "Greene",
        "jamal.greene@example.com",
        "301 Bathurst St",
        "Toronto",
        "ON",
        "M5T 2S5",
        "416-555-0128",
        0,
    ),
    (
        "Wei",
        "Zhang",
        "wei.zhang@example.com",
        "4567 Kingsway",
        "Burnaby",
        "BC",
        "V5H 2A9",
        "604-555-0136",
        0,
    ),
    (
        "Ruth",
        "Cardinal",
        "ruth.cardinal@example.ca",
        "88 Franklin Ave",
        "Fort McMurray",
        "AB",
        "T9H 2C2",
        "780-555-0139",
        0,
    ),
    (
        "Olivia",
        "Tsang",
        "olivia.tsang@example.com",
        "8211 Granville Ave",
        "Richmond",
        "BC",
        "V6Y 1P4",
        "604-555-0145",
        0,
    ),
    (
        "Ben",
        "Friesen",
        "ben.friesen@example.ca",
        "415 3 St S",
        "Lethbridge",
        "AB",
        "T1J 1Y7",
        "403-555-0149",
        0,
    ),
    (
        "Noor",
        "Haddad",
        "noor.haddad@example.com",
        "190 Dundas St",
        "London",
        "ON",
        "N6A 1G7",
        "519-555-0152",
        0,
    ),
    (
        "Isabelle",
        "Caron",
        "isabelle.caron@example.ca",
        "25 rue Wellington N",
        "Sherbrooke",
        "QC",
        "J1H 5A9",
        "819-555-0158",
        0,
    ),
    (
        "Mike",
        "Standing Bear",
        "mike.standingbear@example.ca",
        "12 Main St",
        "Cochrane",
        "AB",
        "T4C 1A8",
        "403-555-0166",
        0,
    ),
    (
        "Kent",
        "Peterson",
        "kent.peterson@example.com",
        "715 W Riverside Ave",
        "Spokane",
        "WA",
        "99201",
        "509-555-0183",
        0,
    ),
];

/// Everybody who sends goods to the United States pays in US dollars here.
const ABROAD: &str = "WA";

/// Finds somebody by first name; an empty guest when there is nobody of that name.
pub fn buyer(first: &str) -> DemoBuyer {
    let row = PEOPLE.iter().find(|row| row.0 == first);
    row.map_or_else(
        || DemoBuyer {
            account: 0,
            person: ShopPerson::default(),
        },
        from_row,
    )
}

fn from_row(row: &DemoRow) -> DemoBuyer {
    let (first, last, email, street, city, state, postcode, phone, account) = *row;
    let person = ShopPerson {
        first: first.to_owned(),
        last: last.to_owned(),
        company: if first == "Joan" {
            "Foothills Guiding Ltd.".to_owned()
        } else {
            String::new()
        },
        street: street.to_owned(),
        city: city.to_owned(),
        state: state.to_owned(),
        postcode: postcode.to_owned(),
        country: if state == ABROAD { "US" } else { "CA" }.to_owned(),
        email: email.to_owned(),
        phone: phone.to_owned(),
    };
    DemoBuyer { account, person }
}

/// The accounts, as the shop's API shows them.
pub fn accounts() -> Vec<Value> {
    let since = "2026-09-14T15:20:00";
    PEOPLE
        .iter()
        .map(from_row)
        .filter(|buyer| buyer.account > 0)
        .map(|DemoBuyer { account, person }| {
            json!({"id": account, "date_created_gmt": since, "date_modified_gmt": since, "email": person.email,
                "first_name": person.first, "last_name": person.last, "role": "customer", "username": person.email.split('@').next(),
                "billing": person.address(true), "shipping": person.address(false), "is_paying_customer": true, "avatar_url": "",
                "meta_data": []})
        })
        .collect()
}
