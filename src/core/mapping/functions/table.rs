//! The table of functions: one line each, in the order of the alphabet.

use super::Function;
use super::{
    coalesce, concat, country_name, date_format, decode_entities, default, first, hash, join, last,
    lookup, lower, map_value, pad, phone, regex_extract, replace, round, slug, split, state_code,
    strip_html, sum, title, to_bool, to_number, trim, truncate, upper,
};

pub static FUNCTIONS: &[&Function] = &[
    &coalesce::COALESCE,
    &concat::CONCAT,
    &country_name::COUNTRY_NAME,
    &date_format::DATE_FORMAT,
    &decode_entities::DECODE_ENTITIES,
    &default::DEFAULT,
    &first::FIRST,
    &hash::HASH,
    &join::JOIN,
    &last::LAST,
    &lookup::LOOKUP,
    &lower::LOWER,
    &map_value::MAP_VALUE,
    &pad::PAD,
    &phone::PHONE,
    &regex_extract::REGEX_EXTRACT,
    &replace::REPLACE,
    &round::ROUND,
    &slug::SLUG,
    &split::SPLIT,
    &state_code::STATE_CODE,
    &strip_html::STRIP_HTML,
    &sum::SUM,
    &title::TITLE,
    &to_bool::TO_BOOL,
    &to_number::TO_NUMBER,
    &trim::TRIM,
    &truncate::TRUNCATE,
    &upper::UPPER,
];

pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS
        .iter()
        .find(|function| function.name == name)
        .copied()
}
