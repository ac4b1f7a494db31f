//! Mistakes: all of them at once, each with its line, what is wrong, and what to write instead.

use std::collections::{BTreeMap, BTreeSet};

use super::complaints;
use crate::mapping::{check, check_used, csv_files};

const HEAD: &str = "source = \"woocommerce\"\ntarget = \"quickbooks\"\nentity = \"orders\"\n";
const TABLE: &str = "source = \"woocommerce\"\ntarget = \"supabase\"\nentity = \"customers\"\n[fields]\nshop = \"settings.shop\"\nid = \"id\"\n";

#[test]
fn every_mistake_of_a_file_is_found_at_once() {
    let text = format!(
        "{HEAD}\n[names]\nvat = \"meta_data[key=_vat].valeu\"\n[lookup.place]\nthen = \"plase\"\n\n\
         [[skip]]\nwhen = 'stauts == \"x\"'\nbecause = \"x\"\n\n[fields]\n\
         memo = \"customer_note | stripp_html\"\n\
         note = {{ text = \"Order {{{{ numbr }}}}\" }}\n\
         total = \"total\"\n\
         date = \"date_created_gmt\"\n\
         PrivateNote = \"customer_note\"\n\
         nunber = \"number\"\n\
         class = \"line_items[].name\"\n\
         location = {{ from = \"created_via\", text = \"x\" }}\n\
         bill_to.line_1 = {{ compute = 'size(line_items) + \"x\"' }}\n\
         bill_to.town = \"billing.city\"\n\
         id = \"id\"\n\
         custom.a = \"number\"\ncustom.b = \"number\"\ncustom.c = \"number\"\ncustom.d = \"number\"\n"
    );
    let said = complaints(&text).join("\n");
    let expected = "\
orders.toml:6:28: there is no field `valeu` here\n  hint: did you mean `value`?
orders.toml:8:9: there is no lookup table `plase`\n  hint: did you mean `place`?
orders.toml:11:9: the record has no field `stauts`\n  hint: did you mean `status`?
orders.toml:15:25: there is no function `stripp_html`\n  hint: did you mean `strip_html`?
orders.toml:16:27: the record has no field `numbr`\n  hint: did you mean `number`?
orders.toml:17:1: `total` is a money figure of the books, which no mapping can change\n  hint: take this line out: figures come from the shop's record alone
orders.toml:18:1: `date` is not for a mapping to say\n  hint: take this line out: it is decided by `[books] timezone`
orders.toml:19:1: there is no field `PrivateNote` to feed\n  hint: it is called `note` here
orders.toml:20:1: there is no field `nunber` to feed\n  hint: did you mean `number`?
orders.toml:21:10: `class` is text, and this is a list\n  hint: put `| join(\", \")` or `| first` behind it
orders.toml:22:1: a rule has one of `from`, `text`, `compute` and `value`
orders.toml:23:48: a whole number and text cannot be added\n  hint: write `string(…)` around what shall be text
orders.toml:24:9: there is no field `bill_to.town` to feed\n  hint: did you mean `bill_to.city`?
orders.toml:25:1: `id` cannot be written\n  hint: take this line out: it is kept without a mapping
orders.toml:29:8: `custom.d` is custom field number 4\n  hint: QuickBooks Online's API takes three custom fields on a sales form and drops any other without a word";
    assert_eq!(said, expected);
}

