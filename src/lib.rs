//! udsync keeps a WooCommerce shop, its QuickBooks Online books and a copy in a Supabase database in step: each order once, and to the
//! cent.
//!
//! This page is the map. It says what the idea is, which room holds what, what the words mean, and where a new thing goes.
//! `tests/it/house.rs` checks the rooms and floors against the code.
//!
//! # The idea
//!
//! One pipeline with several doors. **gather** reads, **plan** thinks, **apply** writes.
//!
//! - `sync` is the pipeline over what changed in the shop.
//! - `dry-run` is the same pipeline, and ends with the plan on the screen.
//! - `apply FILE` makes the plan anew, compares it with the saved one, and sends the saved one.
//! - `retry` is the pipeline over the orders that are held or failed.
//! - `undo` is the pipeline over what a run has written: a plan whose steps are inverses, in the reverse order.
//! - a schedule is `sync` on a timer.
//! - `reconcile` is the reading without the plan: both sides afresh, and a proof instead of steps.
//! - `history` reads what the pipeline wrote down, and `explain` follows one number through it.
//!
//! There is no second path to keep in step with the first.
//!
//! One reading of the shop serves two legs. The *books* get a plan and then documents, by tickets, each exactly once. The *copy* gets rows
//! while the records pass by: the same row sent twice is one row, so it needs no tickets and keeps nothing in memory. One leg being down
//! keeps nothing from the other.
//!
//! # The promises
//!
//! 1. *A dry run cannot write.* Planning is handed a [`LedgerReader`](connector::port::LedgerReader) and a
//!    [`StateReader`](store::StateReader); only a [`LedgerWriter`](connector::port::LedgerWriter) has `write`, and only a
//!    [`StateWriter`](store::StateWriter) can record.
//! 2. *Exactly once.* `write` takes a [`Ticket`](model::ticket::Ticket). Only the journal makes tickets, after the exact bytes
//!    and their idempotency key are on disk. A ticket without an outcome is settled before anything is planned.
//! 3. *To the cent or not at all.* Money is exact decimals. The shop's figures are the truth; a document equals the order, or is
//!    held with a reason, and what the books answer is compared with what was meant.
//! 4. *Nothing missed.* A cursor moves only to where the shop's list was read completely, windows overlap, and equal times are
//!    expected.
//! 5. *Nobody's work is overwritten.* A document that a person changed is a conflict, not a target.
//! 6. *No secret in what is printed or logged, and nobody's data but in a table on a terminal.* Secrets have a type that does not print;
//!    `Debug` of a person shows no name.
//! 7. *No figure by mapping.* What a shop's own mapping file says is put on a document after the accountant is done, and cannot reach a
//!    figure, a date, a tax or an account.
//! 8. *Polite.* Requests to the shop are few at a time, and those to the books stay inside a budget.
//!
//! # Rooms and floors
//!
//! A room uses lower floors only, and never a sibling.
//!
//! | floor | room | what lives there | what is absent there |
//! | --- | --- | --- | --- |
//! | 6 | `cli` | words in, words out: arguments (`args`), one file per command, what is heard of a run (`hearing`), where each cent comes from (`explain`), whether the books equal the shop (`reconcile`), the question before much is written (`consent`), plans and tables (`show`), errors in words (`report`), manual pages out of commands and Markdown (`manual`) | decisions; anything a server would need too |
//! | 5 | `server` | one process that keeps shops in step by itself: runs on threads of their own, schedules, sweeps, two listeners with their limits, webhooks, the REST API, the pages of the dashboard | printing, arguments, questions to a person |
//! | 4 | `run` | the whole story of a run as a library: request, scope and cursors, the two legs, consent, one path with two endings, the answer as a value, what is told meanwhile through a channel; a thread of its own for each run | printing, arguments, questions to a person |
//! | 3 | `app` | joins configuration, credentials, state file and connectors; `strongbox` opens and seals what is secret; `doctor` looks everything over, `explain` joins what is remembered of a number with the settings of today, `notify` tells the owner of incidents, `metrics` adds the history up, `overview` says how a shop stands and what to do next, `cut_off` finds the run that nobody works on any more, `proven` says how a proof ended, `reports` what was posted, `papers` makes spreadsheets and pages of tables, and `double_entry` writes what was posted for other programs, `access` lets people in, `connecting` connects services for whoever has no terminal | |
//! | 2 | `engine` | `run` joins the stages: `gather`, `survey` which says how each order stands (`standing`), `plan` with `ours`, `settled`, `people` and `goods`, `apply` with `deliver`, `doubts`, `readback` and `mend`, and `resume` for what an earlier run left open; `copy` keeps the rows of the database; `vanished` notices a shop that lost its orders, `compared` books in which somebody worked by hand, `fence` somebody else who posts; `both_sides` lays shop and books side by side for a proof; `payouts` reads and plans what payment services paid out; `both_ways` brings accounts and products to agree field by field; `schedule` knows when what runs by itself is due; `undo` plans how a run is taken back, carries it out, and leaves alone what stands undone; `paid` finds what people did in the books about the money of orders, `refunded_by_hand` keeps what they gave back from being given back twice, and `shopward` carries to the shop what it is told | HTTP, SQL, printing, JSON of any service |
//! | 1 | `books` | the accountant: order, refunds, rules and what is posted become documents, or a hold; `double_entry` makes debits and credits of them, `explained` takes a document apart again, down to the shop's fields, `reconciled` compares what the books should hold with what they state, `payouts` what reached the bank with what it is made of, `agreed_fields` decides about a field that both sides hold. Pure | I/O, clock, floats, ids of any ledger |
//! | 1 | `connector` | `port`, all that the engine knows of a shop, of a ledger and of a database, one file a role; `http`, the one HTTP layer; `questions`, by which a payment service can only be asked; a folder for each service with its wire types, its sign-in and its errors | knowledge of other services |
//! | 1 | `mapping` | mapping files: which fields of the shop feed which fields of the books and of the database; paths, functions, conditions, checks, cases. Pure | I/O, clock, money of documents |
//! | 1 | `safe` | how a secret is sealed, and where the key to it is: keyring, environment, key file, passphrase; what is kept of passwords and tokens | the state file, services |
//! | 1 | `store` | the state: `ports`, what may be asked of it and told to it by role, each with a reading half and a writing half; behind them a file, in SQLite, and its lock. All SQL of the state | decisions; SQLite in a signature of `ports` |
//! | 1 | `config` | `udsync.toml` and the credentials of the environment; all mistakes at once, with their lines; `table` knows every setting, and the reader, the example file and the page are made of it; `edit` puts values in and keeps the comments | what the shop or the books hold |
//! | 0 | `files` | files of the machine, opened with care: no link, no pipe, no more than fits | what stands in them |
//! | 0 | `model` | the nouns below | I/O, clock, randomness |
//! | apart | `sandbox`, a crate of its own | stand-ins of the shop, of the company and of the database on loopback, and the demonstration that fills them. Strict, seeded, able to misbehave when told. Reached over HTTP only | our types: a wrong idea of the wire must not be wrong on both sides |
//!
//! Only `cli` prints, only `connector` calls out, only `store` has SQL, only `store`'s journals make tickets, and only
//! `apply`, `mend`, `deliver` and `resume` hand one to a service. Clock and randomness come in as arguments.
//!
//! # The words
//!
//! | word | meaning | where |
//! | --- | --- | --- |
//! | record | something in the shop, known by its kind and id: an order with its refunds | [`RecordKey`](model::plan::RecordKey) |
//! | document | what the books shall hold, in an accountant's words, without ids of any ledger | [`Document`](model::document::Document) |
//! | role | what a document is to its order: sale, payment, refund, fee. Order and role are its key | [`Role`](model::document::Role) |
//! | hold | something that must not be posted before a person has looked | [`Hold`](model::plan::Hold) |
//! | reason | why: a code for machines, a sentence and a hint for people | [`Reason`](model::fault::Reason) |
//! | problem | a hold or a failure as it is kept, with an id that can be typed, until it is settled or set aside | [`Problem`](model::problem::Problem) |
//! | parked | a problem that failed so often in a row that only a person or a change of its order has it tried again | [`parked`](engine::parked) |
//! | incident, notice | what is wrong until somebody mends it, and the word of it to the owner: told once, and once more when it is over | [`Incident`](model::incident::Incident) |
//! | marker | the line at the end of a note by which we know our own documents without a state file | [`Marker`](model::document::Marker) |
//! | survey, standing | what the books already hold of the gathered orders; the standing is that of one order | [`survey`](engine::survey) |
//! | step | one thing to create, update, void, delete, leave or skip, with its body and its reason | [`Step`](model::plan::Step) |
//! | plan | the steps in their order, and what they were made from. Same input, same bytes | [`Plan`](model::plan::Plan) |
//! | wave | steps that do not need each other: names, then sales, then what refers to them | [`engine::plan`] |
//! | overlay | what a shop's own mapping says of an order: words for its documents, and no place for a figure | [`Overlay`](model::overlay::Overlay) |
//! | reference | `@customer:…` or `@item:…` in a body, for what an earlier wave will make | [`References`](model::plan::References) |
//! | step toward the shop | one thing that the shop is told or that is changed there, of a closed list in which no amount, line, tax or address of an order has a place | [`ShopStep`](model::shop_change::ShopStep) |
//! | ticket | a recorded request: the right to send it, and the memory that it may have been sent | [`Ticket`](model::ticket::Ticket) |
//! | fault, remedy | what went wrong with a service, and which of six things to do about it; the engine looks at nothing else | [`Remedy`](model::fault::Remedy) |
//! | link | "this is that": which thing in the books is which of ours, and how we left it | [`Link`](model::link::Link) |
//! | fingerprint | the hash of a content: same content, same fingerprint, on every machine | [`Fingerprint`](model::fingerprint::Fingerprint) |
//! | revision | the ledger's own count of changes to a thing, as it was when we last saw it | [`Remote`](model::plan::Remote) |
//! | run | one pass of the pipeline, as the history keeps it | [`Run`](model::run::Run) |
//! | undone | an order that was taken out of the books again, and waits until somebody asks for it by name | [`undo`](engine::undo) |
//! | obstacle | what keeps a document from being taken back: all of them are read before the first write | [`UndoObstacle`](engine::undo::UndoObstacle) |
//! | cursor | the time up to which every change in the shop was read and is settled or held | [`Memory`](store::Memory) |
//! | source, target | the shop, and what is kept in step with it | [`port`](connector::port) |
//! | service | what can be connected: one row says its name, its role, its credentials and what is kept of it | [`Service`](model::service::Service) |
//! | remote, its kind | something in the books: a customer, an item, or one of the kinds of document | [`RemoteKind`](model::plan::RemoteKind) |
//! | role of the state | one of the things it is for: journal, memory, copies, history, problems, notices, calendar, secrets | [`store`] |
//! | part | so many orders of a long reading, planned and posted before the next ones are read: a run of its own | [`run`] |
//! | overview | how a shop stands and what to type next, from this machine alone | [`ShopOverview`](app::overview::ShopOverview) |
//! | fleet | every shop of the configuration folder, each by itself, with one summary | `cli::fleet` |
//! | leg | the books, or the copy: each with its own luck in a run | [`run`] |
//! | mapping, overlay | which fields of the shop feed which fields of a target; what that comes to for one document | [`mapping`], [`Overlay`](model::overlay::Overlay) |
//! | delivery, inbox | what a service tells of changes, as names of things to look at, and where these names wait | [`Delivery`](model::delivery::Delivery), [`Inbox`](store::Inbox) |
//! | shopper, product | an account of the shop, and something it sells, each variation by itself | [`Shopper`](model::shopper::Shopper), [`Product`](model::product::Product) |
//! | raw | a record as the shop really said it | [`Raw`](model::raw::Raw) |
//! | row, table | what the database shall hold of a record, of a document or of a run | [`Row`](model::row::Row) |
//! | witness | whoever sees the records on their way from the shop; a looker compares, a copier writes | [`Witness`](engine::gather::Witness) |
//! | bury | to mark a row as deleted that the shop has no more; it is never taken out | [`TableWriter`](connector::port::TableWriter) |
//! | chain, entry, head | the runs that ended, each with the digest of the one before it; the newest digest stands for all | [`chain`](model::chain) |
//! | proof, difference | what came of comparing both sides over a period, and one thing in it that does not agree | [`Proof`](books::reconciled::Proof) |
//! | posting | a debit or a credit of one account; those of a document add up to nothing | [`Posting`](books::double_entry::Posting) |
//! | agreed pair | what the shop and the books said of a field, each in its own spelling, when it was last as it should be | [`AgreedPair`](model::agreed::AgreedPair) |
//! | conflict, drift | a field that both sides changed, which waits for a word; one that was changed where its owner is the other side, which is told | [`FieldConflict`](model::agreed::FieldConflict) |
//! | payment service, payout | who takes the money of buyers, and what it brought to the bank | [`Payout`](model::payout::Payout) |
//! | row of a payout, owner, share | one movement of its account, whose it is, and what the rows come to by what they are for | [`books::payouts`] |
//! | equation | two figures that should be the same, P1 to P5 | [`Equation`](books::payouts::Equation) |
//! | gap | something the database lacks, with the SQL that mends it | [`Gap`](model::row::Gap) |
//!
//! # `udsync sync orders`, step by step
//!
//! 1. `cli` reads the arguments and makes a request of them, `config` reads `udsync.toml`, `run` opens the state file and takes the
//!    lock. A second run is told who holds it and since when.
//! 2. `resume` settles every ticket without an outcome: the books are asked whether the work was done, and only if nothing of it is
//!    there do the same bytes go out again under the same key.
//! 3. `gather` reads products and accounts where they are asked for, and orders with their refunds, from a little before the cursor of
//!    the leg that is further behind, the orders that are held or failed, and the trash for what was posted. An order that cannot be
//!    understood is one problem and stops nothing. Each page passes by a witness, and the copy's rows go out.
//! 4. `survey` asks `books` what each order should be. What would be created is first looked for in the books, by number and marker, and
//!    then the accountant is asked again. What would be changed is read as it stands.
//! 5. `plan` compares and makes steps: create, update, void, leave, skip. Customers and items are matched or become steps of their own.
//!    A dry run ends here.
//! 6. `run` decides whether somebody must consent, where there is much to write or something to void; `cli` asks.
//! 7. `apply` goes wave by wave. Each request is recorded, sent by `deliver`, and settled in the journal. A fault's remedy decides: wait
//!    and send the same again, ask what happened, plan that order again, hold it, or end the run.
//! 8. `readback` compares each answer with what was meant. Cents of tax that the books made up go on a visible rounding line, by
//!    `mend`; anything else is taken back and held.
//!    What the shop is to be told comes after the books have what is theirs, by `shopward`, with tickets of its own.
//! 9. Problems are filed, the cursors move, the run is closed. The copy is told what the books hold by now, and what the run did. `cli`
//!    prints the figures of both legs and ends with an exit code.
//!
//! # Where new things go
//!
//! | you add | you write | you touch |
//! | --- | --- | --- |
//! | a rule of accounting | a function in `books`, and a golden case in `tests/golden` | nothing else |
//! | a reason to hold or to warn | its words in `books/hold`, its row in `model/code/catalogue.txt` | `man/` is made anew |
//! | a code by which a command ends | its row there: the kind decides the exit code | a name in `model/code/names.rs` where it decides something else |
//! | a function of the mapping language | a file in `mapping/functions`: signature, sentence, examples, code | one line in its table; the reference page is made of it |
//! | a column of the database | a line in `mapping/data`, the mapping file, a version in `connector/supabase/schema` | nothing else |
//! | a setting | its row in `config/settings.txt`: key, limits, default, example, meaning | the rule in `model/rules.rs` that it decides, with the line of `config` that reads it; the example file and `man/` are made anew |
//! | a command | a file in `cli`; the doc comments of its arguments are the help, with an example | one line in `args`, one in `cli/mod.rs`, a row in `cli/manual/about.rs`; manual pages and completions are made anew |
//! | a payment service of which a file is read | its columns in `mappings/payouts/NAME.toml` | a line in `mapping/payouts_file/mod.rs` |
//! | a report | its columns, and what a document adds to them, in `app/reports/documents.rs` | a value of `ReportKind`, and one of the command |
//! | a page of the dashboard | a file in `server/pages`, its template, and a fixture for each of its states | a line of `server/pages/mod.rs` and one of its `render.rs`; what it shows or does, the API does too |
//! | a form of reports and proofs | a file in `app/papers` | a value of `PaperForm`, and one of `--output` |
//! | a page of the manual | its text in `man/`, as Markdown | one line in `cli/manual/guides.rs`, a row in README.md |
//! | an error of a service | its translation in that connector, once, and its row in `model/code/catalogue.txt` | nothing else |
//! | a service | a folder in `connector` with its harmless question, a stand-in in `sandbox`, its row in `model/service.rs`, its section in `config` | where `app` opens its role: `App::source`, `App::target` or `App::database`; for whoever connects it, a file in `cli/connect` and what `server/api/integrations` takes |
//! | a table or a column of the state | a version in `store/versions.rs` | the file of `store` that reads it |
//! | a question to the state | a method of a port in `store/ports`, in the half that it belongs to | the file of `store` that answers it, under the same name |
//! | a test from outside | a file in `tests/it` | one line in `tests/it/main.rs` |

pub mod app;
pub mod cli;
pub mod config;
pub mod connector;
pub mod engine;
pub mod files;
pub mod run;
pub mod safe;
pub mod server;
pub mod store;

pub use udsync_core::{books, mapping, model};
pub use udsync_sandbox as sandbox;
