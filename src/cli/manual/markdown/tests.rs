//! Each part of Markdown that pages use, and what becomes of it.

use super::*;

/// The page after its title and its name.
fn made(text: &str) -> String {
    let whole = format!("# udsync-x(7): about x\n\n{text}");
    let page = page("udsync-x.7", &whole).expect("it can be made");
    let (_, rest) = page.split_once("about x\n").expect("it has a name");
    rest.to_owned()
}

#[test]
fn a_page_has_its_title_and_its_name() {
    let page = page("udsync.toml.5", "# udsync.toml(5): the settings\n").expect("a page");
    assert!(
        page.starts_with(".TH udsync.toml 5 \"\" \"udsync "),
        "{page}"
    );
    assert!(
        page.ends_with(".SH \"NAME\"\nudsync.toml \\- the settings\n"),
        "{page}"
    );
}

#[test]
fn paragraphs_headings_and_fonts() {
    assert_eq!(
        made(
            "One\n.two *three*.\n\n## Its part: `a-b` \"é\"\n\n### Less\n\nFour **five** `si-x`.\n"
        ),
        ".SH \"DESCRIPTION\"\n.PP\nOne\n\\&.two \\fIthree\\fR.\n\
         .SH \"ITS PART: a\\-b \\(dq\\[u00E9]\\(dq\"\n.SS \"Less\"\n.PP\nFour \\fBfive\\fR \\fBsi\\-x\\fR.\n"
    );
}

#[test]
fn lists_in_lists_and_more_than_one_paragraph() {
    assert_eq!(
        made("## L\n\n- one\n- two\n  - deep\n\n1. first\n\n   more\n2. second\n"),
        ".SH \"L\"\n.IP \\(bu 2\none\n.IP \\(bu 2\ntwo\n.RS 2\n.IP \\(bu 2\ndeep\n.RE\n\
         .IP 1. 3\nfirst\n.sp\nmore\n.IP 2. 3\nsecond\n"
    );
}

#[test]
fn code_stands_as_it_is() {
    assert_eq!(
        made("## C\n\n```sh\n.a \\\n  -b 'c'  d\n```\n"),
        ".SH \"C\"\n.PP\n.RS 2\n.nf\n\\&.a \\e\n  \\-b \\(aqc\\(aq  d\n.fi\n.RE\n"
    );
}

#[test]
fn a_narrow_table_stays_one() {
    assert_eq!(
        made("## T\n\n| a | long head |\n| --- | --- |\n| `x-y` | 1 |\n| é | \\| |\n"),
        ".SH \"T\"\n.PP\n.RS 2\n.nf\n\\fIa\\fR    \\fIlong head\\fR\n\\fBx\\-y\\fR  1\n\\[u00E9]    |\n.fi\n.RE\n"
    );
}

#[test]
fn a_wide_table_becomes_terms() {
    let wide = "w".repeat(62);
    assert_eq!(
        made(&format!(
            "## T\n\n| a | b | c |\n| --- | --- | --- |\n| one | {wide} | two |\n| three | four | |\n"
        )),
        format!(
            ".SH \"T\"\n.TP 4\none\n\\fIb\\fR: {wide}\n.br\n\\fIc\\fR: two\n.TP 4\nthree\n\\fIb\\fR: four\n"
        )
    );
    assert_eq!(
        made(&format!(
            "## T\n\n| a | b |\n| --- | --- |\n| one | {wide}wwwwwwwwwwww |\n"
        )),
        format!(".SH \"T\"\n.TP 4\none\n{wide}wwwwwwwwwwww\n")
    );
}

#[test]
fn links_name_pages_and_keep_addresses() {
    assert_eq!(
        made(
            "## L\n\nSee [udsync-y(7)](udsync-y.7.md), [how](../man/udsync.toml.5.md#a), [there](https://a.example), [`f`](../f.txt).\n"
        ),
        ".SH \"L\"\n.PP\nSee \\fBudsync\\-y\\fR(7), how (see \\fBudsync.toml\\fR(5)), there <https://a.example>, \\fBf\\fR.\n"
    );
}

#[test]
fn remarks_are_left_out_and_what_is_not_known_is_told() {
    assert_eq!(
        made("## A\n\n<!-- a remark -->\n\nText.\n"),
        ".SH \"A\"\n.PP\nText.\n"
    );
    for wrong in [
        "> quoted\n",
        "#### too deep\n",
        "![a](b.png)\n",
        "<b>x</b>\n",
        &format!("```text\n{}\n```\n", "w".repeat(74)),
    ] {
        let said = page("udsync-x.7", &format!("# udsync-x(7): x\n\n{wrong}"));
        assert!(said.is_err(), "{wrong}");
    }
    assert!(page("udsync-x.7", "# other(7): x\n").is_err());
    assert!(page("udsync-x", "# udsync-x(7): x\n").is_err());
}

#[test]
fn widths_are_those_on_the_screen() {
    assert_eq!(width("\\fBa\\-b\\fR\\(aq\\[u2026]\\e"), 6);
    assert_eq!(upper("a\\(aqb\\[u00e9]\\-c"), "A\\(aqB\\[u00e9]\\-C");
}
