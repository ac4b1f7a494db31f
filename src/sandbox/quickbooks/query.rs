//! Reads the query language.
//!
//! `SELECT * | COUNT(*) FROM Entity [WHERE ..] [ORDERBY ..] [STARTPOSITION n]
//! [MAXRESULTS n]`, with AND alone between conditions. What is not in the
//! language is a parser error; what names the wrong thing is a validation error.

use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::properties::{self, CompanyProperty};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompanyTest {
    Equal,
    Less,
    Greater,
    AtMost,
    AtLeast,
    In,
    Like,
}

pub struct Condition {
    pub property: CompanyProperty,
    pub test: CompanyTest,
    pub values: Vec<String>,
}

pub struct CompanyQuery {
    pub entity: CompanyEntity,
    pub count: bool,
    pub conditions: Vec<Condition>,
    pub order: Option<(CompanyProperty, bool)>,
    pub start: usize,
    pub most: usize,
    /// Whether the query itself said how many rows it wants.
    pub paged: bool,
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Word(String),
    Text(String),
    Mark(&'static str),
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Token::Word(word) => format!("<IDENTIFIER> \"{word} \"\""),
            Token::Text(text) => format!("<STRING> \"\'{text}\' \"\""),
            Token::Mark(mark) => format!("\"{mark}\" \"{mark} \"\""),
        }
    }
}

fn lex(text: &str) -> CompanyDone<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().enumerate().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            c if c.is_whitespace() => {}
            '\'' => tokens.push(Token::Text(quoted(&mut rest, at)?)),
            '*' => tokens.push(Token::Mark("*")),
            '(' => tokens.push(Token::Mark("(")),
            ')' => tokens.push(Token::Mark(")")),
            ',' => tokens.push(Token::Mark(",")),
            '=' => tokens.push(Token::Mark("=")),
            '<' | '>' => {
                let equal = rest.next_if(|(_, n)| *n == '=').is_some();
                tokens.push(Token::Mark(match (c, equal) {
                    ('<', false) => "<",
                    ('<', true) => "<=",
                    (_, false) => ">",
                    (_, true) => ">=",
                }));
            }
            c if is_word(c) => {
                let mut word = String::from(c);
                while let Some((_, next)) = rest.next_if(|(_, n)| is_word(*n)) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
            other => return Err(lexical(at, other)),
        }
    }
    Ok(tokens)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+')
}

fn lexical(at: usize, c: char) -> CompanyFault {
    let detail = format!(
        "QueryParserError: Lexical error at line 1, column {}.  Encountered: \"{c}\"",
        at + 1
    );
    CompanyFault::new("4000", "Error parsing query", detail)
}

/// A text up to its closing quote; a backslash takes the next character as it is.
fn quoted(
    rest: &mut std::iter::Peekable<std::iter::Enumerate<std::str::Chars>>,
    at: usize,
) -> CompanyDone<String> {
    let mut text = String::new();
    while let Some((_, c)) = rest.next() {
        match c {
            '\'' => return Ok(text),
            '\\' => match rest.next() {
                Some((_, escaped)) => text.push(escaped),
                None => break,
            },
            c => text.push(c),
        }
    }
    Err(lexical(at, '\''))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn unexpected(&self, at: usize) -> CompanyFault {
        match self.tokens.get(at) {
            Some(token) => CompanyFault::query_syntax(&token.shown()),
            None => CompanyFault::query_syntax("<EOF>"),
        }
    }

    /// Takes a keyword if it stands next.
    fn takes(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(w)) if w.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    fn takes_mark(&mut self, mark: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Mark(m)) if *m == mark);
        self.at += usize::from(found);
        found
    }

    fn keyword(&mut self, keyword: &str) -> CompanyDone<()> {
        if self.takes(keyword) {
            Ok(())
        } else {
            Err(self.unexpected(self.at))
        }
    }

    fn mark(&mut self, mark: &str) -> CompanyDone<()> {
        if self.takes_mark(mark) {
            Ok(())
        } else {
            Err(self.unexpected(self.at))
        }
    }

    fn word(&mut self) -> CompanyDone<String> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word),
            _ => Err(self.unexpected(self.at - 1)),
        }
    }

    fn value(&mut self) -> CompanyDone<String> {
        match self.next() {
            Some(Token::Text(text)) => Ok(text),
            Some(Token::Word(word)) if is_literal(&word) => Ok(word),
            _ => Err(self.unexpected(self.at - 1)),
        }
    }

    fn number(&mut self) -> CompanyDone<i64> {
        let at = self.at;
        self.word()?.parse().map_err(|_| self.unexpected(at))
    }
}