#[test]
fn tables_have_kinds_and_columns_that_must_be_filled() {
    for (line, message, hint) in [
        ("id = \"number\"", "orders.toml", ""),
        (
            "paying = \"role\"",
            "`paying` is yes or no, and this is text",
            "put `| to_bool` behind it",
        ),
        (
            "created_at = \"date_created\"",
            "`created_at` is a time, and this is a time without its zone",
            "use the field whose name ends in `_gmt`",
        ),
        (
            "email = { value = true, whem = 'true' }",
            "`a rule` has no key `whem`",
            "did you mean `when`?",
        ),
        (
            "email = 7",
            "`email` is fed by a path, not by a number",
            "write `{ value = … }` for what is always the same",
        ),
        (
            "raw = \"meta_data\"",
            "`raw` cannot be written",
            "take this line out: it is kept without a mapping",
        ),
        (
            "email = \"billing\"",
            "`email` is text, and this is a group of fields",
            "",
        ),
        (
            "email = \"email |\"",
            "here should be the name of a function, not the end",
            "",
        ),
        (
            "email = \"email.name\"",
            "`name` is asked of text, which has no fields",
            "",
        ),
        (
            "email = \"meta_data.key\"",
            "`key` is asked of a list",
            "write `[].key` for all items of the list, or `[key=…].key` for one",
        ),
    ] {
        let text = if line.starts_with("id") {
            TABLE.replace("id = \"id\"", line)
        } else {
            format!("{TABLE}{line}\n")
        };
        let said = complaints(&text).join("\n");
        assert!(
            said.contains(message) && said.contains(hint),
            "{line}\n{said}"
        );
    }
    let missing = complaints(
        "source = \"woocommerce\"\ntarget = \"supabase\"\nentity = \"refunds\"\n[fields]\nreason = \"reason\"\n",
    );
    let required = ["amount", "created_at", "id", "order_id", "shop"];
    assert_eq!(missing.len(), required.len());
    for (said, name) in missing.iter().zip(required) {
        assert_eq!(
            said,
            &format!(
                "orders.toml:5:1: `{name}` is required, and nothing feeds it\n  hint: write `{name} = …`"
            )
        );
    }
    let absent = complaints(&TABLE.replace("\"id\"\n", "{ from = \"id\", when = 'id > 5' }\n"));
    assert_eq!(
        absent,
        [
            "orders.toml:6:16: `id` is required, and this may be absent\n  hint: put `| default(…)` behind it, or write `otherwise = …`"
        ]
    );
}

#[test]
fn a_constant_is_fitted_when_it_is_checked() {
    for (line, message) in [
        (
            "number = { value = \"0123456789012345678901\" }",
            "`number` has 21 characters at most",
        ),
        (
            "memo = { from = \"number\", otherwise = 7, when = 'total > 5 && true' }",
            "",
        ),
        (
            "kind = { value = \"Goods\" }",
            "is not one of `Service`, `NonInventory`, `Inventory`",
        ),
        (
            "taxable = { value = \"yes\" }",
            "`taxable` is yes or no, and this is text",
        ),
    ] {
        let head = if line.starts_with("kind") || line.starts_with("tax") {
            HEAD.replace("orders", "products")
        } else {
            HEAD.to_owned()
        };
        let text = format!("{head}[fields]\n{line}\n");
        let result = check("orders.toml", &text, &BTreeMap::new());
        if message.is_empty() {
            assert!(result.is_ok(), "{line}");
            continue;
        }
        let said = complaints(&text).join("\n");
        assert!(said.contains(message), "{line}\n{said}");
    }
}

/// However it is called, and whatever it is dressed as: no figure of a document can be fed.
#[test]
fn no_way_leads_to_a_money_figure() {
    for name in [
        "total",
        "amount",
        "tax_total",
        "tax",
        "lines",
        "lines.amount",
        "Line",
        "Line.Amount",
        "TotalAmt",
        "TxnTaxDetail",
        "TxnTaxDetail.TotalTax",
        "UnitPrice",
        "unit_price",
        "quantity",
        "Qty",
        "discount",
        "DiscountAmt",
        "shipping",
        "fees",
        "balance",
        "deposit",
        "exchange_rate",
        "ExchangeRate",
    ] {
        for feed in [
            "\"total\"",
            "{ value = 5 }",
            "{ compute = 'total * 2' }",
            "{ text = \"{{ total }}\" }",
        ] {
            let text = format!("{HEAD}[fields]\n{name} = {feed}\n");
            let said = complaints(&text);
            assert!(
                said.iter()
                    .any(|said| said.contains("is a money figure of the books")),
                "{name} = {feed}\n{said:?}"
            );
        }
    }
    for name in [
        "date", "TxnDate", "currency", "account", "customer", "tax_code",
    ] {
        let said = complaints(&format!("{HEAD}[fields]\n{name} = \"number\"\n"));
        assert!(said[0].contains("is not for a mapping to say"), "{name}");
    }
}

#[test]
fn headers_are_checked_with_suggestions() {
    for (from, to, message) in [
        (
            "woocommerce",
            "woocomerce",
            "no mapping has the source `woocomerce`\n  hint: did you mean `woocommerce`?",
        ),
        (
            "quickbooks",
            "quickboks",
            "no mapping has the target `quickboks`\n  hint: did you mean `quickbooks`?",
        ),
        ("orders", "refunds", "`quickbooks` takes no `refunds`"),
        (
            "entity",
            "entitty",
            "a mapping has no key `entitty`\n  hint: did you mean `entity`?",
        ),
        (
            "entity",
            "entitty",
            "a mapping says its `entity`\n  hint: write `entity = \"orders\"`",
        ),
    ] {
        let text = format!("{}[fields]\nmemo = \"number\"\n", HEAD.replace(from, to));
        let said = complaints(&text).join("\n");
        assert!(said.contains(message), "{said}");
    }
    let broken = complaints(&format!("{HEAD}[fields\nmemo = \"number\n"));
    assert!(broken[0].contains("this is not TOML"), "{broken:?}");
}

#[test]
fn what_the_store_uses_and_a_table_does_not_know_is_said() {
    let text = format!(
        "{HEAD}[lookup.ways.rows]\nstripe = \"Card\"\n[lookup.more]\nthen = \"ways\"\n[lookup.all]\notherwise = \"x\"\n[fields]\n\
         class = \"payment_method | lookup(\\\"ways\\\")\"\nlocation = \"payment_method | lookup(\\\"all\\\")\"\n\
         memo = \"status | map_value(\\\"completed\\\", \\\"done\\\")\"\n\
         note = \"payment_method | lookup(\\\"more\\\") | default(\\\"?\\\")\"\n"
    );
    assert!(check("orders.toml", &text, &BTreeMap::new()).is_ok());
    let set = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let used = BTreeMap::from([
        ("payment_method".to_owned(), set(&["stripe", "cod"])),
        ("status".to_owned(), set(&["completed", "awaiting-pickup"])),
    ]);
    let said: Vec<String> = check_used("orders.toml", &text, &used)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        said,
        [
            "orders.toml:11:27: the shop uses `cod` as payment_method, and this does not know it\n  hint: add it, or say what any other value becomes",
            "orders.toml:13:18: the shop uses `awaiting-pickup` as status, and this does not know it\n  hint: add it, or say what any other value becomes",
        ]
    );
}

#[test]
fn tables_in_csv_files_are_read_and_checked() {
    let text = format!(
        "{HEAD}[lookup.region]\ncsv = \"regions.csv\"\nkey = \"state\"\nvalue = \"region\"\n[fields]\nlocation = \"billing.state | lookup(\\\"region\\\")\"\n"
    );
    for (file, message) in [
        ("state,region\nBC,West\nAB, West\n", ""),
        (
            "state,regoin\nBC,West\n",
            "`regions.csv` has no column `region`\n  hint: did you mean `regoin`?",
        ),
        (
            "state,region\nBC,West\nBC,East\n",
            "`regions.csv` gives two answers for `BC`",
        ),
        (
            "state,region\nBC\n",
            "`regions.csv` could not be read at line 2",
        ),
    ] {
        let files = BTreeMap::from([("regions.csv".to_owned(), file.to_owned())]);
        match check("orders.toml", &text, &files) {
            Ok(_) => assert_eq!(message, "", "{file}"),
            Err(complaints) => {
                assert!(
                    complaints[0].to_string().contains(message),
                    "{}",
                    complaints[0]
                );
                assert_eq!(complaints[0].line, 5);
            }
        }
    }
    assert_eq!(csv_files(&text), BTreeSet::from(["regions.csv".to_owned()]));
    for elsewhere in ["../regions.csv", "/etc/passwd", "a\\\\b.csv", ""] {
        let said = complaints(&text.replace("regions.csv", elsewhere)).join("\n");
        assert!(
            said.contains("is not the name of a file beside the mapping"),
            "{said}"
        );
    }
    let said = complaints(&text).join("\n");
    assert!(
        said.contains("the file `regions.csv` is not beside the mapping"),
        "{said}"
    );
}