/// What may stand without quotes: booleans, numbers and the word for today.
fn is_literal(word: &str) -> bool {
    ["true", "false", "CURRENT_DATE"]
        .iter()
        .any(|w| word.eq_ignore_ascii_case(w))
        || word.parse::<rust_decimal::Decimal>().is_ok()
}

pub fn parse(text: &str) -> CompanyDone<CompanyQuery> {
    let mut parser = Parser {
        tokens: lex(text)?,
        at: 0,
    };
    parser.keyword("select")?;
    let count = if parser.takes("count") {
        parser.mark("(")?;
        parser.mark("*")?;
        parser.mark(")")?;
        true
    } else {
        parser.mark("*")?;
        false
    };
    parser.keyword("from")?;
    let name = parser.word()?;
    let entity = CompanyEntity::any_case(&name);
    let entity = entity.ok_or_else(|| {
        CompanyFault::query_invalid(format!("invalid context declaration: {name}"))
    })?;
    let mut query = CompanyQuery {
        entity,
        count,
        conditions: Vec::new(),
        order: None,
        start: 1,
        most: 100,
        paged: false,
    };
    if parser.takes("where") {
        query.conditions.push(condition(&mut parser, entity)?);
        while parser.takes("and") {
            query.conditions.push(condition(&mut parser, entity)?);
        }
    }
    if parser.takes("orderby") {
        let property = properties::find(entity, &parser.word()?)?;
        if !property.sorts() {
            return Err(CompanyFault::query_invalid(format!(
                "property '{}' is not sortable",
                property.name
            )));
        }
        let descending = parser.takes("desc");
        if !descending {
            parser.takes("asc");
        }
        query.order = Some((property, descending));
    }
    // The two paging words are taken in either order, each at most once.
    let (mut started, mut limited) = (false, false);
    loop {
        if !started && parser.takes("startposition") {
            started = true;
            query.start = in_range(parser.number()?, i64::MAX)?;
        } else if !limited && parser.takes("maxresults") {
            limited = true;
            query.most = in_range(parser.number()?, 1000)?;
        } else {
            break;
        }
    }
    query.paged = started || limited;
    if parser.peek().is_some() {
        return Err(parser.unexpected(parser.at));
    }
    Ok(query)
}

fn in_range(value: i64, most: i64) -> CompanyDone<usize> {
    if value < 1 {
        return Err(CompanyFault::query_invalid(format!(
            "value {value} is too small. Min allowed value is 1."
        )));
    }
    if value > most {
        return Err(CompanyFault::query_invalid(format!(
            "value {value} is too large. Max allowed value is {most}."
        )));
    }
    usize::try_from(value).map_err(|_| CompanyFault::query_invalid("value is too large."))
}

fn condition(parser: &mut Parser, entity: CompanyEntity) -> CompanyDone<Condition> {
    let property = properties::find(entity, &parser.word()?)?;
    let (test, values) = if parser.takes("in") {
        parser.mark("(")?;
        let mut values = vec![parser.value()?];
        while parser.takes_mark(",") {
            values.push(parser.value()?);
        }
        parser.mark(")")?;
        (CompanyTest::In, values)
    } else if parser.takes("like") {
        (CompanyTest::Like, vec![parser.value()?])
    } else {
        let at = parser.at;
        let test = match parser.next() {
            Some(Token::Mark("=")) => CompanyTest::Equal,
            Some(Token::Mark("<")) => CompanyTest::Less,
            Some(Token::Mark(">")) => CompanyTest::Greater,
            Some(Token::Mark("<=")) => CompanyTest::AtMost,
            Some(Token::Mark(">=")) => CompanyTest::AtLeast,
            _ => return Err(parser.unexpected(at)),
        };
        (test, vec![parser.value()?])
    };
    property.allows(test)?;
    Ok(Condition {
        property,
        test,
        values,
    })
}
